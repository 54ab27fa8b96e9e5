"""A converted network beside its original, which OpenVINO reads as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime as ort

from engine.errors import ModelError, UsageError
from engine.poses import F32
from training.pose_onnx.convert import INPUT
from training.pose_onnx.networks import Network, Output, Unit
from training.pose_onnx.pictures import pictures

_PLAIN = {
    # Left to itself OpenVINO takes bf16 where the processor has it.
    "INFERENCE_PRECISION_HINT": "f32",
    "INFERENCE_NUM_THREADS": "1",
    "NUM_STREAMS": "1",
}


@dataclass(frozen=True)
class Difference:
    """The largest one of those numbers of an output that mean the same.

    Attributes:
        output: Its name.
        unit: What the numbers are.
        largest: In the unit.
        part: As it is judged, see `Unit`.
        limit: The largest part that is allowed.
    """

    output: str
    unit: Unit
    largest: float
    part: float
    limit: float

    @property
    def within(self) -> bool:
        """Whether it is allowed; NaN never is."""
        return self.part <= self.limit


def check_openvino() -> None:
    """What `check` needs beside the extra `training`.

    Raises:
        UsageError: It is missing.
    """
    if find_spec("openvino") is None:
        raise UsageError(
            "openvino is not installed, and without it no converted network can be checked: "
            "pip install openvino"
        )


def check(
    network: Network, original: Path, onnx: bytes, tensors: Mapping[str, str]
) -> tuple[Difference, ...]:
    """Run both, in float32 on one thread, on pictures of every kind and compare what they say.

    Args:
        network: What it is.
        original: Its `.tflite` file.
        onnx: What became of it.
        tensors: Names of the outputs that were kept, and what the original calls them.

    Returns:
        For each kept output, and each unit in it.

    Raises:
        ModelError: One of them cannot be run, or they differ by more than is allowed.
    """
    shown = pictures(network)
    outputs = [output for output in network.outputs if output.name in tensors]
    ours = _asked_onnx(onnx, shown, [output.name for output in outputs])
    theirs = _asked_original(original, shown, [tensors[output.name] for output in outputs])
    found = tuple(
        difference
        for output, mine, other in zip(outputs, ours, theirs, strict=True)
        for difference in differences(output, network.side_px, mine, other)
    )
    _refuse(original, [difference for difference in found if not difference.within])
    return found


def differences(output: Output, side_px: int, ours: F32, theirs: F32) -> list[Difference]:
    """Compare an output.

    Args:
        output: What it is.
        side_px: Of the network's input.
        ours: What the ONNX file says.
        theirs: The same of the original.

    Returns:
        One for each unit in it.

    Raises:
        ModelError: Their shapes differ.
    """
    if ours.shape != theirs.shape:
        raise ModelError(f"output {output.name}: expected {theirs.shape}, got {ours.shape}")
    found = []
    for unit in dict.fromkeys(output.units):
        of_unit = [kind is unit for kind in output.units]
        mine, other = (
            numbers.reshape(-1, len(output.units))[:, of_unit] for numbers in (ours, theirs)
        )
        largest, part = _largest(mine, other), _judged(mine, other, unit, side_px)
        found.append(Difference(output.name, unit, largest, part, output.limit))
    return found


def _judged(ours: F32, theirs: F32, unit: Unit, side_px: int) -> float:
    largest = _largest(ours, theirs)
    if unit is Unit.PX:
        return largest / side_px
    if unit is Unit.LOGIT:
        part = largest / max(1.0, float(np.abs(theirs).max()))
        # Unlike `max`, this keeps NaN.
        return float(np.maximum(part, _largest(_probability(ours), _probability(theirs))))
    return largest


def _largest(ours: F32, theirs: F32) -> float:
    return float(np.abs(ours - theirs).max())


def _probability(logits: F32) -> F32:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * logits), np.float32)


def _asked_original(path: Path, shown: F32, names: Sequence[str]) -> list[F32]:
    import openvino

    try:
        compiled = openvino.Core().compile_model(str(path), "CPU", _PLAIN)
        ports = [compiled.output(name) for name in names]
        rows = [compiled(shown[i : i + 1]) for i in range(len(shown))]
    except Exception as error:  # the runtime has no common error class
        raise ModelError(f"{path}: OpenVINO cannot run it: {error}") from error
    return [np.concatenate([row[port] for row in rows]) for port in ports]


def _asked_onnx(onnx: bytes, shown: F32, names: Sequence[str]) -> list[F32]:
    """All pictures at once: that the batch is free is tried as well."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    try:
        session = ort.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
        outputs: list[F32] = session.run([*names], {INPUT: shown})
    except Exception as error:  # the runtime has no common error class
        raise ModelError(f"onnxruntime cannot run what was converted: {error}") from error
    return outputs


def _refuse(original: Path, beyond: Sequence[Difference]) -> None:
    if beyond:
        told = "; ".join(f"{d.output} ({d.unit.value}) by {d.part:.1e}" for d in beyond)
        limits = ", ".join(sorted({f"{d.limit:.0e}" for d in beyond}))
        raise ModelError(
            f"{original}: what was converted differs: expected {limits} at most, got {told}; "
            "nothing was written. This is an error of the converter or of a runtime: report it"
        )
