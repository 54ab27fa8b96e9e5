"""Classifiers that are built on encoders."""

import copy

import pytest
import torch

from tests.training.network.nets import settled
from tests.training.zoo.clips import CLASSES, TICKS, random_clips, small, toy_clips
from training.zoo.clip_model import ClipEncoder, Stepping
from training.zoo.pooling import Pooling, pooled
from training.zoo.sliding import SlidingSteps, slid
from training.zoo.tuned import TunedClassifier, tuned_classifier
from training.zoo.zoo import ZOO

ENCODERS = [name for name, kind in ZOO.items() if issubclass(kind, ClipEncoder)]
every = pytest.mark.parametrize("name", ENCODERS)


def encoder(name: str) -> ClipEncoder:
    model = small(name)
    assert isinstance(model, ClipEncoder)
    return model


def tuned(name: str) -> TunedClassifier:
    torch.manual_seed(1)
    model = settled(tuned_classifier(encoder(name), CLASSES))
    assert isinstance(model, TunedClassifier)
    return model


@every
def test_it_begins_as_the_encoder_and_leaves_it_alone(name: str) -> None:
    begun = encoder(name)
    before = copy.deepcopy(begun.state_dict())
    model = tuned_classifier(begun, CLASSES).train()
    model.loss(*toy_clips()).backward()  # type: ignore[no-untyped-call]
    with torch.no_grad():
        for weights in model.parameters():
            assert weights.grad is not None and weights.grad.isfinite().all()
            weights.sub_(0.1 * weights.grad)
    torch.testing.assert_close(begun.state_dict(), before)
    clips, lengths = random_clips(), torch.tensor([TICKS, 9, 4])
    fresh, own = tuned_classifier(begun, CLASSES).eval(), begun.eval()
    latents = own(clips, lengths).sequence
    assert torch.equal(fresh.encoder(clips, lengths).sequence, latents)
    vectors = pooled(latents, fresh.seen(clips, lengths), Pooling.MOMENTS)
    assert vectors.shape[1] == Pooling.MOMENTS.width(begun.latent_width)
    torch.testing.assert_close(fresh(clips, lengths), fresh.head(vectors))


@every
def test_what_rebuilds_clips_is_left_out(name: str) -> None:
    model, begun = tuned(name), encoder(name)
    assert not [key for key in model.state_dict() if "decoder" in key or "places" in key]
    assert [key for key in begun.state_dict() if "decoder" in key]
    assert model.description.name == f"{name}, tuned"
    assert model.description.published_top1_percent is None


@every
def test_padding_changes_nothing(name: str) -> None:
    clips, lengths = random_clips(), torch.tensor([TICKS, 13, 8])
    longer = torch.cat((clips, torch.full_like(clips, 9.0)), dim=1)
    model = tuned(name)
    torch.testing.assert_close(model(longer, lengths), model(clips, lengths), atol=1e-5, rtol=0)


@every
def test_it_steps_if_its_encoder_does(name: str) -> None:
    model = tuned(name)
    assert isinstance(model, Stepping) == model.description.streams == (name == "us-vae-causal")


@torch.no_grad()
def test_stepping_says_what_the_clip_does_whatever_was_before_it() -> None:
    model = tuned("us-vae-causal")
    ticks, window = random_clips(2, 20).transpose(0, 1).contiguous(), 6
    said = slid(SlidingSteps(model, window), ticks)
    for t in range(20):
        clip = ticks[max(0, t + 1 - window) : t + 1].transpose(0, 1)
        expected = model(clip, torch.full((2,), clip.shape[1]))
        torch.testing.assert_close(said[t], expected, atol=1e-5, rtol=0)


def test_a_batch_of_one_clip_is_learned_from_too() -> None:
    model = tuned_classifier(encoder("us-vae-causal"), CLASSES).train()
    clips, lengths, labels = toy_clips()
    kept = copy.deepcopy(dict(model.named_buffers()))
    loss = model.loss(clips[:1], lengths[:1], labels[:1])
    assert loss.isfinite()
    torch.testing.assert_close(dict(model.named_buffers()), kept)
    model.loss(clips, lengths, labels)
    assert any((one != kept[name]).any() for name, one in model.named_buffers())
