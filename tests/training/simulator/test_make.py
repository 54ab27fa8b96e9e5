"""Shards are repeatable, keep their splits apart and label only what their pictures show."""

from pathlib import Path

import numpy as np
import pytest

from engine.errors import UsageError
from plugins.recognizers.graph.relations import CHANNELS
from training.labels import IGNORE, NONE_INDEX, class_index
from training.simulator.filmstrip import draw_filmstrip
from training.simulator.labelling import label
from training.simulator.landmarks.params import NoiseParams
from training.simulator.make import SimulatorConfig, config_hash, make_shard, make_shards, watched
from training.simulator.scene import staged_scene
from training.simulator.scripts import ABSENT_IDS, BY_NAME, SCRIPTS
from training.simulator.shards import I8

SMALL = SimulatorConfig(seconds=14.0, sequences=3)


def test_the_same_seed_makes_the_same_shard() -> None:
    one, two = make_shard(SMALL, "train", 0), make_shard(SMALL, "train", 0)
    np.testing.assert_array_equal(one.features, two.features)
    np.testing.assert_array_equal(one.labels, two.labels)
    assert one.config_hash == two.config_hash
    assert not np.array_equal(one.features, make_shard(SMALL, "train", 1).features)
    assert not np.array_equal(one.features, make_shard(SMALL, "validation", 0).features)


def test_features_are_finite_and_labels_are_classes() -> None:
    shard = make_shard(SMALL, "test", 0)
    assert shard.features.shape == (3, 275, len(CHANNELS), 22)
    assert np.isfinite(shard.features).all()
    assert set(np.unique(shard.labels)) <= {IGNORE, *range(NONE_INDEX + 1)}
    absent = {class_index(label_id) for label_id in ABSENT_IDS}
    assert not absent & set(shard.labels.ravel().tolist())


def test_every_labelled_tick_lies_in_an_event_even_if_the_sequence_ends_before_it() -> None:
    shard = make_shard(SimulatorConfig(seconds=14.0, sequences=32), "train", 0)
    in_events = np.full(shard.labels.shape, NONE_INDEX)
    cut = 0
    for sequence, kind, start, end in zip(
        shard.event_sequence,
        shard.event_class,
        shard.event_start_tick,
        shard.event_end_tick,
        strict=True,
    ):
        in_events[sequence, int(np.ceil(start)) : int(np.ceil(end))] = kind
        cut += end == shard.labels.shape[1]
    labelled = (shard.labels != IGNORE) & (shard.labels != NONE_INDEX)
    np.testing.assert_array_equal(shard.labels[labelled], in_events[labelled])
    assert cut > 0


def test_shards_that_are_there_are_not_made_again(tmp_path: Path) -> None:
    (path,) = make_shards(SMALL, "train", 1, tmp_path)
    before = path.stat().st_mtime_ns
    assert list(make_shards(SMALL, "train", 1, tmp_path)) == [path]
    assert path.stat().st_mtime_ns == before


def test_another_configuration_is_another_identity() -> None:
    assert config_hash(SMALL) != config_hash(SimulatorConfig(seconds=15.0, sequences=3))


def test_a_split_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected one of train, validation, test"):
        list(make_shards(SMALL, "everything", 1, tmp_path))


def staged_labels(name: str, people: int = 24) -> I8:
    script = BY_NAME[name]
    rng = np.random.default_rng(0)
    scene = staged_scene(rng, SCRIPTS.index(script), script.variants[0], people)
    ticks = watched(scene, NoiseParams.none(), rng, int((scene.t_s[:, -1].min() - 0.1) * 25))
    return label(scene, ticks).ticks


def test_a_gesture_is_labelled_where_hands_are_in_the_picture_and_ignored_where_not() -> None:
    rows = staged_labels("rub_hands")
    kind = class_index(23)
    seen = (rows == kind).any(axis=1)
    hidden = (rows == IGNORE).any(axis=1) & ~seen
    assert seen.sum() > 3  # distant cameras
    assert hidden.sum() > 3  # close-ups of the head
    assert (seen | hidden).mean() > 0.7


def test_what_only_looks_like_a_gesture_is_nothing() -> None:
    assert (staged_labels("drink") == NONE_INDEX).all()


def test_a_film_strip_is_a_picture(tmp_path: Path) -> None:
    draw_filmstrip("head_up", tmp_path / "strip.png")
    assert (tmp_path / "strip.png").read_bytes().startswith(b"\x89PNG")


def test_a_film_strip_of_an_unknown_script_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="touch_jaw"):
        draw_filmstrip("dance", tmp_path / "strip.png")
