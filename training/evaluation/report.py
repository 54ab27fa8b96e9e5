"""Everything the evaluation tells of one model, for programs and for people."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from training.evaluation.intervals import Estimate
from training.evaluation.tally import F64, I64, tally_of
from training.labels import CLASS_NAMES, GROUPS

_HEAD = (
    *("IoU >", "micro F1", "macro F1", "group F1", "micro F1, MG only", "illustrative F1"),
    *("kit F1", "false / min", "false / min in nothing"),
)


@dataclass(frozen=True)
class EventFigures:
    """Events at one overlap; intervals by drawing people or clips again.

    Attributes:
        iou: Overlap that a match exceeds.
        micro_f1: All classes together, one to one.
        macro_f1: Mean over the classes that were asked for and happen.
        group_f1: The five micro-gesture groups together: any class of the same group matches.
        gesture_f1: As `micro_f1` without illustrative.
        illustrative_f1: Illustrative, which is no micro-gesture, alone.
        kit_f1: All classes as the MiGA kit counts, many to one.
        false_per_min: Found events that match nothing, a minute.
        idle_false_per_min: Found events where nothing happens, a minute of that.
        delay_median_s: From the true start to the decision, of matched events.
        delay_p90_s: The same, 90 % of them.
        duration_error_median_s: Found minus true duration; its sign tells late ends.
        duration_error_abs_median_s: The same without sign.
        classes: `(33, 3)` matched, false, missed of each class.
        groups: `(7, 3)` of each group, any class of the same group matches.
    """

    iou: float
    micro_f1: Estimate
    macro_f1: Estimate
    group_f1: Estimate
    gesture_f1: Estimate
    illustrative_f1: Estimate
    kit_f1: Estimate
    false_per_min: Estimate
    idle_false_per_min: Estimate
    delay_median_s: float
    delay_p90_s: float
    duration_error_median_s: float
    duration_error_abs_median_s: float
    classes: I64
    groups: I64

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        told = {k: v for k, v in asdict(self).items() if k not in ("classes", "groups")}
        rows = {"classes": (CLASS_NAMES, self.classes), "groups": (GROUPS, self.groups)}
        for key, (names, counts) in rows.items():
            tallies = {n: tally_of(c) for n, c in zip(names, counts, strict=True) if c.any()}
            told[key] = {name: {**asdict(t), "f1": t.f1} for name, t in tallies.items()}
        return {key: _plain(value) for key, value in told.items()}


@dataclass(frozen=True)
class Report:
    """Figures of one model on one set.

    Attributes:
        events: For each overlap.
        frame_map: Mean over the classes that happen of the average precision by tick.
        frame_auc: Mean over them of the area under the curve by tick.
        precisions: `(K,)` average precision by tick of each class, NaN where it never happens.
        confusion: `(33, 33)` ticks, true class by row.
        abstained: Share of scores that the model withheld.
        minutes: Time looked at.
        units: People, clips or sequences that intervals draw from.
    """

    events: tuple[EventFigures, ...]
    frame_map: float
    frame_auc: float
    precisions: F64
    confusion: I64
    abstained: float
    minutes: float
    units: int

    def at(self, iou: float) -> EventFigures:
        """Events at one of the overlaps.

        Raises:
            KeyError: It was not asked for.
        """
        for figures in self.events:
            if figures.iou == iou:
                return figures
        raise KeyError(iou)

    def as_dict(self) -> dict[str, Any]:
        """For JSON; NaN becomes None."""
        return {
            "minutes": round(self.minutes, 3),
            "units": self.units,
            "frame_map": _plain(self.frame_map),
            "frame_auc": _plain(self.frame_auc),
            "abstained": round(self.abstained, 4),
            "precisions": {
                name: _plain(value)
                for name, value in zip(CLASS_NAMES, self.precisions.tolist(), strict=False)
            },
            "events": {f"{figures.iou:g}": figures.as_dict() for figures in self.events},
        }

    def markdown(self) -> str:
        """Tables: the overlaps, then each class and group at the middle one."""
        middle = self.events[len(self.events) // 2]
        lines = [
            f"{self.minutes:.1f} min, {self.units} units; intervals are 95 %, by drawing them "
            "again. Events one to one, `kit` many to one as the MiGA kit counts.",
            "",
            *_table(_HEAD, [_event_row(figures) for figures in self.events]),
            "",
            f"Frame mAP {self.frame_map:.3f}, frame AUC {self.frame_auc:.3f}, abstained "
            f"{100 * self.abstained:.1f} %. At IoU > {middle.iou:g}: onset delay median "
            f"{middle.delay_median_s:.2f} s, p90 {middle.delay_p90_s:.2f} s; duration error "
            f"median {middle.duration_error_median_s:+.2f} s, without sign "
            f"{middle.duration_error_abs_median_s:.2f} s.",
            "",
            *_table(
                ("group", "F1", "matched / false / missed"), _count_rows(GROUPS, middle.groups)
            ),
            "",
            *_table(
                ("class", "F1", "matched / false / missed"),
                _count_rows(CLASS_NAMES, middle.classes),
            ),
        ]
        return "\n".join(lines)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value


def _event_row(figures: EventFigures) -> tuple[str, ...]:
    estimates = (
        *(figures.micro_f1, figures.macro_f1, figures.group_f1, figures.gesture_f1),
        *(figures.illustrative_f1, figures.kit_f1),
        *(figures.false_per_min, figures.idle_false_per_min),
    )
    return (f"{figures.iou:g}", *map(str, estimates))


def _count_rows(names: tuple[str, ...], counts: I64) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name, row in zip(names, counts, strict=True):
        tally = tally_of(row)
        if tally.f1 is not None:
            cells = f"{tally.matched} / {tally.false} / {tally.missed}"
            rows.append((name, f"{tally.f1:.2f}", cells))
    return rows


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    lines = [head, ("---",) * len(head), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]
