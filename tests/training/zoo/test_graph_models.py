"""What is particular to each graph network."""

import numpy as np
import pytest
import torch
from torch import nn

from engine.errors import UsageError
from tests.training.zoo.clips import random_clips, settled_model
from tests.training.zoo.ntu import NTU_GRAPH
from training.zoo.adaptive import Alike, JointSimilarity
from training.zoo.agcn import TwoStreamAgcn
from training.zoo.distances import at_distances, window_adjacency
from training.zoo.gcn_nas import SEARCHED, chebyshev, fixed_graph
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph
from training.zoo.ms_g3d import WindowGraph
from training.zoo.multi_scale_time import MultiScaleTime
from training.zoo.shift_gcn import JointShift, ShiftedJoints, TimeShift
from training.zoo.st_gcn import spatial_partition
from training.zoo.zoo import build

CHAIN = JointGraph((-1, 0, 1, 2))


def test_the_partition_shares_each_joint_among_its_neighbours() -> None:
    itself, nearer, farther = spatial_partition(CHAIN)
    third = 1 / 3
    assert itself.diag().tolist() == pytest.approx([0.5, third, third, 0.5])
    assert nearer[0].tolist() == pytest.approx([0.0, third, 0.0, 0.0])
    assert farther[1].tolist() == pytest.approx([0.5, 0.0, 0.0, 0.0])
    for graph in (IMIGUE_GRAPH, NTU_GRAPH):
        partition = spatial_partition(graph)
        torch.testing.assert_close(partition.sum((0, 1)), torch.ones(len(graph)))
        linked = graph.adjacency() + torch.eye(len(graph))
        assert torch.equal(partition.sum(0) > 0, linked > 0)


def test_two_streams_say_the_mean_of_their_scores() -> None:
    model = settled_model("2s-agcn")
    assert isinstance(model, TwoStreamAgcn)
    clips, lengths = random_clips(), torch.tensor([24, 24, 9])
    seen = model.seen(clips, lengths)
    joints, bones = model.joints(clips, seen), model.bones(model.graph.bones(clips), seen)
    expected = 0.5 * (joints.softmax(1) + bones.softmax(1))
    torch.testing.assert_close(model(clips, lengths).softmax(1), expected)
    labels = torch.tensor([0, 1, 2])
    separate = nn.functional.cross_entropy(joints, labels) + nn.functional.cross_entropy(
        bones, labels
    )
    torch.testing.assert_close(model.loss(clips, lengths, labels), separate)


def test_scores_too_small_for_floats_leave_logits_finite() -> None:
    model = settled_model("2s-agcn")
    assert isinstance(model, TwoStreamAgcn)
    for tower in (model.joints, model.bones):
        tower.head.bias.copy_(torch.tensor([500.0, 0.0, 0.0, 0.0]))
    assert model(random_clips(), torch.tensor([24] * 3)).isfinite().all()


@pytest.mark.parametrize("alike", Alike)
def test_graphs_made_from_a_clip_share_each_joint(alike: Alike) -> None:
    torch.manual_seed(0)
    similarity = JointSimilarity(3, 8, 2, alike)
    x = torch.randn(2, 3, 20, 5)
    mask = torch.ones(2, 1, 20, 1)
    graphs = similarity(x, mask)
    assert graphs.shape == (2, 2, 5, 5)
    torch.testing.assert_close(graphs.sum(2), torch.ones(2, 2, 5))
    assert (graphs[0] != graphs[1]).any()
    backward = similarity(x.flip(2), mask)
    assert torch.allclose(graphs, backward, atol=1e-6) == (alike is Alike.PLACE)


def test_joints_shift_by_their_channel_and_back() -> None:
    x = torch.arange(5.0).repeat(1, 7, 2, 1)
    shifted = JointShift(5, 7, 1)(x)
    assert shifted[0, 2, 0].tolist() == [2, 3, 4, 0, 1]
    assert shifted[0, 6, 1].tolist() == [1, 2, 3, 4, 0]
    assert torch.equal(JointShift(5, 7, -1)(shifted), x)


def test_channels_are_mixed_in_other_places_and_come_back() -> None:
    layer = ShiftedJoints(7, 7, 5).eval()
    layer.mix.weight.data = torch.eye(7)[:, :, None, None]
    assert layer.mix.bias is not None
    layer.mix.bias.data.zero_()
    x = torch.rand(2, 7, 3, 5)
    assert torch.allclose(layer(x, torch.ones(2, 1, 3, 1)), 2 * x, atol=1e-4)
    layer.mix.weight.data[0, 1] = 1.0
    got = layer(x, torch.ones(2, 1, 3, 1))
    # Where the channels meet, channel 1 is one joint further than channel 0.
    torch.testing.assert_close(got[:, 0], 2 * x[:, 0] + x[:, 1].roll(-1, -1), atol=1e-4, rtol=0)


