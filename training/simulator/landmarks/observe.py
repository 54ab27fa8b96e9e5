"""What MediaPipe makes of a person whose true position is known."""

from dataclasses import replace

import numpy as np

from engine.poses import F32
from training.simulator.landmarks import groups
from training.simulator.landmarks.body import arms_drawn, body_places, visibilities
from training.simulator.landmarks.context import Scene, scene
from training.simulator.landmarks.depths import body_depths, hand_depths
from training.simulator.landmarks.hands import hand_places, hand_scores, hands_found, hands_taken
from training.simulator.landmarks.params import NoiseParams
from training.simulator.landmarks.processes import Rng, switch
from training.simulator.landmarks.view import Bools, CleanView, Observed

# MediaPipe reports no body joint with a visibility of exactly 0; 0 would mean "missing".
_LEAST_VISIBILITY = 1e-4


def observe(view: CleanView, noise: NoiseParams, rng: Rng) -> Observed:
    """The pose samples that a tracker like `noise` would give; each sequence gets its own tracker.

    The same view, noise and generator state give the same result.

    Args:
        view: What is truly there.
        noise: The kind of tracker.
        rng: Source of chance.
    """
    seen = scene(view, noise.population, rng)
    drawn = arms_drawn(seen, noise.body)
    taken = hands_taken(seen, noise.presence, drawn)
    at_hand = np.where(taken, seen.context[..., ::-1], seen.context)
    hands = replace(seen, context=at_hand)
    found = hands_found(hands, noise.presence)
    valid = _person_found(seen, noise)
    n, f = view.t_s.shape
    joints = np.zeros((n, f, 75, 3), np.float32)
    depth = np.zeros((n, f, 75), np.float32)
    body = slice(0, groups.BODY_COUNT)
    joints[:, :, body, :2] = body_places(seen, noise.body, noise.hand.still_part, drawn)
    joints[:, :, body, 2] = np.maximum(
        visibilities(seen, noise.visibility, drawn), _LEAST_VISIBILITY
    )
    depth[:, :, body] = body_depths(seen, noise.depth)
    _put_hands(hands, noise, taken, joints, depth)
    joints[..., 0] /= view.aspect[:, None, None]
    depth *= (view.unit / view.aspect[:, None])[..., None]
    for side, hand in enumerate(groups.HANDS):
        joints[:, :, hand] *= found[..., side, None, None]
        depth[:, :, hand] *= found[..., side, None]
    joints *= valid[..., None, None]
    depth *= valid[..., None]
    return Observed(joints, depth, valid)


def _put_hands(seen: Scene, noise: NoiseParams, taken: Bools, joints: F32, depth: F32) -> None:
    places = hand_places(seen, noise.hand, taken)
    depths = hand_depths(seen, noise.depth, taken)
    scores = hand_scores(seen, noise.visibility)
    for side, hand in enumerate(groups.HANDS):
        joints[:, :, hand, :2] = places[:, :, side]
        joints[:, :, hand, 2] = scores[..., side, None]
        depth[:, :, hand] = depths[:, :, side]


def _person_found(seen: Scene, noise: NoiseParams) -> Bools:
    shape = (*seen.dt_s.shape, 1)
    found = np.full(shape, noise.presence.person_found_per_s, np.float32)
    lost = np.full(shape, noise.presence.person_lost_per_s, np.float32)
    return switch(found, lost * seen.factor(), seen.dt_s, seen.rng)[..., 0]
