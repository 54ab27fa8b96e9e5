"""Draws what a script looks like, so that a person can judge it."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from engine.errors import UsageError
from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from training.simulator.scene import Scene, staged_scene
from training.simulator.scripts.model import Variant
from training.simulator.scripts.table import BY_NAME, SCRIPTS

_FRAMES = 8
_PEOPLE = 2
_BODY, _LEFT, _RIGHT = "#333333", "#d1495b", "#00798c"
_FACE = ("nose", "left_eye", "right_eye", "left_ear", "right_ear", "mouth_left", "mouth_right")


def draw_filmstrip(name: str, path: Path, seed: int = 0) -> None:
    """A picture with two people for each variant of a script, eight instants a row.

    Raises:
        UsageError: There is no such script.
    """
    if name not in BY_NAME:
        raise UsageError(f"no script '{name}': expected one of {', '.join(sorted(BY_NAME))}")
    script = BY_NAME[name]
    rows = len(script.variants) * _PEOPLE
    figure = Figure(figsize=(2.0 * _FRAMES, 1.6 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, _FRAMES, squeeze=False)
    for index, variant in enumerate(script.variants):
        rng = np.random.default_rng((seed, index))
        scene = staged_scene(rng, SCRIPTS.index(script), variant, _PEOPLE)
        for person in range(_PEOPLE):
            _draw_row(list(axes[index * _PEOPLE + person]), scene, person, variant)
    figure.suptitle(f"{script.name}: {script.meaning}")
    figure.savefig(path, dpi=60)


def _draw_row(axes: list[Axes], scene: Scene, person: int, variant: Variant) -> None:
    act = scene.timelines[person].acts[0]
    times = np.linspace(act.start_s - 0.35, act.end_s + 0.35, _FRAMES)
    for axis, t_s in zip(axes, times, strict=True):
        frame = int(np.argmin(np.abs(scene.t_s[person] - t_s)))
        during = act.start_s <= scene.t_s[person, frame] < act.end_s
        _draw_person(axis, scene.views.xy[person, frame], float(scene.cameras.aspect[person]))
        axis.set_title(f"{t_s:.2f} s", fontsize=7, color="black" if during else "#aaaaaa")
        for side in axis.spines.values():
            side.set_edgecolor("#2a9d3a" if during else "#dddddd")
            side.set_linewidth(2.0 if during else 0.8)
    axes[0].set_ylabel(variant.name, fontsize=8)


def _draw_person(axis: Axes, xy: F32, aspect: float) -> None:
    for a, b in HOLISTIC_75.edges:
        color = _BODY if max(a, b) < 33 else _LEFT if max(a, b) < 54 else _RIGHT
        axis.plot(xy[[a, b], 0], xy[[a, b], 1], color=color, linewidth=1.0)
    face = [HOLISTIC_75.index(name) for name in _FACE]
    axis.scatter(xy[face, 0], xy[face, 1], s=3, color=_BODY)
    axis.set(xlim=(0, aspect), ylim=(1, 0), xticks=[], yticks=[], aspect="equal")
