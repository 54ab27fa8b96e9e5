"""Figures as pictures: which class is taken for which, and F1 of each class."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from engine.errors import UsageError
from training.evaluation.tally import I64, f1_of, tally_of
from training.labels import CLASS_NAMES, GROUP_OF

_DPI = 110
_TOLD_FROM = 0.05  # smaller shares are colour only: numbers everywhere hide those that matter
_DARK = 0.5
_GROUP_COLOURS = ("tab:blue", "tab:orange", "tab:green", "tab:red", "tab:purple", "tab:gray")


def draw_confusion(
    counts: I64, path: Path, title: str, *, unit: str = "ticks", as_counts: bool = False
) -> None:
    """Confusion matrix as PNG, each row in shares of its true class; classes that never are empty.

    Args:
        counts: `(K, K)` true class by row, the first K of `CLASS_NAMES`.
        path: Where to write.
        title: Above the picture.
        unit: What is counted.
        as_counts: Write every count into its field, in place of shares in percent.

    Raises:
        UsageError: It cannot be written.
    """
    totals = counts.sum(1, keepdims=True)
    shares = counts / np.maximum(totals, 1)
    figure = Figure(figsize=(14, 13), layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
    slugs = CLASS_NAMES[: len(counts)]
    names = [f"{name} ({n})" for name, n in zip(slugs, totals[:, 0].tolist(), strict=True)]
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xticks(range(len(names)), slugs, fontsize=8, rotation=90)
    axes.set_xlabel("given")
    axes.set_ylabel(f"true ({unit})")
    axes.set_title(title)
    for row, column in np.argwhere(counts if as_counts else shares >= _TOLD_FROM).tolist():
        share = float(shares[row, column])
        text = str(counts[row, column]) if as_counts else f"{100 * share:.0f}"
        colour = "white" if share > _DARK else "black"
        axes.text(column, row, text, ha="center", va="center", fontsize=7, color=colour)
    _write(figure, path)


def draw_class_f1(counts: I64, path: Path, title: str) -> None:
    """F1 of each class as bars, coloured by group, with matched / false / missed beside them.

    Args:
        counts: `(33, 3)` matched, false, missed of each class.
        path: Where to write.
        title: Above the picture.

    Raises:
        UsageError: It cannot be written.
    """
    f1 = f1_of(counts)
    told = np.flatnonzero(~np.isnan(f1)).tolist()
    figure = Figure(figsize=(9, 1.5 + 0.3 * max(1, len(told))), layout="constrained")
    axes = figure.add_subplot()
    colours = [_GROUP_COLOURS[GROUP_OF[k] % len(_GROUP_COLOURS)] for k in told]
    axes.barh(range(len(told)), f1[told], color=colours)
    axes.set_yticks(range(len(told)), [CLASS_NAMES[k] for k in told], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0.0, 1.25)
    axes.set_xlabel("event F1 (matched / false / missed)")
    axes.set_title(title)
    for place, k in enumerate(told):
        tally = tally_of(counts[k])
        text = f"{tally.matched} / {tally.false} / {tally.missed}"
        axes.text(float(f1[k]) + 0.01, place, text, va="center", fontsize=7)
    _write(figure, path)


def _write(figure: Figure, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=_DPI, metadata={"Software": ""})
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        figure.clear()
