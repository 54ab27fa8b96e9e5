"""The whole network: two forms, no look into the future, a reach as stated."""

import msgspec
import pytest
import torch
from torch import Tensor

from tests.training.network.nets import CHANNELS, SMALL, clip, small_network
from training.network.network import NetworkConfig, Outputs, State, StepNetwork

DEFAULT = NetworkConfig(channels=CHANNELS)


def stepped(network: StepNetwork, x: Tensor, state: State | None = None) -> Outputs:
    state = state or network.initial_state(x.shape[0])
    ticks = []
    for t in range(x.shape[2]):
        outputs, state = network.step(x[:, :, t], state)
        ticks.append(outputs)
    return Outputs(*(torch.stack(logits, dim=1) for logits in zip(*ticks, strict=True)))


def assert_same(actual: Outputs, expected: Outputs, atol: float = 1e-5) -> None:
    for a, b in zip(actual, expected, strict=True):
        torch.testing.assert_close(a, b, atol=atol, rtol=0)


@pytest.mark.parametrize("config", [SMALL, DEFAULT])
@pytest.mark.parametrize("streams", [1, 3])
def test_stepping_equals_the_clip(config: NetworkConfig, streams: int) -> None:
    network = small_network(config)
    x = clip(streams, ticks=config.receptive_field + 20)
    assert_same(stepped(network, x), network(x))


def test_stepping_equals_the_clip_on_further_random_weights() -> None:
    for seed in range(1, 5):
        network = small_network(seed=seed)
        x = clip(2, seed=seed)
        assert_same(stepped(network, x), network(x))


def test_a_fresh_state_forgets_and_other_streams_do_not() -> None:
    network = small_network()
    x = clip(2)
    _, state = network.step(x[:, :, 0], network.initial_state(2))
    fresh = network.initial_state(2)
    mixed = tuple(torch.stack((old[0], new[1])) for old, new in zip(state, fresh, strict=True))
    outputs, _ = network.step(x[:, :, 1], mixed)
    kept, _ = network.step(x[:, :, 1], state)
    begun = network(x[:, :, 1:2])
    torch.testing.assert_close(outputs.class_logits[0], kept.class_logits[0])
    torch.testing.assert_close(outputs.class_logits[1], begun.class_logits[1, 0])


def test_a_long_gap_of_zeros_is_like_any_other_input() -> None:
    network = small_network()
    x = clip(1, ticks=100)
    x[:, :, 20:70] = 0.0
    assert_same(stepped(network, x), network(x))


def test_shapes_are_as_told() -> None:
    network = small_network()
    outputs = network(clip(2, ticks=30))
    assert [tuple(logits.shape) for logits in outputs] == [(2, 30, 33), (2, 30, 7), (2, 30, 2)]
    tick, _ = network.step(clip(2)[:, :, 0], network.initial_state(2))
    assert [tuple(logits.shape) for logits in tick] == [(2, 33), (2, 7), (2, 2)]


def test_the_future_does_not_change_the_past() -> None:
    network = small_network()
    x = clip(1, ticks=60)
    changed = x.clone()
    changed[:, :, 40:] = torch.randn(1, len(CHANNELS), 20, 22)
    assert_same(
        Outputs(*(o[:, :40] for o in network(changed))),
        Outputs(*(o[:, :40] for o in network(x))),
        atol=1e-6,
    )


@pytest.mark.parametrize("config", [SMALL, DEFAULT])
def test_the_receptive_field_is_exact(config: NetworkConfig) -> None:
    network = small_network(config).double()
    ticks = config.receptive_field
    x = clip(1, ticks=ticks + 3).double()
    x[:, 0] = 1.0
    changed = x.clone()
    changed[:, 1:, 2] += 0.05
    difference = (network(changed).class_logits - network(x).class_logits).abs().amax(2)[0]
    assert (difference[:2] == 0).all()
    assert difference[2 + ticks - 1] > 0
    assert difference[2 + ticks] < 1e-14


def test_the_centred_form_has_the_same_weights_and_looks_both_ways() -> None:
    causal = small_network()
    centred = StepNetwork(msgspec.structs.replace(SMALL, causal=False)).eval()
    centred.load_state_dict(causal.state_dict())
    x = clip(1)
    changed = x.clone()
    changed[:, :, 30] += 1.0
    outputs, other = centred(x).class_logits, centred(changed).class_logits
    assert outputs.shape == causal(x).class_logits.shape
    assert (outputs[:, 29] != other[:, 29]).any()
    with pytest.raises(RuntimeError, match="cannot step"):
        centred.step(x[:, :, 0], centred.initial_state(1))


def test_folding_keeps_the_outputs_and_the_original() -> None:
    network = small_network()
    x = clip(2)
    before = network(x)
    folded = network.folded()
    assert_same(folded(x), before, atol=2e-5)
    assert_same(stepped(folded, x), before, atol=2e-5)
    assert_same(network(x), before, atol=0)


def test_training_gives_every_parameter_a_gradient() -> None:
    network = StepNetwork(SMALL).train()
    outputs = network(clip(2))
    sum(logits.square().mean() for logits in outputs).backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None and parameter.grad.isfinite().all(), name


def test_the_default_is_small_and_reaches_seconds_back() -> None:
    assert StepNetwork(DEFAULT).parameter_count <= 1_000_000
    assert 3.0 <= DEFAULT.receptive_field / 25.0 <= 8.0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"channels": ("slow_x", "seen")}, "must begin"),
        ({"channels": (*CHANNELS, "face_x")}, "named twice"),
        ({"channels": CHANNELS, "graph_kernel": 4}, "odd"),
        ({"channels": CHANNELS, "delay": 9}, "delay"),
        ({"channels": CHANNELS, "joint_width": 10}, "joint_width"),
        ({"channels": CHANNELS, "layers": 3}, "unknown field"),
    ],
)
def test_impossible_configurations_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=message):
        msgspec.convert(values, NetworkConfig)
