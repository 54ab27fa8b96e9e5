"""The examples, run as a user runs them, against a real feed."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.wire import samples
from tests.wire.feeds import open_feed, publish_until

_ROOT = Path(__file__).resolve().parents[2]
# A shell that starts its children in the background makes them ignore Ctrl-C; a terminal does not.
_AS_FROM_A_TERMINAL = (
    "import runpy, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
)


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one process on Windows")
@pytest.mark.parametrize("name", ["subscribe.py", "subscribe_raw.py"])
def test_an_example_prints_a_gesture_and_ends_with_ctrl_c(name: str) -> None:
    encoder = samples.encoder()
    with open_feed() as publisher:
        client = subprocess.Popen(
            [
                *(sys.executable, "-c", _AS_FROM_A_TERMINAL),
                *(str(_ROOT / "examples" / name), publisher.endpoint),
            ],
            env={**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        lines: list[str] = []
        heard = threading.Event()

        def listen() -> None:
            assert client.stdout is not None
            lines.append(client.stdout.readline())
            heard.set()

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            publish_until(publisher, encoder, "gesture_start", heard.wait)
        finally:
            client.send_signal(signal.SIGINT)
            _, errors = client.communicate(timeout=20)
            listener.join()
    assert "scratch_head" in lines[0]
    assert "start" in lines[0]
    assert (client.returncode, errors) == (0, "")
