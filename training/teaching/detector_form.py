"""A taught detector as a network of windows."""

import math

import torch
from torch import Tensor, nn

from training.teaching.window_vectors import Window, window_vectors
from training.zoo.ball import Ball
from training.zoo.clip_model import ClipEncoder

_SILENT = -30.0


class DetectorForm(nn.Module):
    """Encoder, pooling, ball and a direction: windows `(S, W, V, 3)` to a logit `(S, 1)`.

    The logit is `gain * (score - threshold) + logit(at_threshold)`; far below 0 where too few of
    the window's ticks have a pose, so also at the beginning of a stream.

    Args:
        encoder: In evaluation mode.
        window: Of the vectors.
        ball: What their points lie in.
        direction: `(P,)`.
        threshold: Of the scores.
        gain: Logits a unit of the score.
        at_threshold: Score, 0..1, that the threshold shall have.
    """

    middle: Tensor
    whitening: Tensor
    direction: Tensor

    def __init__(
        self,
        encoder: ClipEncoder,
        window: Window,
        ball: Ball,
        direction: Tensor,
        *,
        threshold: float,
        gain: float,
        at_threshold: float,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self._window = window
        self._radius = ball.radius
        self.register_buffer("middle", torch.tensor(ball.middle, dtype=torch.float32))
        self.register_buffer("whitening", torch.tensor(ball.whitening, dtype=torch.float32))
        self.register_buffer("direction", (direction * gain).to(torch.float32).unsqueeze(1))
        self._bias = math.log(at_threshold / (1.0 - at_threshold)) - gain * threshold

    def forward(self, windows: Tensor) -> Tensor:
        """`(S, 1)` logits."""
        return self.logits(*window_vectors(self.encoder, windows, self._window.pooling))

    def logits(self, vectors: Tensor, told: Tensor) -> Tensor:
        """`(S, 1)` of vectors `(S, P)` and where something can be told `(S,)`."""
        out = (vectors - self.middle) @ self.whitening
        points = out / out.norm(dim=1, keepdim=True).clamp_min(self._radius)
        enough = told.to(vectors.dtype).unsqueeze(1)
        logits: Tensor = (points @ self.direction + self._bias) * enough
        return logits + _SILENT * (1.0 - enough)
