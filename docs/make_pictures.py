"""Makes `docs/terminal.svg` out of the shipped sample: `python docs/make_pictures.py [SECONDS]`."""

import io
import sys
from pathlib import Path

from rich.console import Console

import run_stream
from engine.wire.recording import open_recording
from plugins.sinks.live_view import LiveView

_COLUMNS = 100


def main(until_s: float) -> None:
    """Follow the recording up to `until_s` and draw what the terminal shows then."""
    view = LiveView()
    kinds = ("session", "pose", "gesture", "emotion")  # health tells of the recording machine
    for wired in open_recording(run_stream.SAMPLE).messages(kinds):
        view.take(wired.message.envelope, wired.message.body)
        captured_ns = wired.message.envelope.capture_ns
        if wired.topic.startswith("pose.") and view.seconds(captured_ns) > until_s:
            break
    console = Console(record=True, width=_COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(view.render())
    picture = Path(__file__).with_name("terminal.svg")
    picture.write_text(console.export_svg(title="make run"), encoding="utf-8")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 50.0)
