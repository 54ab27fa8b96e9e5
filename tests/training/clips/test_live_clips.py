"""Clips out of streams as a live recogniser is shown them."""

import numpy as np

from engine.poses import F32
from tests.training.clips.sets import Given, poses_of, upright
from training.clips.clip_set import MOST_TICKS, gather
from training.clips.live_clips import cut_live_clips
from training.clips.live_ticks import live_stretches, poses_as_samples
from training.datasets.dataset import Video
from training.datasets.labelled_clip import LabelledClip

CLIPS = (LabelledClip(5, 0, 8, 40, 59), LabelledClip(5, 1, 99, 100, 229))


def swaying(frames: int = 240) -> F32:
    rng = np.random.default_rng(0)
    points = upright(frames)
    points[..., :2] += np.cumsum(rng.normal(0, 0.8, (frames, 1, 2)), axis=0)
    return points


def data_of(points: F32) -> Given:
    return Given({Video(5, subject=7): (poses_of(points), CLIPS)})


def cut(points: F32) -> list[F32]:
    return [ticks for ticks, _ in cut_live_clips(data_of(points), 5)]


def test_they_are_parts_of_the_stream() -> None:
    points = swaying()
    (stretch,) = live_stretches(poses_as_samples(poses_of(points), 25.0))
    first, last = cut(points)
    np.testing.assert_array_equal(first, stretch.ticks[40:60])
    np.testing.assert_array_equal(last, stretch.ticks[230 - MOST_TICKS : 230])
    made = gather(data_of(points), [5], cut=cut_live_clips)
    assert made.lengths.tolist() == [20, MOST_TICKS]
    assert made.labels.tolist() == [7, 31]
    np.testing.assert_array_equal(made.clips[0, :20], first)


def test_what_comes_later_changes_nothing() -> None:
    points = swaying()
    changed = points.copy()
    changed[50:, :, :2] *= 0.5
    np.testing.assert_array_equal(cut(changed)[0][:10], cut(points)[0][:10])
    by_hand = [gather(data_of(own), [5]).clips[0, :10] for own in (points, changed)]
    assert (by_hand[0] != by_hand[1]).any()


def test_frames_of_another_rate_are_found_by_their_time() -> None:
    data = data_of(swaying())
    data.rate_hz = 50.0
    first, last = (ticks for ticks, _ in cut_live_clips(data, 5))
    (stretch,) = live_stretches(poses_as_samples(poses_of(swaying()), 50.0))
    np.testing.assert_array_equal(first, stretch.ticks[20:30])
    assert len(last) == 65


def test_where_nobody_is_shown_there_is_nothing() -> None:
    points = swaying()
    points[:70] = 0.0
    first, last = cut(points)
    assert first.shape == (20, 22, 3)
    assert not first.any()
    assert last.any()
    made = gather(data_of(points), [5], cut=cut_live_clips)
    assert (made.names, made.left_out) == (("0005_1",), ("subject 7",))


def test_after_a_long_gap_ticks_lie_where_their_frames_do() -> None:
    poses = poses_of(swaying(), failed=range(30, 90))
    data = Given({Video(5, subject=7): (poses, CLIPS)})
    _, after = live_stretches(poses_as_samples(poses, 25.0))
    (gap, _), (last, _) = cut_live_clips(data, 5)
    first = round(25.0 * after.start_s)
    np.testing.assert_array_equal(last, after.ticks[140 - first : 230 - first])
    assert not gap[14:].any()  # the stretch before goes on for a second without anybody
