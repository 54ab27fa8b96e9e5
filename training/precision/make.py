"""Makes a variant of an exported model and judges it."""

import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import msgspec
import onnx

from engine.errors import ModelError, UsageError
from engine.onnx_file import digest_without
from engine.variant import VARIANT_KEY, Precision, Variant, encode
from plugins.recognizers.graph.model_file import ModelFile, read_model
from plugins.recognizers.graph.relations import CHANNELS, relations
from training.precision.half import in_half
from training.precision.int8 import in_int8
from training.precision.material import Material
from training.precision.parity import compared
from training.precision.ranges import ranges

_TOOLS = ("fidget", "numpy", "onnx", "onnxruntime")


def make_variant(
    model: Path,
    precision: Precision,
    out: Path,
    calibration: Sequence[Material],
    judged_on: Sequence[Material],
) -> Variant:
    """Write a variant with its parity report inside.

    The same model, material and tools give the same bytes.

    Args:
        model: The original, in float32.
        precision: What to make.
        out: Where to.
        calibration: What ranges are taken from; only int8 needs some.
        judged_on: None of the calibration.

    Returns:
        What the file says about itself.

    Raises:
        ModelError: The model is missing, no exported network, or a variant already.
        UsageError: The file cannot be written.
    """
    original = read_model(model)
    if original.graph.variant is not None:
        raise ModelError(
            f"{model}: is a variant in {original.graph.precision}: give the model that it was made "
            "from"
        )
    made = _made(original, precision, calibration)
    variant = Variant(
        precision=precision,
        made_from=original.graph.digest,
        file=digest_without(_written(made, None), VARIANT_KEY),
        calibration=tuple(one.name for one in calibration) if precision == "int8" else (),
        tools={name: version(name) for name in _TOOLS},
    )
    with tempfile.TemporaryDirectory() as folder:
        unjudged = Path(folder) / "variant.onnx"
        unjudged.write_bytes(_written(made, variant))
        parity = compared(unjudged, model, judged_on)
    variant = msgspec.structs.replace(variant, parity=parity)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(_written(made, variant))
    except OSError as error:
        raise UsageError(f"{out}: cannot be written: {error}") from error
    return variant


def _made(
    original: ModelFile, precision: Precision, calibration: Sequence[Material]
) -> onnx.ModelProto:
    name, model = original.graph.name, onnx.load_model_from_string(original.graph.onnx)
    if precision != "int8":
        return in_half(model, precision, name)
    channels = [CHANNELS.index(channel) for channel in original.metadata.channels]
    shown = [relations(sequence)[:, channels] for one in calibration for sequence in one.sequences]
    return in_int8(model, ranges(model, shown, name), name)


def _written(model: onnx.ModelProto, variant: Variant | None) -> bytes:
    """The file's bytes, checked."""
    whole = onnx.ModelProto()
    whole.CopyFrom(model)
    if variant is not None:
        whole.metadata_props.add(key=VARIANT_KEY, value=encode(variant))
    onnx.checker.check_model(whole, full_check=True)
    return bytes(whole.SerializeToString(deterministic=True))
