"""The file that a run is recorded into."""

from pathlib import Path

from rich.console import Console

from engine.clock import Clock, ClockPair
from engine.commands.opening import OpenStream, rows_of
from engine.commands.session import Session
from engine.commands.tell import tell
from engine.config import Config
from engine.emotion_weights import FittedWeights
from engine.errors import RecordingError, UsageError
from engine.wire.record_stream import MAGIC
from engine.wire.recorder import Recorder
from engine.wire.records import make_header


def refuse_to_replace(record: Path, sources: list[str]) -> None:
    """Only a recording may be replaced, and never one that is being played.

    Raises:
        UsageError: It is something else.
    """
    if any(Path(source).exists() and record.samefile(source) for source in sources):
        raise UsageError(f"{record}: is the source itself; record into another file")
    if not record.is_file():
        raise UsageError(f"{record}: expected a file to record into")
    with record.open("rb") as file:
        if file.read(len(MAGIC)) not in (MAGIC, b""):
            raise UsageError(f"{record}: is no recording and is not replaced; name another file")


def recorder_into(
    path: Path,
    config: Config,
    session: Session,
    streams: list[OpenStream],
    *,
    clock: Clock,
    overwrite: bool,
    fitted: FittedWeights | None = None,
) -> Recorder:
    """Begin the recording of a session.

    Raises:
        RecordingError: The file cannot be written.
    """
    header = make_header(
        config,
        session=session.id,
        stream=streams[0].name,
        source=session.info.source,
        recognizer=f"{session.info.recognizer}@{session.info.model_hash}",
        pair=ClockPair(session.info.monotonic_ns, session.info.wall_ns),
        versions=session.info.versions,
        person=streams[0].person if rows_of(streams) == 1 else None,
        fitted=fitted,
    )
    return Recorder(path, header, clock=clock, overwrite=overwrite)


def recording_code(recorder: Recorder | None, console: Console) -> int:
    """A session whose recording failed went on, but a script must be able to see it."""
    if recorder is None or not recorder.state.startswith("failed"):
        return 0
    tell(console, f"recording {recorder.state}", "red")
    return RecordingError.exit_code
