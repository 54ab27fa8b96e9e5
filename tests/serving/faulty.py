"""A real backend that fails on cue, for processes of their own: `tests.serving.faulty:Faulty`."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from msgspec import Struct

from engine.backends import StepEngine
from engine.errors import DeviceError, ModelError
from engine.poses import F32, Bools
from engine.serving.backend_spec import BackendSpec
from engine.step_graph import StepGraph
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig

CUE = np.float32(0.1234567)
"""As the first number of the first row it makes a step fail; noise never has it."""

HERE = f"{__name__}:Faulty"


class FaultyConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When and how to fail.

    Attributes:
        at_cue: Fault of the step that sees the cue.
        at_open: Fault while the engine is made; with a trigger only once that is there.
        trigger: A file: a step that finds it is as good as one that sees the cue.
        once: A file: only who can create it fails at the cue, so a second process does not.
        pids: A file that the id of each process is added to.
        pause_s: Every step takes so much longer.
        off_by: Added to the first output.
        refusal: What `refusal` says.
    """

    at_cue: str = ""
    at_open: str = ""
    trigger: str = ""
    once: str = ""
    pids: str = ""
    pause_s: float = 0.0
    off_by: float = 0.0
    refusal: str = ""


class Faulty:
    """onnxruntime, until it fails."""

    Config = FaultyConfig
    accelerator = True

    def __init__(self, config: FaultyConfig) -> None:
        self._config = config

    def refusal(self) -> str:
        return self._config.refusal

    def open(self, graph: StepGraph, streams: int) -> StepEngine:
        if self._config.pids:
            with Path(self._config.pids).open("a", encoding="utf-8") as file:
                file.write(f"{os.getpid()}\n")
        trigger = self._config.trigger
        if self._config.at_open and (not trigger or Path(trigger).exists()):
            FAULTS[self._config.at_open]()
        engine = OnnxRuntimeBackend(OnnxRuntimeConfig()).open(graph, streams)
        return FaultyEngine(engine, self._config)


class FaultyEngine:
    def __init__(self, engine: StepEngine, config: FaultyConfig) -> None:
        self._engine = engine
        self._config = config
        self.streams = engine.streams
        self.x: F32 = engine.x
        self.outputs = engine.outputs

    def step(self, active: Bools) -> None:
        threading.Event().wait(self._config.pause_s)
        self._engine.step(active)
        self.outputs[0][active] += np.float32(self._config.off_by)
        if self._config.at_cue and self._told() and self._first():
            if self._config.at_cue == "nan":
                self.outputs[0][:] = np.nan
            else:
                FAULTS[self._config.at_cue]()

    def reset(self, stream: int) -> None:
        self._engine.reset(stream)

    def abort(self) -> None:
        self._engine.abort()

    def close(self) -> None:
        self._engine.close()

    def _told(self) -> bool:
        trigger = self._config.trigger
        return bool(self.x.flat[0] == CUE) or (trigger != "" and Path(trigger).exists())

    def _first(self) -> bool:
        if not self._config.once:
            return True
        try:
            Path(self._config.once).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


def _stall() -> None:
    threading.Event().wait(600)


def _raise() -> None:
    raise RuntimeError("the device said no")


def _raise_device() -> None:
    raise DeviceError("the device is gone")


def _raise_model() -> None:
    raise ModelError("this network cannot be run")


def _exit() -> None:
    os._exit(7)


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)


FAULTS: dict[str, Callable[[], None]] = {
    "stall": _stall,
    "error": _raise,
    "device": _raise_device,
    "model": _raise_model,
    "exit": _exit,
    "kill": _kill,
}


def faulty(**options: str | float) -> BackendSpec:
    return BackendSpec(HERE, dict(options))


class Priorities:
    """Its first outputs are the niceness with which it was made and is stepped."""

    class Config(Struct, frozen=True):
        pass

    accelerator = True

    def __init__(self, config: Config) -> None:
        pass

    def refusal(self) -> str:
        return ""

    def open(self, graph: StepGraph, streams: int) -> StepEngine:
        engine = OnnxRuntimeBackend(OnnxRuntimeConfig()).open(graph, streams)
        return _PrioritiesEngine(engine, FaultyConfig())


class _PrioritiesEngine(FaultyEngine):
    def __init__(self, engine: StepEngine, config: FaultyConfig) -> None:
        super().__init__(engine, config)
        self._made_at = _niceness()

    def step(self, active: Bools) -> None:
        super().step(active)
        self.outputs[0][:, :2] = self._made_at, _niceness()


def _niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0) if sys.platform == "linux" else 0
