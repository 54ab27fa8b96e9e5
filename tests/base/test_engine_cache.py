import os
from pathlib import Path

import pytest

from engine.engine_cache import EngineCache
from engine.file_lock import FileLock
from tests.base.systems import posix_only
from tests.fakes.engines import KEY, PLAN, Builder, like, plan_of, sidecar_of


def test_a_plan_is_built_once_and_found_by_others(cache: EngineCache) -> None:
    build = Builder()
    first = cache.get_or_build(KEY, build)
    second = EngineCache(cache.folder).get_or_build(KEY, build)
    assert (first.plan, first.built, first.unkept) == (PLAN, True, "")
    assert first.refused.startswith("missing")
    assert (second.plan, second.built, second.refused) == (PLAN, False, "")
    assert build.built == 1


def test_looking_makes_no_folder(cache: EngineCache) -> None:
    assert cache.lookup(KEY).plan is None
    assert cache.entries() == []
    assert not cache.folder.exists()


def test_a_build_that_fails_leaves_nothing(cache: EngineCache) -> None:
    def fail() -> bytes:
        raise OSError("no memory")

    with pytest.raises(OSError, match="no memory"):
        cache.get_or_build(KEY, fail)
    assert [path.name for path in cache.folder.iterdir()] == ["building.lock"]
    assert cache.get_or_build(KEY, Builder()).unkept == ""


def test_what_was_refused_is_built_again_and_then_found(filled: EngineCache) -> None:
    plan_of(filled).write_bytes(b"nonsense")
    again = filled.get_or_build(KEY, Builder(b"anew"))
    assert (again.plan, again.built) == (b"anew", True)
    assert again.refused.startswith("truncated")
    assert filled.lookup(KEY).plan == b"anew"


def test_what_was_dropped_is_built_again(filled: EngineCache) -> None:
    filled.drop(KEY)
    assert filled.lookup(KEY).plan is None
    assert filled.get_or_build(KEY, Builder()).built


def test_dropping_what_is_not_there_does_nothing(cache: EngineCache) -> None:
    cache.drop(KEY)
    assert cache.lookup(KEY).refused.startswith("missing")


@posix_only
def test_the_folder_is_made_for_the_user_alone(filled: EngineCache) -> None:
    assert filled.folder.stat().st_mode & 0o077 == 0
    assert plan_of(filled).stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_costs_a_build_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"in the way")
    given = EngineCache(tmp_path / "file" / "engines").get_or_build(KEY, Builder())
    assert (given.plan, given.built) == (PLAN, True)
    assert "cannot be used" in given.unkept


def test_a_plan_that_cannot_be_written_is_used_once_and_it_says_so(filled: EngineCache) -> None:
    plan_of(filled, like(gpu="Card B")).mkdir()
    given = filled.get_or_build(like(gpu="Card B"), Builder())
    assert (given.plan, given.built) == (PLAN, True)
    assert "cannot be written" in given.unkept
    assert not list(filled.folder.glob("*.tmp"))


def test_who_has_waited_long_enough_builds_beside_the_other(filled: EngineCache) -> None:
    now_s = [0.0]

    def sleep(duration_s: float) -> None:
        now_s[0] += duration_s

    cache = EngineCache(filled.folder, wait_s=60.0, now_s=lambda: now_s[0], sleep=sleep)
    with FileLock(filled.folder / "building.lock").held(0.0):
        given = cache.get_or_build(like(gpu="Card B"), Builder())
    assert (given.plan, given.built) == (PLAN, True)
    assert "for 60 s" in given.unkept
    assert now_s[0] >= 60.0
    assert filled.lookup(like(gpu="Card B")).plan is None


def test_it_stays_bounded_and_forgets_what_was_not_used_for_longest(tmp_path: Path) -> None:
    cache = EngineCache(tmp_path / "engines", keep=3)
    keys = [like(streams=streams) for streams in range(1, 6)]
    for age, key in enumerate(keys[:3]):
        cache.get_or_build(key, Builder())
        os.utime(sidecar_of(cache, key), (1000 + age, 1000 + age))
    cache.lookup(keys[0])
    for key in keys[3:]:
        cache.get_or_build(key, Builder())
    left = {entry.name for entry in cache.entries()}
    assert left == {keys[index].digest for index in (0, 3, 4)}
    assert len(list(cache.folder.glob("*.plan"))) == 3


def test_what_killed_writers_left_is_no_entry_and_is_cleared_away(filled: EngineCache) -> None:
    killed = like(gpu="Card B")
    plan_of(filled, killed).write_bytes(PLAN)
    (filled.folder / "half.tmp").write_bytes(b"half")
    assert filled.lookup(killed).plan is None
    assert len(filled.entries()) == 1
    filled.get_or_build(like(gpu="Card C"), Builder())
    assert not plan_of(filled, killed).exists()
    assert not (filled.folder / "half.tmp").exists()


def test_entries_tell_what_they_are_for_and_what_is_wrong(filled: EngineCache) -> None:
    filled.get_or_build(like(gpu="Card B"), Builder(b"short"))
    plan_of(filled, like(gpu="Card B")).write_bytes(b"long")
    filled.get_or_build(like(gpu="Card C"), Builder())
    sidecar_of(filled, like(gpu="Card C")).write_bytes(b"?")
    entries = {entry.name: entry for entry in filled.entries()}
    good, short, unread = (entries[like(gpu=f"Card {n}").digest] for n in "ABC")
    assert (good.key, good.size, good.trouble) == (KEY, len(PLAN), "")
    assert short.key == like(gpu="Card B")
    assert short.trouble.startswith("truncated")
    assert unread.key is None
    assert unread.trouble.startswith("unreadable sidecar")


def test_entries_tell_how_long_they_took(tmp_path: Path) -> None:
    now_s = [10.0]

    def build() -> bytes:
        now_s[0] += 2.5
        return PLAN

    cache = EngineCache(tmp_path / "engines", now_s=lambda: now_s[0])
    cache.get_or_build(KEY, build)
    assert [entry.build_s for entry in cache.entries()] == [2.5]
