"""Text files of a data set."""

from pathlib import Path

from training.datasets.faults import DataSetError, Fault


def read_text(path: Path) -> str:
    """The text of a file, without a byte order mark.

    Raises:
        DataSetError: It is missing, cannot be read, or is no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataSetError([Fault(str(path), f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        fault = Fault(str(path), f"expected text, got other bytes at {error.start}")
        raise DataSetError([fault]) from error
