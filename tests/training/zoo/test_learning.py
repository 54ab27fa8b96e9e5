"""Every model of the zoo can learn."""

import pytest
import torch
from torch import Tensor, nn

from tests.training.zoo.clips import SMALL, small, toy_clips
from training.zoo.clip_model import ClipClassifier, ClipEncoder, ClipModel
from training.zoo.predict_cluster import PredictCluster
from training.zoo.rebuilding import rebuild_error
from training.zoo.zoo import ZOO

MOST_STEPS = 300


def with_statistics_of(model: ClipModel, clips: Tensor, lengths: Tensor) -> None:
    """Into evaluation, with the statistics of these clips: a short training's lag behind."""
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    with torch.no_grad():
        model(clips, lengths)
    model.eval()


@pytest.mark.parametrize("name", [n for n, k in ZOO.items() if issubclass(k, ClipClassifier)])
def test_a_classifier_learns_a_few_clips_by_heart(name: str) -> None:
    model = small(name).train()
    assert isinstance(model, ClipClassifier)
    clips, lengths, labels = toy_clips()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(MOST_STEPS):
        optimizer.zero_grad()
        loss = model.loss(clips, lengths, labels)
        if loss < 0.02:
            break
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    with_statistics_of(model, clips, lengths)
    assert nn.functional.cross_entropy(model(clips, lengths), labels) < 0.05


def blind_loss(model: ClipEncoder, clips: Tensor, lengths: Tensor) -> float:
    """Of the best that could be rebuilt without knowing which clip it is: their mean."""
    seen = model.seen(clips, lengths)
    counts = seen[:, :, None, None].float()
    mean = (clips[..., :2] * counts).sum(0) / counts.sum(0).clamp_min(1)
    if isinstance(model, PredictCluster):
        return rebuild_error(mean.expand(*clips.shape[:3], 2), clips, seen, power=1).item()
    error = rebuild_error(mean.expand(*clips.shape[:3], 2), clips, seen, power=2).item()
    noise: float = SMALL[model.description.name]["noise"]
    return error / (2 * noise**2)


@pytest.mark.parametrize("name", [n for n, k in ZOO.items() if issubclass(k, ClipEncoder)])
def test_an_encoder_learns_to_rebuild_each_clip_and_not_their_mean(name: str) -> None:
    model = small(name).train()
    assert isinstance(model, ClipEncoder)
    clips, lengths, _ = toy_clips()
    blind = blind_loss(model, clips, lengths)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(MOST_STEPS):
        optimizer.zero_grad()
        loss = model.loss(clips, lengths)
        if loss < 0.5 * blind:
            break
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    assert loss < 0.5 * blind
