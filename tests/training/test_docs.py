"""`docs/recognition.md` says what the code says."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.labels import BY_SLUG
from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from plugins.recognizers.graph.relations import CHANNELS, OPTIONAL_CHANNELS
from plugins.recognizers.view import needs_of, supported
from tests.recognizers.graph.figures import figure
from training.coverage import (
    IN_VIEW,
    alike,
    covered_table,
    missing_table,
    negatives_table,
    view_table,
)
from training.fit_files import read_fit
from training.network.config import NetworkConfig
from training.network.network import StepNetwork
from training.simulator.landmarks.params import FITTED, Fitted
from training.simulator.scripts import BY_NAME

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "recognition.md"
TEXT = PAGE.read_text(encoding="utf-8")
TABLES = (covered_table, missing_table, negatives_table, view_table)
_NEEDED = (
    ("nose",),
    ("left_shoulder",),
    ("left_elbow",),
    ("left_wrist",),
    ("left_wrist", "right_wrist"),
)


@pytest.mark.parametrize("table", TABLES)
def test_the_page_holds_the_tables_of_the_code(table: Callable[[], str]) -> None:
    assert table() in TEXT, f"put this into {PAGE}:\n\n{table()}"


def test_every_class_is_in_one_of_the_tables() -> None:
    rows = f"{covered_table()}\n{missing_table()}"
    for slug, label in BY_SLUG.items():
        assert rows.count(f"| {label.id} | `{slug}` |") == 1


def test_every_channel_is_explained_and_optional_ones_are_called_so() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| `")]
    for channel in CHANNELS:
        (row,) = (row for row in rows if f"`{channel}`" in row.split("|")[1])
        assert ("*optional.*" in row) == (channel in OPTIONAL_CHANNELS)


def test_the_figures_of_the_network_are_those_of_its_defaults() -> None:
    network = StepNetwork(NetworkConfig(channels=CHANNELS))
    state = sum(part.numel() for part in network.initial_state(1))
    assert f"{network.parameter_count:,} parameters" in TEXT
    assert f"receptive field {network.config.receptive_field} ticks" in TEXT
    assert f"{state:,} numbers" in TEXT


def test_the_samples_of_a_hand_at_the_face_are_those_of_the_fit() -> None:
    counts = read_fit(FITTED, Fitted).counts
    test, train = (counts[half]["arm/contact"] for half in ("test", "train"))
    assert f"the test half has {test} samples and the training half {train}\n" in TEXT


def test_the_pictures_are_there() -> None:
    for name in ("landmark_noise.png", "film_touch_jaw.png"):
        assert f"]({name})" in TEXT
        assert (DOCS / name).is_file()


@pytest.mark.parametrize("kind", range(len(IN_VIEW)))
def test_the_words_for_a_view_name_what_the_view_asks_for(kind: int) -> None:
    label = next(lb for lb in BY_SLUG.values() if int(needs_of((lb,))[0]) == kind)
    needs = needs_of((label,))
    assert supported(figure(), needs).all()
    assert not supported(hidden(_NEEDED[kind]), needs).any()
    for more in _NEEDED[kind + 1 : 3]:
        assert supported(hidden(more), needs).all()


def hidden(joints: tuple[str, ...]) -> F32:
    x = figure()
    for joint in joints:
        x[HOLISTIC_75.index(joint), 2] = 0.05
        if joint.endswith("wrist"):
            start, end = HOLISTIC_75.parts[f"{joint.removesuffix('_wrist')}_hand"]
            x[start:end] = 0.0
    return x


def test_neighbours_look_alike_and_strangers_do_not() -> None:
    assert "bite_nails" in alike(BY_NAME["touch_face"])
    assert "pass_before_face" in alike(BY_NAME["touch_jaw"])
    assert "turtle_neck" in alike(BY_NAME["shake_shoulders"])
    assert "touch_forehead" not in alike(BY_NAME["rub_hands"])
    assert "head_up" not in alike(BY_NAME["touch_jaw"])
