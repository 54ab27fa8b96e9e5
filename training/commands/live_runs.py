"""What `export` and `evaluate --online` do with models of the zoo that are to be served live."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine.commands.tell import tell
from training.commands.clip_runs import refuse

if TYPE_CHECKING:
    from plugins.recognizers.clip.metadata import ClipMetadata


def export(folder: Path, out: Path, console: Console, date: str = "") -> None:
    """Write a run as a live model, and tell what it will cost.

    Args:
        folder: Of the run.
        out: Where to.
        console: For a person.
        date: Goes into the file.

    Raises:
        ConfigError: The run is not finished, or its model cannot be served live.
        UsageError: The data set is damaged, or the file cannot be written.
    """
    from training.clips.live_export import export_live

    with console.status("exporting") as status:
        said = export_live(folder, out, date, status.update)
    tell(
        console,
        f"{out}: {out.stat().st_size / 1e6:.2f} MB, {said.method}, {calibrated(said)}, "
        f"{served(said)}",
    )
    if not said.operating_points:
        tell(console, "too little was held out to choose thresholds by: the general ones hold")
    if said.synthetic:
        tell(console, "trained on people who do not exist: what it finds in real ones is not known")


def calibrated(metadata: "ClipMetadata") -> str:
    """How its scores were made honest, for people."""
    from training.clips.live_export import NLL_AFTER, NLL_BEFORE

    if NLL_AFTER not in metadata.metrics:
        return "temperature 1, as nobody was held out to choose it by"
    before, after = (metadata.metrics[name] for name in (NLL_BEFORE, NLL_AFTER))
    return (
        f"temperature {metadata.temperature:.2f} by the people held out (nll {before:.3f} -> "
        f"{after:.3f})"
    )


def served(metadata: "ClipMetadata") -> str:
    """How a model is served and what that costs, for people."""
    period_ms = 1e3 / metadata.rate_hz
    each_ms = metadata.cost_ms / metadata.stride
    how = (
        f"{metadata.cost_ms:.1f} ms a tick"
        if metadata.stride == 1
        else f"{metadata.cost_ms:.1f} ms at every {metadata.stride}th tick, {each_ms:.1f} a tick"
    )
    return (
        f"by {metadata.served_by.value} over {metadata.window / metadata.rate_hz:.2f} s, told "
        f"{metadata.delay / metadata.rate_hz:.2f} s later; here, one stream on one thread takes "
        f"{how}, {100 * each_ms / period_ms:.0f} % of a core"
    )


def evaluate_online(arguments: argparse.Namespace, console: Console) -> int:
    """Stream the test videos through the exported model and judge its events.

    Args:
        arguments: Of `evaluate`.
        console: For a person.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    from training.clips.live_export import export_live
    from training.clips.online import judged_online, opened, streamed
    from training.clips.protocols import clip_split
    from training.clips.run_folder import ClipRunFolder
    from training.commands.reports import write_report
    from training.datasets.opening import open_dataset
    from training.datasets.silent_videos import left_out_line
    from training.evaluation.intervals import few_units
    from training.synthetic.release import is_synthetic

    refuse(arguments, "shards", "classes", "out", "results")
    folder = ClipRunFolder(arguments.folder)
    config, model_file = folder.config(), folder.path / "model.onnx"
    source = arguments.data or Path(config.data)
    data = open_dataset(source)
    split = clip_split(data, config.protocol)
    if split.left_out:
        tell(console, left_out_line(split.left_out, "who is in them"))
    with console.status("exporting") as status:
        if _older(model_file, folder.weights):
            export_live(folder.path, model_file, tell=status.update)
        model = opened(model_file)
        try:
            report = judged_online(list(streamed(model, data, split.test, status.update)))
        finally:
            model.close()
    what = "synthetic, not comparable with published figures" if is_synthetic(source) else data.name
    title = f"{folder.path.name}, {config.protocol} test online: {what}"
    write_report(report, folder.path, "online", title)
    if few := few_units(report.units, "people"):
        tell(console, few)
    events = report.at(0.3)
    tell(
        console,
        f"F1 of events at IoU > 0.3: one to one {events.micro_f1}, as the challenge's kit counts "
        f"{events.kit_f1}; intervals over {report.units} people",
    )
    Console().print(report.markdown(), markup=False, highlight=False, soft_wrap=True)
    return 0


def _older(made: Path, source: Path) -> bool:
    """Whether a file is missing, or older than what it is made of."""
    return not made.is_file() or made.stat().st_mtime_ns < source.stat().st_mtime_ns
