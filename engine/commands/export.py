"""`export`: a recording as tables."""

from pathlib import Path

from rich.console import Console

from engine.commands.tell import tell
from engine.wire.export import export_recording
from engine.wire.recording import open_recording


def export(path: Path, form: str, out_dir: Path | None, console: Console) -> int:
    """Write the tables and name them.

    Args:
        path: The recording.
        form: `csv` or `jsonl`.
        out_dir: Folder; beside the recording if None.
        console: For a person.

    Returns:
        0.

    Raises:
        RecordingError: It cannot be read.
        UsageError: The tables cannot be written.
    """
    recording = open_recording(path)
    for written in export_recording(recording, out_dir or path.parent, form):
        tell(console, f"wrote {written}")
    if recording.truncated:
        survey = recording.survey
        tell(
            console, f"{path} ends early ({survey.damage}); gestures without an end are listed last"
        )
    return 0
