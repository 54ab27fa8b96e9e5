"""Simulated sequences on disk: features, labels and true events of one batch of sequences."""

import os
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import UsageError

F16 = npt.NDArray[np.float16]
I8 = npt.NDArray[np.int8]

SPLITS = ("train", "validation", "test")
"""Test people, cameras and noise are never seen in training; validation people are not either."""

_LOCAL_HEADER_BYTES = 30


@dataclass(frozen=True)
class Shard:
    """Sequences of one length, at 25 ticks a second.

    Attributes:
        features: `(N, T, C, 22)` float16 relations; read-only and on disk after `load`.
        labels: `(N, T)` int8 class index, -1 where a tick is not scored.
        event_sequence: `(E,)` int32, which sequence an event belongs to.
        event_class: `(E,)` int8 class index.
        event_start_tick: `(E,)` float32, first instant, in ticks from the sequence's start.
        event_end_tick: `(E,)` float32, first instant after the event.
        seed: Seed it was made from.
        config_hash: Identity of the simulator's configuration, hex.
    """

    features: F16
    labels: I8
    event_sequence: npt.NDArray[np.int32]
    event_class: I8
    event_start_tick: npt.NDArray[np.float32]
    event_end_tick: npt.NDArray[np.float32]
    seed: int
    config_hash: str

    def save(self, path: Path) -> None:
        """Write `path` in one piece: a reader never sees half a shard.

        Raises:
            UsageError: It cannot be written.
        """
        partial = path.with_suffix(".partial.npz")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Not compressed: features of a compressed file could not be read in place.
            np.savez(
                partial,
                features=self.features,
                labels=self.labels,
                event_sequence=self.event_sequence,
                event_class=self.event_class,
                event_start_tick=self.event_start_tick,
                event_end_tick=self.event_end_tick,
                seed=np.int64(self.seed),
                config_hash=np.str_(self.config_hash),
            )
            partial.replace(path)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {error}") from error

    @classmethod
    def load(cls, path: Path) -> "Shard":
        """Read `path`; the features stay on disk and are paged in as they are used.

        Raises:
            UsageError: It is missing, damaged or of another shape.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                shard = cls(
                    features=_mapped(path, "features.npy"),
                    labels=stored["labels"].astype(np.int8),
                    event_sequence=stored["event_sequence"].astype(np.int32),
                    event_class=stored["event_class"].astype(np.int8),
                    event_start_tick=stored["event_start_tick"].astype(np.float32),
                    event_end_tick=stored["event_end_tick"].astype(np.float32),
                    seed=int(stored["seed"]),
                    config_hash=str(stored["config_hash"]),
                )
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise UsageError(f"{path}: is no shard that can be read: {error}") from error
        if shard.features.ndim != 4 or shard.features.shape[:2] != shard.labels.shape:
            raise UsageError(
                f"{path}: expected features (N, T, C, 22) beside labels (N, T), got "
                f"{shard.features.shape} and {shard.labels.shape}"
            )
        return shard


def load_shards(folder: Path, split: str) -> list[Shard]:
    """All shards of one split, in the order of their names: `folder/split/*.npz`.

    Args:
        folder: Where `simulate` wrote.
        split: One of `SPLITS`.

    Raises:
        UsageError: There are none, or one cannot be read.
    """
    paths = sorted(p for p in (folder / split).glob("*.npz") if ".partial" not in p.name)
    if not paths:
        raise UsageError(
            f"{folder / split}: no shards there; make them with "
            f"`python -m training simulate --out {folder}`"
        )
    return [Shard.load(path) for path in paths]


def _mapped(path: Path, member: str) -> F16:
    """An array inside an uncompressed zip file, mapped where it lies."""
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(member)
    if info.compress_type != zipfile.ZIP_STORED:
        raise ValueError("its features are compressed")
    with path.open("rb") as file:
        file.seek(info.header_offset)
        header = file.read(_LOCAL_HEADER_BYTES)
        name_bytes, extra_bytes = struct.unpack("<HH", header[26:30])
        file.seek(name_bytes + extra_bytes, os.SEEK_CUR)
        version = np.lib.format.read_magic(file)  # type: ignore[no-untyped-call]
        read = np.lib.format.read_array_header_1_0
        if version != (1, 0):
            read = np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read(file)  # type: ignore[no-untyped-call]
        if fortran or dtype != np.float16:
            raise ValueError(f"expected float16 features in C order, got {dtype}")
        return np.memmap(path, dtype, "r", offset=file.tell(), shape=shape)
