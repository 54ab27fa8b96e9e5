"""`python -m benchmarks.accuracy --clips DIR`: recognisers over the annotated clips."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.annotations import Clip, load_clips
from benchmarks.accuracy.candidates import add_options, candidates
from benchmarks.accuracy.contacts import contact_ticks
from benchmarks.accuracy.found import found_in
from benchmarks.accuracy.poses import pose_samples, recorded_poses
from benchmarks.accuracy.report import figures, markdown
from benchmarks.accuracy.result import ClipResult
from benchmarks.accuracy.scoring import score
from benchmarks.report import publish
from engine.clock import SystemClock
from engine.commands.assembly import coverage, make_person, recognizer
from engine.config import Config
from engine.config_file import load_config
from engine.errors import FidgetError
from training.evaluation.trace import trace
from training.simulator.landmarks.recorded import RecordedPose


def main() -> int:
    """Score recognisers; tables go to standard error, figures to standard output."""
    arguments = _parser().parse_args()
    try:
        base = load_config(arguments.config)
        configs = candidates(arguments.recognizer, base)
        clips = load_clips(arguments.clips, arguments.as_annotated)
        with tempfile.TemporaryDirectory() as passing:
            poses = recorded_poses(arguments.clips, arguments.poses or Path(passing))
        results = {name: run(clips, poses, config) for name, config in configs.items()}
    except FidgetError as error:
        print(f"accuracy: {error}", file=sys.stderr)
        return error.exit_code
    print(markdown(results), file=sys.stderr)
    publish("accuracy", figures(results), arguments.json)
    return 0


def run(clips: Sequence[Clip], poses: dict[str, RecordedPose], config: Config) -> list[ClipResult]:
    """Every clip through the core that live and `analyze` use.

    Args:
        clips: The annotated clips.
        poses: Their poses by file name.
        config: Of the engine, with the recogniser.

    Raises:
        FidgetError: The recogniser cannot be used, or broke.
    """
    person = make_person(config, SystemClock())
    results = []
    with recognizer(config, person) as model:
        covered = frozenset(coverage(model)[0])
        for clip in clips:
            traced = trace(config, model, pose_samples(poses[clip.path.name]), person)
            found = found_in(traced)
            results.append(
                ClipResult(
                    clip=clip,
                    found=found,
                    score=score(clip, found, covered, traced.seconds),
                    contact=contact_ticks(clip, traced, model.labels),
                )
            )
    return results


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--clips", type=Path, required=True, help="holds annotations.csv, video/")
    parser.add_argument(
        "--poses",
        type=Path,
        metavar="DIR",
        help="keep the clips' poses there and take them from there; they are those of the default "
        "pose stage, whatever --config says; delete the folder after a change of the pose stage",
    )
    parser.add_argument(
        "--as-annotated",
        action="store_true",
        help="take every interval by its bare label, see DESCRIBED and REREAD in meanings.py",
    )
    add_options(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
