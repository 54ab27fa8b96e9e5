"""The simulated network camera as a process that takes orders: `cut`, `restore`, one a line."""

import argparse
import sys
from pathlib import Path

from engine.clock import SystemClock
from plugins.sources.pattern import PatternSource
from tests.fakes.network_camera import NetworkCamera, encode_jpegs, jpegs_of_video

PORTRAIT_FRAMES = 90


def portrait_jpegs(count: int) -> list[bytes]:
    """The pattern source's real person, as a camera would send them."""
    source = PatternSource("", PatternSource.Config())
    source.open(SystemClock())
    frames = [source.read(1.0) for _ in range(count)]
    source.close()
    return encode_jpegs([frame.image for frame in frames if frame is not None])


def main() -> None:
    """Print the URL and obey until the input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--video", type=Path)
    parser.add_argument("--fps", type=float, default=30.0)
    arguments = parser.parse_args()
    video = arguments.video
    jpegs = jpegs_of_video(video) if video else portrait_jpegs(PORTRAIT_FRAMES)
    orders = {"cut": NetworkCamera.cut, "restore": NetworkCamera.restore}
    with NetworkCamera(jpegs, arguments.fps) as camera:
        print(camera.url, flush=True)
        for line in sys.stdin:
            orders[line.strip()](camera)
            print("done", flush=True)


if __name__ == "__main__":
    main()
