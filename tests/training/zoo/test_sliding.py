"""A model that steps, held to a window."""

import pytest
import torch

from engine.errors import UsageError
from tests.training.zoo.clips import random_clips, settled_model
from training.zoo.clip_model import ClipEncoder, ClipModel
from training.zoo.sliding import SlidingSteps, slid
from training.zoo.zoo import ZOO

WINDOW = 6
STEPPING = [name for name, kind in ZOO.items() if kind.description.streams]


def of_clip(model: ClipModel, clip: torch.Tensor) -> torch.Tensor:
    """What a model says at the end of a clip `(T, V, 3)`."""
    length = torch.tensor([len(clip)])
    if isinstance(model, ClipEncoder):
        latent: torch.Tensor = model(clip[None], length).sequence[0, -1]
        return latent
    logits: torch.Tensor = model(clip[None], length)[0]
    return logits


@pytest.mark.parametrize("name", STEPPING)
@torch.no_grad()
def test_it_says_what_the_model_says_of_the_last_ticks(name: str) -> None:
    model = settled_model(name)
    ticks = random_clips(2, 20).transpose(0, 1).contiguous()
    said = slid(SlidingSteps(model, WINDOW), ticks)
    for t in range(20):
        for stream in range(2):
            clip = ticks[max(0, t + 1 - WINDOW) : t + 1, stream]
            torch.testing.assert_close(said[t, stream], of_clip(model, clip), atol=1e-5, rtol=0)


def test_what_cannot_be_held_to_a_window_is_refused() -> None:
    with pytest.raises(UsageError, match="st-gcn: cannot step"):
        SlidingSteps(settled_model("st-gcn"), WINDOW)
    with pytest.raises(UsageError, match="2 ticks or more"):
        SlidingSteps(settled_model("lstm"), 1)
