"""The live run itself with some settings, for some seconds, watched."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console

from calibration.latency.watcher import Watcher
from engine.clock import Clock
from engine.commands.run import LiveRun
from engine.config import Config, FeedConfig, LatencyConfig
from engine.errors import Interrupted

SETTLE_S = 2.0
# It tells each change of level, of which there are many when levels are what is measured.
_TALKATIVE = "engine.commands.governing"


def rehearse(config: Config, seconds: float, clock: Clock, *, governed: bool) -> Watcher:
    """Run live and publish, on a port of its own, and watch what is published.

    Args:
        config: The configuration.
        seconds: How long to watch, after two seconds to settle.
        clock: Time.
        governed: Whether the governor may drop frames and lower quality.

    Raises:
        FidgetError: What `LiveRun.run` raises.
        Interrupted: The user wants an end.
    """
    watcher = Watcher(SETTLE_S)
    settled = replace(
        config,
        feed=FeedConfig(endpoint="tcp://127.0.0.1:*"),
        latency=LatencyConfig(),
        governor=replace(config.governor, enabled=governed),
    )
    quiet = Console(file=io.StringIO())
    run = LiveRun(settled, clock, quiet, sample=Path(), sinks={"watcher": lambda: watcher})
    with _level_changes_untold():
        code = run.run(record=None, overwrite=False, duration_s=SETTLE_S + seconds)
    if code:
        raise Interrupted("calibration was interrupted")
    return watcher


@contextmanager
def _level_changes_untold() -> Iterator[None]:
    logger = logging.getLogger(_TALKATIVE)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
