"""The feed in a terminal: a live picture, or one line an event where that is not possible."""

import sys
import time
from collections import Counter
from typing import Any, Literal

from msgspec import Struct
from rich.console import Console
from rich.live import Live

from engine.messages import EmotionEstimate, Message
from plugins.sinks.live_view import LiveView, emotion_line, line_of
from plugins.sinks.many_view import ManyView

_REDRAW_AFTER_S = 1 / 12
# In line mode estimates come at 2 Hz; every tenth keeps the text readable.
_EMOTION_EVERY = 10


class TerminalSink:
    """Shows messages to a person.

    Args:
        config: How.
        console: Where; standard output if None.
    """

    class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        """Options.

        Attributes:
            style: `live` redraws a picture, `lines` prints one line an event, `auto` takes
                `live` on a terminal.
        """

        style: Literal["auto", "live", "lines"] = "auto"

    def __init__(self, config: Config, console: Console | None = None) -> None:
        self._console = console or Console(file=sys.stdout)
        live = config.style == "live" or (config.style == "auto" and self._console.is_terminal)
        self._view = ManyView()
        self._live = (
            # Redrawn from `put`: a redraw thread would read the view while it changes.
            Live(console=self._console, auto_refresh=False, get_renderable=self._view.render)
            if live
            else None
        )
        self._estimates: Counter[str] = Counter()
        self._drawn_s = 0.0
        if self._live:
            self._live.start()

    def put(self, topic: str, message: Message[Any]) -> None:
        """See `Sink.put`."""
        view = self._view.take(message.envelope, message.body)
        if self._live is None:
            self._print(view, message.envelope.stream, message.body)
        elif time.monotonic() - self._drawn_s >= _REDRAW_AFTER_S:
            self._drawn_s = time.monotonic()
            self._live.refresh()

    def close(self) -> None:
        """See `Sink.close`."""
        if self._live:
            self._live.stop()
            self._live = None

    def _print(self, view: LiveView, stream: str, body: object) -> None:
        line = line_of(view, body)
        if isinstance(body, EmotionEstimate):
            if self._estimates[stream] % _EMOTION_EVERY == 0:
                line = emotion_line(view, body)
            self._estimates[stream] += 1
        if line:
            several = len(self._view.streams) > 1
            told = f"{stream}: {line}" if several else line
            self._console.print(told, highlight=False, markup=False, soft_wrap=True)
