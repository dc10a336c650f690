"""The index on disk: numbered folders, a pointer to the one that answers, one writer, readers that are kept open."""

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError
from whoosh.index import IndexError as WhooshIndexError
from whoosh.searching import Searcher

from portal.core.search import mapping
from portal.core.search.analysis import VERSION
from portal.core.search.rarity import Rarity

T = TypeVar("T")
mapping.use()  # before any segment is opened
KEPT_READERS = 4
POINTER = "current"
MADE_BY = "version"
# What a reader sees while the writer tidies up: the next look finds the newer files.
PASSING = (WhooshIndexError, FileNotFoundError)


class BusyError(Exception):
    """Another process writes the index now."""


class Store:
    """One index folder, as this process sees it. Readers are never shared by two threads at a time."""

    def __init__(self, root: Path, schema: Schema) -> None:
        self.root = root
        self.schema = schema
        self._idle: list[tuple[str, Searcher]] = []
        self._lock = threading.Lock()

    # ------------------------------------------------------------- where it is

    def live(self) -> Path:
        """The folder that answers now; made on the first look."""
        try:
            name = (self.root / POINTER).read_text().strip()
        except FileNotFoundError:
            with self.writing():  # makes the first one
                name = (self.root / POINTER).read_text().strip()
        return self.root / name

    def make(self) -> Path:
        """A new, empty folder beside the one that answers."""
        folder = self.root / f"g{time.time_ns()}"
        folder.mkdir(parents=True)
        FileStorage(str(folder)).create_index(self.schema)
        (folder / MADE_BY).write_text(str(VERSION))
        return folder

    def is_outdated(self) -> bool:
        """Whether the index that answers was made of terms as they were in another version."""
        try:
            return (self.live() / MADE_BY).read_text() != str(VERSION)
        except FileNotFoundError:
            return True

    def switch(self, folder: Path) -> None:
        """Let this folder answer from now on, in one step. The older ones go; readers hold what they have open."""
        new = self.root / f"{POINTER}.tmp"
        new.write_text(folder.name)
        with new.open() as file:
            os.fsync(file.fileno())
        new.replace(self.root / POINTER)
        for other in self.root.glob("g*"):
            if other != folder:
                _remove(other)

    def open(self, folder: Path) -> Any:
        return FileStorage(str(folder)).open_index(schema=self.schema)

    # ------------------------------------------------------------- the one writer

    @contextmanager
    def writing(self, *, wait: bool = True) -> Iterator[None]:
        """Be the only process that writes. The lock falls with its process; BusyError if not wanting to wait."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "writer.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise BusyError from None
            if not (self.root / POINTER).exists():
                self.switch(self.make())
            yield

    def tidy(self) -> None:
        """Take away what a killed writer left; only for who holds the lock."""
        live = self.live()
        for litter in [*live.glob("*.tmp"), *self.root.glob("*.tmp")]:
            _remove(litter)
        for other in self.root.glob("g*"):
            if other != live:
                _remove(other)

    # ------------------------------------------------------------- readers

    def read(self, look: Callable[[Searcher], T]) -> T:
        """Run `look` with an open, up-to-date searcher; again with a new one if files changed under it."""
        for attempt in range(4):
            folder = self.live()
            try:
                searcher = self._take(folder)
                found = look(searcher)
            except EmptyIndexError:
                raise
            except PASSING:
                if attempt == 3:
                    raise
                time.sleep(0.02 * (attempt + 1))
                continue
            self._give(folder.name, searcher)
            return found
        raise AssertionError("unreachable")

    def _take(self, folder: Path) -> Searcher:
        with self._lock:
            idle, self._idle = self._idle, []
            mine = next((kept for kept in idle if kept[0] == folder.name), None)
            self._idle = [kept for kept in idle if kept is not mine and kept[0] == folder.name]
        for name, searcher in idle:
            if name != folder.name:
                searcher.close()
        if mine is None:
            return self.open(folder).searcher(weighting=Rarity())
        # whoosh-ng's refresh() goes on reading segments that were merged away, and fails on an empty index.
        if mine[1].up_to_date():
            return mine[1]
        mine[1].close()
        return self.open(folder).searcher(weighting=Rarity())

    def _give(self, name: str, searcher: Searcher) -> None:
        with self._lock:
            if len(self._idle) < KEPT_READERS:
                self._idle.append((name, searcher))
                return
        searcher.close()

    def forget_readers(self) -> None:
        """A forked child must not share open files with its parent."""
        self._lock = threading.Lock()
        self._idle = []


def _remove(litter: Path) -> None:
    """Take away a file or a folder (Whoosh's writer makes both); one that will not go harms nobody."""
    if litter.is_dir():
        shutil.rmtree(litter, ignore_errors=True)
    else:
        with suppress(OSError):
            litter.unlink()


_stores: dict[Path, Store] = {}


def store_at(root: Path, schema: Schema) -> Store:
    """The one store of this process for a folder: threads share its readers."""
    if root not in _stores:
        _stores.setdefault(root, Store(root, schema))
    return _stores[root]


def _after_fork() -> None:
    for store in _stores.values():
        store.forget_readers()


os.register_at_fork(after_in_child=_after_fork)
