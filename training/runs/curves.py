"""Loss and metric curves of a run as a picture."""

from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from training.runs.run_files import EpochLog

_LOSSES = ("nll", "loss")
"""Of the validation figures; the others go from 0 to 1."""


def draw_curves(lines: list[EpochLog], path: Path) -> None:
    """Write a PNG: what was minimised, the loss of unseen people, and the other figures.

    Args:
        lines: The log, at least one line.
        path: Where to; replaced.
    """
    figure = Figure(figsize=(9.6, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    losses, figures = figure.subplots(1, 2)
    epochs = [line.epoch + 1 for line in lines]
    losses.plot(epochs, [line.loss for line in lines], label="training, all parts", color="0.2")
    for name in lines[0].parts:
        losses.plot(epochs, [line.parts[name] for line in lines], label=name, lw=0.8, ls="--")
    for name in lines[0].validation:
        values = [line.validation[name] for line in lines]
        if name in _LOSSES:
            losses.plot(epochs, values, label=f"validation {name}")
        else:
            figures.plot(epochs, values, label=name)
    losses.set(xlabel="epoch", ylabel="loss", title="Loss")
    losses.legend(fontsize="small")
    unseen = "unseen people" if lines[0].validation else "nobody held out"
    figures.set(xlabel="epoch", ylim=(0, 1), title=f"Validation, {unseen}")
    if lines[0].validation:
        figures.legend(fontsize="small")
    figure.savefig(path, dpi=110)
