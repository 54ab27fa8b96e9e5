"""What each micro-gesture says about the emotional state: one table, with its sources.

A weight is the log-likelihood ratio of one event of full confidence: above 0 it is more frequent
in a positive state, below 0 in a negative one. The readings come from publications on related
questions (anxiety, stress, victory) and from a practitioner's book, not from a contrast of these
classes on iMiGUE, of which none is published; hence the small numbers. `docs/emotion.md` prints
the table and says what it does not claim.

Weights that were fitted to data can take its place, see `engine.emotion_weights`. Shrinkage and
bound of this module are not theirs: the prior of a fit is found in its data, and what bounds it is
`MAX_FITTED_LOG_ODDS`.
"""

import hashlib
from dataclasses import dataclass
from enum import Enum

import msgspec

from engine.emotion_weights import FittedWeights, identity
from engine.labels import BY_SLUG

# A log ratio of two rates, estimated from n events split evenly, has variance 4 / n. With a normal
# prior of this standard deviation on true weights, the posterior mean is n / (n + 4 / sd²) of the
# estimate. Two standard deviations are the largest weight the table allows.
PRIOR_SD = 0.25
SHRINKAGE_COUNT = 4.0 / PRIOR_SD**2
MAX_LOG_ODDS = 2.0 * PRIOR_SD


class Strength(str, Enum):
    """How good the reason for a sign is."""

    EXPERIMENT = "experiment"
    PRACTITIONER = "practitioner"
    POPULAR = "popular"
    NONE = "none"


# The largest raw weight a kind of source may carry.
LIMITS: dict[Strength, float] = {
    Strength.EXPERIMENT: 0.3,
    Strength.PRACTITIONER: 0.3,
    Strength.POPULAR: 0.15,
    Strength.NONE: 0.0,
}

SOURCES: dict[str, str] = {
    "Pang 2022": "Pang, Canarslan, Chu: Individual differences in conversational self-touch "
    "frequency correlate with state anxiety. Journal of Nonverbal Behavior 46, 2022. n = 127.",
    "Spille 2021": "Spille, Grunwald, Martin, Mueller: Stop touching your face! Neuroscience & "
    "Biobehavioral Reviews 128, 2021. Review: more in emotional and in cognitive load.",
    "Mohiyeddini 2013": "Mohiyeddini, Bauer, Semple: Displacement behaviour regulates the "
    "experience of stress in men. Stress 16, 2013. n = 42. It also lowers stress afterwards.",
    "Tracy 2008": "Tracy, Matsumoto: The spontaneous expression of pride and shame. PNAS 105, "
    "2008. Olympic judo, seconds after the fight, standing.",
    "Navarro 2008": "Navarro, Karlins: What Every Body Is Saying. HarperCollins, 2008. A "
    "practitioner's book without measurements.",
    "SMG 2023": "Chen et al.: SMG: a micro-gesture dataset towards spontaneous body gestures for "
    "emotional stress state analysis. IJCV 131, 2023. Groups gestures by function.",
    "Popular": "Popular body-language literature, without measurements.",
}


@dataclass(frozen=True)
class Reading:
    """One row of the table.

    Attributes:
        slug: Class it is about.
        raw_log_odds: Weight before shrinkage.
        reading: Why it has this sign, or why it has none.
        strength: How good that reason is.
        sources: Keys of `SOURCES`.
    """

    slug: str
    raw_log_odds: float
    reading: str
    strength: Strength
    sources: tuple[str, ...]

    @property
    def log_odds(self) -> float:
        """The weight in use: `raw_log_odds` shrunk by the class's labelled support."""
        count = BY_SLUG[self.slug].train_count
        return self.raw_log_odds * count / (count + SHRINKAGE_COUNT)


_EXPERIMENT = Strength.EXPERIMENT
_PRACTITIONER = Strength.PRACTITIONER
_POPULAR = Strength.POPULAR
_NONE = Strength.NONE
_TOUCH = ("Pang 2022", "Spille 2021")
_BOOK = ("Navarro 2008",)

