"""A pretraining: begun, or gone on with after it was broken off."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from engine.errors import ConfigError
from training.clips.clip_set import ClipSet
from training.clips.fitting import ClipFit, FitState, Watch
from training.clips.validation import mean_loss
from training.datasets.published import RATE_HZ
from training.pretraining.config import PretrainConfig
from training.pretraining.run_folder import EncoderFolder, StreamInfo
from training.pretraining.seen import seen_in
from training.pretraining.sources import Source
from training.pretraining.windows import write_windows
from training.runs.checkpoint import read_checkpoint, write_checkpoint
from training.runs.device import chosen_device, fixed_threads
from training.runs.run_files import EpochLog
from training.zoo.clip_model import ClipEncoder


def pretrain(
    folder: EncoderFolder,
    config: PretrainConfig,
    sources: Sequence[Source],
    tell: Callable[[str], None] = lambda _: None,
    watch: Watch = lambda *_: None,
) -> list[EpochLog]:
    """Learn an encoder, and leave it in its folder.

    Args:
        folder: Begun with `config` if it is new; else the run there is finished.
        config: Of the run, `completed`.
        sources: Streams; of windows of all of them one file is written while the run lasts.
        tell: Hears what is being read.
        watch: Is told of each step.

    Returns:
        The log; `validation` holds the loss on the streams held out.

    Raises:
        ConfigError: Another run lies there, or one of other streams.
        ModelError: The loss is no number any more.
        FidgetError: A source cannot be read.
    """
    if not folder.config_file.exists():
        folder.begin(config)
    if folder.config() != config:
        raise ConfigError(
            f"{folder.path}: a run with another configuration lies there; name another folder, or "
            "remove it"
        )
    if folder.weights.is_file():
        return folder.log()
    held_out = _held_out(len(sources), config)
    learned = [source for n, source in enumerate(sources) if n not in held_out]
    others = [sources[n] for n in sorted(held_out)]
    train = write_windows(learned, folder.windows, config.form, tell)
    validation = write_windows(others, folder.held_out, config.form, tell) if others else None
    _check_data(folder, train, learned, others, config)
    with fixed_threads(config.threads):
        log = _train(folder, config, train, validation, watch)
    for file in (folder.windows, folder.held_out):
        file.unlink(missing_ok=True)
    return log


def _held_out(count: int, config: PretrainConfig) -> frozenset[int]:
    """Numbers of streams; none if there are too few to spare one."""
    held = min(count // 2, round(config.held_out_share * count + 0.5))
    if not config.held_out_share:
        held = 0
    return frozenset(np.random.default_rng(0).permutation(count)[:held].tolist())


def _check_data(
    folder: EncoderFolder,
    train: ClipSet,
    learned: Sequence[Source],
    held_out: Sequence[Source],
    config: PretrainConfig,
) -> None:
    info = StreamInfo(
        streams=len(learned) + len(held_out),
        windows=len(train),
        hours=round(len(train) * config.form.stride / RATE_HZ / 3600.0, 3),
        held_out=tuple(source.name for source in held_out),
        digest=train.digest(),
        seen=seen_in(learned),
    )
    if folder.checkpoint.is_file() and folder.data() != info:
        raise ConfigError(
            f"{folder.path}: was begun with other streams than are named now; name those, or begin "
            "a new run"
        )
    folder.write_data(info)


def _train(
    folder: EncoderFolder,
    config: PretrainConfig,
    train: ClipSet,
    validation: ClipSet | None,
    watch: Watch,
) -> list[EpochLog]:
    device = chosen_device(config.device)
    fit = ClipFit(
        config.built,
        train,
        config.recipe,
        device,
        half=device.type == "cuda",
        disturb=config.disturb.shown,
    )
    log: list[EpochLog] = []
    if folder.checkpoint.is_file():
        fit.restore(read_checkpoint(folder.checkpoint, FitState))
        log = folder.log()[: fit.epochs]
    while fit.epochs < config.recipe.epochs:
        log.append(_epoch(fit, train, validation, watch))
        folder.write_log(log)  # first: of a log that is ahead the last line is left out
        write_checkpoint(folder.checkpoint, fit.state())
    folder.write_weights(fit.model.state_dict())
    return log


def _epoch(fit: ClipFit, train: ClipSet, validation: ClipSet | None, watch: Watch) -> EpochLog:
    began_s, epoch = time.monotonic(), fit.epochs
    loss = fit.epoch(watch)
    trained_s = time.monotonic() - began_s
    assert isinstance(fit.model, ClipEncoder)
    return EpochLog(
        epoch=epoch,
        step=fit.epochs * fit.steps_per_epoch,
        lr=fit.rate,
        loss=loss,
        parts={},
        validation={} if validation is None else {"loss": mean_loss(fit.model.eval(), validation)},
        seconds=round(time.monotonic() - began_s, 2),
        ticks_per_s=round(float(train.lengths.sum()) / trained_s, 1),
    )
