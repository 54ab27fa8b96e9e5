"""`python -m benchmarks.accuracy.landmark_sets --clips DIR`: recognisers over landmark recordings.

Real people whose landmarks other programs recorded; they run through the engine's core as they are.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.accuracy.candidates import add_options, candidates
from benchmarks.accuracy.landmark_brushes import brushes
from benchmarks.accuracy.landmark_signs import signs
from benchmarks.accuracy.landmark_stories import stories
from benchmarks.report import publish
from engine.clock import SystemClock
from engine.commands.assembly import make_person, recognizer
from engine.config import Config
from engine.config_file import load_config
from engine.errors import FidgetError

_NOTES = (
    "ASL signs: 220 clips of one laptop camera, taken as 12.5 frames a second in 4:3 (told as "
    "10 to 15, size unknown), first frames left out. Hand-to-face signs: sad, thank you, hello, "
    "father; hands elsewhere: happy, how much; the other signs are not scored, their meaning is "
    "not told. Each tick of a clip takes the clip's label, so approach and return count as "
    "touch: the AUC by tick is a lower bound. A clip's belief is its highest.",
    "Brushes: four pose files of sign language, contact with chin, neck or face by eye in two "
    "of them (three brushes of 0.14 to 0.36 s); belief over head and neck classes; 0.2 s around "
    "a brush are left out of the AUC. In a fifth file the camera is rotated by 90°; what is "
    "found there is listed, nothing in it is annotated.",
    "Stories (UCI Gesture Phase): hands, wrists, head and spine of a Kinect only. Face and "
    "shoulders are drawn at usual proportions; elbows, hips, fingers and depth are missing. It "
    "shows how many false contacts and micro-gestures natural talking brings to a skeleton that "
    "is this poor, and whether illustrative goes with gesture phases, no more. A contact is "
    "false where the Kinect's depth says that no hand is within 0.25 m of the head.",
)


def main() -> int:
    """Score recognisers; the table goes to standard error, the figures to standard output."""
    arguments = _parser().parse_args()
    try:
        base = load_config(arguments.config)
        configs = candidates(arguments.recognizer, base)
        folder = arguments.clips / "landmarks"
        results = {name: run(folder, config) for name, config in configs.items()}
    except FidgetError as error:
        print(f"accuracy: {error}", file=sys.stderr)
        return error.exit_code
    print(markdown(results), file=sys.stderr)
    publish("landmark_sets", {"recognizers": results}, arguments.json)
    return 0


def run(folder: Path, config: Config) -> dict[str, dict[str, Any]]:
    """Figures of one recogniser on each set.

    Args:
        folder: Holds the recordings.
        config: Of the engine, with the recogniser.

    Raises:
        FidgetError: A recording cannot be read, or the recogniser broke.
    """
    with recognizer(config, make_person(config, SystemClock())) as model:
        return {
            "asl_signs": signs(folder / "aslsignwish_holistic_11x20.npz", config, model),
            "brushes": brushes(folder, config, model),
            "stories": stories(folder / "gesture_phase_uci", config, model),
        }


def markdown(results: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    """Notes and a table of all recognisers side by side."""
    lines = [*_NOTES, "", _line(["set", "figure", *results]), _line(["---"] * (2 + len(results)))]
    first = next(iter(results.values()))
    for group, figures in first.items():
        for key in figures:
            cells = [_cell(own[group][key]) for own in results.values()]
            lines.append(_line([group, key.replace("_", " "), *cells]))
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_cell(entry)}" for key, entry in value.items()) or "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy.landmark_sets")
    parser.add_argument("--clips", type=Path, required=True, help="holds landmarks/")
    add_options(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
