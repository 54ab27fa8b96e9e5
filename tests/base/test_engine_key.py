import msgspec
import pytest

from engine.engine_key import FORMAT, EngineKey
from tests.fakes.engines import KEY, like

OTHER = {
    "model": "b" * 64,
    "streams": 64,
    "shapes": (("x", (8, 16, 21)),),
    "precision": "exact",
    "calibration": "c" * 64,
    "gpu": "Card B",
    "compute_capability": "8.6",
    "multiprocessors": 114,
    "runtime": "other_compiler",
    "runtime_version": "1.2.4",
    "cuda_runtime": "13.1",
    "driver": "13.1 (580.2)",
    "options": (("max_aux_streams", "1"),),
    "system": "Windows AMD64",
    "format": FORMAT + 1,
}


def test_every_field_has_another_value_to_be_tried_with() -> None:
    assert {field.name for field in msgspec.structs.fields(EngineKey)} == set(OTHER)


@pytest.mark.parametrize("field", OTHER)
def test_each_field_changes_the_digest(field: str) -> None:
    assert like(**{field: OTHER[field]}).digest != KEY.digest


@pytest.mark.parametrize("field", OTHER)
def test_each_field_is_told_when_it_differs(field: str) -> None:
    assert KEY.differing(like(**{field: OTHER[field]})) == [field]


def test_the_digest_is_the_same_in_every_process() -> None:
    """The files of a cache are named after it: another digest of the same key orphans them."""
    assert KEY.digest == ("470190bfb0fcbf1eeb9343b4682fdeac5bb9dfb1f1ec0ca6c7ec17f0bae915b5")


def test_a_key_survives_being_written_down() -> None:
    again = msgspec.json.decode(msgspec.json.encode(KEY), type=EngineKey)
    assert again == KEY
    assert again.digest == KEY.digest


def test_the_reason_names_the_most_telling_difference_with_both_values() -> None:
    other = like(gpu="Card B", driver="12.8", model="b" * 64)
    assert KEY.why_not(other) == (
        "foreign GPU: the engine at hand was built for Card B, needed is Card A"
    )


def test_equal_keys_have_no_reason() -> None:
    with pytest.raises(ValueError, match="equal"):
        KEY.why_not(like())
