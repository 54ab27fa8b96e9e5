"""The fit as a picture: what was measured, beside what the fitted noise gives there."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from engine.errors import UsageError
from training.simulator.landmarks import groups
from training.simulator.landmarks.fit import HalfFit
from training.simulator.landmarks.hand_measures import GAP_LAGS_S
from training.simulator.landmarks.measure import LAGS_S
from training.simulator.landmarks.params import Half
from training.simulator.landmarks.samples import Samples

_REAL, _SIMULATED = "#1b6ca8", "#e07b39"
_SEEN = groups.CONTEXTS[groups.TOGETHER :]
_LEAST = 5
Panel = Callable[[Axes, HalfFit], None]


def draw(halves: Mapping[Half, HalfFit], path: Path) -> None:
    """Write the picture, one row of panels for each half and kind.

    Raises:
        UsageError: It cannot be written.
    """
    rows = len(_PANELS) // _COLUMNS
    figure, axes = plt.subplots(
        rows * len(halves), _COLUMNS, figsize=(5.0 * _COLUMNS, 3.3 * rows * len(halves))
    )
    for number, (half, found) in enumerate(halves.items()):
        block = axes[number * rows : (number + 1) * rows].ravel()
        for axis, (title, panel) in zip(block, _PANELS, strict=True):
            panel(axis, found)
            axis.set_title(f"{half}: {title}", fontsize=9)
            axis.tick_params(labelsize=7)
    handles = [Line2D([], [], color=c, lw=6) for c in (_REAL, _SIMULATED)]
    figure.legend(handles, ["measured on the clips", "simulated"], loc="upper right", fontsize=9)
    figure.suptitle(
        "Landmark noise: boxes span 10 to 90 %, the line is the median; lengths in shoulder widths"
    )
    figure.tight_layout(rect=(0, 0, 1, 0.985))
    try:
        figure.savefig(path, dpi=70)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        plt.close(figure)


def _boxes(
    axis: Axes, found: HalfFit, keys: Sequence[str], names: Sequence[str], log: bool = False
) -> None:
    """Spans of samples, measured left and simulated right."""
    for offset, samples, colour in (
        (-0.18, found.real, _REAL),
        (0.18, found.simulated, _SIMULATED),
    ):
        for place, key in enumerate(keys):
            values = samples.get(key, np.zeros(0))
            if len(values) >= _LEAST:
                low, middle, high = np.percentile(values, (10, 50, 90))
                axis.bar(place + offset, high - low, 0.3, bottom=low, color=colour, alpha=0.5)
                axis.hlines(middle, place + offset - 0.15, place + offset + 0.15, color=colour)
    axis.set_xticks(range(len(names)), _counted(found.real, keys, names), rotation=30)
    if log:
        axis.set_yscale("log")


def _rates(axis: Axes, found: HalfFit, keys: Sequence[str], names: Sequence[str]) -> None:
    """Parts of samples that are true."""
    for offset, samples, colour in (
        (-0.18, found.real, _REAL),
        (0.18, found.simulated, _SIMULATED),
    ):
        values = [float(np.mean(samples[key])) if key in samples else np.nan for key in keys]
        axis.bar(np.arange(len(keys)) + offset, values, 0.33, color=colour)
    axis.set_xticks(range(len(names)), _counted(found.real, keys, names), rotation=30)
    axis.set_ylim(0, 1.02)


def _curves(axis: Axes, found: HalfFit, key: str, lags: Sequence[float]) -> None:
    """Means, or medians where all are positive, against time."""
    for samples, colour in ((found.real, _REAL), (found.simulated, _SIMULATED)):
        known = [lag for lag in lags if f"{key}/{lag:g}" in samples]
        values = [float(np.median(samples[f"{key}/{lag:g}"])) for lag in known]
        axis.plot(known, values, "o-", color=colour)
    axis.set_xlabel("s", fontsize=7)


def _steps(axis: Axes, found: HalfFit, key: str) -> None:
    """Parts of samples that are smaller."""
    for samples, colour in ((found.real, _REAL), (found.simulated, _SIMULATED)):
        values = np.sort(samples.get(key, np.zeros(0)))
        if len(values):
            axis.step(values, np.linspace(0, 1, len(values)), color=colour)
    axis.set_xscale("log")
    axis.set_xlabel(f"s (n={len(found.real.get(key, ()))})", fontsize=7)


def _counted(samples: Samples, keys: Sequence[str], names: Sequence[str]) -> list[str]:
    return [f"{n}\n{len(samples.get(k, ()))}" for k, n in zip(keys, names, strict=True)]


def _box_panel(quantity: str, names: Sequence[str], log: bool = False) -> Panel:
    keys = [f"{quantity}/{name}" for name in names]
    return lambda axis, found: _boxes(axis, found, keys, names, log)


def _rate_panel(keys: Sequence[str], names: Sequence[str]) -> Panel:
    return lambda axis, found: _rates(axis, found, keys, names)


def _curve_panel(key: str, lags: Sequence[float]) -> Panel:
    return lambda axis, found: _curves(axis, found, key, lags)


def _step_panel(key: str) -> Panel:
    return lambda axis, found: _steps(axis, found, key)


def _small_panel(keys: Sequence[str]) -> Panel:
    return lambda axis, found: _boxes(axis, found, keys, keys, log=True)


_BODY = groups.GROUPS[: groups.WRIST + 1]
_DUPLICATES = ("duplicate/together", "duplicate/apart", "taken/together", "taken/apart")
_COLUMNS = 4
_PANELS: tuple[tuple[str, Panel], ...] = (
    ("jitter in still moments", _box_panel("jitter", (*_BODY, "palm"), log=True)),
    ("autocorrelation of face jitter", _curve_panel("lag/face", LAGS_S)),
    ("jitter of fingers in the hand", _box_panel("finger", _SEEN, log=True)),
    ("hands: sharp jitter, size (log), turn (rad)", _small_panel(("hand_jitter", "size", "turn"))),
    (
        "part of time a hand is found",
        _rate_panel([f"found/{c}" for c in groups.CONTEXTS], groups.CONTEXTS),
    ),
    ("runs of a found hand", _step_panel("found_run_s")),
    ("gaps of a hand in view", _step_panel("lost_run_s")),
    (
        "both sets on one hand; a set on the wrong side",
        _rate_panel(
            _DUPLICATES, ("both\ntogether", "both\napart", "wrong\ntogether", "wrong\napart")
        ),
    ),
    ("two estimates of a wrist: distance", _box_panel("wrist_gap", _SEEN)),
    ("... its change against time", _curve_panel("wrist_change", GAP_LAGS_S)),
    (
        "arm out of picture: mirrored; with a hand",
        _rate_panel(("drawn", "drawn_hand"), ("mirrored", "hand")),
    ),
    ("arm out of picture: wander within 3 s", _small_panel(("guess", "guess_change"))),
    ("confidence of the pose's wrist", _box_panel("arm", groups.CONTEXTS)),
    ("score of a found hand", _box_panel("score", _SEEN)),
    ("confidence of joints in the picture", _box_panel("inside", (*_BODY[:3], "lower"))),
    ("confidence of joints out of it", _box_panel("outside", ("elbow", "lower"))),
    ("depth of index before nose", _box_panel("index_depth", groups.CONTEXTS)),
    ("depth jitter", _box_panel("depth_jitter", _BODY, log=True)),
    (
        "depth: nose from ears, nose and hips from shoulders",
        lambda axis, found: _boxes(
            axis, found, ("head_depth", "nose_depth", "hip_depth"), ("head", "nose", "hips")
        ),
    ),
    ("depth within a hand: range, jitter", _small_panel(("hand_depth", "hand_depth_jitter"))),
)
