"""One tree for every failure a user can see; the class decides the exit code.

::

    FidgetError            1   internal
    ├── UsageError         2   the command line or an input file of ours is wrong
    │   ├── ConfigError        a config file or option
    │   ├── RecordingError     a recording that cannot be read or written
    │   ├── FeedError          a message or a topic of the feed that makes no sense
    │   │   └── SchemaError    a message of a newer schema
    │   └── CalibrationError   a calibration file that cannot be used
    ├── SourceError        3   camera, video file or URL
    ├── ModelError         4   recogniser, pose model or engine
    │   └── PluginError        a plugin that is missing or breaks its contract
    ├── DeviceError        5   GPU
    │   └── EngineError        a made engine broke while running
    ├── BindError          6   address in use or not allowed
    ├── Interrupted        130 the user stopped a command
    ├── ReplayMismatch     7   a replay gave other events than the recording
    └── StageFailed        *   a worker died; carries the exit code of its cause

Messages say what was expected, what came, and what to do.
"""

from enum import Enum

__all__ = [
    "BindError",
    "CalibrationError",
    "ConfigError",
    "DeviceError",
    "EndOfStream",
    "EngineError",
    "FeedError",
    "FidgetError",
    "Interrupted",
    "ModelError",
    "PluginError",
    "RecordingError",
    "ReplayMismatch",
    "SchemaError",
    "SourceError",
    "StageFailed",
    "StepAborted",
    "Trouble",
    "UsageError",
]


class Trouble(str, Enum):
    """What can be wrong with a source, as a closed list that subscribers can switch on."""

    NOT_FOUND = "not_found"
    BUSY = "busy"
    DENIED = "denied"
    UNPLUGGED = "unplugged"
    FROZEN = "frozen"
    TIME_JUMP = "time_jump"
    CONNECTION_FAILED = "connection_failed"
    TIMEOUT = "timeout"
    NOT_A_VIDEO = "not_a_video"
    NO_VIDEO_STREAM = "no_video_stream"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    NO_TIMESTAMPS = "no_timestamps"
    BAD_FRAME = "bad_frame"


class FidgetError(Exception):
    """Base of everything raised on purpose."""

    exit_code = 1


class UsageError(FidgetError):
    """The command line, or a file the user gave, is not what it must be."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration value is unknown, of the wrong type or out of range."""


class RecordingError(UsageError):
    """A recording is missing, damaged beyond its last chunk, or of an unknown schema."""


class FeedError(UsageError):
    """A message of a feed is malformed, or a topic was asked for that no feed has."""


class SchemaError(FeedError):
    """A message is of a newer schema than this version can read."""


class CalibrationError(UsageError):
    """A calibration file is stale, truncated, foreign or of an unknown version."""


class SourceError(FidgetError):
    """A camera, file or URL failed.

    Args:
        message: What was expected, what came, and what to do.
        trouble: Which of the known troubles it is.
        transient: Whether opening the source again may help (a cable, a network).
    """

    exit_code = 3

    def __init__(self, message: str, trouble: Trouble, *, transient: bool = False) -> None:
        super().__init__(message)
        self.trouble = trouble
        self.transient = transient


class EndOfStream(Exception):  # noqa: N818 - the normal end of a file, not an error
    """A finite source has given its last item."""


class ModelError(FidgetError):
    """A pose model or recogniser cannot be loaded or broke while running."""

    exit_code = 4


class PluginError(ModelError):
    """A plugin is unknown, cannot be imported or does not keep its contract."""


class DeviceError(FidgetError):
    """An accelerator is missing or failed and nothing could take over."""

    exit_code = 5


class EngineError(DeviceError):
    """An engine of a backend failed while running: an error, a crash, no answer, or nonsense."""


class StepAborted(Exception):  # noqa: N818 - asked for, not an error
    """A step was given up on request; nothing has changed."""


class BindError(FidgetError):
    """An address is in use, malformed, or may not be bound without protection."""

    exit_code = 6


class Interrupted(FidgetError):  # noqa: N818 - named after what happened
    """The user stopped a command; what was found until then is kept."""

    exit_code = 130


class ReplayMismatch(FidgetError):  # noqa: N818 - named after what happened
    """A replay gave other events than the recording holds."""

    exit_code = 7


class StageFailed(FidgetError):  # noqa: N818 - named after what happened
    """A pipeline stage died; the run stopped in order and this is the first error.

    Args:
        stage: Name of the stage.
        cause: What it raised.
    """

    def __init__(self, stage: str, cause: BaseException) -> None:
        super().__init__(f"stage '{stage}' failed: {type(cause).__name__}: {cause}")
        self.stage = stage
        self.cause = cause
        self.exit_code = cause.exit_code if isinstance(cause, FidgetError) else 1
