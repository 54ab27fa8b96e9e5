"""Which found event stands for which true one, by overlap in time."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from training.evaluation.events import Interval, Span

FoundT = TypeVar("FoundT", bound=Span)
TrueT = TypeVar("TrueT", bound=Span)


def iou(a: Span, b: Span) -> float:
    """Intersection over union of two intervals; 0 if they do not overlap."""
    shared = min(a.end_s, b.end_s) - max(a.start_s, b.start_s)
    union = max(a.end_s, b.end_s) - min(a.start_s, b.start_s)
    return max(0.0, shared) / union if union > 0 else 0.0


def matched(
    found: Sequence[FoundT],
    true: Sequence[TrueT],
    fits: Callable[[FoundT, TrueT], bool],
    above: float,
) -> list[tuple[FoundT, TrueT]]:
    """Pairs with an overlap of more than `above`, best first, each interval used once."""
    pairs = matched_indices(found, true, fits, above)
    return [(found[i], true[j]) for i, j in pairs]


def matched_indices(
    found: Sequence[FoundT],
    true: Sequence[TrueT],
    fits: Callable[[FoundT, TrueT], bool],
    above: float,
) -> list[tuple[int, int]]:
    """As `matched`, but the places of the pairs in `found` and `true`."""
    candidates = [
        (-overlap, i, j)
        for i, f in enumerate(found)
        for j, t in enumerate(true)
        if fits(f, t) and (overlap := iou(f, t)) > above
    ]
    pairs: list[tuple[int, int]] = []
    used_found, used_true = set[int](), set[int]()
    for _, i, j in sorted(candidates):
        if i not in used_found and j not in used_true:
            pairs.append((i, j))
            used_found.add(i)
            used_true.add(j)
    return pairs


def many_to_one(
    found: Sequence[FoundT],
    true: Sequence[TrueT],
    fits: Callable[[FoundT, TrueT], bool],
    above: float,
) -> list[int]:
    """Places of the true events that any found event overlaps by more than `above`.

    This is how the MiGA kit counts: it means to use each found event once but does not, so that
    one may stand for several true ones. Published numbers are counted so.
    """
    return [j for j, t in enumerate(true) if any(fits(f, t) and iou(f, t) > above for f in found)]


def merged(intervals: Sequence[Span], gap_s: float) -> list[Interval]:
    """Intervals that overlap or lie less than `gap_s` apart, joined; in order of time."""
    out: list[Interval] = []
    for interval in sorted(intervals, key=lambda i: i.start_s):
        if out and interval.start_s - out[-1].end_s < gap_s:
            out[-1] = Interval(out[-1].start_s, max(out[-1].end_s, interval.end_s))
        else:
            out.append(Interval(interval.start_s, interval.end_s))
    return out


def covered_s(interval: Span, by: Sequence[Span]) -> float:
    """Seconds of `interval` that lie in any of `by`, which do not overlap one another."""
    return sum(
        max(0.0, min(interval.end_s, other.end_s) - max(interval.start_s, other.start_s))
        for other in by
    )


def mostly_in(interval: Span, by: Sequence[Span]) -> bool:
    """Whether more than half of `interval` lies in any of `by`, which may overlap."""
    return covered_s(interval, merged(by, 0.0)) > 0.5 * (interval.end_s - interval.start_s)
