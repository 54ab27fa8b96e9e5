"""Every model of the zoo keeps the contract."""

import msgspec
import pytest
import torch
from torch import Tensor

from engine.errors import UsageError
from tests.training.zoo.clips import (
    CLASSES,
    SMALL,
    TICKS,
    random_clips,
    settled_model,
    small,
    toy_clips,
)
from training.zoo.clip_model import (
    CLIP_CLASSES,
    ClipClassifier,
    ClipEncoder,
    ClipInput,
    ClipModel,
    Stepping,
)
from training.zoo.joint_graph import JointGraph
from training.zoo.zoo import ZOO, build

every = pytest.mark.parametrize("name", ZOO)
every_stepping = pytest.mark.parametrize(
    "name", [name for name, kind in ZOO.items() if kind.description.streams]
)


def results(model: ClipModel, clips: Tensor, lengths: Tensor) -> tuple[Tensor, ...]:
    """What a model says, whatever its kind; a sequence as far as the shortest clip's length."""
    if isinstance(model, ClipEncoder):
        sequence, pooled = model(clips, lengths)
        return sequence[:, : int(lengths.min())], pooled
    return (model(clips, lengths),)


def assert_close(actual: tuple[Tensor, ...], expected: tuple[Tensor, ...], atol: float) -> None:
    for a, b in zip(actual, expected, strict=True):
        torch.testing.assert_close(a, b, atol=atol, rtol=0)


def loss_of(model: ClipModel, clips: Tensor, lengths: Tensor, labels: Tensor) -> Tensor:
    torch.manual_seed(7)
    if isinstance(model, ClipEncoder):
        return model.loss(clips, lengths)
    assert isinstance(model, ClipClassifier)
    return model.loss(clips, lengths, labels)


def stepping_form(model: ClipModel) -> Stepping:
    assert isinstance(model, Stepping)
    return model


@every
def test_shapes_are_as_told(name: str) -> None:
    model = settled_model(name)
    said = model(random_clips(), torch.tensor([TICKS, 10, 1]))
    if isinstance(model, ClipEncoder):
        count, ticks, size = said.sequence.shape
        assert (count, ticks) == (3, TICKS)
        assert said.pooled.shape == (3, size)
        assert (said.sequence[1, 10:] == 0).all() and (said.sequence[1, 9] != 0).any()
    else:
        assert said.shape == (3, CLASSES)


@every
def test_padding_changes_nothing(name: str) -> None:
    model = settled_model(name)
    lengths = torch.tensor([TICKS, 13, 8])
    clips = random_clips()
    longer = torch.cat((clips, random_clips(seed=5)), dim=1)
    scrambled = longer.clone()
    scrambled[1, 13:] = 100.0
    scrambled[2, 8:] = -100.0
    expected = results(model, clips, lengths)
    assert_close(results(model, scrambled, lengths), expected, atol=1e-4)
    alone = results(model, clips[1:2, :13], lengths[1:2])
    assert_close(tuple(a[0][..., :8, :] if a.dim() == 3 else a[0] for a in alone),
                 tuple(e[1] for e in expected), atol=1e-4)  # fmt: skip


@every
def test_padding_changes_nothing_in_training(name: str) -> None:
    clips, lengths, labels = toy_clips()
    plain, padded = small(name).train(), small(name).train()
    longer = torch.cat((clips, torch.full_like(clips, 3.0)), dim=1)
    for clip, length in zip(longer, lengths.tolist(), strict=True):
        clip[length:] = 3.0
    for _ in range(2):
        expected = loss_of(plain, clips, lengths, labels)
        torch.testing.assert_close(
            loss_of(padded, longer, lengths, labels), expected, atol=1e-4, rtol=1e-4
        )
    for (key, one), other in zip(
        plain.state_dict().items(), padded.state_dict().values(), strict=True
    ):
        torch.testing.assert_close(other, one, atol=1e-4, rtol=1e-3, msg=key)


