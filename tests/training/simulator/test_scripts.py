"""The table of scripts is complete and only names what exists."""

import pytest

from engine.labels import LABELS
from training.labels import IGNORE, NONE_INDEX
from training.simulator.hand import CONTACTS
from training.simulator.places import PLACES
from training.simulator.scripts import ABSENT_IDS, BY_NAME, SCRIPTS, seen_in_landmarks
from training.simulator.scripts.model import CHANNELS, Reach, Variant
from training.simulator.scripts.table import trained_class

VARIANTS = [(script.name, variant) for script in SCRIPTS for variant in script.variants]


def reaches(variant: Variant) -> list[Reach]:
    return [reach for reach in (variant.one, variant.two) if reach is not None]


def test_every_class_has_a_script() -> None:
    assert {script.label_id for script in SCRIPTS} - {None} == {label.id for label in LABELS}


def test_the_hard_negatives_of_daily_life_are_there() -> None:
    negatives = {script.name for script in SCRIPTS if script.label_id is None}
    assert negatives >= {
        *("pass_before_face", "drink", "phone", "microphone", "write", "type", "glasses"),
        *("settle", "stand_up", "look_about"),
    }
    assert all(trained_class(BY_NAME[name]) == NONE_INDEX for name in negatives)


def test_what_joints_cannot_show_is_never_trained_as_its_class() -> None:
    assert set(seen_in_landmarks()) | set(ABSENT_IDS) == {label.id for label in LABELS}
    for script in SCRIPTS:
        if script.label_id in ABSENT_IDS:
            assert trained_class(script) == (IGNORE if script.touching else NONE_INDEX)


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_a_variant_moves_something_and_names_only_what_exists(name: str, variant: Variant) -> None:
    assert reaches(variant) or variant.pulses
    assert 0 < variant.hold_s[0] <= variant.hold_s[1]
    for reach in reaches(variant):
        assert set(reach.places) <= set(PLACES)
        assert set(reach.contact) <= set(CONTACTS)
    for pulse in variant.pulses:
        assert pulse.channel in CHANNELS
        assert pulse.size[0] <= pulse.size[1]


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_hands_that_meet_have_the_same_places_to_meet_at(name: str, variant: Variant) -> None:
    if variant.meet:
        one, two = reaches(variant)
        assert one.places == two.places
