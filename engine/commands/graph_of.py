"""Learns which network a recogniser wants run, without running it."""

from engine import registry
from engine.backends import GraphRunner
from engine.config import Config
from engine.step_graph import StepGraph


def graph_of(config: Config) -> StepGraph | None:
    """The network of the configured recogniser; None if it has none.

    Raises:
        ModelError: Its model cannot be read.
    """
    asked: list[StepGraph] = []

    def note(graph: StepGraph) -> GraphRunner:
        asked.append(graph)
        raise _Noted

    chosen = config.recognizer
    model = registry.create("recognizers", chosen.use, chosen.options, None, note)
    try:
        model.reserve(1)
    except _Noted:
        return asked[0]
    finally:
        model.close()
    return None


class _Noted(Exception):  # noqa: N818 - how the graph is learnt without running it
    """The recogniser has asked for its network to be run."""
