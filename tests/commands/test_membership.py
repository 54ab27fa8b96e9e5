"""Cameras that come and go while a session runs, without a pipeline."""

from operator import attrgetter
from typing import Any

from engine.commands.membership import Membership
from engine.config import Config, PeopleConfig, StreamConfig
from engine.contracts import SourceInfo


class FakePipeline:
    """Names of streams that run, and what was asked of it."""

    def __init__(self, *running: str) -> None:
        self.running = set(running)
        self.asked: list[str] = []

    def counts(self) -> dict[str, None]:
        return dict.fromkeys(self.running)

    def remove(self, name: str) -> None:
        self.asked.append(f"-{name}")

    def add(self, name: str) -> None:
        self.asked.append(f"+{name}")


def test_a_camera_begins_anew_once_all_of_its_names_are_free() -> None:
    """`desk-2` goes, and `desk` is to have a second person, whose stream is called so."""

    def camera(name: str, most: int = 1) -> Config:
        return Config(stream=StreamConfig(name=name), people=PeopleConfig(most=most))

    pipeline: Any = FakePipeline("desk", "desk-2")
    opened: Any = _Opened
    named: Any = attrgetter("name")
    membership = Membership(
        pipeline, [camera("desk"), camera("desk-2")], opened, named, lambda _: None
    )
    membership.want([camera("desk", 2)])
    pipeline.running = {"desk-2"}
    membership.attend()
    assert pipeline.asked == ["-desk", "-desk-2"]
    pipeline.running = set()
    membership.attend()
    assert pipeline.asked[2:] == ["+desk"]


class _Opened:
    def __init__(self, config: Config) -> None:
        self.name = config.stream.name
        self.info = SourceInfo("a camera")
