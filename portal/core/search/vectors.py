"""Vectors on disk: for each encoder two files of equal rows, mapped by who reads and written in place by one process.

A row is written before it is marked as living, and an entry's new rows live before its old ones die: killed anywhere,
a reader sees the old text, the new one or both. Rows carry a checksum; a damaged one is encoded anew.
"""

import fcntl
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portal.core.search.encoders import Vectors
from portal.core.search.hnsw import Graph

KIND = {"article": 1, "answer": 2, "question": 3}
NAME = {number: kind for kind, number in KIND.items()}
LANGUAGE = {"ko": 1, "en": 2}
ROW = np.dtype(
    [
        ("kind", "u1"), ("live", "u1"), ("language", "u1"), ("spare", "u1"), ("part", "<u2"), ("spare2", "<u2"),
        ("check", "<u4"), ("spare3", "<u4"), ("pk", "<i8"), ("mark", "<u8"),
    ]
)  # fmt: skip
# Up to here every row is looked at; above, a graph of them finds the nearest (SEARCH figures: 7 ms for 50,000).
EXACT = 100_000
Rows = NDArray[np.void]
Key = tuple[str, int]


def mark_of(text: str) -> int:
    """What tells one piece of text from another, 64 bits."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def number(key: Key) -> int:
    """An article, answer or question as one integer."""
    return (KIND[key[0]] << 56) | key[1]


def key_of(packed: int) -> Key:
    return NAME[int(packed) >> 56], int(packed) & ((1 << 56) - 1)


class DamagedError(Exception):
    """The files of a space are not what they should be; only reading everything anew helps."""


class View:
    """The rows as they were at one moment; the vectors behind them are mapped, not read."""

    def __init__(self, folder: Path, dimensions: int, graph: Graph | None) -> None:
        self.rows: Rows = np.empty(0, ROW)
        self.matrix: Vectors = np.empty((0, dimensions), np.float32)
        try:
            rows = np.fromfile(folder / "rows", dtype=ROW)
            count = min(len(rows), (folder / "vectors").stat().st_size // (4 * dimensions))
            if count:
                self.matrix = np.memmap(folder / "vectors", np.float32, "r", shape=(count, dimensions))
                self.rows = rows[:count]
        except (OSError, ValueError):
            pass  # nothing written yet, or damaged: then nothing is near, and the writer starts anew
        self.graph = graph
        self.live = self.rows["live"] == 1
        packed = (self.rows["kind"].astype(np.int64) << 56) | self.rows["pk"]
        at = np.flatnonzero(self.live)
        self.order = at[np.argsort(packed[at], kind="stable")]
        self.keys = packed[self.order]

    def rows_of(self, packed: int) -> NDArray[np.int64]:
        """Where an entry's rows are."""
        left, right = np.searchsorted(self.keys, [packed, packed + 1])
        return self.order[left:right]


