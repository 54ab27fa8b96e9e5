"""Simulated people at desks of their own, who show gestures and later make them among others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.labels import own_label
from engine.poses import F32, Bools, PoseSample
from plugins.recognizers.view import needs_of, supported
from training.clips.live_ticks import Stretch, shown_stretches, stretch_of
from training.evaluation.events import Interval
from training.simulator.scene import script_weights
from training.simulator.scripts.table import BY_NAME, SCRIPTS
from training.simulator.streams import one_person, performance, watched, without
from training.simulator.timeline import Director, Timeline

Gesture = tuple[str, int]
"""Name of a script and number of the way it is done."""

GESTURES: tuple[Gesture, ...] = (
    ("rub_eyes", 1),
    ("adjust_collar", 1),
    ("cover_face", 0),
    ("shake_shoulders", 2),
)
"""Taken for new: nobody makes them, in any way, but where they are shown or looked for. Not among
them are those that teaching was developed on: scratch_head, touch_neck, akimbo and minaret."""

LABEL = own_label(1000, "taught")
"""What a taught gesture is called."""

SECONDS = 72.0
BACKGROUND, QUIET = 9, 2
"""Sessions without any of them: to learn from, and to count false alarms in."""

# One or two of so many end too late, or are hidden.
_SHOWN, _EVERY_S = 12, 6.0
# Where a gesture is to be found, so many other things are done after each.
_BETWEEN = 2
# Apart from the people that teaching was developed on.
_FIRST_PERSON = 9100
# So near to the end of a stream an event may not have been told.
_END_S = 3.0


@dataclass(frozen=True, eq=False)
class Filmed:
    """One session.

    Attributes:
        samples: As a tracker gives them.
        stretches: As a recogniser is shown them.
        supported: Of each the ticks `(T,)` in which the view supports a gesture of one's own.
        gestures: When the gesture is made.
    """

    samples: tuple[PoseSample, ...]
    stretches: tuple[Stretch, ...]
    supported: tuple[Bools, ...]
    gestures: tuple[Interval, ...] = ()

    @property
    def minutes(self) -> float:
        """Length."""
        return SECONDS / 60.0


@dataclass(frozen=True)
class Person:
    """One person.

    Attributes:
        name: For tables.
        background: Sessions to learn from.
        quiet: Further ones, in which none of the gestures is made either.
        shown: Of each gesture a session in which it is made again and again.
        later: Of each a session in which it is made among other things.
    """

    name: str
    background: tuple[Filmed, ...]
    quiet: tuple[Filmed, ...]
    shown: dict[Gesture, Filmed]
    later: dict[Gesture, Filmed]


def filmed(people: int, gestures: tuple[Gesture, ...] = GESTURES) -> Iterator[Person]:
    """Film people of the part of the population that no encoder of ours learns from.

    A gesture is always made with the right hand, all else with either. The camera is a little
    elsewhere in each session.

    Args:
        people: How many.
        gestures: Which.
    """
    for number in range(people):
        yield _filmed(number, gestures)


def _filmed(number: int, gestures: tuple[Gesture, ...]) -> Person:
    rng = np.random.default_rng((number, len(gestures)))
    sessions = BACKGROUND + QUIET
    people = one_person(_FIRST_PERSON + number, sessions + 2 * len(gestures), "test")
    weights = without(frozenset(name for name, _ in gestures), script_weights(hard_negatives=True))
    right = float(people.right_handed[0])
    lines = [Director(rng, weights, right).direct(SECONDS) for _ in range(sessions)]
    lines += [
        performance(Director(rng, weights, 1.0), name, variant, _SHOWN, _EVERY_S)
        for name, variant in gestures
    ]
    lines += [_among_others(rng, weights, gesture) for gesture in gestures]
    names = [*[""] * sessions, *[name for name, _ in gestures] * 2]
    streams = watched(rng, people, lines, SECONDS, one_desk=True)
    films = [_film(*each) for each in zip(streams, lines, names, strict=True)]
    shown, later = films[sessions : sessions + len(gestures)], films[sessions + len(gestures) :]
    return Person(
        name=f"person {number}",
        background=tuple(films[:BACKGROUND]),
        quiet=tuple(films[BACKGROUND:sessions]),
        shown=dict(zip(gestures, shown, strict=True)),
        later=dict(zip(gestures, later, strict=True)),
    )


def _among_others(rng: np.random.Generator, weights: F32, gesture: Gesture) -> Timeline:
    name, variant = gesture
    director, script = Director(rng, weights, 1.0), BY_NAME[name]
    now_s, share = 2.0, weights / weights.sum()
    while now_s < SECONDS - _END_S:
        now_s = director.perform(SCRIPTS.index(script), script.variants[variant], now_s)
        for number in rng.choice(len(SCRIPTS), _BETWEEN, p=share).tolist():
            ways = SCRIPTS[number].variants
            odds = np.array([way.weight for way in ways])
            way = ways[rng.choice(len(ways), p=odds / odds.sum())]
            now_s = director.perform(number, way, now_s)
    return director.line


def _film(samples: tuple[PoseSample, ...], line: Timeline, name: str) -> Filmed:
    shown = list(shown_stretches(samples))
    needs = needs_of((LABEL,))
    return Filmed(
        samples,
        tuple(stretch_of(*each) for each in shown),
        tuple(supported(ticks, needs)[:, 0] for _, ticks in shown),
        tuple(_intervals(line, name)),
    )


def _intervals(line: Timeline, name: str) -> Iterable[Interval]:
    for act in line.acts:
        if SCRIPTS[act.script].name == name and act.end_s < SECONDS - _END_S:
            yield Interval(act.start_s, act.end_s)
