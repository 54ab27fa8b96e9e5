"""What becomes of the governor's decisions: they are recorded, and people are told."""

import logging

from engine.commands.opening import OpenStream
from engine.commands.promise import Promise
from engine.runtime.edges import CAPTURE_POSE, GOVERNOR
from engine.runtime.governor.decision import Decision
from engine.runtime.quality import Governed, Quality, governed
from engine.wire.recorder import Recorder
from engine.wire.records import SchedulerDecision

logger = logging.getLogger(__name__)


def governed_for(
    stream: OpenStream, recorder: Recorder | None, promise: Promise
) -> Governed | None:
    """What governs a live stream of frames; None for others, of which every item is used.

    It begins with what was measured for the promise.

    Raises:
        ConfigError: `[quality]` does not fit the pose network.
    """
    if stream.pose is None or not stream.source.live:
        return None
    made = governed(stream.config, stream.pose, _Teller(stream.name, recorder).told)
    promise.seed(made.governor)
    return made


class _Teller:
    """Any thread."""

    def __init__(self, stream: str, recorder: Recorder | None) -> None:
        self._stream = stream
        self._recorder = recorder

    def told(self, decision: Decision, quality: Quality) -> None:
        level = f"level {decision.level}: {quality.name}"
        if decision.what == "level":
            logger.warning("%s: %s (%s)", self._stream, decision.cause, level)
            self._record(decision, GOVERNOR, level)
        elif decision.what == "stuck":
            logger.error(
                "%s: the %s stage has not come back; restart if it does not recover",
                self._stream,
                decision.stage,
            )
            self._record(decision, GOVERNOR, f"stuck: {decision.stage}")
        elif decision.what == "shed":
            self._record(decision, CAPTURE_POSE, decision.cause)
        # What is discarded was a sample: its loss is recorded with the sample's number.

    def _record(self, decision: Decision, edge: str, cause: str) -> None:
        if self._recorder is not None:
            self._recorder.put(
                SchedulerDecision(at_ns=decision.at_ns, edge=edge, cause=cause, stream=self._stream)
            )
