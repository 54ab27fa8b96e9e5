import msgspec
import numpy as np
import pytest

from engine.poses import F32
from engine.skeletons import IMIGUE_22
from plugins.recognizers.graph.relations import CHANNELS, OPTIONAL_CHANNELS
from training.fitting.augment import Augment, mirrored
from training.fitting.batches import Batch
from training.fitting.config import AugmentConfig
from training.fitting.layout import layout_of
from training.labels import IGNORE

LAYOUT = layout_of(CHANNELS)
SHAPE = (16, len(CHANNELS), 100, 22)
NOTHING = {name: 0.0 for name in msgspec.structs.asdict(AugmentConfig()) if name != "longest_s"}


def batch() -> Batch:
    rng = np.random.default_rng(5)
    features = rng.uniform(0.5, 1.0, SHAPE).astype(np.float32)
    features[:, 0] = 1.0
    features[:, :, :, 8] = 0.0  # a joint that is never there
    return Batch(features, np.full((16, 100), 4), np.zeros((16, 100, 2), np.float32))


def disturbed(delay: int = 0, epoch: int = 0, **config: float) -> Batch:
    chosen = msgspec.convert({**NOTHING, **config}, AugmentConfig)
    scales: F32 = np.ones(len(CHANNELS), np.float32)
    return Augment(chosen, LAYOUT, scales, delay, seed=1)(batch(), epoch, step=2)


def test_a_mirror_of_a_mirror_is_the_same() -> None:
    features = batch().features
    assert np.array_equal(mirrored(mirrored(features, LAYOUT), LAYOUT), features)


def test_a_mirror_swaps_the_sides() -> None:
    features = batch().features
    left, right = IMIGUE_22.index("left_wrist"), IMIGUE_22.index("right_wrist")
    seen = mirrored(features, LAYOUT)
    sign = LAYOUT.mirror_sign[:, None]
    assert np.array_equal(seen[0, :, :, left], features[0, :, :, right] * sign)
    nose = IMIGUE_22.index("nose")
    assert np.array_equal(seen[0, :, :, nose], features[0, :, :, nose] * sign)
    assert LAYOUT.mirror_sign[CHANNELS.index("slow_x")] == -1
    assert LAYOUT.mirror_sign[CHANNELS.index("slow_y")] == 1


def test_nothing_is_nothing() -> None:
    assert np.array_equal(disturbed().features, batch().features)


def test_it_depends_on_seed_epoch_and_step_alone() -> None:
    assert np.array_equal(disturbed(noise=0.1).features, disturbed(noise=0.1).features)
    assert not np.array_equal(disturbed(noise=0.1).features, disturbed(noise=0.1, epoch=1).features)


@pytest.mark.parametrize("kind", ["noise", "offset", "gain"])
def test_noise_leaves_what_is_missing_and_what_is_seen(kind: str) -> None:
    features = disturbed(0, 0, **{kind: 0.1}).features
    assert (features[..., 8] == 0).all()
    assert (features[:, 0, :, 0] == 1).all()
    change = features - batch().features
    assert 0.03 < change[:, 3:, :, 0].std() < 0.3
    if kind != "gain":
        assert (change[:, 1:3] == 0).all()  # positions: their differences would drown
    if kind != "noise":
        ratio = features / np.where(batch().features == 0, 1, batch().features)
        steady = change if kind == "offset" else ratio
        assert np.ptp(steady[:, 1:, :, 0], axis=2).max() < 1e-5


def test_optional_channels_are_left_out_whole() -> None:
    features = disturbed(optional_drop=0.5).features
    for index, name in enumerate(CHANNELS):
        gone = (features[:, index] == 0).all((1, 2))
        assert gone.any() == (name in OPTIONAL_CHANNELS)
        assert not gone.all()


def test_the_fingertips_of_a_hand_vanish_together() -> None:
    features = disturbed(hand_drop=0.9).features
    gone = features[:, 0] == 0
    start, end = IMIGUE_22.parts["left_hand"]
    assert gone[..., start:end].any()
    assert (gone[..., start:end].all(-1) == gone[..., start:end].any(-1)).all()
    assert not gone[..., IMIGUE_22.index("left_wrist")].any()


def test_one_joint_vanishes_for_a_while() -> None:
    gone = disturbed(joint_drop=0.3).features[:, 0] == 0
    gone[..., 8] = False
    assert gone.any()
    assert not gone.all(1).all()


def test_what_is_not_seen_is_not_asked_for() -> None:
    delay = 4
    changed = disturbed(gap=0.8, late_start=0.5, delay=delay)
    unseen = (changed.features == 0).all((1, 3))
    assert unseen.any()
    assert np.array_equal(changed.labels[:, delay:] == IGNORE, unseen[:, :-delay])
    assert (changed.bounds[changed.labels == IGNORE] == IGNORE).all()
