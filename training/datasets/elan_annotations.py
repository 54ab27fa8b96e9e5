"""Annotations as a tier of an ELAN file."""

from collections.abc import Iterable
from pathlib import Path

from training.datasets.annotations import Annotation, checked, in_order
from training.datasets.elan import ElanFile, Span, new_elan, read_elan
from training.datasets.faults import DataSetError, Fault

TIER = "gestures"
_MS_PER_S = 1000


def read_elan_annotations(path: Path, tier: str | None = None) -> tuple[Annotation, ...]:
    """Annotations of one tier.

    Args:
        path: The `.eaf`.
        tier: Its name; by default `gestures`, or the only tier that there is.

    Raises:
        DataSetError: The file or a label makes no sense, or it is not clear which tier is meant.
    """
    file = read_elan(path)
    spans = file.spans(tier or _chosen(file))
    return checked(
        (
            f"{path} at {span.start_ms / _MS_PER_S:g} s",
            {
                "label": span.text,
                "start_s": str(span.start_ms / _MS_PER_S),
                "end_s": str(span.end_ms / _MS_PER_S),
            },
        )
        for span in spans
    )


def write_elan_annotations(
    path: Path, annotations: Iterable[Annotation], tier: str | None = None
) -> None:
    """Write one tier; in a file that is there, all else is kept.

    Args:
        path: The `.eaf`.
        annotations: What the tier will hold, to the millisecond.
        tier: Its name; by default `gestures`.

    Raises:
        DataSetError: The file that is there makes no sense.
        UsageError: It cannot be written.
    """
    file = read_elan(path) if path.exists() else new_elan(path)
    file.replace(tier or TIER, map(_span, in_order(annotations)))
    file.write(path)


def _span(annotation: Annotation) -> Span:
    start_ms, end_ms = (round(t_s * _MS_PER_S) for t_s in (annotation.start_s, annotation.end_s))
    return Span(annotation.slug, start_ms, max(end_ms, start_ms + 1))  # ELAN has none of no length


def _chosen(file: ElanFile) -> str:
    if TIER in file.tiers:
        return TIER
    if len(file.tiers) == 1:
        return file.tiers[0]
    text = f"expected a tier '{TIER}'; there are {', '.join(file.tiers) or 'none'}: name one"
    raise DataSetError([Fault(str(file.path), text)])
