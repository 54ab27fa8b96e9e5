"""Models of the outcome on one data set: what they were fitted to, and how good they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.errors import UsageError
from training.datasets.dataset import DataSet, Video
from training.datasets.leakage import disjoint_emotion_split
from training.datasets.silent_videos import silent_videos
from training.datasets.splits import Split, emotion_split
from training.emotion.annotated import annotated
from training.emotion.comparison import EmotionFigures, compared, cross_validated
from training.emotion.gesture_sequence import GestureSequence
from training.emotion.models import Fit
from training.emotion.recorded import Recorded
from training.emotion.weights_of_evidence import FOLDS

ANNOTATORS = "annotators"


@dataclass(frozen=True)
class Study:
    """What was done.

    Attributes:
        data: Name of the data.
        synthetic: Whether they are simulated.
        gestures: Who told the gestures: `ANNOTATORS`, or recognisers as `name@model_hash`.
        how: Which videos models were judged on.
        train: Videos that weights for the engine are to be fitted to.
        test: Videos that the models were judged on.
        figures: Model to how good it is.
        left_out: Numbers of videos without any gesture: nobody knows how they ended.
    """

    data: str
    synthetic: bool
    gestures: str
    how: str
    train: Sequence[GestureSequence]
    test: Sequence[GestureSequence]
    figures: Mapping[str, EmotionFigures]
    left_out: tuple[int, ...] = ()

    @property
    def people(self) -> int:
        """Of how many people the videos are that models were judged on."""
        return people(self.test)


def people(sequences: Sequence[GestureSequence]) -> int:
    """Of how many people videos are."""
    return len({one.subject for one in sequences})


def by_protocol(
    data: DataSet,
    fits: Mapping[str, Fit],
    *,
    synthetic: bool,
    disjoint: bool,
    seed: int,
    tell: Callable[[str], None],
) -> Study:
    """The paper's emotion protocol over annotated gestures.

    Args:
        data: Where from.
        fits: Model to what fits it.
        synthetic: Whether the data are simulated.
        disjoint: Leave out test videos that the challenge trains on.
        seed: Of the fits.
        tell: Hears what is being done.

    Raises:
        UsageError: The data set is not what it must be.
    """
    usable = [video for video in data.videos if video.has_labels]
    chosen = disjoint_emotion_split if disjoint else emotion_split
    left_out = _without_outcome(data, chosen(usable), usable)
    split = chosen(video for video in usable if video.number not in left_out)
    train, test = annotated(data, split.train, tell), annotated(data, split.test, tell)
    if any(len({one.positive for one in part}) < 2 for part in (train, test)):
        raise UsageError(
            f"{data.name}: expected won and lost matches among the emotion protocol's videos, "
            f"got {len(train)} to train on and {len(test)} to test on"
        )
    tell("fitting")
    return Study(
        data=data.name,
        synthetic=synthetic,
        gestures=ANNOTATORS,
        how="test videos of the emotion protocol"
        + (", without those that the challenge trains on" if disjoint else ""),
        train=train,
        test=test,
        figures=compared(fits, train, test, seed),
        left_out=left_out,
    )


def _without_outcome(data: DataSet, split: Split, videos: Sequence[Video]) -> tuple[int, ...]:
    """Those that the label table of a copy that has one cannot tell of, for lack of any gesture."""
    own = [video for video in videos if video.number in {*split.train, *split.test}]
    if all(video.outcome is None for video in own):
        return ()
    return silent_videos(data, (video for video in own if video.outcome is None))


def across_people(
    data: str, told: Recorded, fits: Mapping[str, Fit], *, synthetic: bool, seed: int
) -> Study:
    """Recordings, which have no published protocol: each model is judged on people left out.

    The weights are fitted to all recordings, so the figures are about weights fitted to a part.

    Args:
        data: Name of the recordings.
        told: What was found in them.
        fits: Model to what fits it.
        synthetic: Whether they are of simulated people.
        seed: Of the folds and the fits.

    Raises:
        UsageError: They are of too few people.
    """
    return Study(
        data=data,
        synthetic=synthetic,
        gestures=", ".join(told.recognizers),
        how=f"people left out in turn, in {FOLDS} parts",
        train=told.sequences,
        test=told.sequences,
        figures=cross_validated(fits, told.sequences, seed),
    )
