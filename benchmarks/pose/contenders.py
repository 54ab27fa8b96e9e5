"""The pose stages that are compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from engine import registry
from engine.contracts import PoseEstimator
from engine.errors import UsageError
from plugins.pose.direct.runtimes import Precision
from plugins.pose.direct.savings import POLICIES


@dataclass(frozen=True)
class Contender:
    """A pose stage.

    Attributes:
        name: In tables.
        plugin: Name of its plugin.
        policy: What it leaves out; empty for a plugin that has no policies.
        precision: Of its arithmetic; empty likewise.
    """

    name: str
    plugin: str
    policy: str = ""
    precision: str = ""

    def options(self, *, smooth: bool = True, workers: int = 1) -> dict[str, Any]:
        """Options of its plugin.

        Args:
            smooth: Whether landmarks of the body are smoothed.
            workers: Threads, where the plugin can be told.
        """
        if not self.policy:
            return {"smooth": smooth}
        return {
            "smooth": smooth,
            "workers": workers,
            "policy": self.policy,
            "precision": self.precision,
        }

    def make(self, *, smooth: bool = True, workers: int = 1) -> PoseEstimator:
        """The plugin, its networks loaded; arguments as of `options`.

        Raises:
            ModelError: It cannot be loaded.
        """
        options = self.options(smooth=smooth, workers=workers)
        made: PoseEstimator = registry.create("pose", self.plugin, options)
        made.warm_up()
        return made


GRAPH = Contender("graph", "mediapipe")
"""The reference: MediaPipe's graph without the face."""


def policies(specs: Sequence[str]) -> tuple[Contender, ...]:
    """The policies that are compared with it.

    Args:
        specs: `POLICY` or `POLICY/PRECISION`; all policies in f32 if there are none.

    Raises:
        UsageError: One is unknown.
    """
    return tuple(_policy(spec) for spec in specs or POLICIES)


def _policy(spec: str) -> Contender:
    name, _, precision = spec.partition("/")
    precisions = get_args(Precision)
    if name not in POLICIES or precision not in ("", *precisions):
        raise UsageError(
            f"policy '{spec}': expected POLICY or POLICY/PRECISION, POLICY one of "
            f"{', '.join(POLICIES)}, PRECISION one of {', '.join(precisions)}"
        )
    return Contender(spec, "direct", name, precision or "f32")
