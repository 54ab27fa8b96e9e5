"""The inside of a process of its own, in which one engine of one backend runs.

Whatever the backend does (crash, hang, leak, print) ends with the process; see `hosted` for the
other side. The process ends when the pipe is closed, or when the process that started it is gone.
"""

import gc
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import connection, parent_process

import numpy as np

from engine.backends import StepEngine
from engine.errors import FidgetError, ModelError
from engine.poses import F32
from engine.serving.host_messages import (
    Failed,
    Open,
    Opened,
    Ready,
    Reply,
    Step,
    Stepped,
    decode_request,
    encode,
)
from engine.serving.priority import low_priority


def serve(pipe: "connection.Connection") -> None:
    """What the process runs; returns when the other end of the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that started it
    with suppress(OSError):
        os.dup2(2, 1)  # what a runtime prints must not get into what a command prints
    _end_with_parent()
    with suppress(EOFError, OSError):
        _Host(pipe).run()


def _end_with_parent() -> None:
    """While an engine is built, or hangs, nobody reads the pipe and would notice its end."""
    parent = parent_process()
    if parent is None:
        return
    sentinel = parent.sentinel

    def watch() -> None:
        connection.wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="fidget-parent", daemon=True).start()


class _Host:
    """Answers one request after the other."""

    def __init__(self, pipe: "connection.Connection") -> None:
        self._pipe = pipe

    def run(self) -> None:
        """Until the pipe is closed."""
        self._say(Ready())
        request = decode_request(self._pipe.recv_bytes())
        assert isinstance(request, Open)
        try:
            engine = _built(request)
        except Exception as error:  # noqa: BLE001 - a backend may raise anything
            self._say(_failed(error))
            return
        gc.collect()
        gc.freeze()  # a collection through a big runtime's objects takes 100 ms (gpu.md)
        try:
            self._say(Opened(streams=engine.streams))
            self._serve(engine)
        finally:
            engine.close()

    def _serve(self, engine: StepEngine) -> None:
        x = np.zeros(engine.x.shape, np.float32)
        raw = x.data.cast("B")
        while True:
            request = decode_request(self._pipe.recv_bytes())
            assert isinstance(request, Step)
            self._pipe.recv_bytes_into(raw)
            try:
                outputs = _stepped(engine, x, request)
            except Exception as error:  # noqa: BLE001 - a backend may raise anything
                self._say(_failed(error))
                continue
            self._say(Stepped())
            for output in outputs:
                self._pipe.send_bytes(output.data.cast("B"))

    def _say(self, reply: Reply) -> None:
        self._pipe.send_bytes(encode(reply))


def _built(request: Open) -> StepEngine:
    """The engine, made in a thread that gives way to others and then ends.

    Only so can the process serve at ordinary priority: a priority once lowered stays so. A second
    process for the serving would have to build again where the backend keeps nothing on disk.
    """

    def build() -> StepEngine:
        with low_priority():
            return request.backend.make().open(request.graph, request.streams)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(build).result()


def _stepped(engine: StepEngine, x: F32, request: Step) -> list[F32]:
    for stream in request.resets:
        engine.reset(stream)
    engine.x[:] = x
    engine.step(np.frombuffer(request.active, np.bool_))
    return [np.ascontiguousarray(output, np.float32) for output in engine.outputs]


def _failed(error: Exception) -> Failed:
    message = str(error) if isinstance(error, FidgetError) else f"{type(error).__name__}: {error}"
    return Failed(kind="model" if isinstance(error, ModelError) else "device", message=message)
