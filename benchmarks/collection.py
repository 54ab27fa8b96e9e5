"""What a full garbage collection takes in a process that is ready to run; a process of its own."""

import gc
import json
import time
from contextlib import ExitStack

from engine.commands import assembly
from engine.config import Config
from engine.runtime.interpreter import settled

_TIMES = 9


def main() -> None:
    """Print milliseconds as JSON, as it is and as a run is settled."""
    config = Config()
    with ExitStack() as stack:
        stack.enter_context(assembly.pose_estimator(config))
        stack.enter_context(assembly.recognizer(config, None))
        gc.collect()
        objects, plain_ms = len(gc.get_objects()), _median_ms()
        with settled():
            settled_ms = _median_ms()
    print(json.dumps({"objects": objects, "nothing_ms": plain_ms, "settled_ms": settled_ms}))


def _median_ms() -> float:
    took_ms = []
    for _ in range(_TIMES):
        start_s = time.perf_counter()
        gc.collect()
        took_ms.append((time.perf_counter() - start_s) * 1e3)
    return round(sorted(took_ms)[_TIMES // 2], 3)


if __name__ == "__main__":
    main()
