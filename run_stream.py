"""Fidget's command line and composition root: the only file that knows every part.

Exit codes: 0 clean, 1 internal, 2 usage or configuration, 3 source, 4 model or plugin, 5 GPU,
6 address, 7 replay mismatch, 130 interrupted.
"""

import argparse
import io
import logging
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import msgspec
from rich.console import Console

from engine.clock import SystemClock
from engine.commands.interrupts import interrupted, watched
from engine.commands.numbers import count, part, positive, speed
from engine.config import Config, PluginConfig, SourceConfig
from engine.config_file import load_config
from engine.config_settings import with_settings
from engine.errors import ConfigError, FidgetError, Interrupted

if TYPE_CHECKING:
    from engine.contracts import Sink

SAMPLE = Path(__file__).resolve().parent / "samples" / "sample.mcap"
_TOP_LEVEL = ("-h", "--help", "--version")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: Arguments without the program's name; the process's own if None.

    Returns:
        The exit code.
    """
    arguments = _parser().parse_args(_with_default_command(sys.argv[1:] if argv is None else argv))
    _set_up_logging(arguments.verbose)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without UTF-8 is no reason to fail
    try:
        with watched():
            code: int = arguments.command(arguments)
    except FidgetError as error:
        if interrupted():  # a library made an error of the user's Ctrl-C
            return Interrupted.exit_code
        print(f"fidget: {error}", file=sys.stderr)  # noqa: T201 - the message is for the user
        return error.exit_code
    except KeyboardInterrupt:
        return Interrupted.exit_code
    return Interrupted.exit_code if interrupted() else code


# Commands. Imports are inside: `--help` and `watch` must not wait for a pose network to load.


def _run(arguments: argparse.Namespace) -> int:
    from engine import registry
    from engine.commands.run import LiveRun

    def terminal() -> "Sink":
        made: Sink = registry.create("sinks", "terminal", {})
        return made

    sinks = {"terminal": terminal}
    run = LiveRun(_config(arguments), SystemClock(), Console(), sample=SAMPLE, sinks=sinks)
    return run.run(
        record=arguments.record,
        overwrite=arguments.overwrite,
        duration_s=arguments.duration,
        config_file=arguments.config,
    )


def _analyze(arguments: argparse.Namespace) -> int:
    from engine.commands.analyze import analyze

    console = Console(stderr=True)
    return analyze(_config(arguments), arguments.files, arguments.out, SystemClock(), console)


def _replay(arguments: argparse.Namespace) -> int:
    from engine.commands.replay import replay

    return replay(
        arguments.recording,
        mode=arguments.mode,
        speed=arguments.speed,
        verify=arguments.verify,
        clock=SystemClock(),
        console=Console(),
    )


def _watch(arguments: argparse.Namespace) -> int:
    from engine.commands.watch import watch

    topics = tuple(arguments.topic or ())
    return watch(arguments.endpoint, topics, arguments.duration, SystemClock())


def _export(arguments: argparse.Namespace) -> int:
    from engine.commands.export import export

    return export(arguments.recording, arguments.to, arguments.out, Console(stderr=True))


def _doctor(arguments: argparse.Namespace) -> int:
    from engine.commands.doctor import doctor

    return doctor(_config(arguments), arguments.streams, SystemClock(), Console())


def _build_engines(arguments: argparse.Namespace) -> int:
    from engine.commands.build_engines import build_engines

    return build_engines(_config(arguments), arguments.streams, Console())


def _calibrate_person(arguments: argparse.Namespace) -> int:
    from calibration.person.command import calibrate_person

    return calibrate_person(
        _config(arguments), arguments.out, arguments.duration, SystemClock(), Console(stderr=True)
    )


def _calibrate_latency(arguments: argparse.Namespace) -> int:
    from calibration.latency.command import LatencyRequest, calibrate_latency

    variants = tuple(str(path.resolve()) for path in arguments.variant or ())
    request = LatencyRequest(arguments.fps, arguments.spare, arguments.seconds, variants)
    config = _config(arguments)
    return calibrate_latency(config, arguments.out, request, SystemClock(), Console(stderr=True))


def _config(arguments: argparse.Namespace) -> Config:
    """The configuration file with the command line's options over it."""
    given = vars(arguments)
    config = load_config(arguments.config, given.get("latency") or "")
    replace = msgspec.structs.replace
    if given.get("source") is not None:
        from engine.commands.assembly import options_for

        options = options_for(config, given["source"])
        source = SourceConfig(use=given["source"], options=options)
        config = replace(config, source=source, streams={})
    if given.get("pose") not in (None, config.pose.use):
        config = replace(config, pose=PluginConfig(use=given["pose"]))
    if given.get("backend") not in (None, config.backend.use):
        config = replace(config, backend=PluginConfig(use=given["backend"]))
    if given.get("recognizer") not in (None, config.recognizer.use):
        config = replace(config, recognizer=PluginConfig(use=given["recognizer"]))
    if given.get("deadline_ms") is not None:
        stream = replace(config.stream, deadline_ms=given["deadline_ms"])
        config = replace(config, stream=stream)
    if given.get("person") is not None:
        config = replace(config, person=replace(config.person, file=given["person"]))
    if given.get("no_emotion"):
        config = replace(config, emotion=replace(config.emotion, enabled=False))
    if given.get("no_publish"):
        config = replace(config, feed=replace(config.feed, enabled=False))
    config = with_settings(config, given.get("settings") or ())
    try:
        return msgspec.convert(msgspec.to_builtins(config), Config)
    except msgspec.ValidationError as error:
        raise ConfigError(f"command line: {error}") from error


