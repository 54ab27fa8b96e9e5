"""Runs that begin from a pretrained encoder."""

from pathlib import Path

import numpy as np
import pytest
import torch
from msgspec.structs import replace

from engine.errors import ConfigError
from tests.training.clips.sets import parts_of_waving, run_config
from training.clips.load_run import load_clip_run
from training.clips.run import trained
from training.clips.run_config import ClipRunConfig, completed
from training.clips.run_folder import ClipRunFolder
from training.labels import CLASS_COUNT
from training.runs.weights import weights_digest
from training.zoo.clip_model import CLIP_CLASSES, ClipEncoder, ClipModel
from training.zoo.tuned import TunedClassifier


class KilledError(Exception):
    pass


def encoder(seed: int = 0) -> ClipEncoder:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = run_config("us-vae-causal").built()
    assert isinstance(model, ClipEncoder)
    return model.eval()


def begun(from_: ClipEncoder, **recipe: float) -> ClipRunConfig:
    digest = weights_digest(from_.state_dict())
    return replace(run_config("us-vae-causal", **recipe), encoder_digest=digest)


def killed_run(path: Path, *, before_checkpoint: bool = False) -> ClipRunFolder:
    folder, own = ClipRunFolder(path), encoder()

    def killed(step: int, _total: int, _loss: float, epoch: int) -> None:
        if before_checkpoint or (epoch == 2 and step % 3 == 2):
            raise KilledError

    with pytest.raises(KilledError):
        trained(folder, begun(own), parts_of_waving(), killed, encoder=own)
    return folder


def latents_weights(model: ClipModel) -> dict[str, torch.Tensor]:
    assert isinstance(model, TunedClassifier)
    return model.encoder.state_dict()


def test_it_begins_from_the_weights_that_the_run_keeps(tmp_path: Path) -> None:
    own = encoder()
    folder = killed_run(tmp_path, before_checkpoint=True)
    kept = latents_weights(folder.config().built(folder.start))
    assert kept
    torch.testing.assert_close(kept, {name: own.state_dict()[name] for name in kept})


def test_a_small_rate_stays_near_the_encoder_and_another_start_ends_elsewhere(
    tmp_path: Path,
) -> None:
    parts, found = parts_of_waving(), []
    for seed in (0, 1):
        own = encoder(seed)
        config = begun(own, epochs=1, rate=1e-6, decay=0.0)
        model = trained(ClipRunFolder(tmp_path / f"{seed}"), config, parts, encoder=own)
        found.append(latents_weights(model))
        for name, value in found[-1].items():
            torch.testing.assert_close(value, own.state_dict()[name], atol=1e-4, rtol=0)
    assert any((found[0][name] != found[1][name]).any() for name in found[0])


@pytest.mark.parametrize("before_checkpoint", [False, True])
def test_one_broken_off_needs_no_encoder_to_end_with_the_very_bits(
    before_checkpoint: bool, tmp_path: Path
) -> None:
    own, parts = encoder(), parts_of_waving()
    whole, cut = ClipRunFolder(tmp_path / "whole"), tmp_path / "cut"
    trained(whole, begun(own), parts, encoder=own)
    folder = killed_run(cut, before_checkpoint=before_checkpoint)
    assert folder.checkpoint.exists() != before_checkpoint
    trained(folder, folder.config(), parts)
    with np.load(whole.weights) as one, np.load(folder.weights) as other:
        assert one.files == other.files
        for name in one.files:
            np.testing.assert_array_equal(one[name], other[name])
    assert not folder.start.exists()
    model, config = load_clip_run(cut)
    assert model.description.name == "us-vae-causal, tuned"
    assert config == begun(own)


def test_the_encoder_of_the_configuration_is_asked_for_and_no_other_taken(tmp_path: Path) -> None:
    own, parts = encoder(), parts_of_waving()
    folder = ClipRunFolder(tmp_path / "run")
    with pytest.raises(ConfigError, match="name it with --encoder"):
        trained(folder, begun(own), parts)
    with pytest.raises(ConfigError, match="does not begin from this encoder"):
        trained(folder, begun(own), parts, encoder=encoder(1))
    with pytest.raises(ConfigError, match="but from random weights"):
        trained(folder, run_config("us-vae-causal"), parts, encoder=own)
    assert not folder.path.exists()
    cut = killed_run(tmp_path / "cut")
    with pytest.raises(ConfigError, match="does not begin from this encoder"):
        trained(cut, cut.config(), parts, encoder=encoder(1))
    with pytest.raises(ConfigError, match="another configuration"):
        trained(cut, begun(encoder(1)), parts)


def test_weights_that_were_changed_or_lost_meanwhile_are_refused(tmp_path: Path) -> None:
    folder, parts = killed_run(tmp_path), parts_of_waving()
    folder.write_start(encoder(1))
    with pytest.raises(ConfigError, match="missing or was changed"):
        trained(folder, folder.config(), parts)
    folder.start.unlink()
    with pytest.raises(ConfigError, match="missing or was changed"):
        trained(folder, folder.config(), parts)
    folder.write_start(encoder())
    trained(folder, folder.config(), parts)


def test_only_an_encoder_can_be_begun_from_and_live_ones_know_nothing_as_a_class() -> None:
    with pytest.raises(ConfigError, match="lstm is no encoder"):
        completed(replace(run_config(), encoder_digest="0"))
    config = begun(encoder())
    for live, classes in ((False, CLIP_CLASSES), (True, CLASS_COUNT)):
        model = completed(replace(config, live=live)).built()
        assert isinstance(model, TunedClassifier)
        clips, lengths = torch.zeros(2, 5, 22, 3), torch.tensor([5, 3])
        assert model.eval()(clips, lengths).shape == (2, classes)


def test_a_digest_is_of_names_shapes_and_numbers() -> None:
    state = {"a": torch.arange(4.0), "b": torch.ones(2)}
    digest = weights_digest(state)
    assert weights_digest(dict(reversed(state.items()))) == digest
    for changed in (
        {**state, "a": torch.arange(4.0) + 1e-6},
        {**state, "a": torch.arange(4.0).reshape(2, 2)},
        {"a": state["a"], "c": state["b"]},
    ):
        assert weights_digest(changed) != digest
