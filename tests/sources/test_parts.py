"""The small parts of live sources, each alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import NS_PER_S
from engine.errors import SourceError, Trouble
from plugins.sources.address import Address
from plugins.sources.backoff import Backoff
from plugins.sources.frozen import FrozenDetector, Verdict, fingerprint
from plugins.sources.jpeg import JpegEnd, decode_jpeg
from plugins.sources.mailbox import Mailbox
from plugins.sources.multipart import MultipartJpegs
from tests.fakes.network_camera import encode_jpegs
from tests.fakes.video_files import picture

JPEGS = encode_jpegs([picture(number) for number in range(3)])


def stream_of(jpegs: list[bytes], *, with_length: bool, line_end: bytes = b"\r\n") -> bytes:
    """A multipart body as cameras send it."""
    parts = []
    for jpeg in jpegs:
        length = b"Content-Length: %d%s" % (len(jpeg), line_end) if with_length else b""
        head = b"--b" + line_end + b"Content-Type: image/jpeg" + line_end + length + line_end
        parts.append(head + jpeg + line_end)
    return b"".join(parts)


class TestBackoff:
    def test_doubles_to_one_second(self) -> None:
        backoff = Backoff()
        waits = [backoff.wait_s(0, 0) for _ in range(6)]
        assert waits == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0]

    def test_starts_again_after_a_success(self) -> None:
        backoff = Backoff()
        for _ in range(4):
            backoff.wait_s(0, 0)
        backoff.reset()
        assert backoff.wait_s(0, 0) == 0.1

    def test_a_long_attempt_counts_as_waiting(self) -> None:
        backoff = Backoff()
        assert backoff.wait_s(0, NS_PER_S // 20) == pytest.approx(0.05)
        assert backoff.wait_s(0, 5 * NS_PER_S) == 0.0


class TestMailbox:
    def test_the_newest_wins_and_the_rest_is_counted(self) -> None:
        box: Mailbox[int] = Mailbox()
        for item in (1, 2, 3):
            box.put(item)
        assert box.take() == 3
        assert box.replaced == 2
        assert box.take() is None
        assert not box.fresh.is_set()

    def test_clearing_counts_what_was_not_read(self) -> None:
        box: Mailbox[int] = Mailbox()
        box.clear()
        assert box.replaced == 0
        box.put(1)
        box.clear()
        assert box.replaced == 1
        assert not box.fresh.is_set()


class TestFrozen:
    def seconds(self, detector: FrozenDetector, marks: list[tuple[float, int]]) -> list[Verdict]:
        return [detector.see(mark, round(t_s * NS_PER_S)) for t_s, mark in marks]

    def test_repeats_become_frozen_and_then_ask_for_reopening_each_time(self) -> None:
        detector = FrozenDetector(2.0, 10.0)
        marks = [(float(t_s), 7) for t_s in range(24)]
        verdicts = self.seconds(detector, marks)
        assert verdicts[:2] == [Verdict.FRESH] * 2
        assert verdicts[2:12] == [Verdict.FROZEN] * 10
        assert verdicts[12] is Verdict.REOPEN
        assert verdicts[13:22] == [Verdict.FROZEN] * 9
        assert verdicts[22] is Verdict.REOPEN
        assert detector.repeated_s(23 * NS_PER_S) == 23.0

    def test_any_change_ends_it(self) -> None:
        detector = FrozenDetector(2.0, 10.0)
        verdicts = self.seconds(detector, [(0, 1), (3, 1), (4, 2), (5, 2)])
        assert verdicts == [Verdict.FRESH, Verdict.FROZEN, Verdict.FRESH, Verdict.FRESH]

    def test_zero_switches_it_off(self) -> None:
        detector = FrozenDetector(0.0, 10.0)
        assert set(self.seconds(detector, [(0, 1), (100, 1)])) == {Verdict.FRESH}

    def test_a_stream_that_cannot_tell_is_never_frozen(self) -> None:
        detector = FrozenDetector(1.0, 10.0)
        assert {detector.see(None, t * NS_PER_S) for t in range(30)} == {Verdict.FRESH}

    def test_fingerprint_sees_sensor_noise(self) -> None:
        rng = np.random.default_rng(0)
        scene = rng.integers(0, 250, (480, 640, 3), dtype=np.uint8)
        noisy = scene + rng.integers(0, 2, scene.shape, dtype=np.uint8)
        assert fingerprint(scene) == fingerprint(scene.copy())
        assert fingerprint(scene) != fingerprint(noisy)

    @pytest.mark.parametrize("shape", [(1, 1, 3), (1, 1), (4320, 7680, 3)])
    def test_fingerprint_of_any_size(self, shape: tuple[int, ...]) -> None:
        black, white = np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8)
        assert fingerprint(black) != fingerprint(white)


class TestMultipart:
    @pytest.mark.parametrize("with_length", [True, False])
    @pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
    def test_a_picture_is_given_with_its_last_byte(
        self, with_length: bool, line_end: bytes
    ) -> None:
        stream = stream_of(JPEGS[:1], with_length=with_length, line_end=line_end)
        last = stream.index(JPEGS[0]) + len(JPEGS[0]) - 1
        parts = MultipartJpegs()
        assert parts.push(stream[:last]) == []
        assert parts.push(stream[last : last + 1]) == [JPEGS[0]]

    @given(st.booleans(), st.lists(st.integers(1, 4000), min_size=1, max_size=40))
    def test_any_cut_of_the_bytes_gives_the_same_pictures(
        self, with_length: bool, sizes: list[int]
    ) -> None:
        stream = stream_of(JPEGS, with_length=with_length)
        parts, at, got = MultipartJpegs(), 0, []
        for size in [*sizes, len(stream)]:
            got += parts.push(stream[at : at + size])
            at += size
        assert got == JPEGS

    def test_the_end_mark_of_a_thumbnail_is_not_the_picture_s(self) -> None:
        thumbnail = b"\xff\xe1" + (2 + len(JPEGS[1])).to_bytes(2, "big") + JPEGS[1]
        jpeg = JPEGS[0][:2] + thumbnail + JPEGS[0][2:]
        assert JpegEnd().find(bytearray(jpeg + b"\r\n--b")) == len(jpeg)

    @pytest.mark.parametrize(
        "stream",
        [
            b"--b\r\nContent-Type: text/html\r\n\r\n<html>",
            b"--b\r\nContent-Type: image/jpeg\r\n\r\nnot a picture",
            b"x" * 20_000,
            b"--b\r\nContent-Length: 99999999999\r\n\r\n\xff\xd8" + bytes(70_000_000),
        ],
    )
    def test_what_is_no_mjpeg_is_refused(self, stream: bytes) -> None:
        with pytest.raises(SourceError, match="stream of JPEGs") as caught:
            MultipartJpegs().push(stream)
        assert caught.value.trouble is Trouble.NOT_A_VIDEO

    def test_decoding_gives_rgb(self) -> None:
        image = decode_jpeg(JPEGS[0])
        assert image.shape == (48, 64, 3)
        assert image[4, 6, 0] > 180 > 90 > image[4, 6, 2]

    @pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xd9", b"words"])
    def test_a_damaged_picture_is_an_error(self, data: bytes) -> None:
        with pytest.raises(SourceError) as caught:
            decode_jpeg(data)
        assert caught.value.trouble is Trouble.BAD_FRAME


class TestAddress:
    def test_is_taken_apart(self) -> None:
        address = Address.parse("HTTP://us%40er:p%3Aw@cam.local:81/a?b=1")
        assert (address.user, address.password) == ("us@er", "p:w")
        assert (address.scheme, address.host) == ("http", "cam.local")
        assert address.plain_url.endswith("//cam.local:81/a?b=1")

    def test_its_repr_keeps_the_secret(self) -> None:
        assert "secret" not in repr(Address.parse("http://u:secret@h/?token=secret"))

    @pytest.mark.parametrize("url", ["cam.local/x", "http:///x", "http://h:port/", "http://[x"])
    def test_malformed(self, url: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            Address.parse(url)
