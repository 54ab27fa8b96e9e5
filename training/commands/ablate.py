"""`ablate`: the same training without one of its parts, over seeds, in one table."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from rich.console import Console

from engine.commands.numbers import positive
from engine.commands.tell import tell
from engine.errors import ConfigError
from training.commands.calibrate import calibrate
from training.commands.evaluate import evaluate
from training.commands.parsing import add_command, add_settings, whole
from training.commands.reports import write_report
from training.commands.train import fit
from training.labels import NONE_INDEX

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers
    from training.fitting.config import TrainConfig

_SPLIT = "test"


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "ablate", "Train without one part at a time, over seeds.",
        "ablate --shards out/shards --out runs/ablation --variants full,no-depth --seeds 5",
        needs=("torch", "matplotlib"),
    )  # fmt: skip
    parser.add_argument("--shards", type=Path, required=True, metavar="DIR",
                        help="all are tested on these; variants of the simulator are beside them, "
                        "as DIR-no-noise and DIR-no-hard-negatives")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="DIR",
                        help="runs and table; finished runs there are kept")  # fmt: skip
    parser.add_argument("--variants", metavar="NAMES", type=lambda text: tuple(text.split(",")),
                        help="with commas; default all")  # fmt: skip
    parser.add_argument("--seeds", type=whole, default=5, metavar="N", help="5")
    parser.add_argument("--config", type=Path, metavar="FILE", help="what is varied")
    add_settings(parser)
    parser.add_argument("--minutes", type=positive, metavar="M", help="time budget of each run")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Train, calibrate and test every variant with every seed; write the table.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    from engine.config_settings import parsed_changes
    from training.fitting.ablation import VARIANTS, table
    from training.fitting.config import TrainConfig
    from training.runs.config_file import overridden, read_config

    console = Console(stderr=True)
    names = arguments.variants or tuple(VARIANTS)
    for name in names:
        if name not in VARIANTS:
            raise ConfigError(f"--variants: '{name}' is none of {', '.join(VARIANTS)}")
    config = read_config(arguments.config, TrainConfig) if arguments.config else TrainConfig()
    changes = parsed_changes(arguments.settings)
    if arguments.minutes is not None:
        changes["minutes"] = arguments.minutes
    config = overridden(config, changes)
    figures: dict[str, list[dict[str, Any]]] = {}
    for seed in range(arguments.seeds):
        for name in names:
            own = VARIANTS[name].applied(config, arguments.shards, seed)
            folder = arguments.out / f"{name}-{seed}"
            figures.setdefault(name, []).append(_one(own, folder, arguments.shards, console))
            _write(arguments.out, table(figures), figures)
    tell(console, f"wrote {arguments.out / 'ablation.md'} and ablation.json")
    Console().print(table(figures), markup=False, highlight=False, soft_wrap=True)
    return 0


def _one(config: "TrainConfig", path: Path, shards: Path, console: Console) -> dict[str, Any]:
    """Figures of one run, from its files if it is finished."""
    from training.fitting.run_folder import RunFolder

    folder, finished = RunFolder(path), path / f"metrics.{_SPLIT}.json"
    if finished.is_file():
        if folder.config() != config:
            raise ConfigError(f"{path}: was run with another configuration; remove it")
        return dict(msgspec.json.decode(finished.read_bytes()))
    tell(console, f"{path}")
    if not folder.weights.is_file():
        fit(config, folder, resume=folder.checkpoint.is_file(), console=console)
    calibrate(folder, None, config.device, console)
    report = evaluate(folder, shards, _SPLIT, tuple(range(NONE_INDEX)), config.device)
    write_report(report, path, _SPLIT, path.name)
    return report.as_dict()


def _write(out: Path, text: str, figures: dict[str, list[dict[str, Any]]]) -> None:
    (out / "ablation.md").write_text(text + "\n", "utf-8")
    (out / "ablation.json").write_bytes(msgspec.json.format(msgspec.json.encode(figures)) + b"\n")
