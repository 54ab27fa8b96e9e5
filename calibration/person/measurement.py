"""From ordinary sitting to the person's calibration file."""

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from calibration.person.rates import shrunk_rates
from calibration.person.resting import REFUSALS, RestingMeasurement
from engine.calibration_file import sealed
from engine.errors import CalibrationError
from engine.labels import BY_SLUG, Label
from engine.messages import GestureEvent
from engine.person import PERSON_FILE, PersonCalibration
from engine.poses import REASONS, PoseSample
from engine.skeletons import covers
from engine.skeletons import skeleton as skeleton_of

MIN_OBSERVED_S = 20.0
# A class that could be seen for less gets no rate: it would be the prior, not the person. Half of
# what is asked of the whole, so that hands may leave the picture now and then; a judgement.
MIN_VISIBLE_S = 10.0
# Between valid samples further apart than this nothing was observed.
_MAX_STEP_NS = 500_000_000


class PersonMeasurement:
    """Watches a person sit and measures resting pose and gesture rates. One thread at a time.

    Args:
        skeleton: Joint set of the samples.
        recognizer: Recogniser that gives the events, `name@model_hash`.
        covered: Classes that it can give. Those that are none of iMiGUE's get no rate: nothing is
            known of how often people make them, and no evidence rests on them.

    Raises:
        ModelError: The joint set is unknown.
    """

    def __init__(self, skeleton: str, recognizer: str, covered: Iterable[Label]) -> None:
        self._skeleton = skeleton
        self._recognizer = recognizer
        self._covered = tuple(label.slug for label in covered)
        self._resting = RestingMeasurement(skeleton_of(skeleton))
        self._scores: dict[str, tuple[str, float]] = {}
        self._abstained_s: Mapping[str, float] = {}
        self._refused: Counter[str] = Counter()
        self._frames = 0
        self._observed_ns = 0
        self._last: tuple[int, int] | None = None

    @property
    def observed_s(self) -> float:
        """Seconds with a valid pose so far."""
        return self._observed_ns / 1e9

    @property
    def hardly_visible_s(self) -> dict[str, float]:
        """Covered classes that get no rate, slug to the seconds in which each could be seen."""
        visible_s = self._visible_s()
        return {slug: seen_s for slug, seen_s in visible_s.items() if seen_s < MIN_VISIBLE_S}

    def add_sample(self, sample: PoseSample) -> None:
        """Take one sample, valid or not.

        Raises:
            CalibrationError: It is of another joint set, which does not begin with this one.
        """
        if not covers(sample.skeleton, self._skeleton):
            raise CalibrationError(
                f"expected samples of skeleton '{self._skeleton}', got '{sample.skeleton}'"
            )
        self._frames += 1
        if not sample.valid:
            self._refused[sample.reason] += 1
            self._last = None
            return
        self._observe(sample.epoch, sample.capture_ns)
        refusal = self._resting.add(sample)
        if refusal:
            self._refused[refusal] += 1

    def add_event(self, event: GestureEvent) -> None:
        """Take one state of a gesture. It counts once, by its latest score, ended or not.

        Raises:
            CalibrationError: The recogniser said that it does not cover this class.
        """
        if event.label not in self._covered:
            raise CalibrationError(
                f"expected events of the classes that {self._recognizer} covers, "
                f"got '{event.label}'"
            )
        self._scores[event.id] = event.label, event.score

    def set_abstained(self, seconds: Mapping[str, float]) -> None:
        """Tell how long the view did not support a class, in place of what was told before.

        Args:
            seconds: Class slug to seconds of the whole watching, as `StreamCore.abstained_s`.
        """
        self._abstained_s = dict(seconds)

    def finish(self, now_wall_ns: int) -> PersonCalibration:
        """The calibration, with its checksum.

        Args:
            now_wall_ns: Unix time now.

        Raises:
            CalibrationError: Too little was seen of the person or of every single class, the
                person did not sit still, or what was measured is not built like a person. The
                message says what was seen.
        """
        if self.observed_s < MIN_OBSERVED_S:
            raise CalibrationError(
                f"expected at least {MIN_OBSERVED_S:g} s with a person in view, got "
                f"{self.observed_s:.1f} s. {self._why_refused()}"
            )
        try:
            resting = self._resting.finish()
        except CalibrationError as error:
            raise CalibrationError(f"{error} {self._why_refused()}") from error
        rates = shrunk_rates(self._counts(), self._rated_s())
        calibration = PersonCalibration(
            kind=PERSON_FILE.kind,
            version=PERSON_FILE.version,
            created_wall_ns=now_wall_ns,
            skeleton=self._skeleton,
            recognizer=self._recognizer,
            observed_s=round(self.observed_s, 1),
            resting=resting,
            rates_per_min=rates,
        )
        return _sealed(calibration)

    def _observe(self, epoch: int, capture_ns: int) -> None:
        if self._last is not None and self._last[0] == epoch:
            step_ns = capture_ns - self._last[1]
            if 0 < step_ns <= _MAX_STEP_NS:
                self._observed_ns += step_ns
        self._last = epoch, capture_ns

    def _visible_s(self) -> dict[str, float]:
        # Ticks bridge short losses that samples do not count: abstention may exceed observation.
        return {
            slug: max(0.0, self.observed_s - self._abstained_s.get(slug, 0.0))
            for slug in self._covered
            if slug in BY_SLUG
        }

    def _rated_s(self) -> dict[str, float]:
        """What `_visible_s` gives for the classes that get a rate."""
        hardly = self.hardly_visible_s
        if hardly and len(hardly) == len(self._covered):
            raise CalibrationError(
                f"expected a view that supports a class for at least {MIN_VISIBLE_S:g} s, got "
                f"{max(hardly.values()):.1f} s for the best of {len(hardly)} classes. Are head, "
                "arms and hands in the picture?"
            )
        return {slug: s for slug, s in self._visible_s().items() if slug not in hardly}

    def _counts(self) -> dict[str, float]:
        counts: dict[str, float] = {}
        for label, score in self._scores.values():
            counts[label] = counts.get(label, 0.0) + score
        return counts

    def _why_refused(self) -> str:
        if not self._refused:
            return f"None of the {self._frames} frames was refused."
        known = {**REASONS, **REFUSALS}
        parts = [
            f"{count} {reason} ({known[reason]})" if reason in known else f"{count} {reason}"
            for reason, count in self._refused.most_common()
        ]
        return f"Of {self._frames} frames were refused: {'; '.join(parts)}."


def _sealed(calibration: PersonCalibration) -> PersonCalibration:
    try:
        return sealed(calibration)
    except msgspec.ValidationError as error:
        raise CalibrationError(
            f"what was measured is not built like a person: {error}. Is the camera upright, and "
            "does it see head and both shoulders?"
        ) from error
