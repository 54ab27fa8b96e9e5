"""Network cameras over loopback: every trouble told apart, and back by itself."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from engine.clock import NS_PER_S, SystemClock
from engine.errors import SourceError, Trouble
from plugins.sources.url import UrlSource
from tests.fakes.network_camera import NetworkCamera, encode_jpegs, jpegs_of_video
from tests.fakes.stream_server import StreamServer
from tests.fakes.video_files import constant_rate, picture
from tests.sources.waiting import eventually, next_frame

JPEGS = encode_jpegs([picture(number) for number in range(8)])


@contextmanager
def watching(url: str, **options: float) -> Iterator[UrlSource]:
    source = UrlSource(url, UrlSource.Config(**options))
    source.open(SystemClock())
    try:
        yield source
    finally:
        source.close()


def refused(url: str, **options: float) -> SourceError:
    with pytest.raises(SourceError) as caught, watching(url, **options):
        pass
    return caught.value


def trouble(source: UrlSource) -> str:
    source.read(0.0)
    return source.status().trouble


@pytest.mark.parametrize("with_content_length", [True, False])
def test_frames_come_in_order_with_growing_times(with_content_length: bool) -> None:
    with (
        NetworkCamera(JPEGS, 100.0, with_content_length=with_content_length) as camera,
        watching(camera.url) as source,
    ):
        frames = [next_frame(source) for _ in range(20)]
    times = [frame.capture_ns for frame in frames]
    indices = [frame.index for frame in frames]
    assert times == sorted(set(times))
    assert indices == sorted(set(indices))
    assert {frame.epoch for frame in frames} == {0}
    assert {frame.image.shape for frame in frames} == {(48, 64, 3)}
    assert all(frame.image.dtype == np.uint8 for frame in frames)


def test_info_holds_the_size_and_no_password() -> None:
    with NetworkCamera(JPEGS, 50.0, credentials="me:secret") as camera:
        source = UrlSource(camera.url.replace("//", "//me:secret@"), UrlSource.Config())
        info = source.open(SystemClock())
        source.close()
    assert (info.width_px, info.height_px) == (64, 48)
    assert "secret" not in info.description


def test_a_picture_is_given_before_the_next_one_is_sent() -> None:
    """The reason for a reader of our own: FFmpeg's gives it one frame later."""
    with NetworkCamera(JPEGS, 0.02, with_content_length=False) as camera, watching(camera.url) as s:
        assert next_frame(s).index == 0
        assert camera.served == 1


def test_frames_that_nobody_reads_are_counted() -> None:
    with NetworkCamera(JPEGS, 100.0) as camera, watching(camera.url) as source:
        first = next_frame(source)
        eventually(lambda: source.drops()["stale"] >= 5)
        second = next_frame(source)
        assert (
            second.index - first.index - 1 == source.drops()["stale"]
            or source.drops()["stale"] > second.index - first.index - 1
        )
        assert second.index - first.index > 5


def test_cut_and_restored_several_times() -> None:
    with NetworkCamera(JPEGS, 100.0) as camera, watching(camera.url) as source:
        for epoch in range(5):
            frame = eventually(lambda: frame_of_epoch(source, epoch))  # noqa: B023 - used at once
            assert frame
            camera.cut()
            eventually(lambda: trouble(source) == Trouble.CONNECTION_FAILED.value)
            assert source.status().state == "trouble"
            assert source.read(0.0) is None
            camera.restore()
        assert eventually(lambda: frame_of_epoch(source, 5))
        assert source.status().state == "ok"


def frame_of_epoch(source: UrlSource, epoch: int) -> bool:
    frame = source.read(0.0)
    assert frame is None or frame.epoch <= epoch
    return frame is not None and frame.epoch == epoch


def test_a_camera_that_falls_silent_is_opened_again() -> None:
    with NetworkCamera(JPEGS, 100.0) as camera, watching(camera.url, stall_s=0.3) as source:
        next_frame(source)
        camera.go_silent()
        eventually(lambda: trouble(source) == Trouble.TIMEOUT.value)
        camera.restore()
        frame = next_frame(source)
        while frame.epoch == 0:
            frame = next_frame(source)
        assert frame.epoch >= 1


def test_a_frozen_stream_is_held_back() -> None:
    with (
        NetworkCamera(JPEGS[:1], 100.0) as camera,
        watching(camera.url, frozen_after_s=0.2) as source,
    ):
        eventually(lambda: trouble(source) == Trouble.FROZEN.value)
        source.read(0.0)
        assert source.read(0.05) is None
        assert source.drops()["frozen"] > 0


def test_nobody_answers() -> None:
    with NetworkCamera(JPEGS) as camera:
        camera.cut()
        error = refused(camera.url)
    assert error.trouble is Trouble.CONNECTION_FAILED
    assert error.transient


def test_a_hanging_url_is_bounded_in_open_and_close() -> None:
    with NetworkCamera(JPEGS) as camera:
        camera.hang()
        start_ns = time.monotonic_ns()
        error = refused(camera.url, open_timeout_s=0.3)
        took_s = (time.monotonic_ns() - start_ns) / NS_PER_S
    assert error.trouble is Trouble.TIMEOUT
    assert error.transient
    # The bound itself, far above: 0.3 s to open and 1 s to close.
    assert took_s < 10.0


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, Trouble.DENIED),
        (403, Trouble.DENIED),
        (404, Trouble.NOT_FOUND),
        (503, Trouble.CONNECTION_FAILED),
    ],
)
def test_what_the_server_answers(status: int, expected: Trouble) -> None:
    with NetworkCamera(JPEGS, status=status) as camera:
        error = refused(camera.url)
    assert error.trouble is expected
    assert error.transient


