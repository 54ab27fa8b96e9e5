"""Converts a network of the wheel, checks what came out, and writes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from engine.errors import ModelError, UsageError
from training.pose_onnx.check import Difference, check
from training.pose_onnx.convert import converted
from training.pose_onnx.flatbuffer import read_graph
from training.pose_onnx.graph import Graph
from training.pose_onnx.networks import Network

CONVERTER = "1"
"""Goes up when the same network gives another file."""


@dataclass(frozen=True)
class Made:
    """A file that was written.

    Attributes:
        path: Where it lies.
        differences: To the original.
    """

    path: Path
    differences: tuple[Difference, ...]


def make_onnx(network: Network, keep: Sequence[str], modules: Path, folder: Path) -> Made:
    """Write a network as ONNX; the same wheel and outputs give the same bytes.

    Args:
        network: Which one.
        keep: Names of its outputs; the file has them in the order of the original.
        modules: Where the wheel's networks lie.
        folder: Where to; it may be missing.

    Raises:
        ModelError: The network cannot be read or converted, or what came out is not equal.
        UsageError: There is no such output, or the file cannot be written.
    """
    original = modules / network.file
    graph = read_graph(original)
    kept = _places(network, keep, graph)
    content = converted(graph, kept, described(network, graph))
    names = {name: graph.tensors[place].name for name, place in kept.items()}
    differences = check(network, original, content, names)
    path = folder / f"{network.name}.onnx"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error}") from error
    return Made(path, differences)


def described(network: Network, graph: Graph) -> dict[str, str]:
    """What a file says about itself."""
    return {
        "source": network.file,
        "source_sha256": graph.digest,
        "mediapipe": version("mediapipe"),
        "fidget": version("fidget"),
        "converter": CONVERTER,
        "input": f"RGB, {network.low:g} to {network.high:g}",
    }


def _places(network: Network, keep: Sequence[str], graph: Graph) -> dict[str, int]:
    if len(graph.outputs) != len(network.outputs):
        raise ModelError(
            f"{graph.name}: expected {len(network.outputs)} outputs, got {len(graph.outputs)}; "
            "only the networks of mediapipe 0.10.21 can be converted"
        )
    places = {o.name: p for o, p in zip(network.outputs, graph.outputs, strict=True)}
    unknown = set(keep) - set(places)
    if unknown:
        raise UsageError(
            f"{network.name} has no output {', '.join(sorted(unknown))}: expected some of "
            f"{', '.join(places)}"
        )
    return {name: place for name, place in places.items() if name in keep}
