"""How each parameter follows from measured against simulated samples.

Every rule takes the parameters with which the simulated samples were made and moves them so that
the next ones come nearer to the measured ones.
"""

import msgspec
import numpy as np

from training.simulator.landmarks import groups
from training.simulator.landmarks.pairs import LEAST_SAMPLES, Pair, Values, log_odds
from training.simulator.landmarks.params import NoiseParams
from training.simulator.landmarks.parts import (
    BodyNoise,
    DepthNoise,
    HandNoise,
    PresenceNoise,
    VisibilityNoise,
)
from training.simulator.landmarks.samples import Samples
from training.simulator.landmarks.start import INDEX_AHEAD_OF_NOSE, NOSE_AHEAD_OF_EARS, START

_MOST_FROM_START = 4.0
_ODDS_LIMIT = 9.0
# A rate outside these would say more than so few seconds can.
_FOUND_PER_S, _LOST_PER_S = (0.02, 30.0), (0.05, 40.0)


def updated(params: NoiseParams, real: Samples, simulated: Samples) -> NoiseParams:
    """Parameters one step nearer to the measured samples."""
    pair = Pair(real, simulated)
    return msgspec.structs.replace(
        params,
        body=_body(params.body, pair),
        hand=_hand(params.hand, pair),
        presence=_presence(params.presence, pair),
        visibility=_visibility(params.visibility, pair),
        depth=_depth(params.depth, pair),
    )


def _mean(values: Values) -> float:
    return float(np.mean(values))


def _median(values: Values) -> float:
    return float(np.median(values))


def _median_odds(values: Values) -> float:
    return log_odds(float(np.median(values)))


def _width_of_odds(values: Values) -> float:
    low, middle = np.percentile(values, (15, 50))
    return max(log_odds(float(middle)) - log_odds(float(low)), 0.05)


def _body(b: BodyNoise, pair: Pair) -> BodyNoise:
    names = groups.GROUPS[: groups.WRIST + 1]
    jitter = [j * pair.ratio(f"jitter/{g}") for j, g in zip(b.jitter, names, strict=False)]
    slower = pair.difference("lag/face/0.04", np.mean) + pair.difference(
        "lag/shoulder/0.04", np.mean
    )
    wrist = pair.ratio("wrist_change/0.8", 0.7)
    constant = _constant(b.constant[groups.WRIST], pair)
    return msgspec.structs.replace(
        b,
        jitter=(*jitter, 1.3 * jitter[groups.ELBOW]),
        lag_s=float(np.clip(b.lag_s + 0.7 * pair.difference("wrist_lag_s", _median), 0.0, 0.1)),
        jitter_tau_s=float(np.clip(b.jitter_tau_s * np.exp(1.5 * slower), 0.02, 0.2)),
        bias=_with(b.bias, groups.WRIST, b.bias[groups.WRIST] * wrist),
        bias_tau_s=_with(b.bias_tau_s, groups.WRIST, _slow_tau_s(b.bias_tau_s[groups.WRIST], pair)),
        constant=_with(b.constant, groups.WRIST, constant),
        guess=_with(b.guess, groups.WRIST, b.guess[groups.WRIST] * pair.ratio("guess", 0.7)),
        guess_tau_s=_guess_tau_s(b.guess_tau_s, pair),
        drawn_per_s=_by_odds(b.drawn_per_s, "drawn", pair),
    )


def _hand(h: HandNoise, pair: Pair) -> HandNoise:
    slow = pair.ratio("wrist_change/0.8", 0.7)
    offset = [o * slow * pair.ratio(f"wrist_gap/{c}", 0.5) for o, c in _contexts(h.offset)]
    finger = [f * pair.ratio(f"finger/{c}", 0.5) for f, c in _contexts(h.finger)]
    return msgspec.structs.replace(
        h,
        jitter=h.jitter * pair.ratio("hand_jitter"),
        offset=_with_unseen(_sane(offset, START.hand.offset)),
        still_part=_still_part(h.still_part, pair),
        scale=_sane([h.scale * pair.ratio("size")], (START.hand.scale,))[0],
        rotation=_sane([h.rotation * pair.ratio("turn")], (START.hand.rotation,))[0],
        finger=_with_unseen(_sane(finger, START.hand.finger)),
        slow_tau_s=_slow_tau_s(h.slow_tau_s, pair),
    )


def _presence(p: PresenceNoise, pair: Pair) -> PresenceNoise:
    found = [_found_rate(r, c, pair) for r, c in _contexts(p.found_per_s)]
    lost = [_lost_rate(r, c, pair) for r, c in _contexts(p.lost_per_s)]
    fast = pair.rate("losses/fast", "found_s/fast", 1.0)
    slow = pair.rate("losses/slow", "found_s/slow", 1.0)
    return msgspec.structs.replace(
        p,
        found_per_s=(found[0], p.found_per_s[groups.HIDDEN], *found[2:]),
        lost_per_s=(lost[0], p.lost_per_s[groups.HIDDEN], *lost[2:]),
        blur_speed=float(np.clip(p.blur_speed * (slow / fast) ** 0.4, 0.5, 20.0)),
        taken_per_s=_by_odds(p.taken_per_s, "duplicate/together", pair),
    )


def _found_rate(before: float, context: str, pair: Pair) -> float:
    rate = pair.rate(f"finds/{context}", f"lost_s/{context}", before)
    return float(np.clip(rate * _presence_change(context, pair), *_FOUND_PER_S))


def _lost_rate(before: float, context: str, pair: Pair) -> float:
    rate = pair.rate(f"losses/{context}", f"found_s/{context}", before)
    return float(np.clip(rate / _presence_change(context, pair), *_LOST_PER_S))


