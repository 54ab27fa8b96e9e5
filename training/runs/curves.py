"""Loss and metric curves of a run as a picture."""

from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from training.runs.run_files import EpochLog


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
    losses.plot(epochs, [line.validation["nll"] for line in lines], label="validation nll")
    losses.set(xlabel="epoch", ylabel="loss", title="Loss")
    losses.legend(fontsize="small")
    for name in lines[0].validation:
        if name != "nll":
            figures.plot(epochs, [line.validation[name] for line in lines], label=name)
    figures.set(xlabel="epoch", ylim=(0, 1), title="Validation, unseen people")
    figures.legend(fontsize="small")
    figure.savefig(path, dpi=110)
