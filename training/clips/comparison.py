"""Models of the zoo on the same clips, beside what is published."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from training.clips.clip_set import ClipSet
from training.clips.figures import ClipFigures, figures
from training.clips.judging import Judged, of_constant, of_model, of_raw_joints
from training.clips.parts import Parts
from training.clips.run import trained
from training.clips.run_config import ClipRunConfig
from training.clips.run_folder import ClipRunFolder
from training.zoo.clip_model import ClipEncoder, ClipModel
from training.zoo.zoo import ZOO


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        name: Of the model, and what reads its latents if it gives latents.
        figures: On the test clips.
        parameters: Trained numbers of the model; 0 if there is none.
        published_top1_percent: On iMiGUE, by the paper; None if there is no such row.
        published_top5_percent: The same.
    """

    name: str
    figures: ClipFigures
    parameters: int = 0
    published_top1_percent: float | None = None
    published_top5_percent: float | None = None


def compared(
    configs: Sequence[ClipRunConfig],
    home: Path,
    parts: Parts,
    tell: Callable[[str, int, int, float, int], None] = lambda *_: None,
) -> Iterator[Row]:
    """Rows of the table, each as it is done; who always says the same comes first.

    A run that is finished in `home` is not trained again, and one that was broken off goes on.

    Args:
        configs: Of the runs, `completed`.
        home: Folder of their folders.
        parts: Clips to train on and to test on.
        tell: Hears the model, and of each of its steps: steps done, steps there will be, its
            loss, and the epoch from 0.

    Raises:
        ConfigError: In `home` lies another run of such a name.
    """
    test = parts.test
    assert test is not None
    yield row(of_constant(parts.train, test), test)
    if any(issubclass(ZOO[config.model], ClipEncoder) for config in configs):
        for judged in of_raw_joints(parts.train, test):
            yield row(judged, test)
    for config in configs:
        folder = ClipRunFolder(home / f"{config.model}-{config.recipe.seed}")
        model = trained(folder, config, parts, partial(tell, config.model))
        yield from rows_of(model, parts.train, test)


def rows_of(model: ClipModel, train: ClipSet, test: ClipSet) -> Iterator[Row]:
    """What a trained model is worth: one line, or one for each way to read its latents."""
    for judged in of_model(model, train, test):
        yield row(judged, test, model)


def row(judged: Judged, test: ClipSet, model: ClipModel | None = None) -> Row:
    """The line of scores of test clips.

    Args:
        judged: The scores.
        test: The clips.
        model: Whose they are, if they are a model's.
    """
    line = Row(judged.name, figures(test, judged.scores))
    if model is None:
        return line
    told = model.description
    return replace(
        line,
        parameters=model.parameter_count,
        published_top1_percent=told.published_top1_percent,
        published_top5_percent=told.published_top5_percent,
    )