def _with_default_command(argv: Sequence[str]) -> list[str]:
    """`run` may be left out: options without a command mean it."""
    words = list(argv)
    verbose = []
    while words and words[0] in ("-v", "--verbose"):
        verbose.append(words.pop(0))
    if not words or (words[0].startswith("-") and words[0] not in _TOP_LEVEL):
        words = ["run", *words]
    return [*words, *verbose]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run_stream.py",
        description="Micro-gestures live: webcam to timed events over ZeroMQ.",
        epilog="Exit codes: 0 clean, 1 internal, 2 usage or config, 3 source, 4 model, 5 GPU, "
        "6 address, 7 replay mismatch, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"fidget {version('fidget')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("-v", "--verbose", action="store_true", help="tell more")
    configured = argparse.ArgumentParser(add_help=False, parents=[common])
    configured.add_argument("--config", type=Path, metavar="FILE", help="TOML configuration")
    configured.add_argument("--pose", metavar="NAME", help="pose plugin")
    configured.add_argument("--recognizer", metavar="NAME", help="recogniser plugin")
    configured.add_argument(
        "--set", dest="settings", action="append", metavar="KEY=VALUE",
        help="any key of the configuration, such as recognizer.options.model=lstm.onnx",
    )  # fmt: skip
    configured.add_argument("--backend", metavar="NAME", help="what runs the network, or auto")
    configured.add_argument("--person", metavar="FILE", help="calibration of the person in view")
    configured.add_argument("--no-emotion", action="store_true", help="recognise gestures only")
    _add_run(commands, configured)
    _add_analyze(commands, configured)
    _add_recordings(commands, common)
    _add_watch(commands, common)
    _add_calibrate(commands, configured)
    _add_doctor(commands, configured)
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    parent: argparse.ArgumentParser,
    text: str,
    example: str,
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name, parents=[parent], help=text, description=text, epilog=f"Example: {example}"
    )


def _add_run(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    configured: argparse.ArgumentParser,
) -> None:
    run = _command(
        commands, "run", configured, "Watch a source live, show and publish what is seen.",
        "run_stream.py run --source 0 --record session.mcap",
    )  # fmt: skip
    run.add_argument(
        "--source",
        metavar="SOURCE",
        help="auto (default), camera index or path, file, URL, REC.mcap, or pattern",
    )
    run.add_argument("--record", type=Path, metavar="F.mcap", help="record the session")
    run.add_argument("--overwrite", action="store_true", help="replace an existing recording")
    run.add_argument("--deadline-ms", type=positive, metavar="N", help="capture to publish")
    run.add_argument("--latency", metavar="FILE", help="profile of this machine, see calibrate")
    run.add_argument("--no-publish", action="store_true", help="bind no socket")
    run.add_argument("--duration", type=positive, metavar="S", help="stop after S seconds")
    run.set_defaults(command=_run)


def _add_analyze(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    configured: argparse.ArgumentParser,
) -> None:
    analyze = _command(
        commands, "analyze", configured, "Every frame of files, as fast as it goes.",
        "run_stream.py analyze interview.mp4 --out results",
    )  # fmt: skip
    analyze.add_argument("files", nargs="+", metavar="FILE")
    analyze.add_argument("--out", type=Path, required=True, metavar="DIR")
    analyze.set_defaults(command=_analyze)


