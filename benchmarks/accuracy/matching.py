"""One-to-one matching of intervals by overlap."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from benchmarks.accuracy.annotations import Interval

FoundT = TypeVar("FoundT", bound=Interval)
TrueT = TypeVar("TrueT", bound=Interval)


def iou(a: Interval, b: Interval) -> float:
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
    candidates = [
        (iou(f, t), i, j) for i, f in enumerate(found) for j, t in enumerate(true) if fits(f, t)
    ]
    pairs: list[tuple[int, int]] = []
    for overlap, i, j in sorted(candidates, key=lambda c: (-c[0], c[1], c[2])):
        free = all(i != a and j != b for a, b in pairs)
        if overlap > above and free:
            pairs.append((i, j))
    return [(found[i], true[j]) for i, j in pairs]


def merged(intervals: Sequence[Interval], gap_s: float) -> list[Interval]:
    """Intervals that overlap or lie less than `gap_s` apart, joined; in order of time."""
    out: list[Interval] = []
    for interval in sorted(intervals, key=lambda i: i.start_s):
        if out and interval.start_s - out[-1].end_s < gap_s:
            out[-1] = Interval(out[-1].start_s, max(out[-1].end_s, interval.end_s))
        else:
            out.append(Interval(interval.start_s, interval.end_s))
    return out


def covered_s(interval: Interval, by: Sequence[Interval]) -> float:
    """Seconds of `interval` that lie in any of `by`, which do not overlap one another."""
    return sum(
        max(0.0, min(interval.end_s, other.end_s) - max(interval.start_s, other.start_s))
        for other in by
    )
