"""What each pose network takes on each runtime and in each precision, one thread."""

import time
from collections.abc import Iterator
from itertools import product
from typing import get_args

import numpy as np

from benchmarks.report import Result, percentiles
from engine.errors import ModelError
from plugins.pose.direct.network_files import NETWORKS, NetworkFile
from plugins.pose.direct.runtime import Network
from plugins.pose.direct.runtimes import Load, Precision, RuntimeName, loader
from plugins.pose.mediapipe.native_log import quiet_native_log

_WARM_UP = 5


def network_times(runs: int) -> Result:
    """Run each network in turns on whatever there is.

    Args:
        runs: Of each.

    Returns:
        Name of a network to runtime and precision to milliseconds; in words what there is not.
    """
    loads: dict[str, Load] = {}
    left_out: dict[str, str] = {}
    for runtime, precision in _kinds():
        name = f"{runtime} {precision}"
        try:
            loads[name] = loader(runtime, precision)
        except ModelError as error:
            left_out[name] = str(error)
    took = {network.name: _timed(network, loads, runs) for network in NETWORKS}
    return {"ms": took, "left_out": left_out}


def _kinds() -> Iterator[tuple[RuntimeName, Precision]]:
    yield from product(
        [name for name in get_args(RuntimeName) if name != "auto"], get_args(Precision)
    )


def _timed(network: NetworkFile, loads: dict[str, Load], runs: int) -> Result:
    with quiet_native_log():
        loaded = {name: load(network, 1, 1)[0] for name, load in loads.items()}
    noise = np.random.default_rng(0).integers(0, 256, (network.side_px, network.side_px, 3))
    for each in loaded.values():
        each.picture[:] = noise
    took: dict[str, list[float]] = {name: [] for name in loaded}
    for number in range(_WARM_UP + runs):
        for name, each in loaded.items():
            ms = _ms(each)
            if number >= _WARM_UP:
                took[name].append(ms)
    return {name: percentiles(ms) for name, ms in took.items()}


def _ms(network: Network) -> float:
    start_ns = time.perf_counter_ns()
    network.run()
    return (time.perf_counter_ns() - start_ns) / 1e6
