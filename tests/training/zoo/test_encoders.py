"""What is particular to the models that learn without labels, and to S-VAE."""

import pytest
import torch

from tests.training.zoo.clips import TICKS, random_clips, settled_model, toy_clips
from training.zoo.predict_cluster import PredictCluster
from training.zoo.s_vae import SVae
from training.zoo.sequence_vae import Posterior, SequenceVae, VaeConfig
from training.zoo.zoo import build

WHOLE = torch.tensor([TICKS])


def test_only_the_causal_latents_do_not_know_the_future() -> None:
    clips = random_clips(1)
    changed = clips.clone()
    changed[:, 15:, :, :2] += 1.0
    for name, knows in (("us-vae", True), ("us-vae-causal", False)):
        model = settled_model(name)
        before, after = (model(c, WHOLE).sequence[:, :15] for c in (clips, changed))
        assert bool((before != after).any()) is knows


def test_evaluation_does_not_draw() -> None:
    clips, lengths = random_clips(), torch.tensor([TICKS, 9, 4])
    for name in ("us-vae", "us-vae-causal"):
        model = settled_model(name)
        assert torch.equal(model(clips, lengths).sequence, model(clips, lengths).sequence)
    named = settled_model("s-vae")
    assert torch.equal(named(clips, lengths), named(clips, lengths))


def test_draws_have_the_spread_that_is_believed() -> None:
    torch.manual_seed(0)
    believed = Posterior(torch.full((40, 50, 4), 3.0), torch.full((40, 50, 4), 2.0).log())
    seen = torch.zeros(40, 50, dtype=torch.bool)
    seen[:, :30] = True
    drawn = believed.drawn(seen)
    assert drawn[seen].mean().item() == pytest.approx(3.0, abs=0.1)
    assert drawn[seen].var().item() == pytest.approx(2.0, abs=0.1)
    assert (drawn[~seen] == 3.0).all()


def test_the_bound_is_the_error_in_nats_and_the_divergence() -> None:
    vae = SequenceVae(VaeConfig(hidden=4, latent=2, noise=0.5), joints=3)
    clips = torch.ones(1, 2, 3, 3)
    vae.places.weight.data.zero_()
    vae.places.bias.data.zero_()
    seen = torch.ones(1, 2, dtype=torch.bool)
    mean = torch.tensor([[[1.0, 0.0], [0.0, 2.0]]])
    flat = torch.zeros(1, 2, 2)
    loss = vae.loss(clips, torch.tensor([2]), seen, Posterior(mean, flat), mean)
    # 1 / (2 * 0.25) of error; 1/2 and 4/2 nats of divergence, their mean over 6 coordinates.
    assert loss.item() == pytest.approx(2.0 + 1.25 / 6)


def test_the_pooled_latent_is_the_mean_of_the_ticks() -> None:
    for name in ("us-vae", "us-vae-causal"):
        sequence, pooled = settled_model(name)(random_clips(), torch.tensor([TICKS, 9, 4]))
        torch.testing.assert_close(pooled[1], sequence[1, :9].mean(0))


def test_a_supervised_vae_learns_both_tasks() -> None:
    torch.manual_seed(0)
    clips, lengths, labels = toy_clips()
    losses = []
    for weight in (0.0, 1.0):
        torch.manual_seed(0)
        model = build("s-vae", classes=4, hidden=8, latent=4, vae_weight=weight)
        assert isinstance(model, SVae)
        losses.append(model.loss(clips, lengths, labels).item())
    assert losses[1] > losses[0] > 0


def rebuilt(model: PredictCluster, pooled: torch.Tensor, first: torch.Tensor, ticks: int) -> (
    torch.Tensor
):  # fmt: skip
    clips = torch.zeros(1, ticks, 22, 3)
    clips[0, 0, :, :2] = first.reshape(22, 2)
    return model._rebuilt(pooled, clips)[0]


@pytest.mark.parametrize("weakened", ["fixed_states", "fixed_weights"])
def test_a_decoder_without_a_state_knows_only_its_last_pose(weakened: str) -> None:
    torch.manual_seed(0)
    model = build("predict-cluster", hidden=8, layers=1, weakened=weakened)
    assert isinstance(model, PredictCluster)
    pooled, first = torch.randn(1, 16), torch.randn(44)
    poses = rebuilt(model, pooled, first, 8)
    assert torch.equal(poses[0], first)
    again = rebuilt(model, pooled, poses[3], 5)
    assert torch.allclose(again, poses[3:], atol=1e-6) == (weakened == "fixed_states")


def test_the_decoder_tells_the_change_of_the_pose() -> None:
    model = build("predict-cluster", hidden=8, layers=1)
    assert isinstance(model, PredictCluster)
    model.places.weight.data.zero_()
    model.places.bias.data.fill_(0.5)
    first = torch.randn(44)
    poses = rebuilt(model, torch.randn(1, 16), first, 3)
    torch.testing.assert_close(poses, torch.stack((first, first + 0.5, first + 1.0)))


@pytest.mark.parametrize("weakened", ["fixed_states", "fixed_weights"])
def test_fixed_weights_stay_as_they_began(weakened: str) -> None:
    torch.manual_seed(0)
    model = build("predict-cluster", hidden=8, layers=1, weakened=weakened)
    assert isinstance(model, PredictCluster)
    begun = [weight.clone() for weight in model.decoder.parameters()]
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    clips, lengths, _ = toy_clips()
    model.loss(clips, lengths).backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    stayed = [torch.equal(*pair) for pair in zip(model.decoder.parameters(), begun, strict=True)]
    assert stayed == [weakened == "fixed_weights"] * 4
