"""The networks among the emotion models."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parameters_to_vector

from tests.training.emotion.videos import JAW, NECK, video, videos
from training.emotion.attention_pooling import AttentionPooling
from training.emotion.encoding import WIDTH, encoded
from training.emotion.network_fit import NetworkRecipe, fit_networks
from training.emotion.sequence_lstm import SequenceLstm

KINDS = (SequenceLstm, AttentionPooling)
RECIPE = NetworkRecipe(epochs=40, rate=5e-3, seeds=1)


@pytest.mark.parametrize("kind", KINDS)
def test_what_follows_the_end_does_not_count(kind: type[nn.Module]) -> None:
    torch.manual_seed(0)
    network = kind().eval()
    rows, lengths = encoded(videos(4, 2.0))
    longer = torch.cat([rows, torch.full((4, 5, WIDTH), 9.0)], dim=1)
    with torch.no_grad():
        assert torch.equal(network(rows, lengths), network(longer, lengths))


@pytest.mark.parametrize("kind", KINDS)
def test_which_videos_are_told_together_does_not_count(kind: type[nn.Module]) -> None:
    torch.manual_seed(0)
    network, told = kind().eval(), videos(4, 2.0)
    with torch.no_grad():
        together = network(*encoded(told)).tolist()
        alone = [float(network(*encoded([one]))) for one in told]
    assert together == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_it_can_learn_a_tiny_set_by_heart(kind: type[nn.Module]) -> None:
    train = videos(6, 1.0)
    model = fit_networks(kind, train, NetworkRecipe(epochs=250, seeds=1, rate=1e-2, decay=0.0), 0)
    won = np.array([one.positive for one in train])
    p = model.p_positive(train)
    assert np.abs(p - won).max() < 0.1


@pytest.mark.parametrize("kind", KINDS)
def test_it_tells_other_videos_apart_and_is_the_same_again(kind: type[nn.Module]) -> None:
    train, other = videos(40, 6.0), videos(40, 6.0, 5)
    won = np.array([one.positive for one in other])
    first, again = (fit_networks(kind, train, RECIPE, 3).p_positive(other) for _ in range(2))
    assert np.mean((first > 0.5) == won) > 0.8
    assert np.array_equal(first, again)


def test_two_seeds_have_no_network_in_common() -> None:
    recipe = NetworkRecipe(epochs=1, seeds=2)
    fitted = [
        fit_networks(AttentionPooling, videos(4, 2.0), recipe, seed).networks for seed in (0, 1)
    ]
    told = {
        float(parameters_to_vector(network.parameters()).detach().sum())
        for networks in fitted
        for network in networks
    }
    assert len(told) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_a_video_without_gestures_gets_an_answer(kind: type[nn.Module]) -> None:
    model = fit_networks(kind, videos(8, 2.0), NetworkRecipe(epochs=2, seeds=1), 0)
    (p,) = model.p_positive([video("empty", True, {}, 0)])
    assert 0.0 < p < 1.0


def test_only_the_last_gestures_are_kept_and_each_is_its_class() -> None:
    one = video("long", True, {NECK: 10.0, JAW: 10.0}, 0)
    rows, lengths = encoded([one], 7)
    assert lengths.tolist() == [7]
    assert rows[0, :, :-3].argmax(dim=1).tolist() == one.classes[-7:].tolist()


def test_pooling_the_same_gesture_again_changes_nothing() -> None:
    """As weights add up to one over what is there."""
    torch.manual_seed(0)
    network = AttentionPooling().eval()
    rows = torch.randn(1, 1, WIDTH).expand(1, 6, WIDTH)
    with torch.no_grad():
        told = [float(network(rows, torch.tensor([n]))) for n in (1, 3, 6)]
    assert told == pytest.approx([told[0]] * 3, abs=1e-6)
