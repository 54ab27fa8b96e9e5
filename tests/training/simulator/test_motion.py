"""Joints in space do what their timelines say."""

import numpy as np
import pytest

from engine.skeletons import HOLISTIC_75
from training.simulator.geometry import Bools
from training.simulator.scene import Scene, staged_scene
from training.simulator.scripts import BY_NAME, SCRIPTS

_TIPS = {
    side: [HOLISTIC_75.index(f"{side}_hand_{f}_tip") for f in ("index", "middle")]
    for side in ("left", "right")
}


def staged(name: str, variant: int = 0, people: int = 12, seed: int = 0, **options: float) -> Scene:
    script = BY_NAME[name]
    rng = np.random.default_rng(seed)
    return staged_scene(rng, SCRIPTS.index(script), script.variants[variant], people, **options)  # type: ignore[arg-type]


def during(scene: Scene, person: int) -> Bools:
    act = scene.timelines[person].acts[0]
    t_s = scene.t_s[person]
    return np.asarray((t_s > act.start_s + 0.1) & (t_s < act.end_s - 0.1))


@pytest.mark.parametrize(
    "name", ["touch_face", "rub_eyes", "scratch_head", "touch_jaw", "touch_forehead"]
)
def test_a_hand_that_touches_the_head_is_at_the_head_and_was_not_before(name: str) -> None:
    scene = staged(name)
    for person, line in enumerate(scene.timelines):
        (hand, *_) = line.acts[0].hands
        gap = scene.motion.hand_gap_m[person, :, hand]
        assert np.median(gap[during(scene, person)]) < 0.03
        assert np.median(gap[scene.t_s[person] < 1.4]) > 0.1


def test_a_hand_before_the_face_touches_nothing() -> None:
    scene = staged("pass_before_face", 3, people=30)
    gaps = [
        np.median(scene.motion.hand_gap_m[person, during(scene, person), line.acts[0].hands[0]])
        for person, line in enumerate(scene.timelines)
    ]
    assert np.median(gaps) > 0.06
    assert np.quantile(gaps, 0.1) > 0.02


def test_hands_that_rub_one_another_are_together() -> None:
    for variant in range(len(BY_NAME["rub_hands"].variants)):
        scene = staged("rub_hands", variant)
        gaps = [np.median(scene.motion.hands_gap_m[p, during(scene, p)]) for p in range(12)]
        assert np.median(gaps) < 0.05


def test_folded_arms_cross_and_hands_behind_the_back_are_hidden() -> None:
    folded, behind = staged("fold_arms"), staged("arms_behind_body")
    left, right = (HOLISTIC_75.index(f"{side}_wrist") for side in ("left", "right"))
    for person in range(12):
        joints = folded.motion.joints[person, during(folded, person)]
        # Those with long arms cross them at the wrists, give or take a centimetre.
        assert np.median(joints[:, left, 0] - joints[:, right, 0]) < 0.01
        assert behind.motion.hidden[person, during(behind, person)].all()
        assert np.median(behind.motion.joints[person, during(behind, person), left, 2]) < 0.0


@pytest.mark.parametrize("name", ["shake_shoulders", "illustrative", "touch_neck", "fold_arms"])
def test_nothing_jumps(name: str) -> None:
    scene = staged(name, rate_hz=60.0)
    step_s = np.diff(scene.t_s)[..., None]
    # A hand that turns over takes its thumb along faster than any reach.
    limbs = [HOLISTIC_75.index(f"left_{name}") for name in ("shoulder", "elbow", "wrist", "ear")]
    body = scene.motion.joints[:, :, limbs]
    moved_m = np.linalg.norm(np.diff(body, axis=1), axis=-1)
    assert (moved_m / step_s).max() < 8.0  # m/s; a fast reach of a hand has about 3


def test_a_shrug_lifts_shoulders_and_not_the_head() -> None:
    scene = staged("shake_shoulders")
    at = HOLISTIC_75.index
    for person in range(12):
        joints = scene.motion.joints[person, during(scene, person), :, 1]
        quiet = scene.motion.joints[person, scene.t_s[person] < 1.4][..., 1]
        assert np.ptp(joints[:, at("left_shoulder")]) > 2.0 * np.ptp(quiet[:, at("left_shoulder")])
        assert np.ptp(joints[:, at("left_shoulder")]) > 0.015


def test_bones_keep_their_length() -> None:
    scene = staged("illustrative", 1)
    at = HOLISTIC_75.index
    for a, b in (("left_shoulder", "left_elbow"), ("right_elbow", "right_wrist")):
        bone = scene.motion.joints[:, :, at(a)] - scene.motion.joints[:, :, at(b)]
        assert np.ptp(np.linalg.norm(bone, axis=-1), axis=1).max() < 1e-4


@pytest.mark.parametrize("height_m", [-0.3, 0.0, 0.3])
def test_a_camera_has_the_person_in_its_picture_from_every_height(height_m: float) -> None:
    scene = staged("head_up", people=40, height_m=height_m)
    nose = scene.views.xy[:, 0, HOLISTIC_75.index("nose")]
    inside = (nose[:, 0] > 0) & (nose[:, 0] < scene.cameras.aspect) & (nose[:, 1] > 0)
    assert (inside & (nose[:, 1] < 0.75)).mean() > 0.9
    assert np.allclose(scene.cameras.height_m, height_m)


def test_shoulders_are_mostly_in_the_picture_but_not_in_close_ups() -> None:
    scene = staged("head_up", people=300)
    pair = [HOLISTIC_75.index(f"{side}_shoulder") for side in ("left", "right")]
    below = (scene.views.xy[:, 0, pair, 1] > 1.0).any(axis=1)
    assert 0.02 < below.mean() < 0.2
    assert scene.views.unit[below, 0].min() > 0.4


def test_the_left_side_is_to_the_right_of_a_picture_that_is_not_mirrored() -> None:
    scene = staged("head_up", people=60)
    left, right = (HOLISTIC_75.index(f"{side}_shoulder") for side in ("left", "right"))
    apart = scene.views.xy[:, 0, left, 0] - scene.views.xy[:, 0, right, 0]
    mirrored = scene.cameras.mirrored
    assert 5 < mirrored.sum() < 35
    assert (apart[~mirrored] > 0).all()
    assert (apart[mirrored] < 0).all()
