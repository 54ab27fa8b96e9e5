"""Makes of an open stream what a pipeline takes."""

from engine.clock import Clock
from engine.commands.governing import governed_for
from engine.commands.opening import OpenStream
from engine.commands.outlet import RecorderTap
from engine.commands.promise import Promise
from engine.contracts import StepModel
from engine.core.batch import StepBatch
from engine.core.stream import StreamCore
from engine.runtime.drops import SessionDrops
from engine.runtime.edges import GIVEN_UP, RECOGNISE
from engine.runtime.ports import InputParts, StreamParts
from engine.wire.recorder import Recorder
from engine.wire.records import StreamJoined, person_json


class PartsMaker:
    """Ties streams to what a session shares.

    Args:
        model: The recogniser.
        batch: Steps it.
        recorder: None records nothing.
        promise: What was promised of the run.
        drops: Of the session.
        clock: Time.
    """

    def __init__(
        self,
        *,
        model: StepModel,
        batch: StepBatch,
        recorder: Recorder | None,
        promise: Promise,
        drops: SessionDrops,
        clock: Clock,
    ) -> None:
        self._model = model
        self._batch = batch
        self._recorder = recorder
        self._promise = promise
        self._drops = drops
        self._clock = clock

    def parts(self, stream: OpenStream) -> InputParts:
        """What a pipeline takes as an input.

        Raises:
            ConfigError: `[quality]` does not fit the pose network.
        """
        return InputParts(
            config=stream.config.stream,
            source=stream.source,
            pose=stream.pose,
            streams=(self._of_stream(stream),),
            governed=governed_for(stream, self._recorder, self._promise),
            close=stream.resources.close,
        )

    def _of_stream(self, stream: OpenStream) -> StreamParts:
        drops = self._drops.of(stream.name)
        tap = RecorderTap(self._recorder, self._clock, stream.name) if self._recorder else None

        def given_up(t_ns: int) -> None:
            drops.add(RECOGNISE, GIVEN_UP)
            if tap is not None:
                tap.given_up(t_ns)

        def core(row: int) -> StreamCore:
            self._record_joined(stream, row)
            return StreamCore(
                stream.config, self._model, stream.person, row=row, on_given_up=given_up
            )

        return StreamParts(stream.name, core, drops, tap)

    def _record_joined(self, stream: OpenStream, row: int) -> None:
        if self._recorder is None:
            return
        joined = StreamJoined(
            stream=stream.name,
            at_ns=self._clock.now_ns(),
            row=row,
            rooms=self._batch.rooms,
            person=person_json(stream.person),
        )
        self._recorder.put(joined)
