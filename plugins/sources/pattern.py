"""A source that needs neither camera nor file, yet shows a real person."""

import threading
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta

from engine.clock import NS_PER_S, Clock
from engine.config import Seconds
from engine.contracts import SourceInfo, SourceStatus
from engine.errors import EndOfStream, SourceError, Trouble
from engine.frames import Frame
from plugins.sources.options import NonNegativeInt, Options, PositiveRate
from plugins.sources.pattern_scene import PatternScene

Side = Annotated[int, Meta(ge=1, le=8192)]


class PatternSource:
    """A portrait that moves slowly and the same way each time.

    Args:
        target: Not used.
        config: Options.

    Attributes:
        live: As the option says.
    """

    yields: Literal["frames"] = "frames"
    live: bool = False

    class Config(Options, frozen=True, kw_only=True):
        """Options.

        Attributes:
            width: Pixels.
            height: Pixels.
            fps: Pictures a second.
            duration_s: Length; 0 never ends.
            seed: Of path and texture.
            people: False shows an empty room.
            live: Pictures come in real time and late ones are left out; else as fast as asked.
        """

        width: Side = 640
        height: Side = 480
        fps: PositiveRate = 30.0
        duration_s: Seconds = 0.0
        seed: NonNegativeInt = 0
        people: bool = True
        live: bool = False

    def __init__(self, target: str, config: Config) -> None:
        self.live = config.live
        self._config = config
        self._interval_s = 1 / Fraction(config.fps).limit_denominator(1_000_000)
        self._scene: PatternScene | None = None
        self._clock: Clock | None = None
        self._start_ns = 0
        self._index = -1
        self._skipped = 0
        self._closed = threading.Event()

    def open(self, clock: Clock) -> SourceInfo:
        """See `Source.open`."""
        config = self._config
        self._scene = PatternScene(config.width, config.height, config.seed, people=config.people)
        self._clock = clock
        self._start_ns = clock.now_ns()
        self._index, self._skipped = -1, 0
        self._closed.clear()
        return SourceInfo("pattern", config.width, config.height, config.fps, config.duration_s)

    def read(self, timeout_s: float) -> Frame | None:
        """See `Source.read`.

        Raises:
            EndOfStream: `duration_s` is over.
            SourceError: It is not open.
        """
        if self._scene is None or self._clock is None:
            raise SourceError("pattern is not open: call open first", Trouble.NOT_FOUND)
        index = self._due(self._clock) if self.live else self._index + 1
        if self._closed.is_set() or self._over(index):
            raise EndOfStream
        if self.live and not self._wait_for(index, self._clock, timeout_s):
            return None
        return self._frame(self._scene, index, self._clock)

    def status(self) -> SourceStatus:
        """See `Source.status`. Any thread."""
        if self._scene is None:
            return SourceStatus("waiting", "", "not open")
        over = self._closed.is_set() or self._over(self._index + 1)
        return SourceStatus("ended" if over else "ok")

    def drops(self) -> dict[str, int]:
        """Pictures that were left out because their time had passed. Any thread."""
        return {"stale": self._skipped}

    def close(self) -> None:
        """See `Source.close`."""
        self._closed.set()

    def _over(self, index: int) -> bool:
        duration_s = self._config.duration_s
        return bool(duration_s) and index * self._interval_s >= duration_s

    def _offset_ns(self, index: int) -> int:
        return round(index * self._interval_s * NS_PER_S)

    def _due(self, clock: Clock) -> int:
        """The newest picture whose time has come, or the next one."""
        elapsed_s = Fraction(clock.now_ns() - self._start_ns, NS_PER_S)
        return max(self._index + 1, int(elapsed_s / self._interval_s))

    def _wait_for(self, index: int, clock: Clock, timeout_s: float) -> bool:
        due_ns = self._start_ns + self._offset_ns(index)
        wait_s = (due_ns - clock.now_ns()) / NS_PER_S
        if wait_s > timeout_s:
            clock.wait(self._closed, timeout_s)
            return False
        return wait_s <= 0 or not clock.wait(self._closed, wait_s)

    def _frame(self, scene: PatternScene, index: int, clock: Clock) -> Frame:
        capture_ns = clock.now_ns() if self.live else self._offset_ns(index)
        self._skipped += index - self._index - 1
        self._index = index
        return Frame(scene.picture(float(index * self._interval_s)), capture_ns, 0, index)
