"""What was asked of a step, beside what came out."""

from benchmarks.engines.contenders import CONTINUAL, WINDOW
from benchmarks.report import Result
from engine.serving.choice import PROCESSOR


def targets(steps: Result, ratios: Result) -> list[Result]:
    """Those that the figures can answer.

    Args:
        steps: Number of streams to contender to figures.
        ratios: Number of streams to `… to …` to a ratio.

    Returns:
        `what`, `asked`, `got` and whether it was `met`.
    """
    found = [
        at_most("p99 of a step of one stream, ms", 1.0, _figure(steps, "1", "p99")),
        at_most("p99 for each of 64 streams, ms", 0.3, _per_stream(steps, "64")),
        at_least("times cheaper than the window", 30.0, _ratio(ratios, WINDOW)),
        at_least("times cheaper than continual-inference", 2.0, _ratio(ratios, CONTINUAL)),
    ]
    return [target for target in found if target]


def _figure(steps: Result, streams: str, name: str) -> float | None:
    figure: float | None = steps.get(streams, {}).get(PROCESSOR, {}).get(name)
    return figure


def _per_stream(steps: Result, streams: str) -> float | None:
    per_stream = steps.get(streams, {}).get(PROCESSOR, {}).get("per_stream", {})
    figure: float | None = per_stream.get("p99")
    return figure


def _ratio(ratios: Result, slow: str) -> float | None:
    figure: float | None = ratios.get("1", {}).get(f"{slow} to {PROCESSOR}", {}).get("wall")
    return figure


def at_most(what: str, asked: float, got: float | None) -> Result:
    """A target for something that should be small; empty if it was not measured."""
    return {} if got is None else _told(what, f"≤ {asked:g}", got, got <= asked)


def at_least(what: str, asked: float, got: float | None) -> Result:
    """A target for something that should be large; empty if it was not measured."""
    return {} if got is None else _told(what, f"≥ {asked:g}", got, got >= asked)


def _told(what: str, asked: str, got: float, met: bool) -> Result:
    return {"what": what, "asked": asked, "got": got, "met": met}
