"""The other processes of a benchmark: a camera on the network, an engine."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

_STARTED = "Publishing at "


class Camera:
    """A simulated network camera in its own process.

    Args:
        video: What it shows; a moving portrait if None.
        fps: Pictures a second.
    """

    def __init__(self, video: Path | None = None, fps: float = 30.0) -> None:
        shown = ["--video", str(video)] if video else []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.camera", "--fps", str(fps), *shown],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self._line()

    def order(self, word: str) -> None:
        """`cut` or `restore`; returns once it is done."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        self._line()

    def __enter__(self) -> "Camera":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line:
            raise RuntimeError(f"the camera ended with exit code {self._process.wait()}")
        return line


@dataclass(frozen=True)
class Engine:
    """An engine that runs.

    Attributes:
        endpoint: Of its feed.
        process: For its processor time.
    """

    endpoint: str
    process: psutil.Process


@contextmanager
def engine_process(
    *arguments: str, recorded_pose: bool = False, config: str = "", settings: str = "shipped"
) -> Iterator[Engine]:
    """An engine in its own process.

    Args:
        *arguments: More of the command line.
        recorded_pose: Run without the pose network.
        config: More of the configuration file.
        settings: Of Python, one of `benchmarks.altered_engine.SETTINGS`.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.toml"
        feed = '[feed]\nendpoint = "tcp://127.0.0.1:*"\n'
        file.write_text(feed + config, encoding="utf-8")
        pose = ["--pose", "recorded"] if recorded_pose else []
        log = (Path(folder) / "engine.log").open("w+", encoding="utf-8")
        process = subprocess.Popen(
            [
                *(sys.executable, "-u", "-m", "benchmarks.altered_engine", "run"),
                *("--settings", settings, "--config", str(file), *pose, *arguments),
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield Engine(_endpoint_of(process, Path(log.name)), psutil.Process(process.pid))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            log.close()


def _endpoint_of(process: "subprocess.Popen[str]", log: Path) -> str:
    while process.poll() is None:
        for line in log.read_text(encoding="utf-8").splitlines():
            if line.startswith(_STARTED):
                return line.removeprefix(_STARTED).strip()
    raise RuntimeError(f"the engine did not start:\n{log.read_text(encoding='utf-8')}")