@pytest.mark.parametrize("stride", [1, 2])
def test_a_shift_in_time_reads_between_ticks(stride: int) -> None:
    shift = TimeShift(3, stride)
    ticks_later = np.array([0.0, 1.75, -2.5])
    shift.shift_ticks.data = torch.tensor(ticks_later, dtype=torch.float32)
    x = torch.randn(1, 3, 11, 1)
    read = shift(x)[0, :, :, 0].detach().numpy()
    surrounded = np.pad(x[0, :, :, 0].numpy(), ((0, 0), (5, 5)))
    for channel, later in enumerate(ticks_later):
        wanted = np.arange(0, 11, stride) + later
        expected = np.interp(wanted, np.arange(-5, 16), surrounded[channel])
        np.testing.assert_allclose(read[channel], expected, atol=1e-6)


def test_a_shift_in_time_is_learned() -> None:
    torch.manual_seed(0)
    shift = TimeShift(1)
    x = torch.sin(torch.arange(40.0) * 0.3).reshape(1, 1, 40, 1)
    wanted = torch.sin((torch.arange(40.0) + 0.8) * 0.3)
    optimizer = torch.optim.Adam(shift.parameters(), lr=0.05)
    for _ in range(100):
        optimizer.zero_grad()
        read = shift(x)[0, 0, 5:35, 0]
        (read - wanted[5:35]).square().mean().backward()
        optimizer.step()
    assert shift.shift_ticks.item() == pytest.approx(0.8, abs=0.05)


def test_each_distance_has_its_own_nodes() -> None:
    near = at_distances(CHAIN.adjacency(), 5)
    apart = (torch.arange(4).unsqueeze(1) - torch.arange(4)).abs()
    for distance in range(5):
        expected = (apart == distance) | (apart == 0)
        assert torch.equal(near[distance] > 0, expected)
    assert near[1, 0, 1].item() == pytest.approx(1 / (2 * 3) ** 0.5)
    assert torch.equal(near[4], torch.eye(4))


def test_in_a_window_a_joint_reaches_itself_and_its_neighbours_at_every_tick() -> None:
    window = window_adjacency(CHAIN.adjacency(), 3)
    assert window.shape == (12, 12)
    assert window[1].tolist() == [1, 1, 1, 0] * 3


@pytest.mark.parametrize("stride", [1, 2])
def test_windows_are_centred(stride: int) -> None:
    windows = WindowGraph(
        2, 4, CHAIN, distances=2, window_ticks=3, stride=stride
    )._windows(torch.arange(1.0, 8.0).reshape(1, 1, 7, 1).expand(1, 2, 7, 4))  # fmt: skip
    assert windows.shape == (1, 2, -(-7 // stride), 3, 4)
    assert windows[0, 0, 0, :, 0].tolist() == [0, 1, 2]
    assert windows[0, 0, 1, :, 0].tolist() == [stride, stride + 1, stride + 2]
    assert windows[0, 0, -1, :, 0].tolist() == [6, 7, 0]


def test_multi_scale_time_reaches_as_far_as_its_widest_branch() -> None:
    torch.manual_seed(0)
    layer = MultiScaleTime(24, 24).eval()
    x = torch.rand(1, 24, 21, 2)
    changed = x.clone()
    changed[:, :, 10] += 1.0
    mask = torch.ones(1, 1, 21, 1)
    differs = (layer(x, mask) != layer(changed, mask)).any(3).any(1)[0]
    assert differs.nonzero().flatten().tolist() == list(range(6, 15))


def test_polynomials_are_chebyshevs() -> None:
    graphs = torch.rand(2, 4, 4, generator=torch.Generator().manual_seed(0))
    square = graphs @ graphs
    identity = torch.eye(4).expand(2, 4, 4)
    assert torch.equal(chebyshev(graphs, 0), identity)
    assert torch.equal(chebyshev(graphs, 1), graphs)
    torch.testing.assert_close(chebyshev(graphs, 3), 4 * graphs @ square - 3 * graphs)
    torch.testing.assert_close(chebyshev(graphs, 4), 8 * square @ square - 8 * square + identity)
    angle = torch.rand(1, 1, 1)
    torch.testing.assert_close(chebyshev(angle.cos(), 4), (4 * angle).cos())


def test_a_fixed_graph_is_the_sum_of_what_was_found() -> None:
    roles = torch.rand(3, 4, 4)
    assert (fixed_graph(roles, ()) == 0).all()
    soft = fixed_graph(roles, (3, 4)) - chebyshev(roles, 3)
    torch.testing.assert_close(soft.sum(1), torch.ones(3, 4))


def test_there_are_as_many_blocks_as_were_searched() -> None:
    assert len(SEARCHED) == 10
    with pytest.raises(UsageError, match=r"at most 10 widths.*got 11"):
        build("gcn-nas", widths=[4] * 11)


def test_sizes_that_make_no_network_are_refused() -> None:
    for name, sizes in (
        ("st-gcn", {"widths": []}),
        ("ms-g3d", {"widths": [8]}),
        ("ms-g3d", {"windows_ticks": [4]}),
    ):
        with pytest.raises(UsageError, match=name):
            build(name, **sizes)
