import io

import pytest
from rich.console import Console

from plugins.sinks.live_view import LiveView
from tests.wire import samples


def shown(abstained: tuple[str, ...]) -> str:
    view = LiveView(health=samples.health(abstained))
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(view.render())
    return console.export_text()


@pytest.mark.parametrize(
    ("abstained", "text"),
    [
        (("touch_jaw",), "not in view: Touching jaw ─"),
        (("touch_jaw", "touch_neck"), "not in view: Touching jaw, Touching or scratching neck ─"),
        (("touch_jaw",) * 5, "Touching jaw, Touching jaw, Touching jaw and 2 more"),
    ],
)
def test_what_the_view_does_not_support_is_told(abstained: tuple[str, ...], text: str) -> None:
    assert text in shown(abstained)


def test_nothing_is_said_when_everything_can_be_told() -> None:
    assert "not in view" not in shown(())
