"""The cache between processes: real ones, one of them killed."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.engine_cache import EngineCache
from tests.fakes.engine_builder import wait_for
from tests.fakes.engines import KEY

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    return tmp_path / "notes"


@pytest.fixture
def cache(tmp_path: Path) -> EngineCache:
    return EngineCache(tmp_path / "engines", wait_s=60.0)


@contextmanager
def builder(role: str, cache: EngineCache, notes: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [
        sys.executable,
        "-m",
        "tests.fakes.engine_builder",
        role,
        str(cache.folder),
        str(notes),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_two_processes_at_once_build_once(cache: EngineCache, notes: Path) -> None:
    with builder("meet", cache, notes) as one, builder("meet", cache, notes) as other:
        told = sorted(process.communicate(timeout=60)[0] for process in (one, other))
    builders = [path.name.removeprefix("building-") for path in notes.glob("building-*")]
    waiters = [path.name.removeprefix("waiting-") for path in notes.glob("waiting-*")]
    assert len(builders) == len(waiters) == 1
    assert builders != waiters
    assert told == [f"False built by {builders[0]}", f"True built by {builders[0]}"]


def test_a_killed_builder_leaves_no_lock_and_no_half_entry(cache: EngineCache, notes: Path) -> None:
    with builder("hang", cache, notes) as hanging:
        wait_for(notes, "building-*")
        hanging.kill()
        hanging.wait(timeout=60)
    assert cache.entries() == []
    impatient = EngineCache(cache.folder, wait_s=0.0)
    given = impatient.get_or_build(KEY, lambda: b"anew")
    assert (given.plan, given.unkept) == (b"anew", "")
    assert impatient.lookup(KEY).plan == b"anew"


def test_who_waits_for_a_builder_that_is_killed_builds(cache: EngineCache, notes: Path) -> None:
    with builder("hang", cache, notes) as hanging:
        wait_for(notes, "building-*")
        with builder("meet", cache, notes) as waiting:
            wait_for(notes, "waiting-*")
            hanging.kill()
            assert waiting.communicate(timeout=60)[0].startswith("True")


def test_a_reader_never_sees_half_a_plan(cache: EngineCache) -> None:
    """One that is replaced over and over is read whole or refused, never in parts."""
    whole = [bytes([value]) * 1_000_000 for value in range(20)]
    seen: list[bytes] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            plan = cache.lookup(KEY).plan
            if plan is not None:
                seen.append(plan)

    reader = threading.Thread(target=read, name="fidget-test-reader")
    reader.start()
    try:
        for plan in whole:
            cache.drop(KEY)
            assert cache.get_or_build(KEY, lambda plan=plan: plan).plan == plan  # type: ignore[misc]
    finally:
        done.set()
        reader.join()
    assert seen
    assert all(plan in whole for plan in seen)