def _presence_change(context: str, pair: Pair) -> float:
    """Rates alone miss the part of time found where recordings are short."""
    odds = pair.difference(f"found/{context}", lambda v: log_odds(float(np.mean(v))))
    return float(np.exp(np.clip(0.25 * odds, -0.5, 0.5)))


def _visibility(v: VisibilityNoise, pair: Pair) -> VisibilityNoise:
    return msgspec.structs.replace(
        v,
        inside=_shifted(v.inside, "inside", groups.GROUPS, pair),
        outside=_shifted(v.outside, "outside", groups.GROUPS, pair),
        spread=_spread(v.spread, "inside", groups.GROUPS, pair),
        outside_spread=_spread(v.outside_spread, "outside", groups.GROUPS, pair),
        arm=_shifted(v.arm, "arm", groups.CONTEXTS, pair),
        arm_spread=_spread(v.arm_spread, "arm", groups.CONTEXTS, pair),
        hand=_shifted(v.hand, "score", groups.CONTEXTS, pair),
        hand_spread=_spread(v.hand_spread, "score", groups.CONTEXTS, pair),
    )


def _depth(d: DepthNoise, pair: Pair) -> DepthNoise:
    real = pair.real
    if len(real.get("head_depth", ())) < LEAST_SAMPLES:
        return d
    gain = -float(np.median(real["head_depth"])) / NOSE_AHEAD_OF_EARS
    names = groups.GROUPS[: groups.WRIST + 1]
    jitter = [j * pair.ratio(f"depth_jitter/{g}") for j, g in zip(d.jitter, names, strict=False)]
    hand = pair.ratio("hand_depth_jitter")
    return msgspec.structs.replace(
        d,
        gain=gain,
        arm=tuple(_arm_depth(a, k, gain, real) for k, a in enumerate(d.arm)),
        hips=float(np.median(real["hip_depth"])),
        jitter=(*jitter, d.jitter[groups.LOWER]),
        hand_bias=d.hand_bias * hand,
        hand_jitter=d.hand_jitter * hand,
    )


def _arm_depth(before: float, context: int, gain: float, real: Samples) -> float:
    found = real.get(f"index_depth/{groups.CONTEXTS[context]}", np.zeros(0))
    if context <= groups.HIDDEN or len(found) < LEAST_SAMPLES:
        return before
    return float(np.median(found)) - gain * INDEX_AHEAD_OF_NOSE[context]


def _constant(before: float, pair: Pair) -> float:
    """What of the disagreement about the wrist does not change within a second."""
    keys = [f"wrist_gap/{c}" for c in groups.CONTEXTS[groups.TOGETHER :]]
    squares = [pair.difference(key, lambda v: float(np.median(v) ** 2)) for key in keys]
    known = [square for square, key in zip(squares, keys, strict=True) if pair.enough(key)]
    if not known:
        return before
    return float(np.sqrt(max(before**2 + 0.35 * float(np.mean(known)), 0.003**2)))


def _slow_tau_s(before: float, pair: Pair) -> float:
    """Slower if the disagreement changes less within 0.1 s, for what it changes within 0.8 s."""
    change = pair.ratio("wrist_change/0.8", 0.5) / pair.ratio("wrist_change/0.1", 0.5)
    return float(np.clip(before * change, 0.05, 3.0))


def _still_part(before: float, pair: Pair) -> float:
    change = pair.ratio("still_change/0.2", 0.7) / pair.ratio("wrist_change/0.2", 0.7)
    return float(np.clip(before * change, 0.2, 1.0))


def _guess_tau_s(before: float, pair: Pair) -> float:
    change = pair.ratio("guess", 0.5) / pair.ratio("guess_change", 0.5)
    return float(np.clip(before * change, 0.1, 5.0))


def _with(values: tuple[float, ...], index: int, value: float) -> tuple[float, ...]:
    return (*values[:index], value, *values[index + 1 :])


def _by_odds(rate: float, key: str, pair: Pair) -> float:
    if not pair.enough(key):
        return rate
    change = pair.difference(key, lambda v: log_odds(float(np.mean(v))))
    return float(np.clip(rate * np.exp(np.clip(0.7 * change, -1.0, 1.0)), 0.01, 20.0))


def _contexts(values: tuple[float, ...]) -> list[tuple[float, str]]:
    return list(zip(values, groups.CONTEXTS, strict=True))


def _with_unseen(values: list[float]) -> tuple[float, ...]:
    """Hands that no clip shows well: out of the picture they err more, hidden they err most."""
    middle = float(np.median(values[groups.TOGETHER :]))
    return (1.5 * middle, 3.0 * middle, *values[groups.TOGETHER :])


def _sane(values: list[float], start: tuple[float, ...]) -> list[float]:
    """Few samples, or a quantity that hardly depends on the value, must not let it run away."""
    return [
        float(np.clip(value, first / _MOST_FROM_START, first * _MOST_FROM_START))
        for value, first in zip(values, start, strict=True)
    ]


def _shifted(
    values: tuple[float, ...], quantity: str, names: tuple[str, ...], pair: Pair
) -> tuple[float, ...]:
    moved = [
        value + pair.difference(f"{quantity}/{name}", _median_odds)
        for value, name in zip(values, names, strict=True)
    ]
    return tuple(float(np.clip(value, -_ODDS_LIMIT, _ODDS_LIMIT)) for value in moved)


def _spread(
    values: tuple[float, ...], quantity: str, names: tuple[str, ...], pair: Pair
) -> tuple[float, ...]:
    widths = [pair.width_ratio(f"{quantity}/{name}", _width_of_odds) for name in names]
    return tuple(
        float(np.clip(value * width, 0.3, 2.0)) for value, width in zip(values, widths, strict=True)
    )
