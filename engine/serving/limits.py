"""What is asked of an engine before it serves, and how long one waits for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.serving.backoff import RetryBackoff

UNHURRIED_MS = 10_000.0
"""The bound of a step where nobody waits for it: there a busy machine is to change no result."""


@dataclass(frozen=True)
class Tolerance:
    """By how much outputs may differ from those of the processor.

    Outputs are logits: one that is off by 0.01 moves a score by 0.0025 at most, a hundredth of
    what lies between a recommended onset and its offset.

    Attributes:
        largest: Largest difference of any output at any tick.
        mean: Mean of the differences.
    """

    largest: float = 0.01
    mean: float = 0.001


_OF_PRECISIONS = MappingProxyType(
    {
        # Some backends round at every operator, some the weights alone: they may differ from each
        # other by as much as from float32. The shipped model's variants differ by a third of this.
        "fp16": Tolerance(0.05, 0.005),
        "bf16": Tolerance(0.3, 0.02),
        "int8": Tolerance(0.3, 0.005),
    }
)


@dataclass(frozen=True)
class VariantTolerance:
    """By how much a model in another precision may differ from its original, to serve unasked.

    Attributes:
        agreement: Least F1 of its events against those of the original: of 100, one may be missing
            and another one too many.
        score_mean: Largest mean of the differences of scores.
        events: With fewer than so many in the original the agreement says nothing.
    """

    agreement: float = 0.98
    score_mean: float = 0.001
    events: int = 50


@dataclass(frozen=True)
class ServingLimits:
    """Bounds.

    Attributes:
        bound_ms: A step that takes longer is the end of an accelerator's engine; on the processor
            it is aborted, see `WatchedProcessor`.
        open_within_s: A build that takes longer is given up.
        hand_over_ms: For so long the swap to a new engine may hold a tick up.
        tolerance: Of the outputs of backends that run a graph in float32.
        tolerances: Of those that run a variant, by its precision.
        variant: Of a variant itself, against its original.
        check_ticks: Ticks that are compared; 0 is the receptive field and 64 more.
        gain: By what part of the processor's time an engine must be faster to be chosen by `auto`:
            less is not worth a process that can fail.
        first_retry_s: Wait after the first failure; doubles with each one.
        longest_retry_s: The longest wait.
        healthy_s: After so long without a failure waits begin anew.
    """

    bound_ms: float = 250.0
    open_within_s: float = 900.0
    hand_over_ms: float = 20.0
    tolerance: Tolerance = field(default_factory=Tolerance)
    tolerances: Mapping[str, Tolerance] = field(default_factory=lambda: _OF_PRECISIONS)
    variant: VariantTolerance = field(default_factory=VariantTolerance)
    check_ticks: int = 0
    gain: float = 0.2
    first_retry_s: float = 1.0
    longest_retry_s: float = 60.0
    healthy_s: float = 60.0

    def tolerance_of(self, precision: str) -> Tolerance:
        """Of backends that run a graph in `StepGraph.precision`."""
        return self.tolerances[precision] if precision else self.tolerance

    def backoff(self) -> RetryBackoff:
        """Waits between attempts."""
        return RetryBackoff(self.first_retry_s, self.longest_retry_s, self.healthy_s)
