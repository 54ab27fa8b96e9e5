from collections.abc import Mapping

import pytest

from engine.config import ClassDecoderConfig, DecoderConfig
from engine.core.class_rules import ClassRule, class_rules
from engine.errors import ConfigError, ModelError
from engine.labels import BY_SLUG, own_label

JAW, NECK = BY_SLUG["touch_jaw"], BY_SLUG["touch_neck"]


def rules(
    config: DecoderConfig | None = None, points: Mapping[str, ClassDecoderConfig] | None = None
) -> tuple[ClassRule, ...]:
    return class_rules(config or DecoderConfig(), (JAW, NECK), points or {})


def own(**values: float) -> DecoderConfig:
    return DecoderConfig(onset=0.5, classes={"touch_jaw": ClassDecoderConfig(**values)})


def test_the_general_values_hold_for_every_class() -> None:
    config = DecoderConfig(onset=0.7, offset=0.3, min_duration_s=0.5, merge_gap_s=0.1)
    assert rules(config) == (ClassRule(0.7, 0.3, 500_000_000, 100_000_000),) * 2


def test_the_user_wins_over_the_model_and_the_model_over_the_general_value() -> None:
    points = {"touch_jaw": ClassDecoderConfig(onset=0.8, offset=0.2, merge_gap_s=0.6)}
    jaw, neck = rules(own(onset=0.9, min_duration_s=0.0), points)
    assert jaw == ClassRule(onset=0.9, offset=0.2, min_duration_ns=0, merge_gap_ns=600_000_000)
    assert neck == ClassRule(
        onset=0.5, offset=0.4, min_duration_ns=240_000_000, merge_gap_ns=300_000_000
    )


def test_a_general_value_does_not_touch_a_class_with_an_operating_point() -> None:
    points = {"touch_jaw": ClassDecoderConfig(onset=0.8)}
    jaw, neck = rules(DecoderConfig(onset=0.99), points)
    assert (jaw.onset, neck.onset) == (0.8, 0.99)


def test_a_value_of_the_user_may_be_zero() -> None:
    points = {"touch_jaw": ClassDecoderConfig(offset=0.3)}
    assert rules(own(offset=0.0), points)[0].offset == 0.0


@pytest.mark.parametrize(
    ("config", "point"),
    [
        (own(offset=0.45), ClassDecoderConfig(onset=0.42)),
        (own(onset=0.42), ClassDecoderConfig(offset=0.45)),
        (DecoderConfig(), ClassDecoderConfig(onset=0.3)),
        (DecoderConfig(), ClassDecoderConfig(onset=0.5, offset=0.7)),
    ],
)
def test_an_offset_above_the_onset_is_refused_with_the_way_out(
    config: DecoderConfig, point: ClassDecoderConfig
) -> None:
    with pytest.raises(ConfigError, match="expected `offset` <= `onset`") as caught:
        rules(config, {"touch_jaw": point})
    assert str(caught.value).startswith("decoder.classes.touch_jaw: ")
    assert "give both in [decoder.classes.touch_jaw]" in str(caught.value)


def test_the_refusal_shows_what_the_model_recommends() -> None:
    with pytest.raises(ConfigError, match=r"operating point \(onset 0.3, merge_gap_s 1\)"):
        rules(points={"touch_jaw": ClassDecoderConfig(onset=0.3, merge_gap_s=1.0)})


def test_equal_onset_and_offset_are_allowed() -> None:
    rule = rules(points={"touch_jaw": ClassDecoderConfig(onset=0.5, offset=0.5)})[0]
    assert (rule.onset, rule.offset) == (0.5, 0.5)


@pytest.mark.parametrize("slug", ["scratch_head", "moonwalk"])
def test_an_operating_point_of_a_foreign_class_is_refused(slug: str) -> None:
    with pytest.raises(ModelError, match=f"operating point for '{slug}'"):
        rules(points={"touch_jaw": ClassDecoderConfig(), slug: ClassDecoderConfig(onset=0.9)})


@pytest.mark.parametrize("value", [1.5, -0.1, float("nan"), float("inf")])
def test_an_impossible_value_of_the_model_is_refused(value: float) -> None:
    with pytest.raises(ModelError, match="operating point for 'touch_neck' cannot be used"):
        rules(points={"touch_neck": ClassDecoderConfig(onset=value)})


def test_classes_of_imigue_and_of_the_recogniser_may_be_set_and_no_others() -> None:
    values = ClassDecoderConfig(onset=0.9)
    config = DecoderConfig(classes={"pen_click": values, "akimbo": values})
    labels = (own_label(1000, "pen_click"), JAW)
    assert [rule.onset for rule in class_rules(config, labels, {})] == [0.9, 0.6]
    with pytest.raises(
        ConfigError, match=r"decoder\.classes\.pen_click.*turtle_neck, bulging_face"
    ):
        class_rules(config, (JAW,), {})