@every
def test_every_clip_is_judged_by_itself(name: str) -> None:
    model = settled_model(name)
    clips = random_clips()
    lengths = torch.tensor([TICKS, 13, 13])
    swapped = clips.clone()
    swapped[0] = 0.0
    kept, other = results(model, clips, lengths), results(model, swapped, lengths)
    assert_close(tuple(a[1:] for a in other), tuple(a[1:] for a in kept), atol=1e-5)
    assert all((a[0] != b[0]).any() for a, b in zip(kept, other, strict=True))


@every
def test_training_gives_every_trained_number_a_gradient(name: str) -> None:
    model = small(name).train()
    loss_of(model, *toy_clips()).backward()  # type: ignore[no-untyped-call]
    for key, parameter in model.named_parameters():
        if parameter.requires_grad:
            assert parameter.grad is not None and parameter.grad.isfinite().all(), key


@every_stepping
def test_stepping_equals_the_clip(name: str) -> None:
    model = settled_model(name)
    stepping = stepping_form(model)
    clips = random_clips(count=2)
    state = stepping.initial_state(2)
    for tick in range(TICKS):
        said, state = stepping.step(clips[:, tick], state)
        so_far = model(clips[:, : tick + 1], torch.full((2,), tick + 1))
        expected = so_far.sequence[:, -1] if isinstance(model, ClipEncoder) else so_far
        torch.testing.assert_close(said, expected, atol=1e-5, rtol=0)


@every_stepping
def test_a_fresh_state_forgets_and_other_streams_do_not(name: str) -> None:
    model = stepping_form(settled_model(name))
    clips = random_clips(count=2)
    _, state = model.step(clips[:, 0], model.initial_state(2))
    mixed = tuple(
        torch.stack((old[0], new[1]))
        for old, new in zip(state, model.initial_state(2), strict=True)
    )
    said, _ = model.step(clips[:, 1], mixed)
    kept, _ = model.step(clips[:, 1], state)
    begun, _ = model.step(clips[:, 1], model.initial_state(2))
    torch.testing.assert_close(said[0], kept[0])
    torch.testing.assert_close(said[1], begun[1])
    assert (kept[1] != begun[1]).any()


@every
def test_a_model_streams_only_if_it_says_so(name: str) -> None:
    assert isinstance(small(name), Stepping) == ZOO[name].description.streams


@every
def test_other_joints_need_another_graph(name: str) -> None:
    model = settled_model(name)
    with pytest.raises(UsageError, match=r"expected clips \(N, T, 22, 3\)"):
        model(random_clips(joints=5), torch.tensor([TICKS] * 3))
    with pytest.raises(UsageError, match="a length for each of 3"):
        model(random_clips(), torch.tensor([TICKS]))
    chain = JointGraph.grown(5, ((0, 1), (1, 2), (2, 3), (3, 4)), 0)
    five = small(name, chain).eval()
    assert results(five, random_clips(joints=5), torch.tensor([TICKS] * 3))


@every
def test_descriptions_tell_what_a_model_is(name: str) -> None:
    said = ZOO[name].description
    assert said.name == name and said.paper and said.takes is ClipInput.POSE
    for percent in (said.published_top1_percent, said.published_top5_percent):
        assert percent is None or 0 < percent < 100


def test_the_default_size_names_the_32_labels() -> None:
    model = build("lstm").eval()
    assert model(random_clips(1), torch.tensor([TICKS])).shape == (1, CLIP_CLASSES)


def test_what_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match="unknown model 'resnet': expected one of lstm, blstm"):
        build("resnet")
    with pytest.raises(UsageError, match=r"unknown field.*its sizes are classes, hidden"):
        build("lstm", depth=3)
    with pytest.raises(UsageError, match="hidden"):
        build("lstm", hidden=0)


def test_small_models_differ_from_the_defaults() -> None:
    assert set(SMALL) == set(ZOO)
    for name, sizes in SMALL.items():
        config = msgspec.convert(sizes, ZOO[name].Config)
        assert config != ZOO[name].Config()
