"""What a variant says about itself survives, and nonsense is refused."""

import msgspec
import pytest

from engine.errors import ModelError
from engine.variant import VARIANT_KEY, Variant, decode, encode
from tests.fakes.variants import GOOD

VARIANT = Variant(precision="int8", made_from="a", file="b", tools={"onnx": "1"}, parity=GOOD)


def test_it_survives_json() -> None:
    assert decode({VARIANT_KEY: encode(VARIANT)}, "m") == VARIANT


def test_an_original_says_nothing() -> None:
    assert decode({"fidget.model": "{}"}, "m") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema_version": 1, "precision": "int4"}'])
def test_damage_is_named(text: str) -> None:
    with pytest.raises(ModelError, match=r"m: its 'fidget\.variant' is damaged"):
        decode({VARIANT_KEY: text}, "m")


def test_a_newer_one_is_told_apart_from_damage() -> None:
    with pytest.raises(ModelError, match=r"version 2.*update the engine"):
        decode({VARIANT_KEY: '{"schema_version": 2, "precision": "int4"}'}, "m")


@pytest.mark.parametrize(
    ("events", "of_variant", "shared", "agreement"),
    [(100, 100, 100, 1.0), (100, 50, 50, 2 / 3), (10, 10, 0, 0.0), (0, 0, 0, 1.0), (0, 4, 0, 0.0)],
)
def test_agreement_is_the_f1_of_its_events(
    events: int, of_variant: int, shared: int, agreement: float
) -> None:
    found = msgspec.structs.replace(
        GOOD, events=events, events_of_variant=of_variant, events_shared=shared
    )
    assert found.agreement == pytest.approx(agreement)


def test_a_report_reads_as_a_sentence() -> None:
    assert str(GOOD).startswith("events agree by 0.995 (100 of 100 shared, 101 found;")
