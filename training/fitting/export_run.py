"""What an exported model says about itself, out of the files of its run."""

from pathlib import Path
from typing import Any

import msgspec

from engine.labels import BY_ID
from plugins.recognizers.graph.metadata import ModelMetadata
from plugins.recognizers.model_metadata import Provenance
from training.fitting.calibration import Calibration, read_calibration
from training.fitting.run_folder import RunFolder
from training.labels import CLASS_IDS, GROUP_OF, GROUPS
from training.network.network import StepNetwork
from training.runs.commit import commit
from training.simulator.scripts import seen_in_landmarks

_TESTED = ("macro_f1", "micro_f1", "group_f1", "false_per_min", "delay_median_s")


def described(folder: RunFolder, network: StepNetwork, date: str) -> ModelMetadata:
    """Metadata of a finished run.

    Args:
        folder: Trained and calibrated; if it was evaluated, the figures go in too.
        network: Its network.
        date: As the caller wants it.

    Raises:
        ConfigError: A file of the run is missing or damaged.
    """
    calibration, config = read_calibration(folder.calibration), network.config
    covered = seen_in_landmarks()
    slugs = {BY_ID[label].slug for label in covered}
    return ModelMetadata(
        channels=config.channels,
        receptive_field=config.receptive_field,
        delay=config.delay,
        labels=CLASS_IDS,
        covered=covered,
        groups=GROUPS,
        group_of=GROUP_OF,
        temperature=calibration.temperature,
        group_weight=calibration.group_weight,
        contrast=calibration.contrast,
        operating_points={
            slug: point for slug, point in calibration.operating_points.items() if slug in slugs
        },
        provenance=Provenance(
            seed=folder.config().seed,
            simulator=folder.data().simulator,
            commit=commit(),
            date=date,
            parameters=network.parameter_count,
        ),
        metrics=_metrics(folder.path / "metrics.test.json", calibration),
    )


def _metrics(tested: Path, calibration: Calibration) -> dict[str, float]:
    metrics = {}
    if calibration.after is not None:
        metrics = {"validation_nll": calibration.after.nll, "validation_ece": calibration.after.ece}
    if tested.is_file():
        figures: dict[str, Any] = msgspec.json.decode(tested.read_bytes())
        events = figures["events"]["0.3"]
        values = {name: events[name] for name in _TESTED}
        plain = {k: v["value"] if isinstance(v, dict) else v for k, v in values.items()}
        metrics |= {f"test_{k}_at_0.3": v for k, v in plain.items() if v is not None}
        metrics["test_frame_map"] = figures["frame_map"] or 0.0
    return metrics
