"""What a query means: how near every entry is to it, by each encoder that has read them all.

An encoder that fails or is slow costs a query its meaning, never its answer: the words alone find then.
"""

import contextlib
import logging
import os
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from contextvars import ContextVar
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.core.search.encoders import Encoder, Vectors
from portal.core.search.hnsw import Graph
from portal.core.search.spaces import answering
from portal.core.search.vectors import EXACT, Key, View, key_of, number

log = logging.getLogger(__name__)

SECONDS = 0.5  # for one query's vector; after that the words answer alone
REST = 30.0  # seconds that an encoder which failed is not asked again
KEPT = 512  # vectors of queries: what is typed comes again, from the next page or the next surface
SAMPLE = 4096  # rows that stand for all of a space too large to look at
# What a young site's own rows say of ordinary nearness is mixed with what was seen elsewhere, as so many rows.
PRIOR = 50
ORDINARY = {"use": (0.11, 0.1), "e5": (0.805, 0.022)}  # means over public judged sets


class Near(NamedTuple):
    """How near one entry is by one encoder."""

    cosine: float  # of its nearest piece
    z: float  # the same in deviations from what is ordinary for the entries of its language


@dataclass
class Reading:
    """One encoder's view of a query."""

    identity: str
    view: View
    query: Vectors
    _ordinary: dict[int, tuple[float, float]] | None = None
    _scores: Vectors | None = None

    @property
    def graph(self) -> Graph | None:
        """What finds the nearest where there are too many rows to look at each."""
        return self.view.graph if len(self.view.rows) > EXACT else None

    def scores(self) -> Vectors:
        """The cosine of every row."""
        if self._scores is None:
            self._scores = self.view.matrix @ self.query
        return self._scores

    def ordinary(self) -> dict[int, tuple[float, float]]:
        """Mean and deviation of the cosines by language (0: of all)."""
        if self._ordinary is None:
            rows, live = self.view.rows, np.flatnonzero(self.view.live)
            if self.graph:
                live = live[:: max(1, len(live) // SAMPLE)]
                cosines = np.asarray(self.view.matrix[live]) @ self.query
            else:
                cosines = self.scores()[live]
            languages = rows["language"][live]
            seen = ORDINARY.get(self.family)
            whole = _spread(cosines, seen or (0.0, 0.0), PRIOR if seen else 0)
            self._ordinary = {0: whole} | {
                int(code): _spread(cosines[languages == code], whole, PRIOR) for code in np.unique(languages)
            }
        return self._ordinary

    def top(self, limit: int) -> list[Key]:
        """The nearest entries, best first."""
        if self.graph:
            newer = np.arange(self.graph.count, len(self.view.rows))
            rows = np.concatenate([self.graph.nearest(self.query, limit * 4), newer])
            rows = rows[self.view.live[rows]]
            cosines = np.asarray(self.view.matrix[rows]) @ self.query
        else:
            rows = np.flatnonzero(self.view.live)
            cosines = self.scores()[rows]
        most = min(len(rows), limit * 4)
        if not most:
            return []
        best = np.argpartition(-cosines, most - 1)[:most]
        best = best[np.argsort(-cosines[best])]
        found: OrderedDict[Key, None] = OrderedDict()
        for row in rows[best]:
            meta = self.view.rows[row]
            found[key_of((int(meta["kind"]) << 56) | int(meta["pk"]))] = None
            if len(found) == limit:
                break
        return list(found)

    @property
    def family(self) -> str:
        """Which kind of encoder it is from: use, e5 or server."""
        return self.identity.partition("-")[0]

    def near(self, keys: Iterable[Key]) -> dict[Key, Near]:
        """Of these entries, those that have vectors."""
        ordinary, found = self.ordinary(), {}
        for key in keys:
            rows = self.view.rows_of(number(key))
            if not len(rows):
                continue
            cosines = np.asarray(self.view.matrix[rows]) @ self.query if self.graph else self.scores()[rows]
            best = int(np.argmax(cosines))
            language = int(self.view.rows["language"][rows[best]])
            mean, deviation = ordinary.get(language, ordinary[0])
            found[key] = Near(float(cosines[best]), (float(cosines[best]) - mean) / deviation)
        return found


def _spread(cosines: NDArray[np.float32], prior: tuple[float, float], weight: int) -> tuple[float, float]:
    """Mean and deviation, with `weight` imagined rows of the prior."""
    count = len(cosines)
    if not count:
        return prior
    total = count + weight
    mean = (float(cosines.sum()) + weight * prior[0]) / total
    square = (float((cosines * cosines).sum()) + weight * (prior[1] ** 2 + prior[0] ** 2)) / total
    return mean, max(0.01, (max(0.0, square - mean * mean)) ** 0.5)


_words_alone: ContextVar[bool] = ContextVar("words_alone", default=False)


@contextlib.contextmanager
def words_alone() -> Iterator[None]:
    """No encoder is asked while this lasts: for measuring what words find by themselves."""
    before = _words_alone.set(True)
    try:
        yield
    finally:
        _words_alone.reset(before)


def is_words_alone() -> bool:
    """Whether nobody is asked what a query means."""
    return _words_alone.get()


def read(text: str) -> list[Reading]:
    """The query as every encoder reads it that answers in time; none for words alone."""
    readings: list[Reading] = []
    if is_words_alone():
        return readings
    for encoder, space in answering():
        view = space.view()
        vector = _vector(encoder, text) if len(view.keys) else None
        if vector is not None and len(vector) == view.matrix.shape[1]:
            readings.append(Reading(encoder.identity, view, vector))
    return readings


def is_partly_read(text: str) -> bool:
    """Whether an encoder that should have read this query was too slow or failed."""
    if is_words_alone():
        return False
    return any(
        (encoder.identity, text) not in _vectors for encoder, space in answering() if len(space.view().keys)
    )


_vectors: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
_resting: dict[str, float] = {}
_pool: ThreadPoolExecutor | None = None


def _vector(encoder: Encoder, text: str) -> Vectors | None:
    """A query's vector, remembered for a while."""
    asked = (encoder.identity, text)
    if (known := _vectors.get(asked)) is not None:
        return known
    if _resting.get(encoder.identity, 0.0) > time.monotonic():
        return None
    try:
        vector = _runner().submit(encoder.query, text, timeout=SECONDS).result(SECONDS)
    except TooSlow:
        log.warning(
            "%s took longer than %s seconds; words answer alone for a while.", encoder.identity, SECONDS
        )
    except Exception as error:  # noqa: BLE001  (whatever ails a model, the words still answer)
        log.warning(
            "%s gave no vector (%s); words answer alone for a while.", encoder.identity, type(error).__name__
        )
    else:
        _vectors[asked] = vector
        while len(_vectors) > KEPT:
            _vectors.popitem(last=False)
        return vector
    _resting[encoder.identity] = time.monotonic() + REST
    return None


def forget() -> None:
    """Forget queries and failures, as a new process would."""
    _vectors.clear()
    _resting.clear()


def _runner() -> ThreadPoolExecutor:
    """Where queries are encoded, so that a slow one can be left behind."""
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(4, thread_name_prefix="encoder")
    return _pool


def _after_fork() -> None:
    global _pool
    _pool = None


os.register_at_fork(after_in_child=_after_fork)
