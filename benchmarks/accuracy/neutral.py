"""Events that are neither right nor wrong, because the annotations do not say."""

from collections.abc import Sequence
from typing import Literal

from benchmarks.accuracy.annotations import Annotation, Clip
from benchmarks.accuracy.found import Found
from training.evaluation.events import Interval
from training.evaluation.matching import merged, mostly_in

Reason = Literal["", "unannotated", "transition", "described"]

RULES = (
    "An unmatched event is neither right nor wrong if most of it lies in time that nobody "
    "annotated (gaps between intervals); if it is illustrative and most of it lies in such time or "
    "in a `transition`, where hands do move; if the description of a `none` interval names that "
    "very motion (the table DESCRIBED: a lean and the way back, a head raised, writing). These are "
    "counted apart. Every other unmatched event is false, in a transition too. An annotated lean "
    "is read as the motion into it and the motion back (the table REREAD), as moving the torso is. "
    "`--as-annotated` does without both tables."
)


def neutral(found: Found, clip: Clip, media_s: float) -> Reason:
    """Why an unmatched event counts as nothing; empty if it is false.

    Args:
        found: The event.
        clip: Its clip.
        media_s: Length of the clip.
    """
    blank = gaps(clip.until(media_s), media_s)
    if mostly_in(found, blank):
        return "unannotated"
    moving = [a for a in clip.annotations if a.label == "transition"]
    if not found.gesture and mostly_in(found, [*blank, *moving]):
        return "transition"
    named = [Interval(start, end) for start, end, slugs in clip.described if found.slug in slugs]
    return "described" if mostly_in(found, named) else ""


def gaps(annotations: Sequence[Annotation], media_s: float) -> list[Interval]:
    """Stretches of a clip without an annotation."""
    out, free_s = [], 0.0
    for interval in merged(annotations, 0.0):
        if interval.start_s > free_s:
            out.append(Interval(free_s, interval.start_s))
        free_s = interval.end_s
    if media_s > free_s:
        out.append(Interval(free_s, media_s))
    return out
