"""Layers that several models share: padding, and reading from one end or from both."""

import torch
from torch import Tensor, nn

from training.zoo.masking import MaskedNorm, last_seen, mask_of, masked_mean, seen_ticks
from training.zoo.rebuilding import rebuild_error
from training.zoo.recurrent import BothWays, Onward, turned

LENGTHS = torch.tensor([7, 3, 1])
SEEN = seen_ticks(7, LENGTHS)
MASK = mask_of(SEEN, torch.zeros(1))


def features(channels: int = 4, joints: int = 5) -> Tensor:
    return torch.randn(3, channels, 7, joints, generator=torch.Generator().manual_seed(0))


def test_ticks_count_up_to_the_length() -> None:
    assert SEEN.sum(1).tolist() == [7, 3, 1]
    assert SEEN[1].tolist() == [True] * 3 + [False] * 4


def test_statistics_are_those_of_the_ticks_that_count() -> None:
    x = features()
    norm, plain = MaskedNorm(4).train(), nn.BatchNorm2d(4).train()
    together = torch.cat([clip[:, :n] for clip, n in zip(x, LENGTHS, strict=True)], dim=1)
    expected = plain(together.unsqueeze(0))[0]
    normed = norm(x, MASK)
    actual = torch.cat([clip[:, :n] for clip, n in zip(normed, LENGTHS, strict=True)], dim=1)
    torch.testing.assert_close(actual, expected)
    torch.testing.assert_close(norm.running_mean, plain.running_mean)
    torch.testing.assert_close(norm.running_var, plain.running_var)
    assert (normed.transpose(1, 2)[~SEEN] == 0).all()
    assert (norm.eval()(x, MASK).transpose(1, 2)[~SEEN] == 0).all()


def test_means_and_last_ticks_stop_at_the_length() -> None:
    x = features()
    expected = torch.stack([clip[:, :n].mean((1, 2)) for clip, n in zip(x, LENGTHS, strict=True)])
    torch.testing.assert_close(masked_mean(x, MASK), expected)
    ticks = x[..., 0].transpose(1, 2)
    assert torch.equal(last_seen(ticks, LENGTHS), ticks[range(3), LENGTHS - 1])


def test_turning_moves_only_what_counts_and_twice_is_nothing() -> None:
    x = torch.arange(21.0).reshape(3, 7, 1)
    once = turned(x, LENGTHS)
    assert once[1].flatten().tolist() == [9, 8, 7, 10, 11, 12, 13]
    assert torch.equal(turned(once, LENGTHS), x)


def test_both_ways_is_torchs_bidirectional_lstm_over_packed_clips() -> None:
    torch.manual_seed(0)
    ours, theirs = (
        BothWays(nn.LSTM, 6, 5, 2),
        nn.LSTM(6, 5, 2, batch_first=True, bidirectional=True),
    )
    state = {}
    for layer in range(2):
        for part, suffix in (("onward", ""), ("backward_", "_reverse")):
            for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                given = ours.state_dict()[f"{part}.{layer}.{kind}_l0"]
                state[f"{kind}_l{layer}{suffix}"] = given
    theirs.load_state_dict(state)
    x = torch.randn(3, 7, 6)
    packed = nn.utils.rnn.pack_padded_sequence(x, LENGTHS, batch_first=True)
    read, (hidden, _) = theirs(packed)
    expected, _ = nn.utils.rnn.pad_packed_sequence(read, batch_first=True)
    actual = ours(x, LENGTHS)
    torch.testing.assert_close(actual, expected)
    torch.testing.assert_close(
        ours.summary(actual, LENGTHS), torch.cat((hidden[-2], hidden[-1]), dim=1)
    )


def test_reading_onward_does_not_know_the_future() -> None:
    torch.manual_seed(0)
    x = torch.randn(1, 7, 6)
    changed = x.clone()
    changed[:, 4:] += 1.0
    whole = torch.tensor([7])
    onward, both = Onward(6, 5, 2), BothWays(nn.LSTM, 6, 5, 2)
    assert torch.equal(onward(x, whole)[:, :4], onward(changed, whole)[:, :4])
    assert (both(x, whole)[:, :4] != both(changed, whole)[:, :4]).any()


def test_only_joints_that_are_there_are_rebuilt() -> None:
    clips = torch.tensor([[[[1.0, 2.0, 0.9], [0.0, 0.0, 0.0]], [[9.0, 9.0, 1.0], [9.0, 9.0, 1.0]]]])
    rebuilt = torch.zeros(1, 2, 2, 2)
    rebuilt[0, 0, 1] = 70.0
    seen = torch.tensor([[True, False]])
    assert rebuild_error(rebuilt, clips, seen, power=1) == 1.5
    assert rebuild_error(rebuilt, clips, seen, power=2) == 2.5
    assert rebuild_error(rebuilt, clips, seen & False, power=2) == 0.0
