"""NVIDIA's two packages of one interface, imported in one place, their differences kept there.

`tensorrt` (10 and 11) serves data-centre cards, too, and is installed from NVIDIA's own index.
`tensorrt_rtx` is on PyPI and made for RTX cards; whether it runs elsewhere only it can tell.
"""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from engine.errors import DeviceError

PACKAGES = ("tensorrt", "tensorrt_rtx")
"""In the order of preference: the first serves every card that the second does."""

INSTALL = "pip install 'fidget[tensorrt]'"

logger = logging.getLogger(__name__)


def installed() -> tuple[str, ...]:
    """Packages that are there, without importing them."""
    return tuple(package for package in PACKAGES if find_spec(package) is not None)


@dataclass(frozen=True)
class TensorRt:
    """A package that was imported.

    Attributes:
        package: Its name.
        version: Its full version.
        api: The module.
    """

    package: str
    version: str
    api: Any

    @property
    def network_flags(self) -> int:
        """For `create_network`: types as the model has them, which only 10 wants to be told."""
        if self.package == "tensorrt" and self.version.startswith("10."):
            return 1 << int(self.api.NetworkDefinitionCreationFlag.STRONGLY_TYPED)
        return 0

    def log(self) -> Any:
        """A logger for the package that keeps its complaints, see `complaints`."""
        api = self.api
        grave = (api.ILogger.Severity.INTERNAL_ERROR, api.ILogger.Severity.ERROR)

        class Log(api.ILogger):  # type: ignore[name-defined, misc] # known at run time only
            def __init__(self) -> None:
                api.ILogger.__init__(self)
                self.complaints: list[str] = []

            def log(self, severity: Any, message: str) -> None:
                if severity in grave:
                    self.complaints.append(message)
                elif severity == api.ILogger.Severity.WARNING:
                    logger.debug(message)

        return Log()

    def misfit(self, runtime: Any, plan: bytes) -> str:
        """Why a plan cannot run on this GPU, as far as the package can tell before loading it."""
        if not hasattr(runtime, "get_engine_validity"):
            return ""  # `tensorrt` tells when it loads one
        validity, found = runtime.get_engine_validity(plan)
        if validity != self.api.EngineValidity.INVALID:
            return ""
        known = self.api.EngineInvalidityDiagnostics.__members__
        reasons = [name for name, flag in known.items() if int(flag) & int(found)]
        told = ", ".join(reasons) or "no reason given"
        return f"{self.package} {self.version} does not run this engine on this GPU: {told}"

    def capturable(self, context: Any, stream: int) -> bool:
        """Whether what a context does on a stream can become part of a CUDA graph."""
        if not hasattr(context, "is_stream_capturable"):
            return True  # `tensorrt` tells when it is tried
        return bool(context.is_stream_capturable(stream))


def load(packages: tuple[str, ...] = PACKAGES) -> TensorRt:
    """Import the first package that can be.

    Raises:
        DeviceError: None can.
    """
    failures = []
    for package in packages:
        if find_spec(package) is None:
            continue
        try:
            module = import_module(package)
            return TensorRt(package, str(module.__version__), module)
        # Bindings whose libraries are missing fail in each of these ways.
        except (ImportError, OSError, RuntimeError, AttributeError) as error:
            failures.append(f"{package} cannot be imported: {error}")
    raise DeviceError("; ".join(failures) or f"TensorRT is not installed: {INSTALL}")


@contextmanager
def uncollected() -> Iterator[None]:
    """Without a garbage collection meanwhile; around every call that may log.

    TensorRT calls the logger, which is ours, while it holds a lock. A collection that happens to
    begin there and frees one of its objects, left over in a cycle such as an exception's frames,
    waits for that lock for ever.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def last_complaint(log: Any) -> str:
    """What a logger complained of last, made by `TensorRt.log`, or that there was none."""
    return str(log.complaints[-1]) if log.complaints else "it gave no reason"
