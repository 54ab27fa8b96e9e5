"""Trainings that leave one part out, and the table that compares them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from plugins.recognizers.graph.relations import CHANNELS, OPTIONAL_CHANNELS
from training.evaluation.intervals import over_seeds
from training.fitting.config import AugmentConfig, TrainConfig
from training.network.config import DIFFERENCED
from training.runs.config_file import overridden


@dataclass(frozen=True)
class Variant:
    """What is different from the full training.

    Attributes:
        text: For the table.
        changes: Dotted keys of `TrainConfig` and their values.
        shards: Suffix of the folder it is trained and calibrated on; empty for the same.
    """

    text: str
    changes: dict[str, Any] = field(default_factory=dict)
    shards: str = ""

    def applied(self, config: TrainConfig, shards: Path, seed: int) -> TrainConfig:
        """The configuration of this variant.

        Args:
            config: Of the full training.
            shards: Its folder.
            seed: Of the run.

        Raises:
            ConfigError: The two do not fit.
        """
        folder = f"{shards}-{self.shards}" if self.shards else str(shards)
        return overridden(config, {**self.changes, "data.folder": folder, "seed": seed})


def _without(*names: str) -> dict[str, Any]:
    return {"network.channels": [name for name in CHANNELS if name not in names]}


_UNDISTURBED = {
    f"augment.{name}": 0.0
    for name in msgspec.structs.asdict(AugmentConfig())
    if name not in ("mirror", "longest_s")
}

VARIANTS: Mapping[str, Variant] = {
    "full": Variant("everything"),
    "no-noise": Variant("simulator without landmark noise", shards="no-noise"),
    "no-hard-negatives": Variant("simulator without hard negatives", shards="no-hard-negatives"),
    "no-depth": Variant("without the depth channel", _without("depth")),
    "no-size": Variant("without apparent hand size", _without("hand_size")),
    "plain-2d": Variant("without all optional channels", _without(*OPTIONAL_CHANNELS)),
    "joints-only": Variant(
        "joints and their motion, no relations", {"network.channels": list(DIFFERENCED)}
    ),
    "no-growth": Variant("without the growth of the trunk", _without("growth")),
    "short-lags": Variant("differences over 0.2 s at most", {"network.lags": [1, 5]}),
    "no-regularisation": Variant("without disturbed input", _UNDISTURBED),
    "no-balance": Variant("crops as they come", {"data.balanced": 0.0}),
    "no-side-heads": Variant(
        "without group and bounds heads", {"loss.group": 0.0, "loss.bounds": 0.0}
    ),
    "look-ahead": Variant("0.16 s look-ahead", {"network.delay": 4}),
    "clip-only": Variant("the same network, not causal", {"network.causal": False}),
}

_Figures = Mapping[str, Any]


def _event(name: str) -> Callable[[_Figures], float | None]:
    def value(figures: _Figures) -> float | None:
        found: Any = figures["events"]["0.3"][name]
        told: float | None = found["value"] if isinstance(found, dict) else found
        return told

    return value


_COLUMNS: Mapping[str, Callable[[_Figures], float | None]] = {
    "macro F1@0.3": _event("macro_f1"),
    "micro F1@0.3": _event("micro_f1"),
    "group F1@0.3": _event("group_f1"),
    "false / min": _event("false_per_min"),
    "onset delay, s": _event("delay_median_s"),
    "frame mAP": lambda figures: figures["frame_map"],
}


def table(figures: Mapping[str, Sequence[_Figures]]) -> str:
    """Markdown: a row a variant; means over seeds with 95 % intervals.

    Args:
        figures: For each variant, the report of each seed as a dictionary.
    """
    head = ("variant", "seeds", *_COLUMNS)
    rows = [
        (
            f"{VARIANTS[name].text} (`{name}`)",
            str(len(runs)),
            *(_mean(runs, value) for value in _COLUMNS.values()),
        )
        for name, runs in figures.items()
    ]
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _mean(runs: Sequence[_Figures], value: Callable[[_Figures], float | None]) -> str:
    values = [told for run in runs if (told := value(run)) is not None]
    return str(over_seeds(values))
