"""Classifiers with and without the outline on the same simulated ticks; what is done is kept."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from engine.errors import UsageError
from engine.poses import F32
from training.face_places.classifier import Classifier, Recipe, fit_classifier
from training.face_places.examples import (
    SPLITS,
    STRENGTHS,
    TRACKERS,
    Examples,
    Tracker,
    make_examples,
    together,
)
from training.face_places.features import Inputs, Templates, features, templates
from training.face_places.fit import Fitted
from training.face_places.touches import CLASSES

Tell = Callable[[str], None]
USUAL = STRENGTHS.index(1.0)


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much is done.

    Attributes:
        batches: Batches of people to train on, to choose the epoch by, and to test.
        aside: The same for trackers that are not the fitted one.
        people: In a batch.
        seeds: Classifiers of each kind.
        recipe: How each is made.
    """

    batches: tuple[int, int, int] = (24, 5, 10)
    aside: tuple[int, int, int] = (12, 3, 10)
    people: int = 64
    seeds: int = 3
    recipe: Recipe = Recipe()


class Kind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of classifier.

    Attributes:
        inputs: What it gets.
        strength: Factor of the outline's errors, in training and in test.
        tracker: What places body and hands.
        swapped: Whether outlines are those of other ticks: as many numbers, which tell nothing.
    """

    inputs: Inputs
    strength: float = 1.0
    tracker: Tracker = "fitted"
    swapped: bool = False

    @property
    def name(self) -> str:
        """For files and people."""
        parts: list[str] = [self.inputs]
        if self.inputs == "outline" and not self.swapped:
            parts.append(f"x{self.strength:g}")
        if self.swapped:
            parts.append("swapped")
        if self.tracker != "fitted":
            parts.append(self.tracker)
        return "-".join(parts)


KINDS: tuple[Kind, ...] = (
    Kind(inputs="today"),
    Kind(inputs="body"),
    *(Kind(inputs="outline", strength=strength) for strength in STRENGTHS),
    Kind(inputs="outline", swapped=True),
    *(
        Kind(inputs=inputs, tracker=tracker)
        for tracker in TRACKERS[1:]
        for inputs in ("body", "outline")
    ),
)


class Study:
    """Ticks and classifiers in a folder.

    Args:
        folder: What is done is kept there, and not done again.
        fitted: Faces and how their outlines err.
        plan: How much.
        tell: Hears what is being done.
    """

    def __init__(
        self, folder: Path, fitted: Fitted, plan: Plan, tell: Tell = lambda _: None
    ) -> None:
        self._folder, self._fitted, self._plan, self._tell = folder, fitted, plan, tell
        self._at: tuple[Tracker, dict[str, Examples]] | None = None
        self._for: tuple[Kind, dict[str, F32]] | None = None
        self._check()

    def examples(self, tracker: Tracker = "fitted") -> dict[str, Examples]:
        """Ticks of each split."""
        if self._at is None or self._at[0] != tracker:
            self._at = None  # not two at once: they are large
            counts = self._plan.batches if tracker == "fitted" else self._plan.aside
            found = {
                split: together(list(self._batches(split, count, tracker)))
                for split, count in zip(SPLITS, counts, strict=True)
            }
            self._at = tracker, found
        return self._at[1]

    def told(self, kind: Kind, seed: int) -> F32:
        """`(R, len(CLASSES))` log probabilities of the test's ticks."""
        path = self._folder / f"{kind.name}-{seed}.npy"
        if not path.is_file():
            classifier, _ = self.classifier(kind, seed)
            x = self._numbers(kind)["test"]
            draft = path.with_suffix(".part.npy")
            np.save(draft, classifier.log_probabilities(x))
            draft.replace(path)
        return np.asarray(np.load(path), np.float32)

    def classifier(self, kind: Kind, seed: int) -> tuple[Classifier, Templates]:
        """One, trained if it is not there yet."""
        path = self._folder / f"{kind.name}-{seed}.npz"
        if not path.is_file():
            self._tell(f"training {kind.name}, seed {seed}")
            classifier, average = self._trained(kind, seed)
            # A run that is stopped must not leave half a file.
            draft = path.with_suffix(".part.npz")
            np.savez(draft, **classifier.arrays(), body=average.body, outline=average.outline)
            draft.replace(path)
        with np.load(path, allow_pickle=False) as found:
            return (
                Classifier.of_arrays(found, len(CLASSES), self._plan.recipe),
                Templates(found["body"], found["outline"]),
            )

    def _trained(self, kind: Kind, seed: int) -> tuple[Classifier, Templates]:
        examples, numbers = self.examples(kind.tracker), self._numbers(kind)
        train, validation = ((numbers[s], examples[s].kind) for s in ("train", "validation"))
        found = fit_classifier(train, validation, len(CLASSES), seed, self._plan.recipe)
        return found, self._average(kind)

    def _average(self, kind: Kind) -> Templates:
        train = self.examples(kind.tracker)["train"]
        return templates(train.joints, train.outlines[:, STRENGTHS.index(kind.strength)])

    def _numbers(self, kind: Kind) -> dict[str, F32]:
        """What a kind of classifier gets, of each split."""
        if self._for is None or self._for[0] != kind:
            self._for = None  # not two at once, either
            average = self._average(kind)
            examples = self.examples(kind.tracker)
            self._for = kind, {s: _numbers(examples[s], kind, average) for s in SPLITS}
        return self._for[1]

    def _batches(self, split: str, count: int, tracker: Tracker) -> Iterator[Examples]:
        for index in range(count):
            which = "" if tracker == "fitted" else f"-{tracker}"
            path = self._folder / f"ticks{which}-{split}-{index:03d}.npz"
            found = Examples.load(path)
            if found is None:
                self._tell(f"simulating {split} {index + 1} of {count}{which}")
                found = make_examples(
                    self._fitted, split, index, count=self._plan.people, tracker=tracker
                )
                found.save(path)
            yield found

    def _check(self) -> None:
        """A folder of another fit or plan must not be gone on with."""
        path = self._folder / "study.json"
        wanted = msgspec.json.encode((self._fitted, self._plan))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not path.is_file():
                path.write_bytes(wanted)
            if path.read_bytes() != wanted:
                raise UsageError(
                    f"{self._folder}: holds a study of another fit or plan: take an empty folder"
                )
        except OSError as error:
            raise UsageError(f"{self._folder}: cannot be used: {error.strerror}") from error


def _numbers(examples: Examples, kind: Kind, average: Templates) -> F32:
    outline = examples.outlines[:, STRENGTHS.index(kind.strength)]
    if kind.swapped:
        outline = outline[np.random.default_rng(0).permutation(len(outline))]
    return features(examples.joints, outline, kind.inputs, average)
