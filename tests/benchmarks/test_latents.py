"""What encoders are judged by."""

import copy
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks.latents.material import Material, signs, simulated
from benchmarks.latents.readings import (
    LABELS_EACH,
    Reading,
    latents,
    raw_pooled,
    read,
    tuned,
    whitened,
)
from engine.errors import UsageError
from tests.training.clips.sets import waving
from training.clips.judging import raw_joints
from training.zoo.clip_model import ClipEncoder
from training.zoo.pooling import Pooling
from training.zoo.zoo import build

CLASSES = (0, 1, 2, 3)


def encoder(seed: int = 0) -> ClipEncoder:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = build("us-vae-causal", hidden=12, latent=4)
    assert isinstance(model, ClipEncoder)
    return model.eval()


def value(reading: Reading) -> float:
    assert reading.top1.value is not None
    return reading.top1.value


@pytest.fixture(scope="module")
def material() -> Material:
    return Material("waving", waving(48, CLASSES), waving(24, CLASSES, seed=1), "made up")


def test_what_can_be_told_is_told_and_what_cannot_is_chance(material: Material) -> None:
    found = read("raw", raw_joints, material, seeds=2)
    assert {(reading.reader, reading.labels_each) for reading in found} == {
        (reader, each) for reader in ("linear probe", "nearest neighbour") for each in LABELS_EACH
    }
    assert min(value(reading) for reading in found[2:]) > 0.6
    assert value(found[-1]) == value(found[-2]) == pytest.approx(1.0)
    shuffled = replace(material.test, labels=np.roll(material.test.labels, 2))
    wrong = read("raw", raw_joints, replace(material, test=shuffled), seeds=2)
    assert max(value(reading) for reading in wrong) < 0.3


def test_padding_changes_no_vector(material: Material) -> None:
    clips = material.test
    wide = np.concatenate((clips.clips, np.full_like(clips.clips, 9.0)), axis=1)
    padded = replace(clips, clips=wide)
    own = [make(kind) for kind in Pooling for make in (raw_pooled, partial(latents, encoder()))]
    for vectors in (raw_joints, *own):
        np.testing.assert_allclose(vectors(padded), vectors(clips), atol=1e-5)


def test_whitened_vectors_are_a_sphere(material: Material) -> None:
    own = latents(encoder(), Pooling.MEAN)
    white = whitened(own, material.train)(material.train)
    sizes = np.linalg.eigvalsh(np.cov(white.T))
    assert sizes.min() > 0.3 and sizes.max() < 1.01


def test_tuning_learns_and_leaves_the_encoder_as_it_was(material: Material) -> None:
    begun = encoder()
    before = copy.deepcopy(begun.state_dict())
    found = tuned("own", lambda _: begun, material, seeds=1, labels_each=(5,))
    assert value(found[0]) > 0.9
    torch.testing.assert_close(begun.state_dict(), before)


def test_takes_of_signs_are_apart(clips: Path) -> None:
    made = signs(clips)
    assert made.classes == 11
    assert (len(made.train), len(made.test)) == (110, 110)
    assert not set(made.train.subjects) & set(made.test.subjects)
    assert made.train.clips[:, 5].any(axis=(1, 2)).all()


def test_a_folder_without_a_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no data set"):
        simulated(tmp_path)
