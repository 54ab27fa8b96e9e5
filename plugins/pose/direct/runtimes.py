"""Which runtime loads the networks, and in which precision."""

from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Literal

from engine.errors import ModelError
from plugins.pose.direct.network_files import FACE, PERSON_DETECTOR, NetworkFile
from plugins.pose.direct.runtime import Network

RuntimeName = Literal["auto", "openvino", "litert"]
Precision = Literal["f32", "bf16"]
Load = Callable[[NetworkFile, int, int], Sequence[Network]]
"""A network, how many of it are to run at the same time, threads of each; gives so many."""

_MODULES = {"openvino": "openvino", "litert": "ai_edge_litert"}
# The first comes with fidget wherever there is one.
_WAYS = {"openvino": "pip install openvino", "litert": "pip install 'fidget[litert]'"}
_BF16 = "BF16"


def loader(runtime: RuntimeName, precision: Precision) -> Load:
    """What loads a network.

    Args:
        runtime: `auto` takes the first that is installed; OpenVINO is the quicker one.
        precision: Of body and hands. The person detector always is in f32: its scores suffer
            most, and it hardly ever runs. So is the face, which is small, and whose lips are
            less than a pixel apart.

    Raises:
        ModelError: The runtime is not installed, or has not this precision here.
    """
    name = _installed(runtime)
    if name == "litert":
        if precision != "f32":
            raise ModelError(f"LiteRT runs the pose networks in f32 only, asked for {precision}")
        return _on_litert
    if precision == "bf16":
        _refuse_without_bf16()
    return partial(_on_openvino, precision)


def _installed(runtime: RuntimeName) -> str:
    wanted = tuple(_MODULES) if runtime == "auto" else (runtime,)
    for name in wanted:
        if find_spec(_MODULES[name]) is not None:
            return name
    ways = " or ".join(_WAYS[name] for name in wanted)
    raise ModelError(
        f'there is nothing to run the pose networks with: {ways}; or [pose] use = "mediapipe"'
    )


def _refuse_without_bf16() -> None:
    try:
        import openvino
    except ImportError as error:
        raise ModelError(f"OpenVINO is there but cannot be imported: {error}") from error
    has = openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    if _BF16 not in has:
        raise ModelError(
            "this processor has no bf16, which would make the networks slower, not quicker: "
            f"expected {_BF16} among {', '.join(has)}; use precision f32"
        )


def _on_openvino(
    precision: Precision, network: NetworkFile, count: int, threads: int
) -> Sequence[Network]:
    from plugins.pose.direct.openvino_network import opened

    own = "f32" if network in (PERSON_DETECTOR, FACE) else precision
    return opened(network, own, count, threads)


def _on_litert(network: NetworkFile, count: int, threads: int) -> Sequence[Network]:
    from plugins.pose.direct.litert_network import LiteRtNetwork

    return [LiteRtNetwork(network, threads) for _ in range(count)]
