"""The training loop: repeatable by seed, resumable after any epoch, within a time budget."""

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor

from engine.errors import ConfigError, ModelError
from training.fitting.ahead import ahead
from training.fitting.augment import Augment
from training.fitting.average import Average
from training.fitting.batches import Batch, Crops
from training.fitting.config import OptimConfig, TrainConfig
from training.fitting.layout import layout_of
from training.fitting.losses import Criterion, Losses
from training.fitting.run_folder import RunFolder
from training.fitting.validation import validated
from training.network.config import RATE_HZ
from training.network.network import Outputs, StepNetwork
from training.runs.checkpoint import read_checkpoint, write_checkpoint
from training.runs.curves import draw_curves
from training.runs.device import chosen_device, fixed_threads
from training.runs.run_files import EpochLog
from training.simulator.shards import Shard

_TIMED_STEPS = (3, 12)  # the first steps allocate; the next ones tell how long a step takes
_SHARE_OF_STEPS = 0.9  # of the budget; the rest is for validation and pictures


Watch = Callable[[int, int, float, int], None]
"""Is told after each step: steps done, steps there will be, loss of this step, epoch from 0."""


@dataclass(frozen=True)
class Checkpoint:
    """All that changes during a run.

    Attributes:
        network: Its weights.
        average: State of the averaged weights.
        optimizer: Its state.
        epochs: Finished epochs.
        step: Finished steps.
        total_steps: Steps there will be.
    """

    network: dict[str, Tensor]
    average: dict[str, Tensor | int]
    optimizer: dict[str, Any]
    epochs: int
    step: int
    total_steps: int


