"""Videos with known rates of gestures."""

import numpy as np

from training.emotion.gesture_sequence import GestureSequence
from training.emotion.rates import CLASSES
from training.labels import class_index

SEEN_S = 300.0
JAW, NECK, HEAD_UP = (class_index(label) for label in (11, 12, 28))


def video(
    name: str, positive: bool, per_min: dict[int, float], seed: int, subject: str = ""
) -> GestureSequence:
    """One video in which gestures of each class come by chance, so many a minute."""
    rng = np.random.default_rng(seed)
    counts = {k: rng.poisson(rate * SEEN_S / 60.0) for k, rate in per_min.items()}
    classes = np.repeat(list(counts), list(counts.values())).astype(np.int64)
    starts = rng.uniform(0.0, SEEN_S - 3.0, len(classes)).astype(np.float32)
    order = np.argsort(starts, kind="stable")
    return GestureSequence(
        name=name,
        subject=subject or name,
        positive=positive,
        seen_s=SEEN_S,
        classes=classes[order],
        start_s=starts[order],
        end_s=starts[order] + np.float32(1.5),
        scores=np.ones(len(classes), np.float32),
    )


def videos(count: int, ratio: float, seed: int = 0) -> list[GestureSequence]:
    """Half won, half lost; necks are touched `ratio` times as often in won ones, jaws as often."""
    made = []
    for n in range(count):
        won = n % 2 == 0
        neck = 2.0 * (ratio**0.5 if won else ratio**-0.5)
        per_min = {JAW: 2.0, NECK: neck, HEAD_UP: 0.05}
        made.append(video(f"{seed}-{n}", won, per_min, 1000 * seed + n))
    return made


assert CLASSES > HEAD_UP
