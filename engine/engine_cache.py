"""Engines that were built before: found again, refused with a reason, or built once and kept.

A plan is code of the device and is treated as code: it is used only from a folder of the user's
own, only if its hash is the one that was written down, and nothing is ever unpickled.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.engine_key import EngineKey
from engine.file_lock import FileLock
from engine.plan_file import PlanFolder, Refused, Sidecar
from engine.user_folders import distrust

KEEP = 32
"""Entries that are kept; when another comes, those that were not used for longest go."""

WAIT_S = 900.0
"""How long to wait for another process that builds, before building beside it."""

_LOCK = "building.lock"


@dataclass(frozen=True)
class Lookup:
    """What the cache has for a key.

    Attributes:
        plan: The plan; None if there is none to be used.
        refused: Why there is none, as words.
    """

    plan: bytes | None
    refused: str = ""


@dataclass(frozen=True)
class CachedPlan:
    """A plan, and how it was come by.

    Attributes:
        key: What it is for.
        plan: Its bytes.
        built: Whether it was built now.
        refused: Why the cache could not give it, if it was built.
        unkept: Why it will have to be built again next time; empty if it will not.
    """

    key: EngineKey
    plan: bytes
    built: bool = False
    refused: str = ""
    unkept: str = ""


@dataclass(frozen=True)
class CacheEntry:
    """An entry, for people.

    Attributes:
        name: Of its files, without the ending.
        size: Of the plan, in bytes.
        key: What it was built for; None if that cannot be read.
        build_s: How long it took to build; 0 if that cannot be read.
        trouble: Why it is of no use on any machine, as words; empty if nothing is wrong with it.
    """

    name: str
    size: int
    key: EngineKey | None
    build_s: float
    trouble: str


class EngineCache:
    """Plans by key in one folder, shared by processes. Any thread.

    Trouble with the folder never keeps anybody from an engine: it is then built and not kept, and
    the answer says why. Builds wait for each other, whatever they build: two at once on one device
    would also spoil each other's timing of kernels.

    Args:
        folder: Where plans lie; made when needed, closed to other users.
        keep: How many entries stay.
        wait_s: How long to wait for another process that builds.
        now_s: A monotonic clock.
        sleep: Takes seconds; called while waiting for another process.
    """

    def __init__(
        self,
        folder: Path,
        keep: int = KEEP,
        wait_s: float = WAIT_S,
        now_s: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.folder = folder
        self._plans = PlanFolder(folder)
        self._lock = FileLock(folder / _LOCK, now_s, sleep)
        self._keep = keep
        self._wait_s = wait_s
        self._now_s = now_s

    def trouble(self) -> str:
        """Why the folder is not used, as words with what to do; empty if it is, or will be made."""
        try:
            return distrust(self.folder)
        except FileNotFoundError:
            return ""
        except OSError as error:
            return f"{self.folder} cannot be used: {error.strerror}: name another folder"

    def lookup(self, key: EngineKey) -> Lookup:
        """The plan for a key; or why there is none, told by the nearest that there is."""
        trouble = self.trouble()
        if trouble:
            return Lookup(None, f"not trusted: {trouble}")
        if key.digest not in self._plans.digests():
            return Lookup(None, self._why_missing(key))
        try:
            _, plan = self._plans.read(key.digest)
        except Refused as refused:
            return Lookup(None, str(refused))
        self._plans.touch(key.digest)
        return Lookup(plan)

    def get_or_build(self, key: EngineKey, build: Callable[[], bytes]) -> CachedPlan:
        """The plan for a key; built if there is none to be used, by one process only.

        Args:
            key: What it is for.
            build: Makes it; what it raises goes to the caller, and nothing is kept.
        """
        found = self.lookup(key)
        if found.plan is not None:
            return CachedPlan(key, found.plan)
        unusable = self.trouble() or self._made()
        if unusable:
            return CachedPlan(key, build(), built=True, refused=found.refused, unkept=unusable)
        with self._lock.held(self._wait_s) as mine:
            return self._locked(key, build, mine)

    def drop(self, key: EngineKey) -> None:
        """Take away an entry that turned out to be of no use."""
        if not self.trouble() and not self._made():
            with self._lock.held(self._wait_s) as mine:
                if mine:
                    self._plans.remove(key.digest)

    def entries(self) -> list[CacheEntry]:
        """All entries, the latest used first; none if the folder is not used."""
        if self.trouble():
            return []
        return [self._entry(digest) for digest in self._plans.digests()]

    def _locked(self, key: EngineKey, build: Callable[[], bytes], mine: bool) -> CachedPlan:
        found = self.lookup(key)  # the one who was waited for may have built it
        if found.plan is not None:
            return CachedPlan(key, found.plan)
        start_s = self._now_s()
        plan = build()
        unkept = (
            self._kept(plan, key, self._now_s() - start_s)
            if mine
            else f"another process has been building in {self.folder} for {self._wait_s:g} s: "
            "end it if it hangs"
        )
        return CachedPlan(key, plan, built=True, refused=found.refused, unkept=unkept)

    def _kept(self, plan: bytes, key: EngineKey, build_s: float) -> str:
        try:
            self._plans.write(plan, key, build_s)
            self._plans.prune(self._keep)
        except OSError as error:
            return f"{self.folder} cannot be written: {error.strerror}"
        return ""

    def _made(self) -> str:
        """Make the folder and try its lock; gives what is wrong."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._lock.held(0.0):
                return ""
        except OSError as error:
            return f"{self.folder} cannot be used: {error.strerror}: name another folder"

    def _why_missing(self, key: EngineKey) -> str:
        others, unread = self._others(key)
        same = [
            other for other in others if (other.model, other.streams) == (key.model, key.streams)
        ]
        if same:
            return key.why_not(min(same, key=lambda other: len(key.differing(other))))
        stale = [other for other in others if set(key.differing(other)) <= {"model", "shapes"}]
        if stale:
            return key.why_not(stale[0])
        missing = f"missing: no engine was built yet for {key.streams} streams of this model"
        return "; ".join([missing, *unread[:1]])

    def _others(self, key: EngineKey) -> tuple[list[EngineKey], list[str]]:
        """Keys of the other entries, and what is wrong with those that cannot be read."""
        keys, unread = [], []
        # Another process may have put this one in place since it was looked for.
        for digest in filter(key.digest.__ne__, self._plans.digests()):
            try:
                keys.append(self._plans.sidecar(digest).key)
            except Refused as refused:
                unread.append(str(refused))
        return keys, unread

    def _entry(self, digest: str) -> CacheEntry:
        sidecar: Sidecar | None = None
        trouble = ""
        try:
            sidecar = self._plans.sidecar(digest)
            self._plans.read(digest)
        except Refused as refused:
            trouble = str(refused)
        return CacheEntry(
            name=digest,
            size=self._plans.size(digest),
            key=sidecar.key if sidecar else None,
            build_s=sidecar.build_s if sidecar else 0.0,
            trouble=trouble,
        )
