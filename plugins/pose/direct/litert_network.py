"""Networks on LiteRT, TensorFlow Lite's own runtime: the fallback where there is no OpenVINO."""

from importlib import import_module
from typing import Any

import numpy as np

from engine.errors import ModelError
from engine.frames import U8
from engine.poses import F32
from plugins.pose.direct.network_files import NetworkFile, located

_HALF_RANGE = np.float32(127.5)
_FULL_RANGE = np.float32(255.0)


class LiteRtNetwork:
    """See `Network`. Always in float32; outputs that are not used are computed all the same.

    Args:
        network: Which one.
        threads: That work on a picture.

    Raises:
        ModelError: It cannot be loaded.
    """

    def __init__(self, network: NetworkFile, threads: int = 1) -> None:
        path = located(network)
        self._network = network
        side = network.side_px
        self.picture: U8 = np.zeros((side, side, 3), np.uint8)
        try:
            interpreter: Any = import_module("ai_edge_litert.interpreter").Interpreter
            self._interpreter = interpreter(model_path=str(path), num_threads=threads)
            self._interpreter.allocate_tensors()
        except (ImportError, ValueError, RuntimeError, OSError) as error:
            raise ModelError(f"{path.name}: LiteRT cannot load it: {error}") from error
        self._input: int = self._interpreter.get_input_details()[0]["index"]
        outputs = self._interpreter.get_output_details()
        self._outputs: list[int] = [outputs[number]["index"] for number in network.keep]

    def run(self) -> tuple[F32, ...]:
        """See `Network.run`."""
        pixels = self.picture[None].astype(np.float32)
        if self._network.from_minus_one:
            pixels -= _HALF_RANGE
            pixels /= _HALF_RANGE
        else:
            pixels /= _FULL_RANGE
        try:
            self._interpreter.set_tensor(self._input, pixels)
            self._interpreter.invoke()
            return tuple(self._interpreter.get_tensor(i).reshape(-1) for i in self._outputs)
        except (ValueError, RuntimeError) as error:
            raise ModelError(
                f"LiteRT broke in the {self._network.name} network: {error}"
            ) from error