TABLE: tuple[Reading, ...] = tuple(
    Reading(*row)
    for row in (
        (
            *("turtle_neck", -0.25, "withdrawal: shoulders up, head down"),
            *(_PRACTITIONER, ("Navarro 2008", "SMG 2023")),
        ),
        ("bulging_face", -0.15, "lets off tension by breathing out", _PRACTITIONER, _BOOK),
        ("touch_hat", -0.1, "self-touch, but of an object that needs it", _EXPERIMENT, _TOUCH),
        ("scratch_head", -0.2, "self-touch, raised state anxiety", _EXPERIMENT, _TOUCH),
        ("touch_forehead", -0.25, "self-touch, raised state anxiety", _EXPERIMENT, _TOUCH),
        ("cover_face", -0.3, "self-touch that also hides the face", _EXPERIMENT, _TOUCH),
        ("rub_eyes", -0.15, "self-touch; as often tiredness", _EXPERIMENT, _TOUCH),
        ("touch_face", -0.2, "self-touch, raised state anxiety", _EXPERIMENT, _TOUCH),
        ("touch_ears", -0.2, "self-touch, raised state anxiety", _EXPERIMENT, _TOUCH),
        (
            *("bite_nails", -0.3, "displacement behaviour under stress"),
            *(_EXPERIMENT, ("Mohiyeddini 2013",)),
        ),
        ("touch_jaw", -0.1, "self-touch; as often thinking", _EXPERIMENT, _TOUCH),
        (
            *("touch_neck", -0.3, "self-touch of a place that soothes"),
            *(_EXPERIMENT, ("Pang 2022", "Navarro 2008")),
        ),
        ("play_hair", -0.15, "self-touch, partly grooming", _EXPERIMENT, _TOUCH),
        ("adjust_collar", -0.2, "airs the neck under stress", _PRACTITIONER, _BOOK),
        ("cover_notch", -0.3, "shields the throat when insecure", _PRACTITIONER, _BOOK),
        (
            *("scratch_back", -0.1, "displacement scratching; as often an itch"),
            *(_EXPERIMENT, ("Mohiyeddini 2013",)),
        ),
        ("fold_arms", -0.15, "barrier or self-hug; also plain comfort", _PRACTITIONER, _BOOK),
        ("dust_clothes", 0.0, "grooming; no reading that agrees", _NONE, ()),
        ("arms_behind_body", 0.0, "read as withdrawal and as authority", _NONE, ()),
        ("move_torso", 0.0, "activity level and speech, not valence", _NONE, ()),
        ("sit_straight", 0.2, "expanded posture after success", _EXPERIMENT, ("Tracy 2008",)),
        ("touch_arms", -0.15, "self-touch that soothes", _EXPERIMENT, ("Pang 2022",)),
        ("rub_hands", -0.15, "hands soothe each other; also cold", _PRACTITIONER, _BOOK),
        ("cross_fingers", -0.1, "clasped hands, low confidence", _POPULAR, ("Popular",)),
        ("minaret", 0.25, "steepled hands, confidence", _PRACTITIONER, _BOOK),
        ("play_objects", -0.1, "fidgets under strain; also boredom", _POPULAR, ("Popular",)),
        ("hold_back_arms", -0.15, "arms withdrawn from others", _PRACTITIONER, _BOOK),
        ("head_up", 0.25, "head tilted back after success", _EXPERIMENT, ("Tracy 2008",)),
        ("press_lips", -0.2, "lips pressed together under stress", _PRACTITIONER, _BOOK),
        ("akimbo", 0.1, "takes room, dominance; also annoyance", _POPULAR, ("Popular",)),
        ("shake_shoulders", 0.0, "activity level and speech, not valence", _NONE, ()),
        ("illustrative", 0.0, "accompanies speech, no micro-gesture", _NONE, ()),
    )
)
LOG_ODDS: dict[str, float] = {row.slug: row.log_odds for row in TABLE}


def identity_of(fitted: FittedWeights | None) -> str:
    """`name@digest` of the weights in use: the fitted ones, or the shipped table without any."""
    if fitted is not None:
        return fitted.identity
    digest = hashlib.sha256(msgspec.json.encode(LOG_ODDS, order="sorted")).hexdigest()
    return identity("shipped", digest)
