"""`python -m benchmarks.accuracy --clips DIR`: the engine's own path over the annotated clips."""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from benchmarks.accuracy.annotations import Clip, load_clips
from benchmarks.accuracy.report import ClipResult, figures, markdown
from benchmarks.accuracy.scoring import Found, score
from benchmarks.report import publish
from engine.clock import SystemClock
from engine.commands.analyze import Analyzer
from engine.commands.assembly import coverage
from engine.config import Config, load_config
from engine.errors import FidgetError


def main() -> int:
    """Score the engine; the table goes to standard error, the figures to standard output."""
    arguments = _parser().parse_args()
    try:
        config = load_config(arguments.config) if arguments.config else Config()
        results = run(load_clips(arguments.clips), config)
    except FidgetError as error:
        print(f"accuracy: {error}", file=sys.stderr)
        return error.exit_code
    print(markdown(results), file=sys.stderr)
    publish("accuracy", figures(results), arguments.json)
    return 0


def run(clips: list[Clip], config: Config) -> list[ClipResult]:
    """Every clip through the same path as `analyze`.

    Raises:
        FidgetError: A clip cannot be read, or the pose stage or recogniser broke.
    """
    results = []
    with Analyzer(config, SystemClock(), Console(stderr=True)) as analyzer:
        covered = frozenset(coverage(analyzer.model)[0])
        for clip in clips:
            findings = analyzer.analyze(str(clip.path))
            if findings.error is not None:
                raise findings.error
            found = tuple(
                Found(row["t_start_s"], row["t_end_s"], row["label"], row["group"])
                for row in findings.events
            )
            results.append(ClipResult(clip, found, score(clip, found, covered, findings.media_s)))
    return results


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--clips", type=Path, required=True, help="holds annotations.csv, video/")
    parser.add_argument("--config", type=Path, help="TOML; default is the engine's own")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
