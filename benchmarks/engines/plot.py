"""What each stream costs, by how many there are, as a picture."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from benchmarks.engines.contenders import CONTINUAL, RECOGNISER, TORCH, WINDOW
from benchmarks.report import Result

_DPI = 110
_COLOURS = {
    "onnxruntime": "tab:blue",
    "openvino": "tab:green",
    TORCH: "tab:orange",
    CONTINUAL: "tab:red",
    WINDOW: "tab:purple",
    RECOGNISER: "tab:gray",
}
_LABELS = {
    TORCH: "torch, step by step",
    WINDOW: "window run again (onnxruntime)",
    RECOGNISER: "whole recogniser (onnxruntime)",
}


def draw_cost(steps: Result, path: Path, subtitle: str) -> None:
    """PNG of milliseconds a stream and tick: a line of medians with a band up to p99.

    Args:
        steps: Number of streams to contender to figures.
        path: Where to write; folders are made.
        subtitle: The machine.
    """
    figure = Figure(figsize=(8.5, 5.5), layout="constrained")
    axes = figure.add_subplot()
    names = dict.fromkeys(name for contenders in steps.values() for name in contenders)
    for name in names:
        _draw(
            axes, name, {int(s): own[name]["per_stream"] for s, own in steps.items() if name in own}
        )
    sizes = sorted(int(streams) for streams in steps)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(sizes, [f"{streams:,}" for streams in sizes])
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_locator(NullLocator())
    axes.grid(which="both", alpha=0.25)
    axes.set_xlabel("streams in one tick")
    axes.set_ylabel("ms for each stream and tick: median, band to p99")
    axes.set_title(f"One core, one thread, the same network\n{subtitle}", fontsize=11)
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=_DPI)


def _draw(axes: Axes, name: str, costs: dict[int, Result]) -> None:
    sizes = sorted(costs)
    medians = [costs[streams]["p50"] for streams in sizes]
    label, colour = _LABELS.get(name, name), _COLOURS.get(name, "black")
    axes.plot(sizes, medians, marker="o", label=label, color=colour)
    axes.fill_between(
        sizes, medians, [costs[streams]["p99"] for streams in sizes], color=colour, alpha=0.1
    )
    if name == WINDOW:
        axes.axhline(medians[0], color=colour, linestyle=":", linewidth=1)
