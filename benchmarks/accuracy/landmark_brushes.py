"""Short touches of chin, neck and face in sign language, and files without any."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.accuracy.contacts import contact_belief
from benchmarks.accuracy.found import found_in
from benchmarks.accuracy.landmark_files import pose_file
from benchmarks.accuracy.meanings import HAND_TO_HEAD
from engine.config import Config
from engine.contracts import StepModel
from training.evaluation.events import Interval
from training.evaluation.frames import auc
from training.evaluation.matching import covered_s, merged
from training.evaluation.tally import F64
from training.evaluation.trace import trace

CONTACTS = HAND_TO_HEAD | {"touch_neck"}
BRUSHES: dict[str, tuple[Interval, ...]] = {
    "YOUNG1_.npz": (Interval(0.56, 0.82), Interval(0.98, 1.34)),
    "segmentation_example.npz": (Interval(1.33, 1.47),),
    "DIFFERENT1_.npz": (),
    "viewer_example.npz": (),
}
"""By eye; in `viewer_example` both hands are raised beside the head from 0.9 to 2.2 s."""
ROTATED = "he_0ff215ef4f1f111e217e2cefee0adc77.npz"
_MARGIN_S = 0.2


def brushes(folder: Path, config: Config, model: StepModel) -> dict[str, Any]:
    """Figures of the pose files.

    Raises:
        UsageError: One cannot be read.
        ModelError: The recogniser broke.
    """
    true, belief = [], []
    hit = count = false = 0
    free_s = 0.0
    for name, spans in BRUSHES.items():
        traced = trace(config, model, pose_file(folder / name))
        contacts = merged([f for f in found_in(traced) if f.slug in CONTACTS], 0.0)
        hit += sum(covered_s(span, contacts) > 0 for span in spans)
        count += len(spans)
        near = merged([_wide(span) for span in spans], 0.0)
        false += sum(covered_s(contact, near) == 0 for contact in contacts)
        free_s += traced.seconds - sum(span.end_s - span.start_s for span in near)
        within, around = _inside(traced.times_s, spans), _inside(traced.times_s, near)
        kept = within | ~around
        true.append(within[kept])
        belief.append(np.nan_to_num(contact_belief(traced, model.labels, CONTACTS)[kept], nan=0.0))
    rotated = trace(config, model, pose_file(folder / ROTATED))
    return {
        "brushes_met": f"{hit}/{count}",
        "tick_auc": auc(np.concatenate(true), np.concatenate(belief)),
        "false_contacts_per_min": 60.0 * false / free_s,
        "events_with_a_rotated_camera": [found.slug for found in found_in(rotated)],
        "rotated_abstained": float(np.isnan(rotated.scores).mean()),
    }


def _wide(span: Interval) -> Interval:
    return Interval(span.start_s - _MARGIN_S, span.end_s + _MARGIN_S)


def _inside(times_s: F64, spans: Sequence[Interval]) -> npt.NDArray[np.bool_]:
    inside = np.zeros(len(times_s), np.bool_)
    for span in spans:
        inside |= (times_s >= span.start_s) & (times_s < span.end_s)
    return inside
