"""What is timed: ways to run the same network for one more tick of a number of streams."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
import onnxruntime as ort
import torch

from benchmarks.engines import continual_form
from benchmarks.engines.subject import Subject, random_ticks
from engine import registry
from engine.backends import Backend
from engine.poses import F32
from engine.serving.choice import PROCESSOR
from engine.serving.plain import plainly
from engine.skeletons import HOLISTIC_75
from engine.step_graph import StepGraph
from plugins.backends.onnxruntime_cpu import session_options
from plugins.recognizers.graph.recognizer import GraphConfig, GraphRecognizer

CONTINUAL, TORCH = "continual-inference", "torch"
WINDOW, RECOGNISER = "window", "recogniser"

_ROWS = 100
"""Ticks that are gone through round and round; fewer with many streams."""
_ROWS_OF_ALL = 2000


@dataclass(frozen=True)
class Contender:
    """Something that runs ticks.

    Attributes:
        name: For people.
        tick: Runs the next one, of all streams.
        fill: Ticks before it does all its work.
    """

    name: str
    tick: Callable[[], object]
    fill: int = 1


def processor_backends() -> tuple[dict[str, Backend], dict[str, str]]:
    """Backends of the processor that can be used here, and of the others why they cannot."""
    found: dict[str, Backend] = {}
    refused: dict[str, str] = {}
    for name in registry.names("backends"):
        backend: Backend = registry.create("backends", name, {})
        if not backend.accelerator:
            why_not = backend.refusal()
            if why_not:
                refused[name] = why_not
            else:
                found[name] = backend
    return found, refused


@contextmanager
def contenders(
    subject: Subject, backends: dict[str, Backend], streams: int
) -> Iterator[list[Contender]]:
    """Everything that can run here; what runs one stream only is there if that is all there is."""
    with ExitStack() as stack:
        made = [
            stack.enter_context(backend_step(name, backend, subject.graph, streams))
            for name, backend in backends.items()
        ]
        made.append(_torch_step(subject, streams))
        if not continual_form.refusal():
            made.append(_continual_step(subject, streams))
        if streams == 1:
            made += [_window(subject), stack.enter_context(_recogniser(subject, backends))]
        yield made


@contextmanager
def backend_step(
    name: str, backend: Backend, graph: StepGraph, streams: int
) -> Iterator[Contender]:
    """A step of an engine of ours, with the writing of its input."""
    engine = backend.open(graph, streams)
    on = np.ones(engine.streams, np.bool_)
    on[streams:] = False

    def step(rows: F32) -> None:
        engine.x[:streams] = rows
        engine.step(on)

    try:
        yield Contender(name, on_rows(step, _rows(graph, streams)))
    finally:
        engine.close()


def _torch_step(subject: Subject, streams: int) -> Contender:
    """Our network as it is, step by step."""
    network = subject.network.folded()
    state = network.initial_state(streams)

    def step(rows: F32) -> None:
        nonlocal state
        with torch.inference_mode():
            _, state = network.step(torch.from_numpy(rows), state)

    return Contender(TORCH, on_rows(step, _rows(subject.graph, streams)))


def _continual_step(subject: Subject, streams: int) -> Contender:
    forward = continual_form.continual_form(subject.network)

    def step(rows: F32) -> None:
        with torch.inference_mode():
            forward(torch.from_numpy(rows))

    tick = on_rows(step, _rows(subject.graph, streams))
    return Contender(CONTINUAL, tick, fill=subject.graph.receptive_field)


def _window(subject: Subject) -> Contender:
    """Runs a window that lies in the runtime's memory already."""
    session = ort.InferenceSession(
        subject.window, session_options(), providers=["CPUExecutionProvider"]
    )
    rows = random_ticks(subject.graph, subject.graph.receptive_field, 1)
    window = np.ascontiguousarray(rows.transpose(1, 2, 0, 3))
    binding = session.io_binding()
    binding.bind_cpu_input("x", window)
    for node in session.get_outputs():
        binding.bind_output(node.name)

    def run() -> F32:
        session.run_with_iobinding(binding)
        return window  # bound by its address: it has to live as long as this

    return Contender(WINDOW, run)


@contextmanager
def _recogniser(subject: Subject, backends: dict[str, Backend]) -> Iterator[Contender]:
    """Relations, network, fusion and view."""
    run_graph = plainly(PROCESSOR, backends[PROCESSOR])
    recogniser = GraphRecognizer(GraphConfig(model=str(subject.model)), None, run_graph)
    try:
        yield Contender(RECOGNISER, on_rows(recogniser.step, random_joints(1)))
    finally:
        recogniser.close()


def _rows(graph: StepGraph, streams: int) -> F32:
    return random_ticks(graph, _few(streams), streams)


def random_joints(streams: int) -> F32:
    """`(T, S, 75, 4)` for the recogniser, all joints seen."""
    shape = (_few(streams), streams, len(HOLISTIC_75), 4)
    joints = np.random.default_rng(1).normal(0, 0.3, shape).astype(np.float32)
    joints[..., 2] = 1.0
    return joints


def _few(streams: int) -> int:
    return max(4, min(_ROWS, _ROWS_OF_ALL // streams))


def on_rows(step: Callable[[F32], object], rows: F32) -> Callable[[], object]:
    """Calls `step` with the rows, round and round."""
    position = 0

    def tick() -> object:
        nonlocal position
        position = (position + 1) % len(rows)
        return step(rows[position])

    return tick
