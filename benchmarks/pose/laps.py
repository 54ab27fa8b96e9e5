"""Times of pose stages that take turns, clip by clip, and what they come to."""

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.pose.runners import Runner
from benchmarks.report import Result, percentiles
from engine.frames import Frame


@dataclass(frozen=True)
class Lap:
    """One run of one pose stage over one clip.

    Attributes:
        clip: Name of the clip.
        frame_ms: By the wall, of each frame.
        both_hands: Whether both hands were found in each.
        cpu_ms: Of this process, all threads, for all frames.
    """

    clip: str
    frame_ms: tuple[float, ...]
    both_hands: tuple[bool, ...]
    cpu_ms: float


Round = dict[str, list[Lap]]
"""Name of a pose stage to its laps, one a clip."""


def in_turns(
    runners: Mapping[str, Runner], clips: Mapping[str, Sequence[Frame]], rounds: int
) -> list[Round]:
    """Each runner over each clip, a clip at a time, so that a noisy minute hits all alike."""
    done = []
    names = list(runners)
    for number in range(rounds):
        first = number % len(names)
        turn: Round = {name: [] for name in names}
        for clip, frames in clips.items():
            for name in (*names[first:], *names[:first]):
                turn[name].append(_lap(runners[name], clip, frames))
        done.append(turn)
    return done


def of_clips(rounds: Sequence[Round], clips: Sequence[str]) -> list[Round]:
    """Only the laps over some clips."""
    return [
        {name: [lap for lap in laps if lap.clip in clips] for name, laps in turn.items()}
        for turn in rounds
    ]


def summary(rounds: Sequence[Round], slow: Sequence[str]) -> Result:
    """Figures of each pose stage.

    Args:
        rounds: With laps over the same clips.
        slow: Names of pose stages; how many times as quick each is, is told of all.

    Returns:
        Frames a second and ratios as medians of the rounds; times of single frames over all
        rounds.
    """
    return {name: _figures(rounds, name, slow) for name in rounds[0]}


def _figures(rounds: Sequence[Round], name: str, slow: Sequence[str]) -> Result:
    laps = [lap for turn in rounds for lap in turn[name]]
    frame_ms = [ms for lap in laps for ms in lap.frame_ms]
    with_hands = [
        ms for lap in laps for ms, both in zip(lap.frame_ms, lap.both_hands, strict=True) if both
    ]
    return {
        "fps": round(statistics.median(1e3 / _mean_ms(turn[name]) for turn in rounds), 2),
        "times": {
            other: [round(_mean_ms(turn[other]) / _mean_ms(turn[name]), 3) for turn in rounds]
            for other in slow
        },
        "ratio": {other: round(_ratio(rounds, other, name), 3) for other in slow},
        "cpu_ms": round(sum(lap.cpu_ms for lap in laps) / len(frame_ms), 2),
        "frame_ms": percentiles(frame_ms),
        "both_hands_ms": percentiles(with_hands),
    }


def _ratio(rounds: Sequence[Round], slow: str, quick: str) -> float:
    return statistics.median(_mean_ms(turn[slow]) / _mean_ms(turn[quick]) for turn in rounds)


def _mean_ms(laps: Sequence[Lap]) -> float:
    return statistics.fmean(ms for lap in laps for ms in lap.frame_ms)


def _lap(runner: Runner, clip: str, frames: Sequence[Frame]) -> Lap:
    runner.begin()
    frame_ms, both_hands = [], []
    cpu_s = time.process_time()
    for frame in frames:
        start_ns = time.perf_counter_ns()
        both_hands.append(runner.step(frame))
        frame_ms.append((time.perf_counter_ns() - start_ns) / 1e6)
    return Lap(clip, tuple(frame_ms), tuple(both_hands), (time.process_time() - cpu_s) * 1e3)
