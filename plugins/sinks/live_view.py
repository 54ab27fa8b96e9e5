"""What the terminal shows: the state of one feed, and its picture. No input or output here."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from engine.labels import BY_SLUG
from engine.messages import (
    EmotionEstimate,
    Envelope,
    GestureEvent,
    Health,
    PoseBody,
    SessionInfo,
)
from engine.skeletons import skeleton
from plugins.sinks.braille import BrailleCanvas

_RECENT = 8
_FIGURE_COLUMNS, _FIGURE_ROWS = 34, 12
_SEEN = 0.5
_NAMED = 3
_OF_STREAM = (PoseBody, GestureEvent, EmotionEstimate)
_END_WORDS = {
    "released": "",
    "person_lost": "person lost",
    "gap": "no pose",
    "view": "out of view",
    "epoch": "camera restarted",
    "shutdown": "stopped",
    "split": "goes on",
}


@dataclass
class LiveView:
    """Newest state of everything on the feed.

    Attributes:
        session: Newest session message.
        health: Newest health message.
        pose: Newest pose.
        emotion: Newest estimate.
        active: Gestures that have started and not ended, by id.
        recent: Ended gestures, newest first.
        origin_ns: Time zero of the view: the first capture seen.
    """

    session: SessionInfo | None = None
    health: Health | None = None
    pose: PoseBody | None = None
    emotion: EmotionEstimate | None = None
    active: dict[str, GestureEvent] = field(default_factory=dict)
    recent: deque[GestureEvent] = field(default_factory=lambda: deque(maxlen=_RECENT))
    origin_ns: int | None = None
    _stretch: tuple[str, int] = ("", 0)

    def take(self, envelope: Envelope, body: object) -> None:
        """Follow one message."""
        if (envelope.session, envelope.epoch) != self._stretch and isinstance(body, _OF_STREAM):
            self._begin(envelope)
        if isinstance(body, PoseBody):
            self.pose = body
        elif isinstance(body, GestureEvent):
            self._take_gesture(body)
        elif isinstance(body, EmotionEstimate):
            self.emotion = body
        elif isinstance(body, Health):
            self.health = body
        elif isinstance(body, SessionInfo):
            self.session = body

    def seconds(self, t_ns: int) -> float:
        """Time in the view's own zero."""
        return (t_ns - (self.origin_ns or t_ns)) / 1e9

    def render(self) -> RenderableType:
        """The whole picture."""
        top = Table.grid(expand=True, padding=(0, 1))
        top.add_column(ratio=1)
        top.add_column(ratio=1)
        top.add_row(
            Panel(self._figure(), title="pose", height=_FIGURE_ROWS + 2),
            Panel(self._feelings(), title="emotion", height=_FIGURE_ROWS + 2),
        )
        gestures = Panel(self._gestures(), title="micro-gestures", subtitle=self._unsupported())
        return Group(self._headline(), top, gestures)

    def _begin(self, envelope: Envelope) -> None:
        """A new epoch or a restarted engine: nothing runs on, and its time is its own."""
        if envelope.session != self._stretch[0]:
            self.origin_ns = envelope.capture_ns
            self.recent.clear()
        self.active.clear()
        self._stretch = envelope.session, envelope.epoch

    def _take_gesture(self, event: GestureEvent) -> None:
        if event.state == "end":
            self.active.pop(event.id, None)
            self.recent.appendleft(event)
        else:
            self.active[event.id] = event

    def _headline(self) -> Text:
        source = self.session.source if self.session else "waiting for a feed"
        text = Text.assemble(("fidget ", "bold cyan"), source)
        if self.health:
            end_to_end = self.health.latency_ms.get("end_to_end")
            text.append(f"   {self.health.pose_hz:.0f} poses/s")
            if end_to_end:
                text.append(f"   latency p50 {end_to_end.p50:.0f} p99 {end_to_end.p99:.0f} ms")
            if self.health.source_state == "trouble":
                text.append(f"   {self.health.source_message}", "bold red")
        return text

    def _figure(self) -> Text:
        if self.pose is None or not self.pose.valid:
            reason = self.pose.reason if self.pose else "no pose yet"
            return Text(f"\n  {reason.replace('_', ' ')}", "dim")
        shape = skeleton(self.pose.skeleton)
        joints = np.frombuffer(self.pose.joints, "<f4").reshape(len(shape), 3)
        canvas = BrailleCanvas(_FIGURE_COLUMNS, _FIGURE_ROWS)
        aspect = self.pose.width_px / self.pose.height_px
        for a, b in shape.edges:
            if joints[a, 2] >= _SEEN and joints[b, 2] >= _SEEN:
                canvas.line(joints[a, :2], joints[b, :2], aspect)
        return Text(canvas.text(), "green")

    def _feelings(self) -> RenderableType:
        estimate = self.emotion
        if estimate is None:
            return Text("\n  no estimate", "dim")
        rows = Table.grid(padding=(0, 1))
        for name, part, colour in (
            ("positive", estimate.p_positive, "green"),
            ("negative", estimate.p_negative, "red"),
            ("don't know", estimate.p_unknown, "yellow"),
        ):
            rows.add_row(name, Text("█" * round(part * 16), colour), f"{part:.2f}")
        lines: list[RenderableType] = [rows, Text()]
        lines += [
            Text(f"{item.log_odds:+.2f}  {named(item.label)}", "dim")
            for item in estimate.evidence[:5]
        ]
        if estimate.reason:
            lines.append(Text(estimate.reason.replace("_", " "), "yellow"))
        return Group(*lines)

    def _gestures(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for event in self.active.values():
            table.add_row(*self._row(event, "bold green"))
        for event in list(self.recent)[: max(0, _RECENT - len(self.active))]:
            table.add_row(*self._row(event, "dim"))
        return table

    def _unsupported(self) -> Text | None:
        """What cannot be told now, so that its silence is not taken for rest."""
        slugs = self.health.abstained if self.health else ()
        if not slugs:
            return None
        more = f" and {len(slugs) - _NAMED} more" if len(slugs) > _NAMED else ""
        return Text(f"not in view: {', '.join(map(named, slugs[:_NAMED]))}{more}", "yellow")

    def _row(self, event: GestureEvent, style: str) -> list[Text]:
        start = f"{self.seconds(event.t_start_ns):7.2f} s"
        lasted = "now" if event.t_end_ns is None else _seconds(event.t_end_ns - event.t_start_ns)
        cells = (
            start,
            lasted,
            named(event.label),
            event.group,
            f"score {event.score:.2f}",
            _END_WORDS.get(event.end_reason, event.end_reason),
        )
        return [Text(cell, style) for cell in cells]


def line_of(view: LiveView, body: object) -> str | None:
    """One line of text for a message worth one; None for the rest."""
    if isinstance(body, GestureEvent) and body.state == "start":
        return f"{view.seconds(body.t_start_ns):8.2f} s  {named(body.label)} begins ({body.group})"
    if isinstance(body, GestureEvent) and body.state == "end" and body.t_end_ns is not None:
        lasted = _seconds(body.t_end_ns - body.t_start_ns)
        return (
            f"{view.seconds(body.t_end_ns):8.2f} s  {named(body.label)} ended after {lasted}, "
            f"score {body.score:.2f}"
        )
    return None


def emotion_line(view: LiveView, estimate: EmotionEstimate) -> str:
    """One line of text for an estimate."""
    return (
        f"{view.seconds(estimate.t_ns):8.2f} s  emotion: positive {estimate.p_positive:.2f}, "
        f"negative {estimate.p_negative:.2f}, don't know {estimate.p_unknown:.2f}"
        + (f" ({estimate.reason.replace('_', ' ')})" if estimate.reason else "")
    )


def named(slug: str) -> str:
    """Name of a class for people."""
    return BY_SLUG[slug].name if slug in BY_SLUG else slug


def _seconds(duration_ns: int) -> str:
    return f"{duration_ns / 1e9:.2f} s"
