"""Hand-to-face signs against signs with the hands elsewhere."""

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.accuracy.contacts import contact_belief
from benchmarks.accuracy.found import found_in
from benchmarks.accuracy.landmark_files import sign_clips
from benchmarks.accuracy.meanings import HAND_TO_HEAD
from engine.config import Config
from engine.contracts import StepModel
from training.evaluation.frames import auc
from training.evaluation.intervals import bootstrap
from training.evaluation.trace import trace

TO_FACE = frozenset({"sad", "thank you", "hello", "father"})
ELSEWHERE = frozenset({"happy", "how much"})


def signs(path: Path, config: Config, model: StepModel) -> dict[str, Any]:
    """Figures of the ASL set.

    Raises:
        UsageError: It cannot be read.
        ModelError: The recogniser broke.
    """
    clips = [clip for clip in sign_clips(path) if clip.sign in TO_FACE | ELSEWHERE]
    beliefs, contacts, seconds = [], [], []
    for clip in clips:
        traced = trace(config, model, clip.samples)
        beliefs.append(np.nan_to_num(contact_belief(traced, model.labels), nan=0.0))
        contacts.append(sum(f.slug in HAND_TO_HEAD for f in found_in(traced)))
        seconds.append(traced.seconds)
    to_face = np.array([clip.sign in TO_FACE for clip in clips])
    found, peaks = np.array(contacts) > 0, np.array([b.max(initial=0.0) for b in beliefs])
    each = np.concatenate([np.full(len(b), t) for b, t in zip(beliefs, to_face, strict=True)])
    free_min = sum(s for s, t in zip(seconds, to_face, strict=True) if not t) / 60.0
    names = sorted(TO_FACE | ELSEWHERE)
    own = {name: np.array([clip.sign == name for clip in clips]) for name in names}
    interval = bootstrap(len(clips), lambda chosen: auc(to_face[chosen], peaks[chosen]), 500)
    return {
        "clip_auc": interval.text(3),
        "tick_auc": auc(each.astype(bool), np.concatenate(beliefs)),
        "clip_accuracy": float((found == to_face).mean()),
        "clip_accuracy_balanced": float((found[to_face].mean() + (~found[~to_face]).mean()) / 2),
        "false_contacts_per_min": float(np.array(contacts)[~to_face].sum() / free_min),
        "clips_with_a_contact": {
            name: f"{int(found[chosen].sum())}/{int(chosen.sum())}" for name, chosen in own.items()
        },
    }