def _add_recordings(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    common: argparse.ArgumentParser,
) -> None:
    replay = _command(
        commands, "replay", common, "Run a recording through the engine again.",
        "run_stream.py replay session.mcap --verify",
    )  # fmt: skip
    replay.add_argument("recording", type=Path, metavar="REC.mcap")
    replay.add_argument(
        "--as", dest="mode", choices=("lived", "ideal"), default="lived",
        help="lived: what the recogniser got then; ideal: also what was dropped",
    )  # fmt: skip
    replay.add_argument(
        "--speed", type=speed, default=0.0, metavar="N|max", help="times real time (max)"
    )
    replay.add_argument(
        "--verify", action="store_true", help="compare with the recorded events; exit 7 if other"
    )
    replay.set_defaults(command=_replay)
    export = _command(
        commands, "export", common, "Turn a recording into tables.",
        "run_stream.py export session.mcap --to csv",
    )  # fmt: skip
    export.add_argument("recording", type=Path, metavar="REC.mcap")
    export.add_argument("--to", choices=("csv", "jsonl"), required=True)
    export.add_argument("--out", type=Path, metavar="DIR", help="default: beside the recording")
    export.set_defaults(command=_export)


def _add_watch(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    common: argparse.ArgumentParser,
) -> None:
    watch = _command(
        commands, "watch", common, "Show a feed live in the terminal.",
        "run_stream.py watch tcp://127.0.0.1:5590 --topic gesture.",
    )  # fmt: skip
    watch.add_argument("endpoint", nargs="?", metavar="ENDPOINT")
    watch.add_argument("--topic", action="append", metavar="T", help="prefix; may be repeated")
    watch.add_argument("--duration", type=positive, metavar="S", help="stop after S seconds")
    watch.set_defaults(command=_watch)


def _add_calibrate(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    configured: argparse.ArgumentParser,
) -> None:
    calibrate = commands.add_parser("calibrate", help="Measure a person or this machine.")
    tools = calibrate.add_subparsers(metavar="WHAT", required=True)
    person = _command(
        tools, "person", configured, "20 to 60 s of ordinary sitting, live or recorded.",
        "run_stream.py calibrate person --source 0 --out me.json",
    )  # fmt: skip
    person.add_argument("--source", metavar="SOURCE", help="as for run")
    person.add_argument("--out", type=Path, required=True, metavar="FILE")
    person.add_argument("--duration", type=positive, default=40.0, metavar="S", help="40")
    person.set_defaults(command=_calibrate_person)
    latency = _command(
        tools, "latency", configured,
        "Find the best quality that keeps a deadline on this machine, and promise it.",
        "run_stream.py calibrate latency --source 0 --deadline-ms 100 --out latency.json",
    )  # fmt: skip
    latency.add_argument("--source", metavar="SOURCE", help="camera or URL, as for run")
    latency.add_argument("--out", type=Path, required=True, metavar="FILE")
    latency.add_argument("--deadline-ms", type=positive, metavar="N", help="capture to publish")
    latency.add_argument(
        "--fps", type=positive, metavar="N", help="poses a second; no use above 25"
    )
    latency.add_argument(
        "--spare", type=part, default=0.3, metavar="PART", help="of the deadline at p99; 0.3"
    )
    latency.add_argument(
        "--seconds", type=positive, default=10.0, metavar="S", help="for each quality; 10"
    )
    latency.add_argument(
        "--variant", type=Path, action="append", metavar="F.onnx",
        help="the network in another precision, to be tried too; may be repeated",
    )  # fmt: skip
    latency.set_defaults(command=_calibrate_latency)


def _add_doctor(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    configured: argparse.ArgumentParser,
) -> None:
    doctor = _command(
        commands, "doctor", configured, "What this machine can run, and why not the rest.",
        "run_stream.py doctor --streams 8",
    )  # fmt: skip
    doctor.add_argument("--streams", type=count, default=1, metavar="N", help="1")
    doctor.set_defaults(command=_doctor)
    build = _command(
        commands, "build-engines", configured, "Build what accelerators need, before a session.",
        "run_stream.py build-engines --streams 64",
    )  # fmt: skip
    build.add_argument("--streams", type=count, default=1, metavar="N", help="1; most streams")
    build.set_defaults(command=_build_engines)


class _CurrentStderr(logging.StreamHandler[TextIO]):
    """Writes to whatever stderr is now: a live display redirects it while it draws."""

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, value: TextIO) -> None:
        """Ignored: the base class sets the one of its birth."""


def _set_up_logging(verbose: bool) -> None:
    handler = _CurrentStderr()
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.WARNING, handlers=[handler], force=True
    )


if __name__ == "__main__":
    sys.exit(main())
