"""What an encoder is shown in place of a clip that it must rebuild."""

from pathlib import Path

import msgspec
import pytest
import torch

from tests.training.pretraining.test_pretrain import CONFIG, streams
from tests.training.zoo.clips import TICKS, random_clips, settled_model
from training.clips.fitting import seeded
from training.pretraining.config import PretrainConfig
from training.pretraining.disturbance import Disturbance
from training.pretraining.run import pretrain
from training.pretraining.run_folder import EncoderFolder

NOTHING = Disturbance(view=0, place=0, joint=0, jitter=0, lost=0)
CPU = torch.device("cpu")


def only(**knobs: float) -> Disturbance:
    return Disturbance(**{name: knobs.get(name, 0.0) for name in NOTHING.__struct_fields__})


def whole_clips(count: int) -> torch.Tensor:
    clips = random_clips(count)
    clips[..., 2] = 1.0
    return clips


def test_without_any_a_clip_is_shown_as_it_is() -> None:
    clips = random_clips(3)
    assert torch.equal(NOTHING.shown(clips), clips)


def test_missing_joints_stay_missing_at_zero() -> None:
    clips = random_clips(3)
    clips[:, :, 4] = 0.0
    shown = Disturbance(lost=0.0).shown(clips)
    assert not shown[:, :, 4].any()
    assert torch.equal(shown[..., 2], clips[..., 2])


def test_a_lost_joint_is_lost_for_the_whole_clip() -> None:
    clips = whole_clips(40)
    lost = only(lost=0.5).shown(clips)[..., 2] == 0
    assert torch.equal(lost.any(1), lost.all(1))
    assert lost[:, 0].float().mean().item() == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("knob", "alike"),
    [("place", (1, 2)), ("joint", (1,)), ("jitter", ())],
    ids=["place: ticks and joints alike", "joint: ticks alike", "jitter: all for themselves"],
)
def test_moves_are_of_their_size_and_alike_where_they_should(
    knob: str, alike: tuple[int, ...]
) -> None:
    clips = whole_clips(200)
    moved = (only(**{knob: 0.3}).shown(clips) - clips)[..., :2]
    assert moved.std().item() == pytest.approx(0.3, rel=0.1)
    for axis in (1, 2):
        same = torch.allclose(moved, moved.narrow(axis, 0, 1).expand_as(moved), atol=1e-5)
        assert same is (axis in alike)


def test_a_view_is_one_linear_map_of_a_clip() -> None:
    clips = whole_clips(1)
    shown = only(view=0.3).shown(clips)[..., :2].reshape(-1, 2)
    given = clips[..., :2].reshape(-1, 2)
    fitted = torch.linalg.lstsq(given, shown).solution
    torch.testing.assert_close(given @ fitted, shown, atol=1e-4, rtol=1e-4)
    assert not torch.allclose(fitted, torch.eye(2), atol=1e-3)


@pytest.mark.parametrize("name", ["us-vae", "us-vae-causal", "predict-cluster"])
def test_the_clip_is_rebuilt_not_what_is_shown(name: str) -> None:
    model, clips = settled_model(name), random_clips(2)
    lengths = torch.tensor([TICKS, 9])

    def loss(target: torch.Tensor, shown: torch.Tensor | None) -> float:
        with seeded(0, CPU):
            return float(model.loss(target, lengths, shown))  # type: ignore[operator]

    other = random_clips(2, seed=1)
    assert loss(clips, clips) == loss(clips, None)
    assert loss(clips, other) != loss(clips, None)
    assert loss(other, clips) != loss(clips, None)


def test_a_pretraining_disturbs_unless_told_not_to(tmp_path: Path) -> None:
    given = streams(tmp_path, 3)
    losses: list[float] = []
    for disturb in (PretrainConfig().disturb, NOTHING):
        config = msgspec.structs.replace(CONFIG, disturb=disturb)
        folder = EncoderFolder(tmp_path / f"run {len(losses)}")
        losses.append(pretrain(folder, config, given)[-1].loss)
    assert losses[0] != losses[1]
