"""`python -m benchmarks engines`: what a step, a paced step and a whole frame cost."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.camera import PORTRAIT_FRAMES, portrait_jpegs
from benchmarks.engines import continual_form
from benchmarks.engines.contenders import (
    CONTINUAL,
    RECOGNISER,
    backend_step,
    contenders,
    processor_backends,
)
from benchmarks.engines.frame_path import PACES_HZ, frame_paths
from benchmarks.engines.pacing import PacedTimes, pace_name, run_paced
from benchmarks.engines.subject import Subject, subject
from benchmarks.engines.targets import targets
from benchmarks.engines.turns import in_turns, one_core, ratio
from benchmarks.report import Result, package_versions
from engine.backends import Backend
from engine.clock import SystemClock
from engine.serving.choice import PROCESSOR
from engine.step_graph import RUNGS
from tests.fakes.network_camera import jpegs_of_video

STEPS, PACED, FRAMES = "steps", "paced", "frames"
PARTS = (STEPS, PACED, FRAMES)
SIZES = RUNGS

_PACED_ROUNDS = 5
_PACKAGES = ("torch", "openvino", "continual-inference")


@dataclass(frozen=True, kw_only=True)
class EngineOptions:
    """What is measured, and for how long.

    Attributes:
        parts: Of `PARTS`.
        run: A training run whose network is taken; None takes random weights.
        sizes: Numbers of streams.
        steps: Ticks of each contender and number of streams.
        seconds: A contender that would take longer gets fewer ticks.
        paced: Ticks at each pace.
        step_deadline_ms: For a paced tick.
        frames: Pictures for each path, pace and round.
        rounds: Of pictures.
        video: Where they come from; None is a moving portrait.
        deadline_ms: For a picture.
    """

    parts: Sequence[str] = PARTS
    run: Path | None = None
    sizes: Sequence[int] = SIZES
    steps: int = 10_000
    seconds: float = 5.0
    paced: int = 1_500
    step_deadline_ms: float = 1.0
    frames: int = 200
    rounds: int = 3
    video: Path | None = None
    deadline_ms: float = 200.0


def engines(options: EngineOptions) -> Result:
    """Run the parts that are asked for.

    Returns:
        Milliseconds a tick by number of streams and contender, ratios, what was asked for and what
        came out; ticks at the pace of cameras; stages of a whole frame.
    """
    backends, left_out = processor_backends()
    if continual_form.refusal():
        left_out[CONTINUAL] = continual_form.refusal()
    result: Result = {"packages": package_versions(_PACKAGES), "left_out": left_out}
    with subject(options.run) as network, one_core():
        result["network"] = {**network.described(), "threads": 1}
        if STEPS in options.parts:
            result |= _steps(network, backends, options)
        if PACED in options.parts:
            result["paced"] = _paced(network, backends[PROCESSOR], options)
    if FRAMES in options.parts:
        result["frames"] = _frames(options)
    return result


def _steps(network: Subject, backends: dict[str, Backend], options: EngineOptions) -> Result:
    figures: Result = {}
    ratios: Result = {}
    for streams in options.sizes:
        with contenders(network, backends, streams) as made:
            times = in_turns(made, options.steps, options.seconds)
        figures[str(streams)] = {name: own.figures(streams) for name, own in times.items()}
        ratios[str(streams)] = {
            f"{name} to {PROCESSOR}": ratio(own, times[PROCESSOR])
            for name, own in times.items()
            if name not in (PROCESSOR, RECOGNISER)
        }
    return {"steps": figures, "ratios": ratios, "targets": targets(figures, ratios)}


def _paced(network: Subject, backend: Backend, options: EngineOptions) -> Result:
    times = {pace: PacedTimes() for pace in PACES_HZ}
    count = max(1, options.paced // _PACED_ROUNDS)
    with backend_step(PROCESSOR, backend, network.graph, 1) as step:
        run_paced(step.tick, 0.0, count, SystemClock(), PacedTimes())
        for _ in range(_PACED_ROUNDS):
            for pace, into in times.items():
                run_paced(step.tick, pace, count, SystemClock(), into)
    return {
        pace_name(pace): own.figures(pace, options.step_deadline_ms) for pace, own in times.items()
    }


def _frames(options: EngineOptions) -> Result:
    video = options.video
    jpegs = jpegs_of_video(video) if video else portrait_jpegs(PORTRAIT_FRAMES)
    paces = frame_paths(
        jpegs,
        frames=options.frames,
        rounds=options.rounds,
        deadline_ms=options.deadline_ms,
        clock=SystemClock(),
    )
    return {
        "shown": video.name if video else "moving portrait",
        "cores": os.cpu_count(),
        "paces": paces,
    }
