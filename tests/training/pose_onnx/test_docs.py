"""`docs/pose.md` says what the code says."""

from pathlib import Path

import pytest

from tests.training.pose_onnx.wheel import graph
from training.pose_onnx.make import described
from training.pose_onnx.networks import LIMIT, NETWORKS

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "pose.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NETWORKS)
def test_the_page_has_the_networks_of_the_code(name: str) -> None:
    network, original = NETWORKS[name], graph(name)
    side, (entered,) = network.side_px, original.inputs
    assert original.tensors[entered].shape == (1, side, side, 3)
    outputs = [
        f"{f'`{output.name}`' if output.kept else f'*`{output.name}`*'} `(N, {rest(row)})`"
        for output, row in zip(network.outputs, shapes(name), strict=True)
    ]
    taken = f"`(N, {side}, {side}, 3)`, {network.low:g} to {network.high:g}"
    assert f"| `{name}` | {taken} | {', '.join(outputs)} |\n" in TEXT


def shapes(name: str) -> list[tuple[int, ...]]:
    return [graph(name).tensors[place].shape[1:] for place in graph(name).outputs]


def rest(row: tuple[int, ...]) -> str:
    return ", ".join(map(str, row))


def test_the_limits_and_the_metadata_are_those_of_the_code() -> None:
    limits = {output.limit for network in NETWORKS.values() for output in network.outputs}
    assert limits == {LIMIT, 1e-2}
    assert "at most\n1e-4" in TEXT
    assert "1e-2" in TEXT
    for key in described(NETWORKS["hand_recrop"], graph("hand_recrop")):
        assert f"`{key}`" in TEXT
