from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.skeletons import IMIGUE_22
from tests.fakes.samples import nobody, with_face
from tests.training.datasets.recorded import moving, recorded
from training.datasets.annotations import Annotation, write_annotations
from training.datasets.elan_annotations import write_elan_annotations
from training.datasets.faults import DataSetError
from training.datasets.recordings import RecordingSet


@pytest.mark.parametrize("rate_hz", [15, 25, 60])
def test_frames_are_those_of_imigue_whatever_the_camera_gave(
    tmp_path: Path, rate_hz: float
) -> None:
    recorded(tmp_path / "a.mcap", moving(2.0, rate_hz))
    poses = RecordingSet(tmp_path).poses(1)
    assert (poses.frames, poses.width_px, poses.height_px) == (51, 640, 480)
    assert not poses.failed.any()
    nose_px = poses.points[:, IMIGUE_22.index("nose"), 0]
    np.testing.assert_allclose(nose_px, 640 * (0.5 + 0.1 * np.arange(51) / 25), atol=0.01)


def test_the_neck_is_made_and_hands_that_were_not_seen_are_missing(tmp_path: Path) -> None:
    recorded(tmp_path / "a.mcap", moving(0.4, 25))
    points = RecordingSet(tmp_path).poses(1).points
    np.testing.assert_allclose(points[0, IMIGUE_22.index("neck")], (320, 240, 1), rtol=1e-6)
    assert not points[:, 12:].any()


def test_a_recording_with_the_face_is_read_too(tmp_path: Path) -> None:
    recorded(tmp_path / "a.mcap", map(with_face, moving(0.4, 25)))
    assert RecordingSet(tmp_path).poses(1).points[0, 0, 2] == 1


def test_frames_without_a_person_have_failed(tmp_path: Path) -> None:
    seen = moving(3.0, 25)
    gone = [nobody(s.capture_ns / 1e9) if 25 <= i < 50 else s for i, s in enumerate(seen)]
    recorded(tmp_path / "a.mcap", gone)
    poses = RecordingSet(tmp_path).poses(1)
    np.testing.assert_array_equal(np.flatnonzero(poses.failed), np.arange(25, 50))
    assert not poses.points[poses.failed].any()


def test_a_new_epoch_goes_on_in_time(tmp_path: Path) -> None:
    first, second = moving(1.0, 25), moving(1.0, 25, start_s=10.0)
    recorded(tmp_path / "a.mcap", [*first, *(replace(s, epoch=1) for s in second)])
    poses = RecordingSet(tmp_path).poses(1)
    assert poses.frames == 101
    np.testing.assert_array_equal(np.flatnonzero(poses.failed), np.arange(26, 75))


def test_nothing_is_interpolated_between_two_epochs(tmp_path: Path) -> None:
    second = (replace(s, epoch=1) for s in moving(1.0, 25, start_s=8.2))
    recorded(tmp_path / "a.mcap", [*moving(1.0, 25), *second])
    poses = RecordingSet(tmp_path).poses(1)
    np.testing.assert_array_equal(np.flatnonzero(poses.failed), np.arange(26, 30))


def test_time_that_jumps_back_has_no_frames(tmp_path: Path) -> None:
    again = (replace(s, epoch=1) for s in moving(1.0, 25))
    recorded(tmp_path / "a.mcap", [*moving(1.0, 25), *again])
    with pytest.raises(DataSetError, match="jumps back at sample 26"):
        RecordingSet(tmp_path).poses(1)


def test_a_recording_without_samples_or_with_other_joints_is_told(tmp_path: Path) -> None:
    recorded(tmp_path / "a.mcap", [])
    sample = moving(0.0, 25)[0]
    other = replace(sample, skeleton="other9", joints=sample.joints[:9])
    recorded(tmp_path / "b.mcap", [other])
    data = RecordingSet(tmp_path)
    with pytest.raises(DataSetError, match=r"a\.mcap: holds no pose samples"):
        data.poses(1)
    with pytest.raises(DataSetError, match="joints 'other9'"):
        data.poses(2)
    with pytest.raises(DataSetError, match="no recording 3"):
        data.poses(3)


def test_annotations_become_clips_of_whole_frames(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap", moving(2.0, 30))
    data = RecordingSet(tmp_path)
    assert not data.videos[0].has_labels
    with pytest.raises(DataSetError, match=r"no a\.mcap\.annotations\.csv"):
        data.clips(1)
    write_elan_annotations(
        Path(f"{path}.eaf"), [Annotation(8, 0.4, 1.2), Annotation(99, 1.5, 1.51)]
    )
    data = RecordingSet(tmp_path)
    assert data.videos[0].has_labels
    first, second = data.clips(1)
    assert (first.label_id, first.start_frame, first.end_frame) == (8, 10, 29)
    assert (second.start_frame, second.end_frame, second.class_index) == (38, 38, 31)
    write_annotations(Path(f"{path}.annotations.csv"), [Annotation(20, 0.4, 1.2)])
    assert [clip.label_id for clip in RecordingSet(tmp_path).clips(1)] == [20]


def test_annotations_beyond_the_end_are_told(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap", moving(2.0, 30))
    write_annotations(Path(f"{path}.annotations.csv"), [Annotation(20, 0.4, 2.2)])
    with pytest.raises(DataSetError, match=r"has only 2\.000 s"):
        RecordingSet(tmp_path).clips(1)