@pytest.mark.parametrize("user", ["", "me:wrong@"])
def test_a_password_is_needed(user: str) -> None:
    with NetworkCamera(JPEGS, credentials="me:right") as camera:
        error = refused(camera.url.replace("//", f"//{user}"))
    assert error.trouble is Trouble.DENIED
    assert "wrong" not in str(error)


def test_a_page_is_no_video() -> None:
    with NetworkCamera([b"<html>words</html>"], content_type="text/html") as camera:
        assert refused(camera.url).trouble is Trouble.NOT_A_VIDEO


def test_words_of_an_unknown_type_are_no_video() -> None:
    words = b"These are words.\n" * 2000
    with StreamServer(words, http_type="application/octet-stream") as server:
        assert refused(server.http_url).trouble is Trouble.NOT_A_VIDEO


def test_packets_that_never_become_pictures_are_no_video() -> None:
    with (
        NetworkCamera([b"words"], 500.0, content_type="application/octet-stream") as camera,
        watching(camera.url) as source,
    ):
        eventually(lambda: trouble(source) == Trouble.NOT_A_VIDEO.value)


def test_parts_that_are_no_pictures() -> None:
    with NetworkCamera([b"words"], 100.0) as camera:
        assert refused(camera.url).trouble is Trouble.NOT_A_VIDEO


def test_a_damaged_picture_is_counted_and_the_stream_goes_on() -> None:
    bad = JPEGS[0][:4] + b"\0" * 60 + JPEGS[0][-2:]
    with NetworkCamera([JPEGS[1], bad], 20.0) as camera, watching(camera.url) as source:
        for _ in range(3):
            next_frame(source)
        eventually(lambda: trouble(source) is not None and source.drops()["bad_frame"] > 0)
        assert next_frame(source).image.shape == (48, 64, 3)


@pytest.mark.parametrize("url", ["http://", "nothing", "http://host:port/", "http://[x/"])
def test_a_malformed_url(url: str) -> None:
    error = refused(url)
    assert error.trouble is Trouble.NOT_FOUND
    assert not error.transient


def test_an_unknown_scheme() -> None:
    assert refused("gopher-x://127.0.0.1/x").trouble is Trouble.CONNECTION_FAILED


def test_a_file_on_a_web_server_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = constant_rate(tmp_path / "a.mp4", 25)
    with StreamServer(path.read_bytes(), http_type="video/mp4") as server:
        error = refused(server.http_url)
    assert error.trouble is Trouble.NOT_A_VIDEO
    assert "download" in str(error)


def test_an_encoded_stream_goes_through_ffmpeg(tmp_path: Path) -> None:
    """MPEG-TS over TCP, as an encoder box sends it."""
    path = constant_rate(tmp_path / "a.ts", 300)
    with (
        StreamServer(path.read_bytes(), bytes_per_s=400_000) as server,
        watching(server.tcp_url) as source,
    ):
        frames = [next_frame(source) for _ in range(12)]
        times = [frame.capture_ns for frame in frames]
        # The file has B-frames: their packets come in another order than they are shown.
        assert times == sorted(set(times))
        assert {frame.epoch for frame in frames} == {0}
        assert {frame.image.shape for frame in frames} == {(48, 64, 3)}
        server.drop()
        eventually(lambda: source.status().state == "trouble" or frame_of_later_epoch(source))
        assert eventually(lambda: frame_of_later_epoch(source))


def frame_of_later_epoch(source: UrlSource) -> bool:
    frame = source.read(0.0)
    return frame is not None and frame.epoch > 0


@pytest.mark.parametrize("scheme", ["rtsp", "tcp"])
def test_an_encoded_stream_that_hangs_is_bounded(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        error = refused(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/x", open_timeout_s=0.3)
    assert error.trouble is Trouble.TIMEOUT
    assert error.transient


@pytest.mark.parametrize("scheme", ["rtsp", "tcp"])
def test_nobody_answers_an_encoded_stream(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = refused(f"{scheme}://me:secret@127.0.0.1:{port}/x")
    assert error.trouble is Trouble.CONNECTION_FAILED
    assert "secret" not in str(error)
    assert error.transient


@pytest.mark.parametrize(
    ("status", "expected"), [("401 No", Trouble.DENIED), ("404 No", Trouble.NOT_FOUND)]
)
def test_what_an_rtsp_server_answers(status: str, expected: Trouble) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer_rtsp, args=(listener, status))
        thread.start()
        error = refused(f"rtsp://127.0.0.1:{listener.getsockname()[1]}/x")
        thread.join()
    assert error.trouble is expected


def answer_rtsp(listener: socket.socket, status: str) -> None:
    """Answer every request of one client with `status`."""
    connection, _ = listener.accept()
    with connection:
        while data := connection.recv(4096):
            sequence = re.search(rb"CSeq: (\d+)", data)
            number = sequence.group(1).decode() if sequence else "0"
            connection.sendall(f"RTSP/1.0 {status}\r\nCSeq: {number}\r\n\r\n".encode())


@pytest.mark.clips
def test_a_real_person_over_the_network(clips: Path) -> None:
    jpegs = jpegs_of_video(clips / "video" / "pyfeat_single_face.mp4", 10)
    with NetworkCamera(jpegs, 30.0) as camera, watching(camera.url) as source:
        assert next_frame(source).size == (640, 360)
