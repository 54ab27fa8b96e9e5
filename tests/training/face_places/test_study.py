"""Classifiers learn what there is to learn, are scored right, and what was found is told."""

from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import pytest

import training.__main__ as program
from engine.errors import UsageError
from engine.poses import F32
from tests.training.face_places.faces import FITTED
from training.evaluation.intervals import bootstrap
from training.face_places.classifier import Classifier, Ints, Recipe, fit_classifier
from training.face_places.examples import Examples, make_examples
from training.face_places.features import INPUTS
from training.face_places.real import real_touches
from training.face_places.report import found, table
from training.face_places.score import by_tick, by_touch, confusion
from training.face_places.study import Kind, Plan, Study
from training.simulator.landmarks.recorded import RecordedPose

TINY = Plan(
    batches=(1, 1, 1),
    aside=(1, 1, 1),
    people=6,
    seeds=1,
    recipe=Recipe(hidden=(8,), epochs=1, batch=256),
)


def rows(count: int, seed: int) -> tuple[F32, Ints]:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, count)
    x = rng.standard_normal((count, 5)).astype(np.float32)
    x[:, 1] += 4.0 * y
    return x, y


def examples(kind: list[int], person: list[int], event: list[int]) -> Examples:
    count = len(kind)
    return Examples(
        joints=np.zeros((count, 75, 4), np.float32),
        outlines=np.zeros((count, 3, 22, 2), np.float32),
        kind=np.array(kind),
        person=np.array(person),
        event=np.array(event),
    )


def test_a_classifier_learns_and_comes_back_from_its_arrays() -> None:
    recipe = Recipe(hidden=(16,), epochs=6, batch=64, rate=0.02)
    made = fit_classifier(rows(900, 0), rows(300, 1), 3, 0, recipe)
    x, y = rows(300, 2)
    told = made.log_probabilities(x)
    assert (told.argmax(axis=1) == y).mean() > 0.9
    np.testing.assert_allclose(np.exp(told).sum(axis=1), 1.0, atol=1e-5)
    again = Classifier.of_arrays(made.arrays(), 3, recipe)
    np.testing.assert_array_equal(again.log_probabilities(x), told)


def test_ticks_touches_and_classes_are_counted() -> None:
    some = examples([0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1])
    told = np.log(np.array([[0.9, 0.1], [0.4, 0.6], [0.4, 0.6], [0.6, 0.4]], np.float32))
    ticks = by_tick(some, [told], 2)
    assert ticks.overall().value == pytest.approx(1 / 4)
    assert ticks.macro().value == pytest.approx((1 / 3 + 0) / 2)
    touches = by_touch(some, [told], 2)
    assert touches.of_class(0).value == 1.0
    assert touches.of_class(1).value == 0.0
    assert touches.macro_gain(ticks).value == pytest.approx(1 / 2 - 1 / 6)
    assert touches.class_gain(ticks, 0).value == pytest.approx(2 / 3)
    np.testing.assert_allclose(confusion(some, [told], 2), [[1 / 3, 2 / 3], [1.0, 0.0]])


def test_classifiers_are_averaged_and_people_drawn_again() -> None:
    some = examples([0, 1] * 10, [n // 2 for n in range(20)], list(range(20)))
    right = np.log(np.array([[0.9, 0.1], [0.1, 0.9]] * 10, np.float32))
    half = by_tick(some, [right, right[:, ::-1]], 2)
    assert half.macro().value == 0.5
    spoilt = right.copy()
    spoilt[:10] = right[:10, ::-1]
    estimate = by_tick(some, [spoilt], 2).macro()
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.low < 0.5 < estimate.high


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


def test_a_study_runs_keeps_what_is_done_and_reports(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = (
        *(Kind(inputs=inputs) for inputs in INPUTS),
        Kind(inputs="outline", swapped=True),
    )
    monkeypatch.setattr("training.face_places.report.KINDS", kinds)
    short = partial(make_examples, seconds=16.0)
    monkeypatch.setattr("training.face_places.study.make_examples", short)
    monkeypatch.setattr("training.face_places.score.bootstrap", partial(bootstrap, rounds=20))
    said: list[str] = []
    numbers = found(Study(work, FITTED, TINY, said.append), TINY)
    assert sum("simulating" in line for line in said) == 3
    assert sum("training" in line for line in said) == 4
    assert set(numbers["kinds"]) == {"today", "body", "outline-x1", "outline-swapped"}
    assert numbers["test"]["people"] == 6
    text = table(numbers)
    assert "another tick's outline" in text
    assert "| `touch_neck` |" in text
    said.clear()
    assert found(Study(work, FITTED, TINY, said.append), TINY) == numbers
    assert not said
    with pytest.raises(UsageError, match="another fit or plan"):
        Study(work, FITTED, msgspec.structs.replace(TINY, seeds=2))


def test_touches_of_clips_are_found_by_their_annotations(tmp_path: Path) -> None:
    path = tmp_path / "annotations.csv"
    path.write_text(
        "file,start_s,end_s,label,hand_contact,description\n"
        "a.mp4,1.0,2.0,touch_mouth,yes,x\n"
        "a.mp4,2.0,3.0,touch_mouth,near,x\n"
        "a.mp4,2.0,3.0,hands_together,yes,x\n"
        "b.mp4,0.0,1.0,touch_mouth,yes,x\n"
    )
    joints = np.tile(np.array([0.5, 0.5, 1.0], np.float32), (90, 97, 1))
    joints[:, 11, 0], joints[:, 12, 0] = 0.7, 0.3
    pose = RecordedPose(
        name="a.mp4", times_s=np.arange(90) / 30, joints=joints,
        depth=np.zeros((90, 97), np.float32), valid=np.ones(90, np.bool_),
        width_px=640, height_px=480,
    )  # fmt: skip
    (touch,) = real_touches(path, [pose])
    assert (touch.clip, touch.start_s, touch.meant) == ("a.mp4", 1.0, ("touch_face",))
    assert touch.joints.shape == (26, 75, 4)
    assert touch.outline.shape == (26, 22, 2)
    with pytest.raises(UsageError, match="annotations"):
        real_touches(tmp_path / "none.csv", [pose])


def test_a_fit_without_clips_makes_no_sense(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["face-places", "--work", str(tmp_path), "--fit"]) == 2
    assert "needs --clips" in capsys.readouterr().err
