"""TensorRT as a backend; neither it nor CUDA is imported before an engine is wanted."""

import logging
import platform
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from engine.engine_cache import CachedPlan, EngineCache
from engine.engine_key import EngineKey
from engine.errors import DeviceError
from engine.step_graph import RUNGS, StepGraph
from engine.user_folders import engine_folder
from plugins.backends.nvidia import driver_trouble
from plugins.backends.tensorrt import shim
from plugins.backends.tensorrt.builder import OPTIONS, build_plan
from plugins.backends.tensorrt.context import LoadedPlan
from plugins.backends.tensorrt.cuda import Cuda, CudaRuntime, Device
from plugins.backends.tensorrt.engine import TensorRtEngine
from plugins.backends.tensorrt.layout import Layout

_BINDING = "cuda.bindings.runtime"

Rung = Annotated[int, Meta(ge=1)]

logger = logging.getLogger(__name__)


class TensorRtConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Options.

    Attributes:
        cache_dir: Where built engines are kept; empty for the user's cache. They are run as code:
            the folder must be the user's own and closed to other users' writing.
        rungs: Numbers of streams that engines are built for. More streams than the largest get an
            engine for a multiple of it.
    """

    cache_dir: str = ""
    rungs: tuple[Rung, ...] = RUNGS

    def __post_init__(self) -> None:
        if not self.rungs:
            raise ValueError("rungs must name at least one number of streams")


class TensorRtBackend:
    """Runs a graph on an NVIDIA GPU with an engine that is built once for each machine.

    No GPU has run this yet.

    Args:
        config: Options.
        cuda: Connects to the GPU.
    """

    Config = TensorRtConfig
    accelerator = True

    def __init__(self, config: TensorRtConfig, cuda: Callable[[], Cuda] = CudaRuntime) -> None:
        self._config = config
        self._cuda = cuda

    def refusal(self) -> str:
        """See `Backend.refusal`."""
        if not shim.installed():
            return f"TensorRT is not installed: {shim.INSTALL}"
        if not _has_binding():
            return f"cuda-bindings is not installed: {shim.INSTALL}"
        return driver_trouble()

    def cache(self) -> EngineCache:
        """Where its engines are kept.

        Raises:
            ConfigError: The user has no folder for it and none was named.
        """
        named = self._config.cache_dir
        return EngineCache(Path(named).expanduser() if named else engine_folder())

    def rung(self, streams: int) -> int:
        """The smallest rung with room for so many streams, or a multiple of the largest."""
        largest = max(self._config.rungs)
        fitting = [rung for rung in self._config.rungs if rung >= streams]
        return min(fitting, default=-(-streams // largest) * largest)

    def open(self, graph: StepGraph, streams: int) -> TensorRtEngine:
        """See `Backend.open`."""
        cuda = self._cuda()
        try:
            return self._opened(cuda, graph, self.rung(streams))
        except BaseException:
            cuda.close()
            raise

    def build(self, graph: StepGraph, streams: int) -> CachedPlan:
        """See `EngineBuilder.build`."""
        cuda = self._cuda()
        try:
            device = cuda.device()
            return _plan(self.cache(), shim.load(), device, graph, self.rung(streams))
        finally:
            cuda.close()

    def _opened(self, cuda: Cuda, graph: StepGraph, rung: int) -> TensorRtEngine:
        device, trt, cache = cuda.device(), shim.load(), self.cache()
        layout = Layout(graph, rung)
        found = _plan(cache, trt, device, graph, rung)
        try:
            kernels = LoadedPlan(trt, found.plan, layout)
        except DeviceError as error:
            if found.built:
                raise
            logger.warning(
                "%s: a kept engine is of no use, building it anew: %s", graph.name, error
            )
            cache.drop(found.key)
            kernels = LoadedPlan(trt, _plan(cache, trt, device, graph, rung).plan, layout)
        return TensorRtEngine(cuda, kernels, layout)


def engine_key(trt: shim.TensorRt, device: Device, graph: StepGraph, streams: int) -> EngineKey:
    """What an engine built here and now depends on."""
    layout = Layout(graph, streams)
    tensors = (layout.inputs | layout.results).values()
    return EngineKey(
        model=graph.digest,
        streams=streams,
        shapes=tuple((tensor.name, tensor.shape) for tensor in tensors),
        precision="as in the model",
        gpu=device.name,
        compute_capability=device.compute_capability,
        multiprocessors=device.multiprocessors,
        runtime=trt.package,
        runtime_version=trt.version,
        cuda_runtime=device.runtime,
        driver=device.driver,
        options=OPTIONS,
        system=f"{platform.system()} {platform.machine()}",
    )


def _plan(
    cache: EngineCache, trt: shim.TensorRt, device: Device, graph: StepGraph, streams: int
) -> CachedPlan:
    key = engine_key(trt, device, graph, streams)
    found = cache.get_or_build(key, lambda: build_plan(trt, graph, streams))
    if found.built:
        by = f"{trt.package} {trt.version}"
        logger.info("%s: %s built an engine: %s", graph.name, by, found.refused)
    if found.unkept:
        logger.warning("%s: the engine is not kept: %s", graph.name, found.unkept)
    return found


def _has_binding() -> bool:
    try:
        return find_spec(_BINDING) is not None
    except ModuleNotFoundError:
        return False
