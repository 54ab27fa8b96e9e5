"""Networks on OpenVINO, which reads the `.tflite` files as they are."""

from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import ModelError
from engine.frames import U8
from engine.poses import F32
from plugins.pose.direct.network_files import NetworkFile, located

_HALF_RANGE = 127.5
_FULL_RANGE = 255.0


class OpenVinoNetwork:
    """See `Network`.

    Args:
        network: Which one.
        compiled: Of OpenVINO.
        tensor: `(1, side, side, 3)` uint8 of OpenVINO, for the picture.

    Attributes:
        name: Of the network, for messages.
    """

    def __init__(self, network: NetworkFile, compiled: Any, tensor: Any) -> None:
        self.name = network.name
        self._request = compiled.create_infer_request()
        self._request.set_input_tensor(tensor)
        self.picture: U8 = tensor.data[0]
        self._outputs: tuple[F32, ...] = tuple(
            self._request.get_output_tensor(i).data.reshape(-1) for i in range(len(network.keep))
        )

    def run(self) -> tuple[F32, ...]:
        """See `Network.run`."""
        try:
            self._request.infer()
        except Exception as error:  # the runtime has no common error class
            raise ModelError(f"OpenVINO broke in the {self.name} network: {error}") from error
        return self._outputs


def opened(network: NetworkFile, precision: str, count: int, threads: int) -> list[OpenVinoNetwork]:
    """Load a network once, to be run in several threads at the same time.

    Args:
        network: Which one.
        precision: `f32` or `bf16`. Left to itself OpenVINO takes bf16 where the processor has it.
        count: How many.
        threads: That work on one picture.

    Raises:
        ModelError: It cannot be loaded.
    """
    path = located(network)
    shape = (1, network.side_px, network.side_px, 3)
    try:
        import openvino

        core = openvino.Core()
        model = _model(openvino, core, path, network)
        compiled = core.compile_model(model, "CPU", _properties(precision, count, threads))
        return [
            OpenVinoNetwork(network, compiled, openvino.Tensor(np.zeros(shape, np.uint8)))
            for _ in range(count)
        ]
    except Exception as error:  # the runtime has no common error class
        raise ModelError(f"{path.name}: OpenVINO cannot load it: {error}") from error


def _model(openvino: Any, core: Any, path: Path, network: NetworkFile) -> Any:
    """The network from uint8 pixels to the outputs that are kept."""
    model = core.read_model(path)
    for number, result in reversed(list(enumerate(model.get_results()))):
        if number not in network.keep:
            model.remove_result(result)
    model.validate_nodes_and_infer_types()
    steps = openvino.preprocess.PrePostProcessor(model)
    steps.input().tensor().set_element_type(openvino.Type.u8)
    pixels = steps.input().preprocess().convert_element_type(openvino.Type.f32)
    if network.from_minus_one:
        pixels.mean(_HALF_RANGE).scale(_HALF_RANGE)
    else:
        pixels.scale(_FULL_RANGE)
    return steps.build()


def _properties(precision: str, count: int, threads: int) -> dict[str, str]:
    return {
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": str(count),
        "INFERENCE_NUM_THREADS": str(count * threads),
        "INFERENCE_PRECISION_HINT": precision,
        # Two processes that pin themselves may choose the same core.
        "ENABLE_CPU_PINNING": "NO",
    }
