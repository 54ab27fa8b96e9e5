"""What is taught by a few examples, and what the live engine's decoder makes of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.teaching.material import Filmed, Gesture, Person
from engine.errors import UsageError
from engine.labels import LABELS
from engine.poses import F32, Bools
from plugins.recognizers.clip.recognizer import sigmoid
from plugins.recognizers.view import SteadyView
from training.clips.live_ticks import Stretch
from training.evaluation.decode_scores import decode_scores
from training.evaluation.events import FoundEvent
from training.teaching.background import SHARES, STRIDE, run_ends, told_vectors
from training.teaching.detector_file import OFFSET, ONSET, form_of
from training.teaching.detector_form import DetectorForm
from training.teaching.examples import Example
from training.teaching.lesson import Lesson, lesson_of, operating_point
from training.teaching.shown import shown_in, window_for
from training.teaching.window_vectors import Vectors, Window, vectors_at
from training.zoo.clip_model import ClipEncoder, Latents
from training.zoo.us_vae import CausalUsVae

# The decoder wants a label of the engine's own; which one changes nothing.
_LABEL = LABELS[0]


class RawJoints(ClipEncoder):
    """Joints themselves as latents, to tell what an encoder brings."""

    description = replace(CausalUsVae.description, name="raw joints")

    def forward(self, clips: Tensor, lengths: Tensor) -> Latents:
        """X and y of each tick."""
        joints = clips[..., :2].flatten(2)
        return Latents(joints, joints.mean(1))

    @property
    def latent_width(self) -> int:
        """X and y of each joint."""
        return 2 * len(self.graph)

    def loss(self, clips: Tensor, lengths: Tensor, shown: Tensor | None = None) -> Tensor:
        """There is nothing to learn."""
        return clips.new_zeros(())

    def drop_decoder(self) -> None:
        """There is none."""


class Cell:
    """A person and a gesture as one encoder sees them; each session is encoded once.

    Args:
        encoder: In evaluation mode.
        person: Who shows it.
        gesture: What.
    """

    def __init__(self, encoder: ClipEncoder, person: Person, gesture: Gesture) -> None:
        self._encoder, self._person = encoder, person
        film = person.shown[gesture]
        shown = [Example(person.name, Path(), one.start_s, one.end_s) for one in film.gestures]
        self._window = window_for(shown)
        self._vectors = _shown_vectors(encoder, film, shown, self._window)
        self._runs: dict[Filmed, tuple[Vectors, ...]] = {}

    def taught(self, examples: int, draw: int, alarms_per_min: float) -> Lesson:
        """As `teach` would from some of the examples; the window is that of all of them.

        Raises:
            UsageError: So many were not shown, or too few.
        """
        if examples > len(self._vectors):
            raise UsageError(
                f"{self._person.name}: expected {examples} examples or more of the gesture, "
                f"{len(self._vectors)} are in the picture"
            )
        order = np.random.default_rng((draw, examples)).permutation(len(self._vectors))
        background = self._person.background
        ours = background[::SHARES]
        return lesson_of(
            self._vectors[order[:examples]],
            told_vectors(made for film in ours for made in self._runs_of(film)),
            [self._runs_of(film) for film in background if film not in ours],
            self._window,
            alarms_per_min,
        )

    def events(self, lesson: Lesson, film: Filmed) -> list[FoundEvent]:
        """Of a session, step by step as the engine would."""
        form = form_of(self._encoder, lesson)
        found: list[FoundEvent] = []
        for stretch, made, seen in zip(
            film.stretches, self._runs_of(film), film.supported, strict=True
        ):
            scores = _scores(form, made, len(stretch.ticks))
            scores[~_steady(seen, _delay(lesson))] = np.nan
            found += _decoded(scores, stretch, _delay(lesson))
        return found

    def _runs_of(self, film: Filmed) -> tuple[Vectors, ...]:
        if film not in self._runs:
            self._runs[film] = tuple(
                vectors_at(self._encoder, stretch.ticks, run_ends(stretch), self._window)
                for stretch in film.stretches
            )
        return self._runs[film]


def _shown_vectors(
    encoder: ClipEncoder, film: Filmed, examples: Sequence[Example], window: Window
) -> F32:
    found: dict[int, F32] = {}
    for stretch in film.stretches:
        found |= shown_in(encoder, dict(enumerate(examples)), stretch, window)
    return np.stack([found[number] for number in sorted(found)])


def _scores(form: DetectorForm, made: Vectors, ticks: int) -> F32:
    """`(T, 1)`: between two runs the last word stands."""
    with torch.no_grad():
        logits = form.logits(torch.from_numpy(made.vectors), torch.from_numpy(made.told))
    return np.repeat(sigmoid(logits.numpy()), STRIDE, axis=0)[:ticks]


def _steady(seen: Bools, delay: int) -> Bools:
    """`(T,)`: where the engine's recognisers do not abstain."""
    view, row = SteadyView(1, delay, 1), np.zeros(1, np.intp)
    return np.array([view.step(now, row)[0, 0] for now in seen[:, None, None]], np.bool_)


def _delay(lesson: Lesson) -> int:
    return lesson.window.ticks // 2


def _decoded(scores: F32, stretch: Stretch, delay: int) -> Iterator[FoundEvent]:
    found = decode_scores(
        scores,
        labels=(_LABEL,),
        operating_points={_LABEL.slug: operating_point(ONSET, OFFSET)},
        valid=stretch.ticks.any(axis=(1, 2)),
        delay_ticks=delay,
    )
    for event in found:
        yield replace(
            event,
            start_s=event.start_s + stretch.start_s,
            end_s=event.end_s + stretch.start_s,
            decided_s=event.decided_s + stretch.start_s,
        )
