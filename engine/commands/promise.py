"""What a latency profile means for a run: whether its promise holds, and where to begin."""

import logging
from collections.abc import Mapping, Sequence

from engine.clock import NS_PER_MS
from engine.commands import assembly
from engine.config import Config
from engine.latency_profile import Conditions, changes, conditions_of, read_profile
from engine.machine import this_machine
from engine.messages import SessionInfo
from engine.runtime.governor.governor import Governor

logger = logging.getLogger(__name__)

LevelsMs = Sequence[Mapping[str, Sequence[float]]]
"""For each level of quality, stage to what its calls took."""


class Promise:
    """What was promised of a run.

    Args:
        config: Of the run; names the profile, if there is one.
        session: What the run turned out to be.

    Raises:
        CalibrationError: The profile cannot be used.
    """

    def __init__(self, config: Config, session: SessionInfo) -> None:
        self.text = ""
        self._seeds_ms: LevelsMs = ()
        if config.latency.file:
            self._read(config.latency.file, conditions_now(config, session))

    def _read(self, file: str, now: Conditions) -> None:
        profile = read_profile(file)
        other = changes(profile.conditions, now)
        if other:
            logger.warning(
                "%s promises nothing here, as something has changed: %s. Make a new one with "
                "`run_stream.py calibrate latency`",
                file,
                "; ".join(other),
            )
            return
        load = ", also under load" if profile.promised_under_load else ""
        self.text = f"99 % published within {profile.promised_p99_ms:g} ms{load} ({file})"
        self._seeds_ms = profile.seeds_ms

    def seed(self, governor: Governor) -> None:
        """Let a governor begin with what was measured, if it was measured under these conditions.

        Raises:
            ValueError: The profile is of another ladder.
        """
        for level, stages in enumerate(self._seeds_ms):
            for stage, took_ms in stages.items():
                governor.seed(stage, [round(ms * NS_PER_MS) for ms in took_ms], level)


def conditions_now(config: Config, session: SessionInfo) -> Conditions:
    """What a promise depends on, as it is in this run."""
    return conditions_of(
        config,
        machine=this_machine(),
        versions=assembly.versions(),
        source=session.source,
        recognizer=f"{session.recognizer}@{session.model_hash}",
    )
