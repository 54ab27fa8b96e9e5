"""How sure a live model may be is chosen on people held out."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import Tensor, nn

from engine.poses import F32
from plugins.recognizers.clip.recognizer import softmax
from tests.training.clips.sets import waving
from training.clips.clip_set import ClipSet
from training.clips.live_calibration import chosen_temperature
from training.fitting.calibrate import mean_nll
from training.labels import CLASS_COUNT
from training.zoo.clip_model import ClipClassifier
from training.zoo.lstm import Lstm

COUNT = 1500


class Said(ClipClassifier):
    """Says of the n-th clip what it was given; which it is, the first joint tells."""

    description = Lstm.description

    def __init__(self, logits: F32) -> None:
        super().__init__()
        self.logits = nn.Parameter(torch.from_numpy(logits), requires_grad=False)

    def forward(self, clips: Tensor, lengths: Tensor) -> Tensor:
        return self.logits[clips[:, 0, 0, 0].round().long()]


def held_out(louder: float) -> tuple[Said, ClipSet, npt.NDArray[np.int64]]:
    """A model whose logits are so many times those of the truth, and windows."""
    rng = np.random.default_rng(0)
    true = 2 * rng.standard_normal((COUNT, CLASS_COUNT)).astype(np.float32)
    labels = (softmax(true).cumsum(1) > rng.random((COUNT, 1))).argmax(1)
    windows = replace(waving(COUNT, (0, 1), ticks=2), labels=labels)
    windows.clips[:, 0, 0, 0] = np.arange(COUNT)
    return Said(true * np.float32(louder)).eval(), windows, labels


@pytest.mark.parametrize("louder", [0.5, 1.0, 2.5])
def test_the_temperature_is_what_makes_the_labels_likeliest(louder: float) -> None:
    model, windows, labels = held_out(louder)
    found = chosen_temperature(model, windows)
    assert found.temperature == pytest.approx(louder, rel=0.1)
    assert found.before is not None
    assert found.after is not None
    for own, temperature in ((found.before, 1.0), (found.after, found.temperature)):
        log_p = np.log(softmax(model.logits.numpy() / np.float32(temperature)))
        assert own.nll == pytest.approx(mean_nll(log_p, labels), rel=1e-3)
    assert found.after.nll <= found.before.nll
    if louder == 2.5:
        assert found.after.nll < found.before.nll - 0.1
