"""What the simulated tracker does to a person whose true position is known."""

from dataclasses import replace as with_field

import numpy as np
import pytest
from msgspec.structs import replace

from engine.poses import F32
from tests.training.simulator.scenes import ASPECT, UNIT, still, with_contact
from training.simulator.landmarks import groups
from training.simulator.landmarks.observe import observe
from training.simulator.landmarks.params import NoiseParams
from training.simulator.landmarks.view import CleanView, Observed

NONE = NoiseParams.none()
LEFT, RIGHT = groups.HANDS


def seen(view: CleanView, noise: NoiseParams, seed: int = 0) -> Observed:
    return observe(view, noise, np.random.default_rng(seed))


def places(observed: Observed) -> F32:
    """In shoulder widths."""
    return observed.joints[..., :2] * np.array([ASPECT, 1.0], np.float32) / UNIT


def test_perfect_tracker_reports_the_truth() -> None:
    view = still()
    out = seen(view, NONE)
    assert out.valid.all()
    np.testing.assert_allclose(places(out) * UNIT, view.xy, atol=1e-5)
    assert out.joints[..., 2].min() > 0.04
    hand = out.depth[:, :, LEFT]
    np.testing.assert_allclose(hand, 0.0, atol=1e-5)


def test_same_seed_same_result() -> None:
    noise = NoiseParams.fitted()
    first, again, other = (seen(still(), noise, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.joints, again.joints)
    np.testing.assert_array_equal(first.depth, again.depth)
    assert not np.array_equal(first.joints, other.joints)


@pytest.mark.parametrize("half", ["train", "test"])
def test_fits_give_pose_samples(half: str) -> None:
    view = with_contact(still(8, 200), 50, 150)
    out = seen(view, NoiseParams.fitted("train" if half == "train" else "test"))
    assert out.joints.dtype == out.depth.dtype == np.float32
    assert np.isfinite(out.joints).all() and np.isfinite(out.depth).all()
    confidence = out.joints[..., 2]
    assert confidence.min() >= 0.0 and confidence.max() <= 1.0
    assert (out.joints[confidence == 0.0] == 0.0).all()
    assert (out.depth[confidence == 0.0] == 0.0).all()
    assert (out.joints[~out.valid] == 0.0).all()
    assert (confidence[out.valid][:, : groups.BODY_COUNT] > 0.0).all()


def test_body_jitter_has_its_size() -> None:
    noise = replace(NONE, body=replace(NONE.body, jitter=(0.01, 0.02, 0.03, 0.04, 0.05)))
    view = still(20, 300)
    error = places(seen(view, noise)) - view.xy / UNIT
    for group, size in enumerate(noise.body.jitter):
        joints = np.flatnonzero(np.equal(groups.GROUP_OF, group))
        assert error[:, :, joints].std() == pytest.approx(size, rel=0.15)


def test_hand_jitter_is_smaller_in_the_palm() -> None:
    noise = replace(NONE, hand=replace(NONE.hand, jitter=0.02))
    view = still(20, 300)
    error = places(seen(view, noise)) - view.xy / UNIT
    assert error[:, :, LEFT.start + 8].std() == pytest.approx(0.02, rel=0.1)
    assert error[:, :, LEFT.start].std() == pytest.approx(0.01, rel=0.1)


@pytest.mark.parametrize("fps", [5.0, 30.0, 60.0])
def test_frame_rate_does_not_change_the_noise(fps: float) -> None:
    body = replace(NONE.body, jitter=(0.01,) * 5, jitter_tau_s=0.2)
    view = still(12, round(20 * fps), fps)
    error = places(seen(view, replace(NONE, body=body)))[:, :, groups.NOSE] - (
        view.xy[:, :, groups.NOSE] / UNIT
    )
    lag = round(0.2 * fps)
    correlation = (error[:, lag:] * error[:, :-lag]).mean() / (error**2).mean()
    assert error.std() == pytest.approx(0.01, rel=0.15)
    assert correlation == pytest.approx(2 / np.e, abs=0.06)


@pytest.mark.parametrize("fps", [5.0, 30.0, 60.0])
def test_frame_rate_does_not_change_how_often_hands_are_lost(fps: float) -> None:
    presence = replace(NONE.presence, found_per_s=(2.0,) * 7, lost_per_s=(1.0,) * 7)
    view = still(25, round(20 * fps), fps)
    found = seen(view, replace(NONE, presence=presence)).joints[:, :, LEFT.start, 2] > 0
    assert found.mean() == pytest.approx(2 / 3, abs=0.06)
    lag = round(0.4 * fps)
    kept = found[:, lag:][found[:, :-lag]].mean()
    assert kept == pytest.approx(2 / 3 + np.exp(-3 * 0.4) / 3, abs=0.06)


def test_runs_last_as_long_as_the_rates_say() -> None:
    presence = replace(NONE.presence, found_per_s=(4.0,) * 7, lost_per_s=(1.0,) * 7)
    found = seen(still(25, 600), replace(NONE, presence=presence)).joints[:, :, LEFT.start, 2] > 0
    losses = (found[:, :-1] & ~found[:, 1:]).sum()
    assert found[:, :-1].sum() / 30.0 / losses == pytest.approx(1.0, rel=0.2)
    assert (~found[:, :-1]).sum() / 30.0 / losses == pytest.approx(0.25, rel=0.2)


def test_context_decides_how_often_a_hand_is_found() -> None:
    found_per_s = [1.0] * 7
    found_per_s[groups.CONTACT] = 9.0
    presence = replace(NONE.presence, found_per_s=tuple(found_per_s), lost_per_s=(1.0,) * 7)
    view = with_contact(still(40, 300), 0, 300)
    found = seen(view, replace(NONE, presence=presence)).joints[..., 2] > 0
    assert found[:, :, RIGHT.start].mean() == pytest.approx(0.9, abs=0.04)
    assert found[:, :, LEFT.start].mean() == pytest.approx(0.5, abs=0.07)


def test_joints_out_of_the_picture_have_little_confidence() -> None:
    view = still(4, 100, left=0.6 + 3.0j)
    confidence = seen(view, NoiseParams.fitted()).joints[..., 2]
    assert np.median(confidence[:, :, 15]) < 0.2
    assert np.median(confidence[:, :, 16]) > 0.8
    assert np.median(confidence[:, :, 27]) < 0.1
    assert (confidence[:, :, LEFT] == 0).mean() > 0.9


def test_out_of_picture_arm_is_taken_for_a_mirror_image() -> None:
    body = replace(NONE.body, drawn_per_s=1e3, undrawn_per_s=1e-3)
    view = with_contact(still(2, 60, left=0.6 + 3.0j), 0, 60)
    view.xy[:, :, groups.ELBOWS[0], 1] = 1.2
    out = seen(view, replace(NONE, body=body))
    left, right = places(out)[:, 30:, 15], places(out)[:, 30:, 16]
    middle = view.xy[:, 30:, groups.EARS, 0].mean(-1) / UNIT
    np.testing.assert_allclose(left[..., 0] - middle, middle - right[..., 0], atol=0.02)
    np.testing.assert_allclose(left[..., 1], right[..., 1], atol=0.02)
    # The other hand is near enough to be found there, so both sets sit on it.
    np.testing.assert_allclose(out.joints[:, 30:, LEFT], out.joints[:, 30:, RIGHT], atol=1e-5)


def test_hand_sets_can_sit_on_one_hand() -> None:
    presence = replace(NONE.presence, taken_per_s=1e3, returned_per_s=1e3, taken_within=0.3)
    view = with_field(still(20, 100), hands_gap=np.zeros((20, 100), np.float32))
    out = places(seen(view, replace(NONE, presence=presence)))
    own = np.abs(out[:, :, LEFT] - view.xy[:, :, LEFT] / UNIT).max(axis=(-1, -2)) < 1e-3
    other = np.abs(out[:, :, LEFT] - view.xy[:, :, RIGHT] / UNIT).max(axis=(-1, -2)) < 1e-3
    assert (own | other).all()
    assert other.mean() == pytest.approx(0.5, abs=0.05)


def test_face_follows_a_third_of_a_nod() -> None:
    def nose_lowering(seen_part: float) -> float:
        view = still(1, 2)
        depth, xy = view.depth.copy(), view.xy.copy()
        xy[:, :, groups.NOSE, 1] = xy[:, :, groups.EARS, 1].mean() + 0.3 * UNIT * np.sin(0.49)
        xy[:, :, groups.NOSE, 0] = xy[:, :, groups.EARS, 0].mean()
        depth[:, :, groups.NOSE] = -0.3 * np.cos(0.49)
        depth[:, :, groups.EARS] = 0.0
        noise = replace(NONE, body=replace(NONE.body, pitch_seen=seen_part))
        out = places(seen(with_field(view, xy=xy, depth=depth), noise))[0, 0]
        return float(out[groups.NOSE, 1] - out[list(groups.EARS), 1].mean())

    assert nose_lowering(1.0) == pytest.approx(0.3 * np.sin(0.49), abs=1e-3)
    assert nose_lowering(0.25) == pytest.approx(0.3 * np.sin(0.09 + 0.1), abs=2e-3)


def test_depth_is_in_image_widths_from_the_hips_and_from_each_wrist() -> None:
    depth = replace(NONE.depth, gain=3.0, hips=0.5)
    out = seen(still(), replace(NONE, depth=depth)).depth * ASPECT / UNIT
    np.testing.assert_allclose(out[..., groups.HIPS].mean(-1), 0.0, atol=1e-5)
    np.testing.assert_allclose(out[..., groups.SHOULDERS].mean(-1), -0.5, atol=1e-5)
    np.testing.assert_allclose(out[..., groups.NOSE], -0.9 - 0.5, atol=1e-5)
    np.testing.assert_allclose(out[..., LEFT], 0.0, atol=1e-5)


def test_a_contact_reads_far_in_front_of_the_nose() -> None:
    view = with_contact(still(30, 60), 0, 60)
    depth = seen(view, NoiseParams.fitted()).depth * ASPECT / UNIT
    ahead = depth[..., 20] - depth[..., groups.NOSE]
    assert -3.5 < np.median(ahead) < -1.2


def test_whole_person_is_lost_now_and_then() -> None:
    presence = replace(NONE.presence, person_lost_per_s=1.0, person_found_per_s=4.0)
    out = seen(still(30, 300), replace(NONE, presence=presence))
    assert out.valid.mean() == pytest.approx(0.8, abs=0.05)
    assert (out.joints[~out.valid] == 0.0).all()


def test_sequences_have_trackers_of_their_own() -> None:
    body = replace(NONE.body, jitter=(0.01,) * 5)
    view = still(200, 60)
    sizes = (places(seen(view, replace(NONE, body=body, population=0.5))) - view.xy / UNIT)[
        :, :, :11
    ].std(axis=(1, 2, 3))
    assert np.log(sizes).std() == pytest.approx(0.5, abs=0.12)


def test_one_frame_is_enough() -> None:
    out = seen(still(3, 1), NoiseParams.fitted())
    assert out.joints.shape == (3, 1, 75, 3)
    assert np.isfinite(out.joints).all()
