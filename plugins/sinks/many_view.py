"""What the terminal shows of several streams: a line each. No input or output here."""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from engine.messages import Envelope, Health
from plugins.sinks.live_view import LiveView, named


class ManyView:
    """Newest state of every stream of a feed."""

    def __init__(self) -> None:
        self.of_session = LiveView()
        self.streams: dict[str, LiveView] = {}

    def take(self, envelope: Envelope, body: object) -> LiveView:
        """Follow one message; gives the view it belongs to."""
        view = self.of_session
        if envelope.stream:
            view = self.streams.setdefault(envelope.stream, LiveView())
        view.take(envelope, body)
        if isinstance(body, Health):
            for name in set(self.streams) - set(body.streams or self.streams):
                del self.streams[name]  # it has ended
        return view

    def render(self) -> RenderableType:
        """The picture of the only stream, or a table of all."""
        if len(self.streams) == 1:
            (view,) = self.streams.values()
            view.health, view.session = self.of_session.health, self.of_session.session
            return view.render()
        if not self.streams:
            return self.of_session.render()
        return Group(self._headline(), Panel(self._table(), title="streams"))

    def _headline(self) -> Text:
        text = Text.assemble(("fidget ", "bold cyan"), f"{len(self.streams)} streams")
        health = self.of_session.health
        if health:
            text.append(f"   {health.pose_hz:.0f} poses/s")
            end_to_end = health.latency_ms.get("end_to_end")
            if end_to_end:
                text.append(f"   latency p50 {end_to_end.p50:.0f} p99 {end_to_end.p99:.0f} ms")
        return text

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        health = self.of_session.health
        states = health.streams if health else {}
        for name, view in sorted(self.streams.items()):
            state = states.get(name)
            there = view.pose is not None and view.pose.valid
            gestures = ", ".join(named(event.label) for event in view.active.values())
            table.add_row(
                Text(name, "bold"),
                f"{state.pose_hz:.0f}/s" if state else "",
                Text(_seen(view), "green" if there else "dim"),
                Text(gestures, "bold green"),
                view.emotion.verdict if view.emotion else "",
                Text(state.source_message if state else "", "red"),
            )
        return table


def _seen(view: LiveView) -> str:
    if view.pose is None:
        return "waiting"
    return "in view" if view.pose.valid else view.pose.reason.replace("_", " ")
