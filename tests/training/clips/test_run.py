"""Runs of models of the zoo: repeatable, resumable, and what they leave."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from msgspec.structs import replace as replaced

from engine.errors import ConfigError, ModelError, UsageError
from tests.training.clips.sets import parts_of_waving, run_config
from training.clips.clip_set import ClipSet
from training.clips.fitting import ClipFit, FitState
from training.clips.load_run import is_clip_run, load_clip_run
from training.clips.outputs import logits
from training.clips.parts import Parts, held_out
from training.clips.recipe import ClipRecipe
from training.clips.run import trained
from training.clips.run_config import ClipRunConfig, completed
from training.clips.run_folder import ClipRunFolder
from training.runs.checkpoint import write_checkpoint
from training.zoo.clip_model import ClipClassifier, ClipModel
from training.zoo.zoo import ZOO, build

MODELS = ("lstm", "us-vae-causal")


class KilledError(Exception):
    pass


def run(path: Path, config: ClipRunConfig, parts: Parts) -> ClipRunFolder:
    folder = ClipRunFolder(path)
    trained(folder, config, parts)
    return folder


def trained_epochs(folder: ClipRunFolder, config: ClipRunConfig, parts: Parts) -> set[int]:
    """Train to the end; the epochs, from 0, that this took."""
    epochs: set[int] = set()
    trained(folder, config, parts, lambda _step, _total, _loss, epoch: epochs.add(epoch))
    return epochs


def weights(folder: ClipRunFolder) -> dict[str, npt.NDArray[np.generic]]:
    with np.load(folder.weights) as stored:
        return dict(stored)


def same(one: ClipRunFolder, two: ClipRunFolder) -> bool:
    a, b = weights(one), weights(two)
    return a.keys() == b.keys() and all(np.array_equal(a[key], b[key]) for key in a)


def test_what_was_learned_holds_for_other_people(tmp_path: Path) -> None:
    parts = parts_of_waving()
    model = trained(ClipRunFolder(tmp_path), run_config(epochs=25), parts)
    assert isinstance(model, ClipClassifier)
    losses = [line.loss for line in ClipRunFolder(tmp_path).log()]
    assert losses[-1] < 0.3 * losses[0]
    assert parts.test is not None
    found = logits(model, parts.test)
    assert np.mean(found.argmax(axis=1) == parts.test.labels) > 0.9
    np.testing.assert_allclose(logits(model, parts.test, 3), found, atol=1e-5)


def test_half_precision_rounds_the_loss_and_leaves_weights_whole() -> None:
    train, cpu = parts_of_waving().train, torch.device("cpu")
    make = partial(build, "st-gcn", widths=(8, 16))
    recipe = ClipRecipe(epochs=2, batch=16)
    full, half = (ClipFit(make, train, recipe, cpu, half=half) for half in (False, True))
    one, other = full.epoch(), half.epoch()
    assert one != other
    assert one == pytest.approx(other, rel=0.02)
    assert all(weights.dtype == torch.float32 for weights in half.model.parameters())


def test_half_precision_is_refused_without_a_gpu(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="for GPUs, got cpu"):
        run(tmp_path, replaced(run_config(), precision="bfloat16"), parts_of_waving())


@pytest.mark.parametrize("model", MODELS)
def test_a_run_killed_in_any_epoch_ends_with_the_very_bits_of_one_that_was_not(
    model: str, tmp_path: Path
) -> None:
    parts, config = parts_of_waving(), run_config(model)
    whole = run(tmp_path / "whole", config, parts)
    for epoch in range(config.recipe.epochs):
        cut = ClipRunFolder(tmp_path / f"cut{epoch}")

        def killed(step: int, _total: int, _loss: float, now: int, last: int = epoch) -> None:
            if now == last and step % 3 == 2:
                raise KilledError

        with pytest.raises(KilledError):
            trained(cut, config, parts, killed)
        assert not cut.weights.exists()
        assert trained_epochs(cut, config, parts) == set(range(epoch, config.recipe.epochs))
        assert same(whole, cut)
        told = [(line.epoch, line.step, line.loss, line.validation) for line in cut.log()]
        assert told == [(one.epoch, one.step, one.loss, one.validation) for one in whole.log()]


def test_a_kill_between_log_and_checkpoint_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, config = parts_of_waving(), run_config()
    whole = run(tmp_path / "whole", config, parts)
    cut = ClipRunFolder(tmp_path / "cut")

    def write(path: Path, state: FitState) -> None:
        if state.epochs == 3:
            raise KilledError
        write_checkpoint(path, state)

    with monkeypatch.context() as patch:
        patch.setattr("training.clips.run.write_checkpoint", write)
        with pytest.raises(KilledError):
            trained(cut, config, parts)
    trained(cut, config, parts)
    assert same(whole, cut)
    assert [line.epoch for line in cut.log()] == [0, 1, 2, 3]


def test_the_seed_decides_and_torchs_own_generator_is_left_alone(tmp_path: Path) -> None:
    parts = parts_of_waving()
    torch.manual_seed(7)
    before = torch.random.get_rng_state()
    one = run(tmp_path / "one", run_config(seed=1), parts)
    assert torch.equal(before, torch.random.get_rng_state())
    torch.manual_seed(8)
    assert same(one, run(tmp_path / "again", run_config(seed=1), parts))
    assert not same(one, run(tmp_path / "other", run_config(seed=2), parts))


@pytest.mark.parametrize("model", MODELS)
def test_a_run_leaves_its_files_and_its_model_can_be_loaded(model: str, tmp_path: Path) -> None:
    parts, config = parts_of_waving(), run_config(model)
    made = trained(ClipRunFolder(tmp_path), config, parts)
    folder = ClipRunFolder(tmp_path)
    for path in (folder.config_file, folder.data_file, folder.log_file, folder.curves):
        assert path.stat().st_size > 0, path
    assert is_clip_run(tmp_path)
    loaded, told = load_clip_run(tmp_path)
    assert told == config
    assert not loaded.training
    assert all(map(torch.equal, made.state_dict().values(), loaded.state_dict().values()))
    line = folder.log()[-1]
    assert line.step == folder.log()[0].step * config.recipe.epochs
    assert 0.0 <= line.validation["top1"] <= 1.0
    rates = [one.lr for one in folder.log()]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < 1e-3 * config.recipe.rate
    data = folder.data()
    assert (data.train_clips, data.validation_clips) == (40, 12)
    assert data.validation_people == ("10", "11", "12")


def test_validation_is_of_the_clips_held_out_and_changes_nothing(tmp_path: Path) -> None:
    with_them, without = parts_of_waving(), parts_of_waving(held_out=False)
    one = run(tmp_path / "one", run_config(), with_them)
    two = run(tmp_path / "two", run_config(), without)
    assert same(one, two)
    assert two.log()[-1].validation == {}
    model, _ = load_clip_run(tmp_path / "one")
    assert isinstance(model, ClipClassifier)
    held = with_them.validation
    assert held is not None
    right = (logits(model, held).argmax(axis=1) == held.labels).mean()
    assert one.log()[-1].validation["top1"] == pytest.approx(right)


def test_other_clips_or_another_configuration_are_refused(tmp_path: Path) -> None:
    parts, config = parts_of_waving(), run_config()

    def killed(*_: object) -> None:
        raise KilledError

    with pytest.raises(KilledError):
        trained(ClipRunFolder(tmp_path), config, parts, killed)
    other = replace(parts, train=parts_of_waving(seed=9).train)
    with pytest.raises(ConfigError, match="other clips"):
        trained(ClipRunFolder(tmp_path), config, other)
    with pytest.raises(ConfigError, match="another configuration"):
        trained(ClipRunFolder(tmp_path), run_config(seed=3), parts)


def test_what_is_no_finished_run_of_the_zoo_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no run lies there"):
        load_clip_run(tmp_path)
    ClipRunFolder(tmp_path).begin(run_config())
    with pytest.raises(ConfigError, match="finish the run"):
        load_clip_run(tmp_path)
    with pytest.raises(UsageError, match="--resume"):
        ClipRunFolder(tmp_path).begin(run_config())
    (tmp_path / "config.json").write_text('{"network": {}}')
    assert not is_clip_run(tmp_path)


def test_a_loss_that_is_no_number_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="lower the rate"):
        run(tmp_path, run_config(rate=1e30), parts_of_waving())


def test_a_configuration_names_every_size_of_its_model() -> None:
    sizes = completed(ClipRunConfig(model="lstm", sizes={"hidden": 8})).sizes
    assert sizes["hidden"] == 8
    assert {"classes", "layers", "dropout"} <= set(sizes)


@pytest.mark.parametrize("model", ZOO)
def test_the_configuration_of_every_model_comes_back_as_it_was(model: str, tmp_path: Path) -> None:
    config = completed(ClipRunConfig(model=model))
    folder = ClipRunFolder(tmp_path)
    folder.begin(config)
    assert folder.config() == config
    assert completed(folder.config()) == config


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (ClipRunConfig(model="resnet"), "expected one of lstm"),
        (ClipRunConfig(model="lstm", sizes={"width": 8}), "there are classes"),
        (ClipRunConfig(model="lstm", sizes={"hidden": 0}), "hidden"),
    ],
)
def test_wrong_models_and_sizes_are_named(wrong: ClipRunConfig, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        completed(wrong)


def test_who_is_held_out_is_some_but_not_all_and_always_the_same() -> None:
    people = tuple(f"subject {n}" for n in range(37))
    held = held_out(people, 0.1)
    assert len(held) == 4
    assert held < set(people)
    assert held_out(people[::-1], 0.1) == held
    assert len(held_out(people[:2], 0.5)) == 1
    with pytest.raises(UsageError, match="validation_share"):
        held_out(people[:1], 0.1)


def test_clips_of_some_people_are_all_of_theirs() -> None:
    clips: ClipSet = parts_of_waving().train
    some = clips.of_people({"01"})
    rows = [row for row, subject in enumerate(clips.subjects) if subject == "01"]
    assert some.labels.tolist() == clips.labels[rows].tolist()
    assert np.array_equal(some.clips, clips.clips[rows])
    assert some.people == ("01",)
    assert some.digest() != clips.digest()
    assert isinstance(run_config().built(), ClipModel)
