"""A graph of near vectors for spaces too large to look at every row (Malkov and Yashunin's HNSW, by usearch)."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

GROWN = 1.1  # made anew when there are so many times the rows that it knows


class Graph:
    """Knows the first `count` rows; what came after is looked at row by row."""

    def __init__(self, index: Any, count: int) -> None:
        self._index = index
        self.count = count

    def nearest(self, vector: NDArray[np.float32], limit: int) -> NDArray[np.int64]:
        """The rows of the nearest vectors, roughly."""
        return np.asarray(self._index.search(vector, limit).keys, dtype=np.int64)

    @classmethod
    def opened(cls, folder: Path) -> "Graph | None":
        """The newest graph of a folder, mapped; None while the rows are few."""
        names = sorted(folder.glob("graph-*"), key=lambda path: int(path.name.split("-")[1]))
        if not names:
            return None
        from usearch.index import Index  # noqa: PLC0415  (only large sites need it)

        try:
            return cls(Index.restore(str(names[-1]), view=True), int(names[-1].name.split("-")[1]))
        except (RuntimeError, OSError, ValueError):
            return None

    @staticmethod
    def renew(folder: Path, count: int, dimensions: int) -> None:
        """Make the graph anew if the rows have outgrown it; the old one answers until then."""
        known = max((int(path.name.split("-")[1]) for path in folder.glob("graph-*")), default=0)
        if count < known * GROWN:
            return
        from usearch.index import Index  # noqa: PLC0415

        index = Index(ndim=dimensions, metric="ip", dtype="f32")
        rows = np.memmap(folder / "vectors", np.float32, "r", shape=(count, dimensions))
        for at in range(0, count, 10_000):
            index.add(np.arange(at, min(count, at + 10_000)), np.asarray(rows[at : at + 10_000]), threads=1)
        new = folder / "graph.tmp"
        index.save(str(new))
        new.replace(folder / f"graph-{count}")
        for old in folder.glob("graph-*"):
            if old.name != f"graph-{count}":
                old.unlink(missing_ok=True)
