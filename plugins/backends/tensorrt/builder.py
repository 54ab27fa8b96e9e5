"""From a step graph to a plan for a fixed number of streams. Needs no GPU with `tensorrt_rtx`."""

from typing import Any

from engine.errors import DeviceError, ModelError
from engine.step_graph import NEXT, StepGraph
from plugins.backends.tensorrt.layout import ACTIVE, Layout, Tensor
from plugins.backends.tensorrt.shim import TensorRt, last_complaint, uncollected

OPTIONS = (
    ("idle_rows", "kept"),
    ("max_aux_streams", "0"),
    ("shapes", "fixed"),
    ("tf32", "off"),
    ("typing", "strong"),
)
"""What `build_plan` does beside what the graph says; part of an engine's key: keep it true."""


def build_plan(trt: TensorRt, graph: StepGraph, streams: int) -> bytes:
    """A plan that runs one tick of `streams` streams; may take minutes.

    Its tensors are those of `Layout`: an input `active` is added, and what a row that is not
    active remembers goes through unchanged.

    Raises:
        ModelError: The graph cannot be built.
        DeviceError: The builder does not start.
    """
    return StepNetwork(trt, graph, streams).plan()


class StepNetwork:
    """A graph in TensorRT's own form, ready to be built.

    Args:
        trt: The package.
        graph: What to build.
        streams: How many.

    Attributes:
        network: The network definition.

    Raises:
        ModelError: The graph cannot be read or is not what it says.
        DeviceError: The builder does not start.
    """

    @uncollected()
    def __init__(self, trt: TensorRt, graph: StepGraph, streams: int) -> None:
        self._trt = trt
        self._name = graph.name
        self._layout = Layout(graph, streams)
        self._log = trt.log()
        self._builder = self._started()
        self.network = self._builder.create_network(trt.network_flags)
        # It owns the weights: it must live until the plan is made.
        self._parser = trt.api.OnnxParser(self.network, self._log)
        self._parse(graph.onnx)
        self._fix_shapes()
        self._keep_idle_rows()
        self._check()

    @uncollected()
    def plan(self) -> bytes:
        """Build it.

        Raises:
            ModelError: It cannot be built.
        """
        built = self._builder.build_serialized_network(self.network, self.config())
        if built is None:
            raise ModelError(
                f"{self._name}: {self._trt.package} {self._trt.version} cannot build it for "
                f"{self._layout.streams} streams: {last_complaint(self._log)}"
            )
        return bytes(built)

    def config(self) -> Any:
        """Options of the builder, see `OPTIONS`."""
        config = self._builder.create_builder_config()
        # On by default, and it rounds what the model asks for in full.
        config.clear_flag(self._trt.api.BuilderFlag.TF32)
        # With streams beside ours its time would depend on more than its own.
        config.max_aux_streams = 0
        return config

    def _started(self) -> Any:
        try:
            return self._trt.api.Builder(self._log)
        except (TypeError, RuntimeError) as error:  # a null pointer without a driver
            raise DeviceError(
                f"the builder of {self._trt.package} {self._trt.version} does not start: "
                f"{last_complaint(self._log)}"
            ) from error

    def _parse(self, onnx: bytes) -> None:
        if not self._parser.parse(onnx):
            errors = [self._parser.get_error(index) for index in range(self._parser.num_errors)]
            problems = "; ".join(str(error.desc()) for error in errors) or last_complaint(self._log)
            raise ModelError(
                f"{self._name}: {self._trt.package} {self._trt.version} cannot read it: {problems}"
            )

    def _fix_shapes(self) -> None:
        for tensor in self._inputs().values():
            tensor.shape = (self._layout.streams, *tuple(tensor.shape)[1:])

    def _keep_idle_rows(self) -> None:
        """`next = active ? next : state`, row by row, for every state."""
        inputs, outputs = self._inputs(), self._outputs()
        active = self.network.add_input(ACTIVE, self._trt.api.bool, self._layout.active.shape)
        for state in self._layout.states:
            before, after = inputs.get(state.name), outputs.get(NEXT + state.name)
            if before is None or after is None:
                continue  # `_check` tells
            spread = self.network.add_shuffle(active)
            spread.reshape_dims = (self._layout.streams, *[1] * (len(state.shape) - 1))
            self.network.unmark_output(after)
            after.name = f"stepped_{state.name}"
            kept = self.network.add_select(spread.get_output(0), after, before).get_output(0)
            kept.name = NEXT + state.name
            self.network.mark_output(kept)

    def _check(self) -> None:
        for found, expected in (
            (self._inputs(), self._layout.inputs),
            (self._outputs(), self._layout.results),
        ):
            given = {f"{n} {t.dtype} {tuple(t.shape)}" for n, t in found.items()}
            wanted = {f"{n} {self._type(t)} {t.shape}" for n, t in expected.items()}
            if given != wanted:
                raise ModelError(
                    f"{self._name}: its network is not what its description says: expected "
                    f"{sorted(wanted - given)}; got {sorted(given - wanted)}; export it again "
                    "with this version"
                )

    def _type(self, tensor: Tensor) -> Any:
        return getattr(self._trt.api, tensor.dtype.name)

    def _inputs(self) -> dict[str, Any]:
        found = [self.network.get_input(index) for index in range(self.network.num_inputs)]
        return {tensor.name: tensor for tensor in found}

    def _outputs(self) -> dict[str, Any]:
        found = [self.network.get_output(index) for index in range(self.network.num_outputs)]
        return {tensor.name: tensor for tensor in found}
