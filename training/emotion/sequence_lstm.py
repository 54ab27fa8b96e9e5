"""An LSTM over the gestures of a video, as in the iMiGUE paper.

Liu, Shi, Chen, Yu, Li, Zhao: iMiGUE, CVPR 2021, names it U-S-VAE+LSTM (accuracy 0.55) and TSM+LSTM
(0.60) by what recognised the gestures. It does not tell sizes or how a gesture is encoded: here it
is its class, score, length and the pause before it, one layer of 64, and the outcome is told by the
mean of all states: from the last one alone networks learned to count or not by the seed.
"""

from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from training.emotion.encoding import WIDTH

NAME = "LSTM"


class SequenceLstm(nn.Module):
    """The mean of the states after each gesture tells the outcome.

    Args:
        hidden: Size of the state.
        dropout: Part of the state left out in training.
    """

    def __init__(self, hidden: int = 64, dropout: float = 0.5) -> None:
        super().__init__()
        self.lstm = nn.LSTM(WIDTH, hidden, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(hidden, 1)

    def forward(self, rows: Tensor, lengths: Tensor) -> Tensor:
        """`(N,)` log-odds of `(N, E, WIDTH)` rows, of which `(N,)` are used."""
        packed = pack_padded_sequence(rows, lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        mean = states.sum(dim=1) / lengths[:, None]
        logits: Tensor = self.head(self.dropout(mean)).squeeze(-1)
        return logits
