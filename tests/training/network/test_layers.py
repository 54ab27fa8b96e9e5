"""Each layer with a memory gives the same tick by tick as over the clip."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.training.network.nets import settled
from training.network.blocks import Embedding, GraphBlock, GraphMix
from training.network.skeleton import PARTS, joint_roles, part_roles, pooling_roles
from training.network.stem import DifferenceStem
from training.network.temporal import CausalConv
from training.network.trunk import ClipDropout, Merge, Trunk

STREAMS, TICKS = 3, 40


def joints_clip(channels: int, nodes: int = 22) -> Tensor:
    x = torch.randn(STREAMS, channels, TICKS, nodes, generator=torch.Generator().manual_seed(1))
    x[:, :, 15:20] = 0.0
    return x


def stepped(layer: Any, x: Tensor) -> Tensor:
    """`(N, C, T, V)` through a layer one tick at a time."""
    state = layer.initial_state(x.shape[0])
    ticks = []
    for t in range(x.shape[2]):
        y, state = layer.step(x[:, :, t : t + 1], state)
        ticks.append(y)
    return torch.cat(ticks, dim=2)


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(4)


@pytest.mark.parametrize("lags", [(1,), (1, 5), (2, 3, 7)])
def test_the_difference_stem_steps_like_its_clip(lags: tuple[int, ...]) -> None:
    stem = DifferenceStem(6, lags, 22)
    x = joints_clip(6)
    x[:, 0] = (x[:, 0] > 0).float()
    torch.testing.assert_close(stepped(stem, x), stem(x), atol=1e-6, rtol=0)
    assert stem(x).shape == (STREAMS, stem.outputs, TICKS, 22)


def test_the_stem_passes_relations_and_gives_differences_where_both_ends_were_seen() -> None:
    stem = DifferenceStem(5, (2,), 1)
    x = torch.zeros(1, 5, 6, 1)
    x[0, 0, :, 0] = torch.tensor([1.0, 1, 1, 0, 1, 1])
    x[0, 1, :, 0] = torch.tensor([0.0, 0.01, 0.02, 9.0, 0.04, 0.05])
    x[0, 3] = 0.25
    relations, moved = stem(x)[0, :2], stem(x)[0, 2:]
    assert (relations[0] == 0.25).all()
    scale = 25.0 / (2**0.5 * 2.5)
    expected = torch.tensor([0.0, 0, 0.02, 0, 0.02, 0]) * scale
    torch.testing.assert_close(moved[0, :, 0], expected)
    assert (moved[1] == 0).all()
    assert moved[2, :, 0].tolist() == [1, 1, 1, 0, 1, 1]


def test_the_stem_bounds_a_teleport() -> None:
    x = torch.zeros(1, 3, 4, 1)
    x[:, 0] = 1.0
    x[:, 1, 2:] = 1e6
    assert DifferenceStem(3, (1,), 1)(x).abs().max() == 2.0


def test_positions_never_enter_but_as_differences() -> None:
    stem = DifferenceStem(6, (1, 5), 22)
    x = joints_clip(6)
    x[:, 0] = 1.0
    moved = x.clone()
    moved[:, 1:3] += 7.0
    torch.testing.assert_close(stem(moved)[:, :, 5:], stem(x)[:, :, 5:], atol=2e-5, rtol=0)


@pytest.mark.parametrize(("kernel", "dilation"), [(3, 1), (3, 4), (5, 2)])
def test_the_causal_convolution_steps_like_its_clip(kernel: int, dilation: int) -> None:
    conv = CausalConv(8, 16, kernel=kernel, dilation=dilation, nodes=22, causal=True)
    x = joints_clip(8)
    torch.testing.assert_close(stepped(conv, x), conv(x), atol=1e-5, rtol=0)


@pytest.mark.parametrize("roles", [joint_roles(), part_roles(), pooling_roles()])
@pytest.mark.parametrize("outputs", [16, 24])
def test_the_graph_block_steps_like_its_clip(roles: Tensor, outputs: int) -> None:
    block = settled(GraphBlock(16, outputs, roles=roles, kernel=3, dilation=2, causal=True))
    x = joints_clip(16, roles.shape[1])
    torch.testing.assert_close(stepped(block, x), block(x), atol=1e-5, rtol=0)


@pytest.mark.parametrize("kernel", [3, 5])
def test_the_trunk_steps_like_its_clip(kernel: int) -> None:
    trunk = settled(Trunk(16, kernel=kernel, dilations=(1, 3, 2), causal=True, dropout=0.5))
    assert isinstance(trunk, Trunk)
    x = joints_clip(16, 1)[..., 0].transpose(1, 2)
    state = trunk.initial_state(STREAMS)
    ticks = []
    for t in range(TICKS):
        y, state = trunk.step(x[:, t], state)
        ticks.append(y)
    torch.testing.assert_close(torch.stack(ticks, dim=1), trunk(x), atol=1e-5, rtol=0)


def test_the_merge_takes_a_tick_like_a_clip() -> None:
    merge = settled(Merge(8, 4, 16, dropout=0.5))
    assert isinstance(merge, Merge)
    x = joints_clip(8, 4)
    ticks = [merge.step(x[:, :, t : t + 1]) for t in range(TICKS)]
    torch.testing.assert_close(torch.stack(ticks, dim=1), merge(x), atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    "layer",
    [Embedding(8, 16), GraphMix(joint_roles()), GraphMix(pooling_roles())],
    ids=lambda x: type(x).__name__,
)
def test_layers_without_a_memory_look_at_one_tick(layer: nn.Module) -> None:
    settled(layer)
    x = joints_clip(8)
    ticks = [layer(x[:, :, t : t + 1]) for t in range(TICKS)]
    torch.testing.assert_close(torch.cat(ticks, dim=2), layer(x), atol=1e-5, rtol=0)


@pytest.mark.parametrize("layer", [Embedding(8, 16), Merge(8, 22, 16, 0.1)])
def test_folding_changes_nothing(layer: Any) -> None:
    settled(layer)
    x = joints_clip(8)
    expected = layer(x)
    layer.fold()
    assert not any(isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d) for part in layer.modules())
    torch.testing.assert_close(layer(x), expected, atol=1e-5, rtol=0)


def test_a_new_pooling_takes_the_mean_of_each_part() -> None:
    roles = pooling_roles()
    x = joints_clip(4)
    for part, joints in enumerate(PARTS):
        torch.testing.assert_close((x @ roles[0])[..., part], x[..., list(joints)].mean(-1))
    assert GraphMix(roles)(x).shape == (STREAMS, 4, TICKS, len(PARTS))


def test_every_joint_is_in_a_part_and_reaches_the_neck() -> None:
    assert {joint for part in PARTS for joint in part} == set(range(22))
    connected = joint_roles().sum(0) > 0
    reached = torch.linalg.matrix_power(connected.float(), 22)[:, 1] > 0
    assert reached.all()


def test_dropout_leaves_out_a_channel_for_the_whole_clip_and_only_in_training() -> None:
    dropout = ClipDropout(0.5)
    x = torch.ones(4, 10, 32)
    y = dropout(x)
    assert set(y.unique().tolist()) == {0.0, 2.0}
    assert (y == y[:, :1]).all()
    assert (dropout.eval()(x) == x).all()


@pytest.mark.parametrize(
    "layer",
    [
        CausalConv(4, 4, kernel=3, dilation=1, nodes=22, causal=False),
        Trunk(4, kernel=3, dilations=(1,), causal=False, dropout=0.0),
    ],
)
def test_a_centred_convolution_refuses_to_step(layer: Any) -> None:
    with pytest.raises(RuntimeError, match="cannot step"):
        layer.step(torch.zeros(1, 4), layer.initial_state(1))
