"""Landmark noise fitted to recordings of the real tracker.

What was truly there is not known, so nothing is fitted to it. The recordings are smoothed into a
guess of the truth, the noise is put on that guess, and parameters are moved until what can be
measured without the truth comes out of the simulation as it does of the recordings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from engine.errors import UsageError
from training.simulator.landmarks.material import Material
from training.simulator.landmarks.measure import measure
from training.simulator.landmarks.observe import observe
from training.simulator.landmarks.params import Fitted, Half, NoiseParams
from training.simulator.landmarks.parts import DepthNoise
from training.simulator.landmarks.samples import Samples
from training.simulator.landmarks.start import START
from training.simulator.landmarks.truth import Taken, take
from training.simulator.landmarks.updates import updated
from training.simulator.landmarks.view import CleanView

HALVES: tuple[Half, ...] = ("train", "test")
ROUNDS = 8
_COPIES = 5
_SEED = 3
_PRIOR_S = 1.0
_LEAST_LOSSES_PER_S = 0.005


@dataclass(frozen=True)
class HalfFit:
    """The fit of one half of the recordings, and what it was made of.

    Attributes:
        params: The fitted noise.
        real: What was measured.
        simulated: The same, measured on the fitted noise.
        names: The recordings.
    """

    params: NoiseParams
    real: Samples
    simulated: Samples
    names: tuple[str, ...]


def fit(recordings: Sequence[Material], advance: Callable[[str], None]) -> dict[Half, HalfFit]:
    """Fit both halves.

    Args:
        recordings: Of both halves.
        advance: Told what is being done, once a round.

    Raises:
        UsageError: A half has no recording with a person in it.
    """
    out: dict[Half, HalfFit] = {}
    for half in HALVES:
        chosen = [recording for recording in recordings if recording.half == half]
        advance(f"fit of {len(chosen)} recordings: {half}")
        out[half] = fit_half(chosen, advance)
    return out


def fit_half(
    recordings: Sequence[Material],
    advance: Callable[[str], None] = lambda _: None,
    start: NoiseParams = START,
    rounds: int = ROUNDS,
) -> HalfFit:
    """Fit some recordings.

    Args:
        recordings: What to fit.
        advance: Told what is being done, once a round.
        start: Where to start; quantities with too few samples stay there.
        rounds: How often to simulate and come nearer.

    Raises:
        UsageError: No recording has a person in it.
    """
    params = _with_person_rates(start, recordings)
    for number in range(rounds):
        advance(f"round {number + 1} of {rounds}")
        taken = guesses(recordings, params.depth)
        params = updated(params, measure(taken), simulate(taken, params))
    taken = guesses(recordings, params.depth)
    names = tuple(sorted({recording.pose.name.split(":")[0] for recording in recordings}))
    return HalfFit(params, measure(taken), simulate(taken, params), names)


def _with_person_rates(params: NoiseParams, recordings: Sequence[Material]) -> NoiseParams:
    """Losses of the whole person that end again, per second with a person."""
    losses, lost_s, with_s = 0, 0.0, 0.0
    for pose in (recording.pose for recording in recordings):
        seen = np.flatnonzero(pose.valid)
        if len(seen) < 2:
            continue
        gaps = np.diff(seen) > 1
        losses += int(gaps.sum())
        steps_s = np.diff(pose.times_s[seen])
        lost_s += float(steps_s[gaps].sum())
        with_s += float(steps_s[~gaps].sum())
    presence = params.presence
    # Recordings of a few minutes hardly show one; a tracker that never fails is not believed.
    lost = (losses + _PRIOR_S * presence.person_lost_per_s) / (with_s + _PRIOR_S)
    found = (losses + _PRIOR_S * presence.person_found_per_s) / (lost_s + _PRIOR_S)
    lost = max(lost, _LEAST_LOSSES_PER_S)
    presence = replace(presence, person_lost_per_s=lost, person_found_per_s=found)
    return replace(params, presence=presence)


def guesses(recordings: Sequence[Material], depth: DepthNoise) -> list[Taken]:
    """The recordings with a guess of what was there.

    Raises:
        UsageError: None has a person in it.
    """
    found = (take(recording.pose, recording.contacts, depth) for recording in recordings)
    taken = [one for one in found if one is not None]
    if not taken:
        raise UsageError("the clips to fit landmark noise to show nobody")
    return taken


def simulate(taken: Sequence[Taken], params: NoiseParams) -> Samples:
    """Measurements of the noise on the same content, several trackers a recording."""
    rng = np.random.default_rng(_SEED)
    # The guess of the truth has the tracker's pitch already.
    params = replace(params, body=replace(params.body, pitch_seen=1.0))
    views = (repeated(one.view, _COPIES) for one in taken)
    return measure([Taken(view, observe(view, params, rng)) for view in views])


def repeated(view: CleanView, copies: int) -> CleanView:
    """The same view several times over."""
    parts = {name: np.repeat(part, copies, axis=0) for name, part in vars(view).items()}
    return CleanView(**parts)


def summary(halves: dict[Half, HalfFit]) -> Fitted:
    """The fit as it is kept."""
    return Fitted(
        train=halves["train"].params,
        test=halves["test"].params,
        train_clips=halves["train"].names,
        test_clips=halves["test"].names,
        counts={
            half: {key: len(values) for key, values in sorted(found.real.items())}
            for half, found in halves.items()
        },
    )