class Training:
    """One run, from random weights or from its last checkpoint.

    Args:
        config: Every knob.
        folder: Where everything is written; `begin` was called on it.
        train: Shards to learn from.
        validation: Shards to judge by after each epoch.

    Raises:
        ConfigError: Shards and configuration do not fit.
        DeviceError: The device is not there.
    """

    def __init__(
        self,
        config: TrainConfig,
        folder: RunFolder,
        train: Sequence[Shard],
        validation: Sequence[Shard],
    ) -> None:
        layout, network = layout_of(config.network.channels), config.network
        self._config = config
        self._folder = folder
        self._device = chosen_device(config.device)
        self._crops = Crops(train, config.data, layout.channels, network.delay, config.seed)
        self._validation = Crops(validation, config.data, layout.channels, network.delay, 0)
        self._augment = Augment(
            config.augment, layout, self._crops.scales(), network.delay, config.seed
        )
        torch.manual_seed(config.seed)
        self._network = StepNetwork(network).to(self._device)
        self._average = Average(self._network, config.optim.ema)
        self._optimizer = torch.optim.AdamW(
            self._network.parameters(), config.optim.lr, weight_decay=config.optim.weight_decay
        )
        self._criterion = Criterion(config.loss, self._crops.tick_counts(), self._device)
        self._log: list[EpochLog] = []
        self._step = 0
        self._total = config.optim.epochs * self._crops.steps_per_epoch

    @property
    def description(self) -> str:
        """What will be trained, in one line."""
        millions = self._network.parameter_count / 1e6
        field_s = self._config.network.receptive_field / RATE_HZ
        return (
            f"{millions:.2f} M parameters, receptive field {field_s:.1f} s, "
            f"{self._crops.data.hours:.2f} h of motion, {self._total} steps on "
            f"{self._device}"
        )

    def resume(self) -> int:
        """Go on after the last finished epoch.

        Returns:
            How many epochs are done.

        Raises:
            ConfigError: There is no checkpoint, or it is of another network.
        """
        saved = read_checkpoint(self._folder.checkpoint, Checkpoint)
        try:
            self._network.load_state_dict(saved.network)
            self._average.restore(saved.average)
            self._optimizer.load_state_dict(saved.optimizer)
        except (RuntimeError, KeyError, ValueError) as error:
            raise ConfigError(
                f"{self._folder.checkpoint}: is of another network: {error}"
            ) from error
        self._step, self._total = saved.step, saved.total_steps
        self._log = self._folder.log()[: saved.epochs]
        return saved.epochs

    def run(self, watch: Watch) -> list[EpochLog]:
        """Train to the end; the log, one entry an epoch.

        Args:
            watch: Is told about each step.

        Raises:
            ModelError: The loss is not a finite number.
        """
        self._folder.write_data(self._crops.data)
        with fixed_threads(self._config.threads):
            while self._step < self._total:
                self._log.append(self._epoch(len(self._log), watch))
                self._save()
        self._folder.write_weights(self._average.state)
        return self._log

    def _epoch(self, epoch: int, watch: Watch) -> EpochLog:
        # All that is random in an epoch follows from its number: that is what makes resuming exact.
        torch.manual_seed(self._config.seed * 1_000_003 + epoch)
        began_s = time.monotonic()
        sums: defaultdict[str, float] = defaultdict(float)
        self._network.train()
        steps = 0
        for batch in ahead(self._disturbed(epoch)):
            if self._step >= self._total:
                break
            losses = self._optimise(batch)
            for name, value in losses.items():
                sums[name] += value
            steps += 1
            watch(self._step, self._total, losses["total"], epoch)
            self._keep_budget(began_s, epoch, steps)
        trained_s = time.monotonic() - began_s
        validation = self._validate()
        ticks = steps * self._config.data.batch * self._config.data.crop_ticks
        return EpochLog(
            epoch=epoch,
            step=self._step,
            lr=learning_rate(self._config.optim, self._step - 1, self._total),
            loss=sums.pop("total") / steps,
            parts={name: value / steps for name, value in sums.items()},
            validation=validation,
            seconds=round(time.monotonic() - began_s, 2),
            ticks_per_s=round(ticks / trained_s, 1),
        )

    def _disturbed(self, epoch: int) -> Iterator[Batch]:
        for step, batch in enumerate(self._crops.epoch(epoch)):
            yield self._augment(batch, epoch, step)

    def _optimise(self, batch: Batch) -> dict[str, float]:
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate(self._config.optim, self._step, self._total)
        outputs = self._outputs(torch.from_numpy(batch.features).to(self._device))
        losses: Losses = self._criterion(
            outputs,
            torch.from_numpy(batch.labels).to(self._device),
            torch.from_numpy(batch.bounds).to(self._device),
        )
        values = {name: value.item() for name, value in vars(losses).items()}
        if not math.isfinite(values["total"]):
            raise ModelError(
                f"the loss is not a finite number at step {self._step}: training diverged; lower "
                f"optim.lr (now {self._config.optim.lr:g}) and begin a new run, or --resume from "
                "the last epoch"
            )
        self._optimizer.zero_grad(set_to_none=True)
        losses.total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), self._config.optim.clip)
        self._optimizer.step()
        self._average.update(self._network)
        self._step += 1
        return values

    def _outputs(self, features: Tensor) -> Outputs:
        if self._config.precision == "float32":
            return cast(Outputs, self._network(features))
        with torch.autocast(self._device.type, torch.bfloat16):
            outputs = self._network(features)
        return Outputs(*(logits.float() for logits in outputs))

    def _keep_budget(self, began_s: float, epoch: int, steps: int) -> None:
        """Decide once, while the rate still warms up, how many steps the budget allows."""
        first, last = _TIMED_STEPS
        if not self._config.minutes or epoch or steps not in _TIMED_STEPS:
            return
        if steps == first:
            self._timed_from_s = time.monotonic()
            return
        step_s = (time.monotonic() - self._timed_from_s) / (last - first)
        left_s = self._config.minutes * 60 * _SHARE_OF_STEPS - (time.monotonic() - began_s)
        self._total = min(self._total, self._step + max(0, int(left_s / step_s)))

    def _validate(self) -> dict[str, float]:
        network = StepNetwork(self._config.network).to(self._device)
        network.load_state_dict(self._average.state)
        limit = self._config.data.validation_sequences
        return validated(network.eval(), self._validation.whole(limit), self._device)

    def _save(self) -> None:
        # First: of a log that is ahead of the checkpoint, resuming leaves the last line out.
        self._folder.write_log(self._log)
        write_checkpoint(
            self._folder.checkpoint,
            Checkpoint(
                network=self._network.state_dict(),
                average=self._average.saved(),
                optimizer=self._optimizer.state_dict(),
                epochs=len(self._log),
                step=self._step,
                total_steps=self._total,
            ),
        )
        draw_curves(self._log, self._folder.curves)


def learning_rate(config: OptimConfig, step: int, total: int) -> float:
    """Rate of a step: a linear rise, then half a cosine.

    Args:
        config: `lr`, `warmup_steps`, `last_lr`.
        step: From 0.
        total: Steps of the run.
    """
    warmup = min(config.warmup_steps, total // 5)
    if step < warmup:
        return config.lr * (step + 1) / warmup
    progress = (step - warmup) / max(1, total - warmup)
    share = config.last_lr + (1 - config.last_lr) * 0.5 * (1 + math.cos(math.pi * progress))
    return config.lr * share
