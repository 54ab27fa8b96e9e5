"""Who is trained on, who is held out, and who tests."""

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from engine.errors import ConfigError, UsageError
from training.clips.parts import parts_of_run, read_parts
from training.clips.recipe import ClipRecipe
from training.clips.run_config import ClipRunConfig, completed
from training.datasets import published
from training.synthetic.release import synthesize


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic") / "data"
    list(synthesize(folder, 36, 20.0))
    return folder


def test_nobody_is_in_two_parts(data: Path) -> None:
    parts = read_parts(data, "cross-subject", 0.3, test=True)
    assert parts.synthetic
    assert parts.validation is not None
    assert parts.test is not None
    people = [set(one.people) for one in (parts.train, parts.validation, parts.test)]
    assert all(people)
    assert sum(map(len, people)) == len(set().union(*people))
    whole = read_parts(data, "cross-subject", 0.0)
    assert whole.validation is None
    assert whole.test is None
    assert set(whole.train.people) == people[0] | people[1]
    assert sorted(whole.train.names) == sorted(parts.train.names + parts.validation.names)


def test_the_challenges_own_validation_videos_are_taken_where_it_has_them(data: Path) -> None:
    parts = read_parts(data, "miga", 0.3)
    assert parts.validation is not None
    held = {int(name.partition("_")[0]) for name in parts.validation.names}
    assert held <= published.MIGA_VALIDATION
    trained = {int(name.partition("_")[0]) for name in parts.train.names}
    assert not trained & published.MIGA_VALIDATION
    assert read_parts(data, "miga", 0.0).train.names == parts.train.names


def test_few_labels_are_of_the_people_trained_on_and_by_the_seed(data: Path) -> None:
    config = ClipRunConfig(model="lstm", data=str(data), validation_share=0.3)
    whole, few, again, other = (
        parts_of_run(
            replace(config, labels_per_class=each, recipe=ClipRecipe(seed=seed)), test=True
        )
        for each, seed in ((0, 0), (2, 0), (2, 0), (2, 1))
    )
    counts = np.bincount(whole.train.labels)
    assert counts.max() > 2
    np.testing.assert_array_equal(np.bincount(few.train.labels), np.minimum(counts, 2))
    assert set(few.train.names) < set(whole.train.names)
    assert few.train.digest() == again.train.digest() != other.train.digest()
    for one, two in ((few.validation, whole.validation), (few.test, whole.test)):
        assert one is not None and two is not None
        assert one.names == two.names


def test_windows_for_live_use_are_not_counted_as_labels() -> None:
    with pytest.raises(ConfigError, match="leave one of the two out"):
        completed(ClipRunConfig(model="lstm", live=True, labels_per_class=5))


def test_a_folder_without_a_data_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=str(tmp_path)):
        read_parts(tmp_path, "miga", 0.0)
