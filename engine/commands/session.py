"""What a run is: its id, and what it says about itself."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timezone

from engine.clock import NS_PER_S, ClockPair
from engine.commands import assembly
from engine.commands.opening import OpenStream
from engine.config import Config
from engine.contracts import StepModel
from engine.core.evidence import identity_of
from engine.emotion_weights import FittedWeights
from engine.messages import SessionInfo
from engine.redaction import redact


@dataclass(frozen=True)
class Session:
    """A run.

    Attributes:
        id: Unique; begins with its date.
        info: What is published of it.
    """

    id: str
    info: SessionInfo


def session_of(
    config: Config,
    streams: list[OpenStream],
    model: StepModel,
    start: ClockPair,
    fitted: FittedWeights | None = None,
) -> Session:
    """The session that begins at `start`; without `fitted` with the shipped weights."""
    moment = datetime.fromtimestamp(start.wall_ns / NS_PER_S, tz=timezone.utc)
    covered, not_covered = assembly.coverage(model)
    info = SessionInfo(
        state="started",
        monotonic_ns=start.monotonic_ns,
        wall_ns=start.wall_ns,
        source=_described(streams),
        pose=config.pose.use,
        recognizer=config.recognizer.use,
        model_hash=model.model_hash,
        covered=covered,
        not_covered=not_covered,
        emotion=config.emotion.enabled,
        versions=assembly.versions(),
        exit_code=0,
        precision=model.precision,
        emotion_weights=identity_of(fitted) if config.emotion.enabled else "",
    )
    return Session(f"{moment:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}", info)


def _described(streams: list[OpenStream]) -> str:
    if len(streams) == 1:
        return redact(streams[0].info.description)
    return "; ".join(f"{one.name}: {redact(one.info.description)}" for one in streams)
