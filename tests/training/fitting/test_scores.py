import numpy as np
import pytest
import torch

from plugins.recognizers.graph.relations import CHANNELS
from tests.training.toys import toy_config, toy_shard
from training.fitting import scores
from training.fitting.layout import layout_of
from training.fitting.scores import Logits, network_logits, scored_ticks, shard_logits
from training.labels import CLASS_COUNT, GROUP_COUNT, IGNORE
from training.network.network import StepNetwork

CPU = torch.device("cpu")


@pytest.mark.parametrize("causal", [True, False])
def test_pieces_give_what_the_whole_gives(causal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    network = StepNetwork(toy_config(network__causal=causal).network).eval()
    features = toy_shard(sequences=2, ticks=150).features
    whole = network_logits(network, features, CPU)
    monkeypatch.setattr(scores, "_CHUNK_TICKS", 40)
    pieces = network_logits(network, features, CPU)
    assert whole.classes.shape == (2, 150, CLASS_COUNT)
    for name, value in vars(whole).items():
        assert np.allclose(getattr(pieces, name), value, atol=1e-5), name


def test_a_shard_is_read_a_few_sequences_at_a_time() -> None:
    torch.manual_seed(0)
    network = StepNetwork(toy_config().network).eval()
    shard, channels = toy_shard(sequences=3), layout_of(CHANNELS).channels
    one = shard_logits(network, shard, channels, CPU, sequences=1)
    many = shard_logits(network, shard, channels, CPU)
    assert one.group.shape == (3, 120, GROUP_COUNT)
    assert np.allclose(one.group, many.group, atol=1e-5)


def test_scored_ticks_are_paired_with_what_they_describe() -> None:
    ticks = np.arange(5, dtype=np.float32)[None, :, None]
    logits = Logits(ticks.repeat(33, 2), ticks.repeat(7, 2), ticks.repeat(2, 2))
    labels = np.array([[4, IGNORE, 6, 7, 8]], np.int8)
    flat, described = scored_ticks(logits, labels, delay=2)
    assert described.tolist() == [4, 6]
    assert flat.classes[:, 0].tolist() == [2, 4]
