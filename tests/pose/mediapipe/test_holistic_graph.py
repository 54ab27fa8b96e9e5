"""MediaPipe's own networks on real pixels: the portrait that matplotlib carries."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib import get_data_path
from matplotlib.image import imread

from engine.core.pose_check import checked
from engine.errors import ModelError
from engine.frames import U8, Frame, as_rgb
from engine.poses import NO_PERSON, PERSON_LOST
from engine.skeletons import HOLISTIC_75
from plugins.pose.landmarks import Landmarks
from plugins.pose.mediapipe import holistic_graph
from plugins.pose.mediapipe.estimator import MediapipePose
from plugins.pose.mediapipe.holistic_graph import HolisticGraph


def portrait() -> U8:
    return as_rgb(imread(Path(get_data_path(), "sample_data", "grace_hopper.jpg")))


def make_graph(*, detection: float = 0.5, tracking: float = 0.5) -> HolisticGraph:
    return HolisticGraph(
        min_detection_confidence=detection, min_tracking_confidence=tracking, smooth=True
    )


@pytest.fixture
def graph() -> Iterator[HolisticGraph]:
    made = make_graph()
    yield made
    made.close()


def follow(graph: HolisticGraph, count: int, step_us: int = 33_333) -> list[Landmarks]:
    """A portrait that slides to the right."""
    picture = portrait()
    return [graph.process(np.roll(picture, 3 * i, axis=1), i * step_us) for i in range(count)]


def bodies(found: list[Landmarks]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    assert all(one.body is not None for one in found)
    return np.array([one.body for one in found])


def test_it_finds_the_portrait(graph: HolisticGraph) -> None:
    found = graph.process(portrait(), 0)
    assert found.body is not None
    assert found.body.shape == (33, 4)
    assert found.body_score > 0.95
    nose, left, right = (
        found.body[HOLISTIC_75.index(j)] for j in ("nose", "left_shoulder", "right_shoulder")
    )
    assert 0.4 < nose[0] < 0.7
    assert 0.2 < nose[1] < 0.5
    assert left[0] > right[0]  # her left is on the right of the picture
    assert nose[3] > 0.9


def test_it_finds_nobody_in_a_blank_picture(graph: HolisticGraph) -> None:
    assert graph.process(np.full((480, 640, 3), 90, np.uint8), 0).body is None


def test_two_runs_are_equal_bit_by_bit(graph: HolisticGraph) -> None:
    other = make_graph()
    np.testing.assert_array_equal(bodies(follow(graph, 6)), bodies(follow(other, 6)))
    other.close()


def test_a_restarted_graph_is_a_fresh_graph(graph: HolisticGraph) -> None:
    first = bodies(follow(graph, 6))
    graph.restart()
    np.testing.assert_array_equal(bodies(follow(graph, 6)), first)


def test_the_filters_run_on_capture_time(graph: HolisticGraph) -> None:
    quick = bodies(follow(graph, 6, step_us=10_000))
    graph.restart()
    slow = bodies(follow(graph, 6, step_us=500_000))
    nose = HOLISTIC_75.index("nose")
    # The picture moves to the right; with more time between frames the filter lags less.
    assert slow[-1, nose, 0] > quick[-1, nose, 0]


def test_time_that_repeats_or_goes_back_is_survived(graph: HolisticGraph) -> None:
    picture = portrait()
    for time_us in (1_000_000, 1_000_000, 0, 2_000_000):
        assert graph.process(picture, time_us).body is not None


def test_thresholds_reach_the_networks() -> None:
    unsure = make_graph(detection=0.999_999)
    assert unsure.process(portrait(), 0).body is None
    unsure.close()
    strict = make_graph(tracking=1.0)
    assert strict.process(portrait(), 0).body is None
    strict.close()


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [
        ((480, 640, 4), np.uint8),
        ((480, 640), np.uint8),
        ((0, 640, 3), np.uint8),
        ((480, 640, 3), np.float32),
    ],
)
def test_a_picture_of_another_kind_is_refused_and_the_next_one_is_fine(
    graph: HolisticGraph, shape: tuple[int, ...], dtype: type
) -> None:
    with pytest.raises(ModelError, match="as_rgb"):
        graph.process(np.zeros(shape, dtype), 0)
    assert graph.process(portrait(), 1).body is not None


def test_a_failure_of_mediapipe_is_a_model_error_and_a_restart_helps(
    graph: HolisticGraph, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(holistic_graph, "_check", lambda image: None)
        with pytest.raises(ModelError, match="640x0"):
            graph.process(np.zeros((0, 640, 3), np.uint8), 0)
    with pytest.raises(ModelError, match="MediaPipe failed"):
        graph.process(portrait(), 1)
    graph.restart()
    assert graph.process(portrait(), 2).body is not None
    assert "RET_CHECK failure" in capfd.readouterr().err


def test_close_is_idempotent(graph: HolisticGraph) -> None:
    graph.close()
    graph.close()


def test_a_missing_model_file_is_a_model_error(monkeypatch: pytest.MonkeyPatch) -> None:
    import mediapipe

    monkeypatch.setattr(mediapipe, "__file__", str(Path("nowhere", "a", "b.py")))
    with pytest.raises(ModelError, match="make run"):
        make_graph()


def test_the_estimator_sees_her_come_go_and_start_anew() -> None:
    made = MediapipePose(MediapipePose.Config())
    made.warm_up()
    there, empty = portrait(), np.zeros((600, 512, 3), np.uint8)
    frames = [there] * 8 + [empty] * 30
    samples = [
        checked(made.step(Frame(image, i * 40_000_000, 0, i), i)) for i, image in enumerate(frames)
    ]
    assert [s.valid for s in samples[3:8]] == [True] * 5
    assert samples[8].reason == PERSON_LOST
    assert samples[-1].reason == NO_PERSON
    made.reset()
    assert made.step(Frame(empty, 0, 1, 50), 50).reason == NO_PERSON
    made.close()


def test_shrinking_a_picture_does_not_move_the_joints() -> None:
    picture = portrait()
    large = np.repeat(np.repeat(picture, 4, axis=0), 4, axis=1)
    found = []
    for image in (picture, large):
        made = MediapipePose(MediapipePose.Config(max_side_px=600))
        samples = [made.step(Frame(image, i * 40_000_000, 0, i), i) for i in range(5)]
        found.append(samples[-1].joints)
        made.close()
    head = slice(0, 13)
    assert np.abs(found[0][head, :2] - found[1][head, :2]).max() < 0.01


def test_loading_and_the_first_person_leave_stderr_clean_and_raise_no_warning() -> None:
    code = """
from pathlib import Path
from matplotlib import get_data_path
from matplotlib.image import imread
from engine.frames import Frame, as_rgb
from plugins.pose.mediapipe.estimator import MediapipePose
made = MediapipePose(MediapipePose.Config())
made.warm_up()
picture = as_rgb(imread(Path(get_data_path(), "sample_data", "grace_hopper.jpg")))
assert [made.step(Frame(picture, i * 50_000_000, 0, i), i) for i in range(5)][-1].valid
made.reset()
made.close()
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_the_module_of_the_plugin_does_not_import_mediapipe() -> None:
    code = (
        "import sys, plugins.pose.mediapipe.estimator;"
        "assert not {'mediapipe', 'cv2', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
