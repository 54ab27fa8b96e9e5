import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from engine.engine_cache import EngineCache
from engine.engine_key import FORMAT
from tests.base.systems import posix_only
from tests.fakes.engines import KEY, PLAN, Builder, like, plan_of, sidecar_of


def edit(path: Path, change: Callable[[dict[str, object]], None]) -> None:
    content = msgspec.json.decode(path.read_bytes())
    change(content)
    path.write_bytes(msgspec.json.encode(content))


def test_an_empty_cache_says_what_is_missing(cache: EngineCache) -> None:
    assert cache.lookup(KEY).refused == (
        "missing: no engine was built yet for 8 streams of this model"
    )


def test_a_plan_without_its_end_is_refused(filled: EngineCache) -> None:
    plan_of(filled).write_bytes(PLAN[:-1])
    expected = f"has {len(PLAN) - 1} bytes, expected {len(PLAN)}"
    assert filled.lookup(KEY).refused.startswith("truncated")
    assert expected in filled.lookup(KEY).refused


@pytest.mark.parametrize("changed", [b"\xff" + PLAN[1:], PLAN + b"\0"])
def test_a_plan_that_was_changed_is_refused(filled: EngineCache, changed: bytes) -> None:
    plan_of(filled).write_bytes(changed)
    assert filled.lookup(KEY).refused.startswith("tampered")


def test_a_sidecar_of_another_engine_is_refused(filled: EngineCache) -> None:
    filled.get_or_build(like(gpu="Card B"), Builder(b"of another card"))
    for of in (plan_of, sidecar_of):
        of(filled).write_bytes(of(filled, like(gpu="Card B")).read_bytes())
    assert filled.lookup(KEY).refused.startswith("tampered")
    assert "of another engine" in filled.lookup(KEY).refused


def test_a_plan_that_is_gone_is_refused(filled: EngineCache) -> None:
    plan_of(filled).unlink()
    assert filled.lookup(KEY).refused.startswith("missing")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"format":1}', b"\x80\x04."])
def test_a_sidecar_that_cannot_be_read_is_refused(filled: EngineCache, content: bytes) -> None:
    sidecar_of(filled).write_bytes(content)
    assert filled.lookup(KEY).refused.startswith("unreadable sidecar")


def test_a_sidecar_with_an_unknown_field_is_refused(filled: EngineCache) -> None:
    edit(sidecar_of(filled), lambda content: content.update(more=1))
    assert filled.lookup(KEY).refused.startswith("unreadable sidecar")


def test_a_newer_format_is_refused_whatever_else_it_holds(filled: EngineCache) -> None:
    sidecar_of(filled).write_bytes(msgspec.json.encode({"format": FORMAT + 1, "new": "thing"}))
    assert filled.lookup(KEY).refused.startswith("newer format")
    assert f"this version reads {FORMAT}" in filled.lookup(KEY).refused


def test_an_older_format_is_refused(filled: EngineCache) -> None:
    edit(sidecar_of(filled), lambda content: content.update(format=FORMAT - 1))
    assert filled.lookup(KEY).refused.startswith("older format")


def test_an_empty_cache_but_for_a_newer_format_says_so(filled: EngineCache) -> None:
    edit(sidecar_of(filled), lambda content: content.update(format=FORMAT + 1))
    refused = filled.lookup(like(model="c" * 64)).refused
    assert refused.startswith("missing")
    assert "newer format" in refused


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"gpu": "Card B"}, ["foreign GPU", "Card A", "Card B"]),
        ({"multiprocessors": 114}, ["foreign GPU", "multiprocessors 132", "multiprocessors 114"]),
        ({"runtime": "another"}, ["wrong runtime:", "compiler", "another"]),
        ({"runtime_version": "1.2.4"}, ["wrong runtime version", "1.2.3", "1.2.4"]),
        ({"driver": "12.8 (570.3)"}, ["wrong driver", "580.1", "570.3"]),
        ({"cuda_runtime": "12.8"}, ["wrong CUDA runtime", "13.0", "12.8"]),
        ({"precision": "exact"}, ["other precision", "as in the model", "exact"]),
        ({"calibration": "c" * 64}, ["other calibration", "cccc"]),
        ({"options": (("tf32", "on"),)}, ["other builder options", "'off'", "'on'"]),
        ({"system": "Windows AMD64"}, ["foreign operating system", "Linux", "Windows"]),
        ({"model": "b" * 64}, ["stale: other model", "aaaa", "bbbb"]),
    ],
)
def test_the_nearest_engine_tells_why_it_is_none(
    filled: EngineCache, changed: dict[str, object], words: list[str]
) -> None:
    refused = filled.lookup(like(**changed)).refused
    assert refused.startswith(words[0])
    assert all(word in refused for word in words)


def test_the_nearest_is_the_one_with_fewest_differences(filled: EngineCache) -> None:
    filled.get_or_build(like(gpu="Card B", driver="12.8"), Builder())
    assert filled.lookup(like(driver="13.2")).refused.startswith("wrong driver")


def test_another_number_of_streams_is_missing_not_stale(filled: EngineCache) -> None:
    assert "64 streams" in filled.lookup(like(streams=64)).refused


@posix_only
def test_a_folder_that_others_may_write_is_not_used(filled: EngineCache) -> None:
    filled.folder.chmod(0o777)
    build = Builder(b"built here")
    given = filled.get_or_build(KEY, build)
    assert filled.lookup(KEY).plan is None
    assert (given.plan, given.built) == (b"built here", True)
    assert given.refused.startswith("not trusted")
    assert "chmod go-w" in given.unkept
    assert "chmod go-w" in filled.trouble()
    assert plan_of(filled).read_bytes() == PLAN


@posix_only
@pytest.mark.parametrize("of", [plan_of, sidecar_of])
def test_a_file_that_others_may_write_is_not_used(
    filled: EngineCache, of: Callable[[EngineCache], Path]
) -> None:
    of(filled).chmod(0o666)
    assert filled.lookup(KEY).refused.startswith("not trusted")


@posix_only
def test_a_folder_of_somebody_else_is_not_used(
    filled: EngineCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: filled.folder.stat().st_uid + 1)
    assert "belongs to user" in filled.lookup(KEY).refused
