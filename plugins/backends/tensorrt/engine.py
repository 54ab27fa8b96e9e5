"""An engine whose tick is one launch; the streams' memory never leaves the GPU."""

from contextlib import suppress

import numpy as np

from engine.errors import DeviceError, EngineError, StepAborted
from engine.poses import Bools
from plugins.backends.tensorrt.context import Kernels
from plugins.backends.tensorrt.cuda import Cuda
from plugins.backends.tensorrt.layout import Layout
from plugins.backends.tensorrt.memory import EngineMemory
from plugins.backends.waiting import PolledWait


class TensorRtEngine:
    """A `StepEngine`: two captured graphs, one for each turn of the two sets of memory.

    The turn changes only when a tick has come through, so one that raises has changed nothing. A
    tick that was given up may still be running on the GPU, which cannot be stopped: the next one
    waits for it before it touches anything. Until then `outputs` may change at any time. How long a
    tick may take is for the caller to bound, who runs this in a process that can be ended.

    No GPU has run this yet.

    Args:
        cuda: The GPU, chosen; closed with the engine.
        kernels: The plan on it; closed with the engine.
        layout: What goes in and comes out.
        wait: How to wait for a tick.

    Raises:
        DeviceError: There is no room, or the plan does not run.
    """

    def __init__(
        self, cuda: Cuda, kernels: Kernels, layout: Layout, wait: PolledWait | None = None
    ) -> None:
        self.streams = layout.streams
        self._cuda = cuda
        self._kernels = kernels
        self._wait = PolledWait() if wait is None else wait
        self._stream = cuda.stream()
        self._event = cuda.event()
        self._memory = EngineMemory(cuda, layout)
        self.x = self._memory.x
        self.outputs = self._memory.outputs
        self._turn = 0
        self._running = False
        self._given_up = False
        self._useless = ""
        self._memory.forget(self._stream)
        self._graphs = tuple(self._captured(turn) for turn in (0, 1))
        self._run_once()

    def step(self, active: Bools) -> None:
        """See `StepEngine.step`."""
        if self._useless:
            raise EngineError(self._useless)
        self._given_up = False
        self._finish()
        self._memory.active[:] = active
        self._launch()
        self._finish()
        self._turn = 1 - self._turn

    def reset(self, stream: int) -> None:
        """See `StepEngine.reset`; after whatever is running.

        Raises:
            EngineError: The GPU is of no more use.
        """
        if self._useless:
            raise EngineError(self._useless)
        self._memory.forget_row(stream, self._turn, self._stream)

    def abort(self) -> None:
        """See `StepEngine.abort`: ends the waiting, not what is waited for."""
        self._given_up = True

    def close(self) -> None:
        """See `StepEngine.close`; waits for a tick that was given up.

        `x` and `outputs` may still be read.
        """
        self._useless = "the engine is closed"
        if self._running:
            self._running = False
            with suppress(EngineError):  # then nothing runs any more
                self._cuda.synchronize(self._stream)
        self._kernels.close()
        self._cuda.close()

    def _launch(self) -> None:
        self._cuda.launch(self._graphs[self._turn], self._stream)
        self._running = True
        try:
            self._cuda.record(self._event, self._stream)
        except EngineError as error:
            # The event would tell of the tick before: nobody can know when this one ends.
            self._useless = f"the engine lost track of the GPU: {error}"
            raise

    def _finish(self) -> None:
        """Wait for a tick that is running, if there is one."""
        if not self._running:
            return
        if not self._wait.until(self._happened, lambda: self._given_up):
            raise StepAborted("the step was given up; the GPU may still be busy with it")
        self._running = False

    def _happened(self) -> bool:
        return self._cuda.happened(self._event)

    def _captured(self, turn: int) -> int:
        """A graph of one tick. Run before it is captured, as the first run sets things up."""
        self._enqueue(turn)
        self._cuda.synchronize(self._stream)
        if not self._kernels.capturable(self._stream):
            raise DeviceError("TensorRT cannot make this network part of a CUDA graph")
        self._cuda.begin_capture(self._stream)
        try:
            self._enqueue(turn)
        except BaseException:
            with suppress(DeviceError):  # what made it fail is worth more
                self._cuda.end_capture(self._stream)
            raise
        return self._cuda.end_capture(self._stream)

    def _enqueue(self, turn: int) -> None:
        self._memory.upload(self._stream)
        self._kernels.enqueue(self._memory.places(turn), self._stream)
        self._memory.download(self._stream)

    def _run_once(self) -> None:
        """Both graphs, so that the first tick is not slow; then forget it."""
        everyone = np.ones(self.streams, np.bool_)
        self.step(everyone)
        self.step(everyone)
        self._memory.forget(self._stream)
        self._cuda.synchronize(self._stream)
