"""The wheel's networks, each read and converted once."""

from functools import cache

from plugins.pose.direct.network_files import modules_folder
from training.pose_onnx.convert import converted
from training.pose_onnx.flatbuffer import read_graph
from training.pose_onnx.graph import Graph
from training.pose_onnx.networks import NETWORKS


@cache
def graph(name: str) -> Graph:
    return read_graph(modules_folder() / NETWORKS[name].file)


def places(name: str) -> dict[str, int]:
    """Of all outputs."""
    outputs = NETWORKS[name].outputs
    return {o.name: p for o, p in zip(outputs, graph(name).outputs, strict=True)}


@cache
def whole(name: str) -> bytes:
    """With all outputs."""
    return converted(graph(name), places(name), {})
