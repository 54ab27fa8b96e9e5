"""A progress bar that says how the loss goes and when it will be over."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_KEEP = 0.95  # of the shown loss at a step: single batches jump


@contextmanager
def training_bar(console: Console) -> Iterator[Callable[[int, int, float, int], None]]:
    """Inside, a function to be told of each step: step, total, loss, epoch."""
    columns = (
        TextColumn("epoch {task.fields[epoch]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]:.3f}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task("training", total=None, epoch=1, loss=0.0)
        shown: float | None = None

        def watch(step: int, total: int, loss: float, epoch: int) -> None:
            nonlocal shown
            shown = loss if shown is None else _KEEP * shown + (1 - _KEEP) * loss
            progress.update(task, completed=step, total=total, epoch=epoch + 1, loss=shown)

        yield watch
