"""What one stream remembers between ticks, in buffers that are made once."""

import numpy as np
import onnxruntime as ort

from engine.poses import F32
from plugins.recognizers.graph.session import OUTPUTS, OpenModel


class StreamMemory:
    """Runs the network tick by tick for one stream.

    The state lives in two sets of buffers: a tick reads one and writes the other, the next tick
    the other way round, so that nothing is allocated or copied between ticks.

    Args:
        model: The opened model.
    """

    def __init__(self, model: OpenModel) -> None:
        metadata = model.metadata
        self._session = model.session
        shapes = {node.name: node.shape for node in model.session.get_outputs()}
        self._x = np.zeros((1, len(metadata.channels), len(metadata.joints)), np.float32)
        self._outputs = {
            name: np.zeros(shape, np.float32)
            for name, shape in shapes.items()
            if not name.startswith("next_")
        }
        self._states = tuple(
            {name: np.zeros(shape, np.float32) for name, shape in model.states} for _ in range(2)
        )
        self._logits = (self._outputs[OUTPUTS[0]][0], self._outputs[OUTPUTS[1]][0])
        self._bindings = (self._bound(0, 1), self._bound(1, 0))
        self._turn = 0

    def step(self, x: F32) -> tuple[F32, F32]:
        """One tick.

        Args:
            x: `(C, 22)` channels of the model.

        Returns:
            Class logits and group logits, valid until the next step.
        """
        self._x[0] = x
        self._session.run_with_iobinding(self._bindings[self._turn])
        self._turn = 1 - self._turn
        return self._logits

    def reset(self) -> None:
        """Forget everything."""
        for states in self._states:
            for state in states.values():
                state.fill(0.0)

    def _bound(self, before: int, after: int) -> ort.IOBinding:
        binding = self._session.io_binding()
        inputs = {"x": self._x, **self._states[before]}
        states = {f"next_{name}": state for name, state in self._states[after].items()}
        for name, array in inputs.items():
            binding.bind_input(name, "cpu", 0, np.float32, array.shape, array.ctypes.data)
        for name, array in {**self._outputs, **states}.items():
            binding.bind_output(name, "cpu", 0, np.float32, array.shape, array.ctypes.data)
        return binding
