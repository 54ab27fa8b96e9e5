"""Files: every frame at its time, and each kind of bad file told apart."""

import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from engine.clock import NS_PER_S, SystemClock
from engine.errors import EndOfStream, SourceError, Trouble
from engine.frames import Frame
from plugins.sources.file import FileSource
from tests.fakes import video_files


def opened(path: Path, **options: float) -> FileSource:
    source = FileSource(str(path), FileSource.Config(**options))
    source.open(SystemClock())
    return source


def read_all(path: Path, **options: float) -> list[Frame]:
    """All frames; closes the source."""
    frames, end = read_to_end(path, **options)
    assert isinstance(end, EndOfStream), end
    return frames


def read_to_end(path: Path, **options: float) -> tuple[list[Frame], Exception]:
    """All frames and what ended them."""
    source = opened(path, **options)
    frames = []
    try:
        while True:
            frame = source.read(0.0)
            assert frame is not None, "a file never makes its reader wait"
            frames.append(frame)
    except (EndOfStream, SourceError) as end:
        return frames, end
    finally:
        source.close()


def trouble_of(path: Path) -> SourceError:
    """The error of opening `path`, which must name it."""
    with pytest.raises(SourceError) as caught:
        opened(path)
    assert str(path) in str(caught.value)
    assert not caught.value.transient
    return caught.value


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format"),
    [
        ("a.mp4", "libx264", "yuv420p"),
        ("a.mov", "libx265", "yuv420p"),
        ("a.mkv", "libx264", "yuv420p"),
        ("a.avi", "mpeg4", "yuv420p"),
        ("a.ts", "libx264", "yuv420p"),
        ("a.gif", "gif", "rgb8"),
        ("gray.mkv", "ffv1", "gray"),
        ("gray16.mkv", "ffv1", "gray16le"),
        ("rgba.mov", "png", "rgba"),
    ],
)
def test_every_kind_gives_all_frames_at_their_times(
    tmp_path: Path, name: str, codec: str, pixel_format: str
) -> None:
    path = tmp_path / name
    quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    video_files.write_video(
        path,
        video_files.regular(12),
        codec=codec,
        pixel_format=pixel_format,
        codec_options=quiet,
    )
    frames = read_all(path)
    assert [frame.index for frame in frames] == list(range(12))
    assert {frame.epoch for frame in frames} == {0}
    assert all(frame.image.shape == (48, 64, 3) for frame in frames)
    assert all(frame.image.dtype == np.uint8 and frame.image.flags.c_contiguous for frame in frames)
    # Matroska counts in milliseconds, GIF in hundredths; all others exactly.
    expected = [number * NS_PER_S // 25 for number in range(12)]
    assert [frame.capture_ns for frame in frames] == expected
    assert all(frame.decode_ms > 0 for frame in frames)


def test_variable_rate_is_kept(tmp_path: Path) -> None:
    times = [Fraction(n, 90_000) for n in (0, 3000, 3001, 9000, 90_000, 93_003)]
    frames = read_all(video_files.write_video(tmp_path / "vfr.mp4", times))
    assert [frame.capture_ns for frame in frames] == [round(time * NS_PER_S) for time in times]


def test_colours_are_rgb(tmp_path: Path) -> None:
    frame = read_all(video_files.constant_rate(tmp_path / "a.mp4", 3))[1]
    red, green, blue = frame.image[4, 2]
    assert red > 200
    assert green < 60
    assert blue < 60


@pytest.mark.parametrize(
    ("clockwise", "corner"), [(0, (0, 0)), (90, (0, -1)), (180, (-1, -1)), (270, (-1, 0))]
)
def test_turned_video_is_shown_upright(
    tmp_path: Path, clockwise: int, corner: tuple[int, int]
) -> None:
    path = video_files.rotated(tmp_path / "phone.mp4", clockwise)
    source = opened(path)
    frame = source.read(0.0)
    source.close()
    assert frame is not None
    assert frame.size == ((64, 48) if clockwise % 180 == 0 else (48, 64))
    reds = frame.image[corner[0]].astype(int)[corner[1]]
    assert reds[0] > 200
    assert reds[1] < 60
    assert frame.image.flags.c_contiguous


@pytest.mark.parametrize("size", [(1, 1), (7680, 4320)])
def test_extreme_sizes(tmp_path: Path, size: tuple[int, int]) -> None:
    path = video_files.write_video(
        tmp_path / "size.avi",
        video_files.regular(2),
        codec="mjpeg",
        pixel_format="yuvj420p",
        size=size,
    )
    frames = read_all(path)
    assert [frame.size for frame in frames] == [size, size]


def test_info_says_what_is_in_the_file(tmp_path: Path) -> None:
    source = FileSource(str(video_files.constant_rate(tmp_path / "a.mp4", 50)), FileSource.Config())
    info = source.open(SystemClock())
    source.close()
    assert (info.width_px, info.height_px) == (64, 48)
    assert info.fps == pytest.approx(25.0)
    assert info.duration_s == pytest.approx(2.0)


def test_status_goes_from_waiting_to_ended(tmp_path: Path) -> None:
    source = FileSource(str(video_files.constant_rate(tmp_path / "a.mp4", 2)), FileSource.Config())
    assert source.status().state == "waiting"
    source.open(SystemClock())
    assert source.status().state == "ok"
    for _ in range(2):
        source.read(0.0)
    for _ in range(2):
        with pytest.raises(EndOfStream):
            source.read(0.0)
    assert source.status().state == "ended"
    source.close()
    source.close()


def test_read_before_open_is_an_error() -> None:
    with pytest.raises(SourceError, match="call open first"):
        FileSource("x.mp4", FileSource.Config()).read(0.0)


def test_missing_file(tmp_path: Path) -> None:
    assert trouble_of(tmp_path / "none.mp4").trouble is Trouble.NOT_FOUND


def test_directory(tmp_path: Path) -> None:
    error = trouble_of(tmp_path)
    assert error.trouble is Trouble.NOT_A_VIDEO
    assert "directory" in str(error)


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = video_files.constant_rate(tmp_path / "a.mp4", 2)
    # The tests may run as root, whom no file mode keeps out.
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert trouble_of(path).trouble is Trouble.DENIED


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    assert trouble_of(path).trouble is Trouble.EMPTY


@pytest.mark.parametrize("name", ["text.mp4", "text.gif", "text.txt"])
def test_not_a_video(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("These are words.\n" * 50, encoding="utf-8")
    assert trouble_of(path).trouble is Trouble.NOT_A_VIDEO


def test_audio_only(tmp_path: Path) -> None:
    error = trouble_of(video_files.audio_only(tmp_path / "sound.wav"))
    assert error.trouble is Trouble.NO_VIDEO_STREAM
    assert "audio" in str(error)


def test_the_cover_of_a_song_is_no_video(tmp_path: Path) -> None:
    error = trouble_of(video_files.song_with_cover(tmp_path / "song.m4a"))
    assert error.trouble is Trouble.NO_VIDEO_STREAM
    assert "audio, cover picture" in str(error)


@pytest.mark.parametrize("name", ["none.mkv", "none.avi", "none.mp4"])
def test_no_frames(tmp_path: Path, name: str) -> None:
    assert trouble_of(video_files.without_frames(tmp_path / name)).trouble is Trouble.EMPTY


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format", "share"),
    [
        ("a.mp4", "libx264", "yuv420p", 0.6),
        ("a.mp4", "libx264", "yuv420p", 0.97),
        ("a.mkv", "libx264", "yuv420p", 0.6),
        ("a.mkv", "libx264", "yuv420p", 0.97),
        ("a.avi", "mjpeg", "yuvj420p", 0.6),
        ("a.gif", "gif", "rgb8", 0.6),
    ],
)
def test_cut_off_file_gives_all_it_has_and_then_fails(
    tmp_path: Path, name: str, codec: str, pixel_format: str, share: float
) -> None:
    path = tmp_path / name
    options = {"movflags": "faststart"} if name.endswith("mp4") else {}
    video_files.write_video(
        path,
        video_files.regular(50),
        codec=codec,
        pixel_format=pixel_format,
        container_options=options,
    )
    whole = read_all(path)
    video_files.cut_short(path, share)
    frames, end = read_to_end(path)
    assert isinstance(end, SourceError), end
    assert end.trouble is Trouble.TRUNCATED
    assert str(len(frames)) in str(end)
    assert 50 * share * 0.4 < len(frames) < 50
    # What came before the damage is the same as in the whole file.
    untouched = len(frames) - 8
    for got, expected in zip(frames[:untouched], whole, strict=False):
        assert got.capture_ns == expected.capture_ns
        np.testing.assert_array_equal(got.image, expected.image)


def test_truncation_is_repeated_and_in_the_status(tmp_path: Path) -> None:
    path = video_files.cut_short(video_files.constant_rate(tmp_path / "a.mp4", 40), 0.7)
    source = opened(path)
    with pytest.raises(SourceError):
        for _ in range(41):
            source.read(0.0)
    with pytest.raises(SourceError, match="cut off"):
        source.read(0.0)
    assert source.status().trouble == Trouble.TRUNCATED.value
    source.close()


def test_recording_without_its_index_is_told_from_no_video(tmp_path: Path) -> None:
    path = video_files.write_video(tmp_path / "a.mp4", video_files.regular(20))
    error = trouble_of(video_files.cut_short(path, 0.5))
    assert error.trouble is Trouble.TRUNCATED


@pytest.mark.parametrize("number", [10, 29])
def test_damaged_packet_costs_only_itself(tmp_path: Path, number: int) -> None:
    path = video_files.write_video(
        tmp_path / "a.mkv", video_files.regular(30), codec="ffv1", codec_options={"slicecrc": "1"}
    )
    video_files.damage_packet(path, number)
    source = opened(path)
    frames: list[Frame] = []
    with pytest.raises((EndOfStream, SourceError)):
        while True:
            frame = source.read(0.0)
            assert frame is not None
            frames.append(frame)
    message = source.status().message
    source.close()
    assert len(frames) >= 29
    assert len({frame.capture_ns for frame in frames}) == len(frames)
    if number == 10:
        assert frames[-1].capture_ns == 29 * NS_PER_S // 25
        assert "1 damaged packets" in message


def test_many_damaged_packets_lose_no_good_frame(tmp_path: Path) -> None:
    path = video_files.write_video(
        tmp_path / "a.avi", video_files.regular(30), codec="mjpeg", pixel_format="yuvj420p"
    )
    for number in (5, 6, 20):
        video_files.damage_packet(path, number)
    frames = read_all(path)
    times = {frame.capture_ns * 25 // NS_PER_S for frame in frames}
    assert set(range(30)) - {5, 6, 20} <= times


def test_bare_stream_asks_for_a_rate(tmp_path: Path) -> None:
    path = video_files.without_timestamps(tmp_path / "bare")
    with pytest.raises(SourceError, match="assume_fps") as caught:
        opened(path)
    assert caught.value.trouble is Trouble.NO_TIMESTAMPS


def test_assumed_rate_makes_time_by_count(tmp_path: Path) -> None:
    path = video_files.without_timestamps(tmp_path / "bare", 10)
    frames = read_all(path, assume_fps=12.5)
    assert [frame.capture_ns for frame in frames] == [n * 80_000_000 for n in range(10)]
    assert {frame.epoch for frame in frames} == {0}


def test_time_going_backwards_starts_a_new_epoch(tmp_path: Path) -> None:
    source = opened(video_files.joined_backwards(tmp_path / "joined.ts", 10))
    frames = []
    with pytest.raises(EndOfStream):
        while True:
            frame = source.read(0.0)
            assert frame is not None
            frames.append(frame)
            last_status = source.status()
    source.close()
    assert len(frames) == 20
    assert [frame.epoch for frame in frames] == [0] * 10 + [1] * 10
    assert [frame.index for frame in frames] == list(range(20))
    for epoch in (0, 1):
        times = [frame.capture_ns for frame in frames if frame.epoch == epoch]
        assert times == sorted(set(times))
    assert last_status.trouble == Trouble.TIME_JUMP.value
    assert last_status.state == "ok"


CLIPS = [
    # name, frames, time of the last frame from the folder's README
    ("intel_asl_again.mkv", 77, 2.53),
    ("intel_asl_brother.mkv", 65, 2.17),
    ("intel_classroom.gif", 45, 2.93),
    ("intel_headpose_female.gif", 23, 1.83),
    ("mediapipe_selfie_segmentation_web.mp4", 225, 8.96),
    ("pyfeat_face_noface.mov", 169, 6.36),
    ("pyfeat_single_face.mp4", 72, 2.37),
    ("tfjs_pose_squats_vertical_5fps.mp4", 65, 12.80),
]


@pytest.mark.clips
@pytest.mark.parametrize(("name", "count", "last_s"), CLIPS)
def test_real_clips(clips: Path, name: str, count: int, last_s: float) -> None:
    frames = read_all(clips / "video" / name)
    assert len(frames) == count
    assert frames[0].capture_ns == 0
    assert frames[-1].capture_ns / NS_PER_S == pytest.approx(last_s, abs=0.006)
    assert {frame.epoch for frame in frames} == {0}
