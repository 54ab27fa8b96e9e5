import io

import pytest
from rich.console import Console

from engine.poses import PoseSample
from engine.wire.pose_codec import pose_body
from plugins.sinks.live_view import LiveView
from tests.fakes.samples import upright, with_face
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


def dots(sample: PoseSample) -> int:
    """How much is drawn of somebody."""
    view = LiveView(pose=pose_body(sample))
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(view.render())
    return sum(
        (ord(sign) - 0x2800).bit_count() for sign in console.export_text() if sign > "\u2800"
    )


def test_a_face_is_drawn_where_there_is_one() -> None:
    assert dots(with_face(upright(0))) > dots(upright(0)) > 0
