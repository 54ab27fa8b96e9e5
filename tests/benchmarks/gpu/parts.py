"""Parts of a report that go wrong, for processes of their own."""

import os
import signal
import threading

from benchmarks.gpu.options import GpuOptions
from benchmarks.gpu.own_process import Report
from engine.errors import DeviceError
from engine.serving.backend_spec import BackendSpec


def finds_something(spec: BackendSpec, options: GpuOptions, report: Report) -> None:
    report.figures["backend"] = spec.use
    with report.gaps.unless_it_runs("half of it"):
        raise DeviceError("the device is gone")


def dies(spec: BackendSpec, options: GpuOptions, report: Report) -> None:
    report.figures["kept"] = 1
    report.keep()
    report.figures["lost"] = 2
    os.kill(os.getpid(), signal.SIGTERM)


def hangs(spec: BackendSpec, options: GpuOptions, report: Report) -> None:
    report.keep()
    threading.Event().wait(600)


def breaks(spec: BackendSpec, options: GpuOptions, report: Report) -> None:
    raise SystemExit(3)
