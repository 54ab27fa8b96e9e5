"""The network that ours is compared with computes the same."""

import pytest
import torch

from benchmarks.engines.continual_form import continual_form, refusal
from tests.training.network.nets import CHANNELS, SMALL, clip, small_network
from training.network.network import NetworkConfig

SHIPPED = NetworkConfig(channels=CHANNELS)


@pytest.mark.parametrize("config", [SMALL, SHIPPED])
def test_it_gives_what_our_clip_form_gives(config: NetworkConfig) -> None:
    if refusal():
        pytest.skip(f"NO COMPARISON: {refusal()}")
    network = small_network(config)
    x = clip(3, ticks=config.receptive_field + 20)
    with torch.inference_mode():
        step = continual_form(network)
        given = [step(x[:, :, tick]) for tick in range(x.shape[2])]
        expected = torch.cat(network(x), dim=2)
    filled = config.receptive_field - 1
    assert given[:filled] == [None] * filled
    for tick in range(filled, x.shape[2]):
        torch.testing.assert_close(given[tick], expected[:, tick], atol=1e-4, rtol=0)
