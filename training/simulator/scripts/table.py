"""The one table of everything a simulated person does."""

from engine.labels import BY_SLUG, LABELS
from training.labels import IGNORE, NONE_INDEX, class_index
from training.simulator.scripts.arms import ARMS
from training.simulator.scripts.model import Script
from training.simulator.scripts.negatives import NEGATIVES
from training.simulator.scripts.posture import POSTURE
from training.simulator.scripts.touches import TOUCHES

SCRIPTS: tuple[Script, ...] = (*TOUCHES, *ARMS, *POSTURE, *NEGATIVES)
BY_NAME: dict[str, Script] = {script.name: script for script in SCRIPTS}
ABSENT_IDS: tuple[int, ...] = tuple(
    script.label_id for script in SCRIPTS if script.label_id is not None and not script.shows
)
"""iMiGUE ids that these joints cannot show: a model trained here does not cover them."""


def seen_in_landmarks() -> tuple[int, ...]:
    """Ids of iMiGUE that these joints can show, in the order of the labels."""
    return tuple(label.id for label in LABELS if label.id not in ABSENT_IDS)


def trained_class(script: Script) -> int:
    """Class index that ticks of a script are trained as; `IGNORE` where it cannot be told."""
    if script.label_id is None:
        return NONE_INDEX
    if script.shows:
        return class_index(script.label_id)
    return IGNORE if script.touching else NONE_INDEX


def _check() -> None:
    wrong = [s.name for s in SCRIPTS if s.label_id and BY_SLUG[s.name].id != s.label_id]
    missing = {label.id for label in LABELS} - {script.label_id for script in SCRIPTS}
    if wrong or missing or len(BY_NAME) != len(SCRIPTS):
        raise AssertionError(f"script table: wrong {wrong}, missing {sorted(missing)}")


_check()
