"""Random networks and clips."""

import torch
from torch import Tensor, nn

from plugins.recognizers.graph.metadata import ModelMetadata
from plugins.recognizers.model_metadata import Provenance
from training.labels import CLASS_IDS, GROUP_OF, GROUPS
from training.network.network import NetworkConfig, StepNetwork

CHANNELS = ("seen", "slow_x", "slow_y", "face_x", "face_y", "near_hand")
SMALL = NetworkConfig(
    channels=CHANNELS,
    joint_width=16,
    joint_dilations=(1, 2),
    part_width=24,
    pooling_dilation=2,
    part_dilations=(1,),
    trunk_width=32,
    trunk_dilations=(2, 3, 5),
    lags=(1, 4),
)


def settled(module: nn.Module, seed: int = 0) -> nn.Module:
    """In evaluation, with statistics, scales and shifts as a training could have left them."""
    generator = torch.Generator().manual_seed(seed)
    for layer in module.modules():
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            assert layer.running_mean is not None and layer.running_var is not None
            layer.running_mean.normal_(generator=generator)
            layer.running_var.uniform_(0.5, 2.0, generator=generator)
            nn.init.normal_(layer.weight, 1.0, 0.3, generator=generator)
            nn.init.normal_(layer.bias, 0.2, 0.3, generator=generator)
    return module.eval().requires_grad_(False)


def small_network(config: NetworkConfig = SMALL, seed: int = 0) -> StepNetwork:
    torch.manual_seed(seed)
    network = settled(StepNetwork(config), seed)
    assert isinstance(network, StepNetwork)
    return network


def clip(count: int = 2, ticks: int = 80, seed: int = 0, channels: int = len(CHANNELS)) -> Tensor:
    """`(N, C, T, 22)` with missing joints and a gap in the middle."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(count, channels, ticks, 22, generator=generator)
    seen = (torch.rand(count, 1, ticks, 22, generator=generator) > 0.2).float()
    x[:, :1] = 1.0
    x = x * seen
    x[:, :, ticks // 2 : ticks // 2 + 7] = 0.0
    return x


def metadata_of(network: StepNetwork, **changes: object) -> ModelMetadata:
    config = network.config
    values: dict[str, object] = {
        "channels": config.channels,
        "receptive_field": config.receptive_field,
        "delay": config.delay,
        "labels": CLASS_IDS,
        "covered": CLASS_IDS,
        "groups": GROUPS,
        "group_of": GROUP_OF,
        "temperature": 1.5,
        "group_weight": 0.5,
        "provenance": Provenance(seed=3, date="2000-01-01", parameters=network.parameter_count),
        "metrics": {"f1": 0.5},
    }
    return ModelMetadata(**{**values, **changes})  # type: ignore[arg-type]
