"""Makes of an open stream what a pipeline takes."""

from msgspec.structs import replace

from engine.clock import Clock
from engine.commands.governing import governed_for
from engine.commands.opening import OpenStream
from engine.commands.outlet import RecorderTap
from engine.commands.promise import Promise
from engine.contracts import StepModel
from engine.core.batch import StepBatch
from engine.core.stream import StreamCore
from engine.emotion_weights import FittedWeights
from engine.person import PersonCalibration
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
        fitted: Weights of evidence in place of the shipped table.
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
        fitted: FittedWeights | None = None,
    ) -> None:
        self._model = model
        self._batch = batch
        self._recorder = recorder
        self._promise = promise
        self._drops = drops
        self._clock = clock
        self._fitted = fitted

    def parts(self, stream: OpenStream) -> InputParts:
        """What a pipeline takes as an input.

        Raises:
            ConfigError: `[quality]` does not fit the pose network.
        """
        return InputParts(
            config=stream.config.stream,
            source=stream.source,
            pose=stream.pose,
            streams=tuple(self._of_slot(stream, name) for name in stream.slots),
            governed=governed_for(stream, self._recorder, self._promise),
            close=stream.resources.close,
        )

    def _of_slot(self, stream: OpenStream, name: str) -> StreamParts:
        config = replace(stream.config, stream=replace(stream.config.stream, name=name))
        person = stream.person if name == stream.name else None
        drops = self._drops.of(name)
        tap = RecorderTap(self._recorder, self._clock, name) if self._recorder else None

        def given_up(t_ns: int) -> None:
            drops.add(RECOGNISE, GIVEN_UP)
            if tap is not None:
                tap.given_up(t_ns)

        def core(row: int) -> StreamCore:
            self._record_joined(name, row, person)
            return StreamCore(
                config, self._model, person, row=row, on_given_up=given_up, fitted=self._fitted
            )

        return StreamParts(name, core, drops, tap)

    def _record_joined(self, name: str, row: int, person: PersonCalibration | None) -> None:
        if self._recorder is None:
            return
        joined = StreamJoined(
            stream=name,
            at_ns=self._clock.now_ns(),
            row=row,
            rooms=self._batch.rooms,
            person=person_json(person),
        )
        self._recorder.put(joined)
