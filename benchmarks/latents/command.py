"""`python -m benchmarks latents --encoder DIR`: latents beside raw joints and random weights."""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import UsageError

if TYPE_CHECKING:
    from benchmarks.latents.material import Material
    from benchmarks.latents.readings import Reading
    from training.pretraining.config import PretrainConfig
    from training.zoo.clip_model import ClipEncoder


def add_latents(parser: argparse.ArgumentParser) -> None:
    """Options of the benchmark."""
    parser.add_argument("--encoder", type=Path, required=True, metavar="DIR",
                        help="what `python -m training pretrain` wrote")  # fmt: skip
    parser.add_argument("--data", type=Path, metavar="DIR",
                        help="a data set whose test people the encoder did not see")  # fmt: skip
    parser.add_argument("--clips", type=Path, metavar="DIR", help="holds landmarks/")
    parser.add_argument("--seeds", type=int, default=5, help="draws of the labels (5)")
    parser.add_argument("--tuning-seeds", type=int, default=3, help="of classifiers (3); 0: none")
    parser.set_defaults(run=_run, show=_show)


def _run(arguments: argparse.Namespace) -> dict[str, Any]:
    from benchmarks.latents.material import signs, simulated
    from training.pretraining.run_folder import EncoderFolder, load_encoder

    given = ((arguments.data, simulated), (arguments.clips, signs))
    sets = [make(folder) for folder, make in given if folder is not None]
    if not sets:
        raise UsageError("name --data or --clips, or both")
    encoder, config = load_encoder(arguments.encoder)
    folder = EncoderFolder(arguments.encoder)
    found = {}
    for each in sets:
        readings = _readings(each, encoder, config, arguments.seeds, arguments.tuning_seeds)
        found[each.name] = _told(each, readings)
    data, last = folder.data(), folder.log()[-1]
    return {
        "encoder": {
            "name": config.encoder,
            "sizes": config.sizes,
            "streams": data.streams,
            "hours": data.hours,
            "loss": last.loss,
            "held_out": last.validation,
        },
        "sets": found,
    }


def _readings(
    of: "Material", encoder: "ClipEncoder", config: "PretrainConfig", seeds: int, tunings: int
) -> list["Reading"]:
    from benchmarks.latents.readings import latents, raw_pooled, read, tuned, whitened
    from training.clips.judging import raw_joints
    from training.zoo.pooling import Pooling

    readings = read("raw joints", raw_joints, of, seeds)
    readings += read("raw joints, whitened", whitened(raw_joints, of.train), of, seeds)
    for kind in Pooling:
        readings += read(f"raw joints, {kind.value}", raw_pooled(kind), of, seeds)
    for name, model in (("latents", encoder), ("random weights", random_encoder(config, 0))):
        for kind in Pooling:
            own = latents(model, kind)
            readings += read(f"{name}, {kind.value}", own, of, seeds)
            if kind is not Pooling.MEAN:
                white = whitened(own, of.train)
                readings += read(f"{name}, {kind.value}, whitened", white, of, seeds)
        print(f"{of.name}: {name} read", file=sys.stderr)
    if tunings:
        readings += tuned("from pretrained weights", lambda _: encoder, of, tunings)
        print(f"{of.name}: tuned", file=sys.stderr)
        begun = tuned("from random weights", lambda s: random_encoder(config, s), of, tunings)
        readings += begun
    return readings


def random_encoder(config: "PretrainConfig", seed: int) -> "ClipEncoder":
    """An encoder that learned nothing, in evaluation mode."""
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return config.built().eval()


def _told(of: "Material", readings: Iterable["Reading"]) -> dict[str, Any]:
    return {
        "limits": of.limits,
        "classes": of.classes,
        "train_clips": len(of.train),
        "test_clips": len(of.test),
        "test_units": len(of.test.people),
        "chance": 1.0 / of.classes,
        "readings": [asdict(reading) for reading in readings],
    }


def _show(_arguments: argparse.Namespace, result: dict[str, Any]) -> None:
    """The figures as a table, to standard error."""
    for name, own in result["sets"].items():
        print(f"\n{name}: {own['classes']} classes, {own['limits']}", file=sys.stderr)
        rows: dict[tuple[str, str], list[str]] = {}
        for reading in own["readings"]:
            top1 = reading["top1"]
            cell = f"{100 * top1['value']:.0f} [{100 * top1['low']:.0f}, {100 * top1['high']:.0f}]"
            rows.setdefault((reading["vectors"], reading["reader"]), []).append(cell)
        for (vectors, reader), cells in rows.items():
            print(f"| {vectors} | {reader} | {' | '.join(cells)} |", file=sys.stderr)
