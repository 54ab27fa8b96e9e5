"""`python -m training COMMAND`: everything that makes and judges a recogniser.

Exit codes: 0 clean, 1 internal, 2 usage or configuration, 4 model, 5 GPU, 130 interrupted.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from types import ModuleType

from engine.commands.interrupts import interrupted, watched
from engine.errors import FidgetError, Interrupted, UsageError
from training.commands import (
    ablate,
    annotate,
    calibrate,
    compare,
    emotion,
    evaluate,
    export,
    face_places,
    film,
    fit_landmarks,
    heights,
    pose_onnx,
    precision,
    prepare,
    pretrain,
    simulate,
    synthesize,
    teach,
    train,
)

COMMANDS: tuple[ModuleType, ...] = (
    simulate,
    synthesize,
    film,
    fit_landmarks,
    prepare,
    annotate,
    train,
    pretrain,
    teach,
    calibrate,
    evaluate,
    compare,
    emotion,
    heights,
    export,
    precision,
    pose_onnx,
    face_places,
    ablate,
)
"""Each offers `add(commands)`, which adds its parser; its function is set there as `run`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: Arguments without the program's name; the process's own if None.

    Returns:
        The exit code.
    """
    arguments = _parser().parse_args(argv)
    try:
        with watched():
            _check(arguments.needs)
            code: int = arguments.run(arguments)
    except FidgetError as error:
        if interrupted():  # a library made an error of the user's Ctrl-C
            return Interrupted.exit_code
        print(f"training: {error}", file=sys.stderr)  # noqa: T201 - the message is for the user
        return error.exit_code
    except KeyboardInterrupt:
        return Interrupted.exit_code
    return Interrupted.exit_code if interrupted() else code


def _check(needs: Sequence[str]) -> None:
    missing = [name for name in needs if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"{', '.join(missing)} not installed: install what training needs with "
            "`pip install '.[training]'`"
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Makes and judges a recogniser: simulate, train, calibrate, evaluate, export.",
        epilog="Exit codes: 0 clean, 1 internal, 2 usage or config, 4 model, 5 GPU, "
        "130 interrupted.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