class Space:
    """All vectors of one encoder. Readers share a view until the files change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._view: tuple[tuple[int, int, int], View] | None = None

    @property
    def dimensions(self) -> int:
        """0 until the first vector is written."""
        try:
            return int((self.folder / "dimensions").read_text())
        except (FileNotFoundError, ValueError):
            return 0

    @property
    def ready(self) -> bool:
        """Whether everything was encoded once, so that a text without vectors is a new one."""
        return (self.folder / "ready").exists()

    def view(self) -> View:
        """The rows as they are now."""
        stamp = self._stamp()
        if self._view is None or self._view[0] != stamp:
            self._view = (stamp, View(self.folder, max(1, self.dimensions), Graph.opened(self.folder)))
        return self._view[1]

    def _stamp(self) -> tuple[int, int, int]:
        try:
            found = (self.folder / "rows").stat()
        except FileNotFoundError:
            return (0, 0, 0)
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    # ------------------------------------------------------------- writing

    @contextmanager
    def writing(self) -> Iterator["Writer"]:
        """Be the only process that writes; waits for the lock, which falls with its process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            writer = Writer(self)
            try:
                yield writer
            finally:
                writer.close()

    def finish(self) -> None:
        """Say that everything was encoded once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "ready").touch()

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Writer:
    """Changes rows in place; only for who holds the lock."""

    def __init__(self, space: Space) -> None:
        self.space = space
        for name in ("rows", "vectors"):
            if (space.folder / name).exists() and not (space.folder / name).is_file():
                raise DamagedError(f"{name} is no file")
        self.view = View(space.folder, max(1, space.dimensions), None)
        self._free = list(np.flatnonzero(~self.view.live)[::-1]) if len(self.view.rows) < EXACT else []
        self._end = len(self.view.rows)
        self._rows = os.open(space.folder / "rows", os.O_RDWR | os.O_CREAT, 0o644)
        self._vectors = os.open(space.folder / "vectors", os.O_RDWR | os.O_CREAT, 0o644)

    def close(self) -> None:
        if self._end > len(self.view.rows) and self._end > EXACT:
            Graph.renew(self.space.folder, self._end, max(1, self.space.dimensions))
        os.close(self._rows)
        os.close(self._vectors)

    def missing(self, key: Key, marks: Iterable[int]) -> set[int]:
        """Which of an entry's pieces have no good vector yet."""
        return set(marks) - {mark for mark, _row in self._kept(key)}

    def _kept(self, key: Key) -> list[tuple[int, int]]:
        """An entry's living rows as (mark, row); damaged ones are no good."""
        found = []
        for row in self.view.rows_of(number(key)):
            meta = self.view.rows[row]
            if zlib.crc32(np.ascontiguousarray(self.view.matrix[row]).tobytes()) == meta["check"]:
                found.append((int(meta["mark"]), int(row)))
        return found

    def put(self, key: Key, language: str, marks: Sequence[int], made: dict[int, Vectors]) -> None:
        """Give an entry these pieces, in order; `made` has the vectors of those that were missing.

        Once for each key and lock: what this writer wrote itself it does not look up again.
        """
        kept = dict(self._kept(key))
        stay = set()
        for part, mark in enumerate(marks):
            if mark in kept:
                stay.add(kept[mark])
                self._write_row(kept[mark], key, language, part, mark, self.view.rows[kept[mark]]["check"])
            elif mark in made:
                self._add(key, language, part, mark, made[mark])
        for row in self.view.rows_of(number(key)):
            if int(row) not in stay:
                self._end_row(int(row))

    def drop(self, keys: Iterable[Key]) -> None:
        """These entries are no more."""
        for key in keys:
            for row in self.view.rows_of(number(key)):
                self._end_row(int(row))

    def _add(self, key: Key, language: str, part: int, mark: int, vector: Vectors) -> None:
        if not self.space.dimensions:
            _write_whole(self.space.folder / "dimensions", str(len(vector)))
        if len(vector) != self.space.dimensions:
            raise DamagedError("the vectors have another length")
        row = int(self._free.pop()) if self._free else self._end
        self._end = max(self._end, row + 1)
        data = np.ascontiguousarray(vector, np.float32).tobytes()
        os.pwrite(self._vectors, data, row * len(data))
        self._write_row(row, key, language, part, mark, zlib.crc32(data))

    def _write_row(self, row: int, key: Key, language: str, part: int, mark: int, check: int) -> None:
        meta = np.zeros(1, ROW)
        meta["kind"], meta["pk"], meta["live"], meta["part"] = KIND[key[0]], key[1], 1, part
        meta["language"], meta["mark"], meta["check"] = LANGUAGE.get(language, 0), mark, check
        os.pwrite(self._rows, meta.tobytes(), row * ROW.itemsize)

    def _end_row(self, row: int) -> None:
        os.pwrite(self._rows, np.zeros(1, ROW).tobytes(), row * ROW.itemsize)


def _write_whole(path: Path, text: str) -> None:
    new = path.with_name(path.name + ".tmp")
    new.write_text(text)
    new.replace(path)
