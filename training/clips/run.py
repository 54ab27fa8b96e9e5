"""A run of one model of the zoo: begun, gone on with, or already there."""

import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from engine.errors import ConfigError
from training.clips.fitting import ClipFit, FitState, Watch
from training.clips.load_run import load_clip_run
from training.clips.parts import Parts
from training.clips.run_config import ClipRunConfig
from training.clips.run_folder import ClipDataInfo, ClipRunFolder
from training.clips.validation import validated
from training.runs.checkpoint import read_checkpoint, write_checkpoint
from training.runs.curves import draw_curves
from training.runs.device import fixed_threads
from training.runs.run_files import EpochLog
from training.runs.weights import read_weights, weights_digest
from training.runs.workers import ALONE, Workers
from training.zoo.clip_model import ClipEncoder, ClipModel


def trained(
    folder: ClipRunFolder,
    config: ClipRunConfig,
    parts: Parts,
    watch: Watch = lambda *_: None,
    workers: Workers = ALONE,
    encoder: ClipEncoder | None = None,
) -> ClipModel:
    """The model of a run, in evaluation mode; what of it is done already is not done again.

    Args:
        folder: Of the run; begun if it is new.
        config: Of the run, `completed`.
        parts: Clips.
        watch: Is told of each step.
        workers: Who else trains it: all call this with the same arguments, but for their device.
        encoder: With the weights that a new run with `encoder_digest` begins from. The run keeps
            them; if it is there already, they need not be given.

    Raises:
        ConfigError: Another run lies there, or one that was trained on other clips, or begins from
            other weights.
        UsageError: It cannot be written.
        ModelError: The loss is no number any more.
    """
    if workers.writes:
        _begin(folder, config, parts.told(), encoder)
    workers.wait()
    if not folder.weights.is_file():
        with fixed_threads(config.threads):
            _train(folder, config, parts, watch, workers)
    return load_clip_run(folder.path, workers.device(config.device))[0]


def _begin(
    folder: ClipRunFolder, config: ClipRunConfig, data: ClipDataInfo, encoder: ClipEncoder | None
) -> None:
    if encoder is not None and weights_digest(encoder.state_dict()) != config.encoder_digest:
        raise ConfigError(
            f"{folder.path}: the run does not begin from this encoder, but from "
            f"{_named(config)}; leave --encoder out, or begin a new run"
        )
    if not folder.config_file.exists():
        if encoder is not None:
            folder.write_start(encoder)
        elif config.encoder_digest:
            raise ConfigError(
                f"{folder.path}: the configuration begins from an encoder; name it with --encoder"
            )
        folder.begin(config)
    _check(folder, config, data)
    folder.write_data(data)


def _train(
    folder: ClipRunFolder, config: ClipRunConfig, parts: Parts, watch: Watch, workers: Workers
) -> None:
    device = workers.device(config.device)
    half = _in_half(config, device)
    start = folder.start if config.encoder_digest else None
    make = partial(config.built, start)
    fit = ClipFit(make, parts.train, config.recipe, device, half=half, workers=workers)
    log = []
    if folder.checkpoint.is_file():
        fit.restore(read_checkpoint(folder.checkpoint, FitState))
        log = folder.log()[: fit.epochs]
    while fit.epochs < config.recipe.epochs:
        log.append(_epoch(fit, parts if workers.writes else replace(parts, validation=None), watch))
        if workers.writes:
            folder.write_log(log)  # first: of a log that is ahead the last line is left out
            write_checkpoint(folder.checkpoint, fit.state())
    if workers.writes:
        draw_curves(log, folder.curves)
        folder.write_weights(fit.model.state_dict())
        folder.start.unlink(missing_ok=True)
    workers.wait()


def _in_half(config: ClipRunConfig, device: torch.device) -> bool:
    if config.precision == "bfloat16" and device.type != "cuda":
        # Recurrent layers have it on few processors, and it is slow on the others.
        raise ConfigError(f"precision bfloat16 is for GPUs, got {device.type}; use auto or float32")
    return config.precision != "float32" and device.type == "cuda"


def _epoch(fit: ClipFit, parts: Parts, watch: Watch) -> EpochLog:
    began_s, epoch = time.monotonic(), fit.epochs
    loss = fit.epoch(watch)
    trained_s = time.monotonic() - began_s
    found = {}
    if parts.validation is not None:
        found = validated(fit.model.eval(), parts.train, parts.validation)
    return EpochLog(
        epoch=epoch,
        step=fit.epochs * fit.steps_per_epoch,
        lr=fit.rate,
        loss=loss,
        parts={},
        validation=found,
        seconds=round(time.monotonic() - began_s, 2),
        ticks_per_s=round(float(parts.train.lengths.sum()) / trained_s, 1),
    )


def _check(folder: ClipRunFolder, config: ClipRunConfig, data: ClipDataInfo) -> None:
    if folder.config() != config:
        raise ConfigError(
            f"{folder.path}: a run with another configuration lies there; name another folder, "
            "or remove it"
        )
    if folder.data_file.exists() and folder.data().digest != data.digest:
        raise ConfigError(
            f"{folder.path}: was begun with other clips than {config.data} gives now; put the data "
            "set back as it was, or begin a new run"
        )
    if config.encoder_digest and not folder.weights.is_file():
        _check_start(folder.start, config)


def _check_start(path: Path, config: ClipRunConfig) -> None:
    if not path.is_file() or weights_digest(read_weights(path)) != config.encoder_digest:
        raise ConfigError(
            f"{path}: is missing or was changed, and the run begins from {_named(config)} in it; "
            "remove the folder, and begin a new run"
        )


def _named(config: ClipRunConfig) -> str:
    return (
        f"the weights {config.encoder_digest[:12]}" if config.encoder_digest else "random weights"
    )
