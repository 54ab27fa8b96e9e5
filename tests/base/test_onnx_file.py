"""Metadata is read as the onnx package reads it, and garbage is refused."""

import hashlib

import onnx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.onnx_file import digest_without, properties
from tests.fakes.variants import SHIPPED


def with_properties(told: dict[str, str]) -> bytes:
    model = onnx.load_model_from_string(SHIPPED.onnx)
    onnx.helper.set_model_props(model, told)
    return bytes(model.SerializeToString(deterministic=True))


def test_properties_are_those_that_onnx_reads() -> None:
    told = {p.key: p.value for p in onnx.load_model_from_string(SHIPPED.onnx).metadata_props}
    assert properties(SHIPPED.onnx) == told != {}
    assert properties(with_properties({})) == {}
    assert properties(with_properties({"a": "", "é": "ü" * 300})) == {"a": "", "é": "ü" * 300}


def test_a_digest_does_not_depend_on_the_property_that_is_left_out() -> None:
    plain = with_properties({"kept": "1"})
    assert digest_without(plain, "mine") == hashlib.sha256(plain).hexdigest()
    for value in ("x", "y" * 1000):
        assert digest_without(with_properties({"kept": "1", "mine": value}), "mine") == (
            digest_without(plain, "mine")
        )


def test_a_digest_depends_on_everything_else() -> None:
    digests = {
        digest_without(content, "mine")
        for content in (
            with_properties({"kept": "1", "mine": ""}),
            with_properties({"kept": "2", "mine": ""}),
            with_properties({"mine": ""}),
            with_properties({"kept": "1", "mine": ""}).replace(b"class_logits", b"other_logits"),
        )
    }
    assert len(digests) == 4


@given(st.binary(max_size=60))
@example(b"\x0a\xff")  # longer than the file
@example(b"\x08" + b"\xff" * 11)  # a number without an end
@example(b"\x0b")  # no kind of field
@example(b"\x72\x03\x0a\x01\xff")  # a key that is no text
def test_garbage_is_refused_or_has_properties(content: bytes) -> None:
    try:
        found = properties(content)
    except ValueError:
        return
    assert all(isinstance(text, str) for pair in found.items() for text in pair)


@pytest.mark.parametrize("content", [b"\x0a\xff", b"\x08" + b"\xff" * 11, b"\x0b", b"no network"])
def test_what_is_no_message_is_an_error(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut off|does not end|begins no field"):
        properties(content)
