"""Multiple-instance learning with gated attention: a video is a bag of gestures, without order.

Ilse, Tomczak, Welling: Attention-based Deep Multiple Instance Learning, ICML 2018, equations 7, 9.
"""

import torch
from torch import Tensor, nn

from training.emotion.encoding import WIDTH

NAME = "attention pooling"


class AttentionPooling(nn.Module):
    """A weighted mean of embedded gestures tells the outcome.

    Args:
        embedded: Size of an embedded gesture.
        hidden: Size of the attention's own layer.
        dropout: Part of the mean left out in training.
    """

    def __init__(self, embedded: int = 32, hidden: int = 16, dropout: float = 0.5) -> None:
        super().__init__()
        self.embed = nn.Sequential(nn.Linear(WIDTH, embedded), nn.ReLU())
        self.tell = nn.Linear(embedded, hidden)
        self.gate = nn.Linear(embedded, hidden)
        self.weigh = nn.Linear(hidden, 1)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(embedded, 1)

    def forward(self, rows: Tensor, lengths: Tensor) -> Tensor:
        """`(N,)` log-odds of `(N, E, WIDTH)` rows, of which `(N,)` are used."""
        embedded = self.embed(rows)
        pooled = (self._attention(embedded, lengths)[..., None] * embedded).sum(dim=1)
        logits: Tensor = self.head(self.dropout(pooled)).squeeze(-1)
        return logits

    def _attention(self, embedded: Tensor, lengths: Tensor) -> Tensor:
        """`(N, E)` what each gesture counts; the sum is 1."""
        gated = torch.tanh(self.tell(embedded)) * torch.sigmoid(self.gate(embedded))
        beyond = torch.arange(embedded.shape[1]) >= lengths[:, None]
        scores = self.weigh(gated).squeeze(-1).masked_fill(beyond, float("-inf"))
        return torch.softmax(scores, dim=1)
