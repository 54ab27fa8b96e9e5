"""How large what flows through a network becomes."""

from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime as ort

from engine.poses import F32
from engine.step_graph import INPUT, NEXT, STATE
from plugins.backends.onnxruntime_cpu import session_options
from training.precision.int8 import quantised_inputs
from training.precision.layers import with_constants_picked


def ranges(model: onnx.ModelProto, sequences: Sequence[F32], name: str = "") -> dict[str, float]:
    """The largest magnitude of each of the values that are to be quantised.

    Args:
        model: In float32.
        sequences: `(T, C, 22)` each, what the network gets, tick after tick, from an empty memory.
        name: Of the file, for messages.

    Raises:
        ModelError: It is no network of ours.
    """
    wanted = quantised_inputs(model, name)
    shown = with_constants_picked(model)
    shown.graph.output.extend(onnx.ValueInfoProto(name=value) for value in wanted)
    session = ort.InferenceSession(
        shown.SerializeToString(), session_options(), providers=["CPUExecutionProvider"]
    )
    outputs = [node.name for node in session.get_outputs()]
    largest = dict.fromkeys(wanted, 0.0)
    for sequence in sequences:
        states = {
            node.name: np.zeros((1, *node.shape[1:]), np.float32)
            for node in session.get_inputs()
            if node.name.startswith(STATE)
        }
        for row in sequence:
            told = dict(
                zip(outputs, session.run(outputs, {INPUT: row[None], **states}), strict=True)
            )
            states = {state: told[NEXT + state] for state in states}
            largest = {n: max(most, float(np.abs(told[n]).max())) for n, most in largest.items()}
    return largest
