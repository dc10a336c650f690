"""Vectors of the measured site: a part encoded in earnest, the rest filled in, so that a search costs what it would."""

import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import numpy as np

from portal.core.models import IndexChange
from portal.core.search import embedding
from portal.core.search.encoders import Encoder
from portal.core.search.indexing import entries
from portal.core.search.spaces import spaces
from portal.core.search.vectors import Space, mark_of


def fill(limit: int | None, progress: Callable[[int], object]) -> dict[str, Any]:
    """Give every space all its rows: the first `limit` objects (None: all) by the encoder, the others random directions.

    Says by encoder what one text costs and what all would.
    """
    embedding.begin()
    figures = {}
    for encoder, space in spaces():
        if space.ready:
            continue  # an earlier run's
        figures[encoder.identity] = _fill(encoder, space, limit, progress)
        space.finish()
    IndexChange.objects.filter(stage__gt=0).delete()
    return figures


def rows() -> dict[str, int]:
    """How many vectors each encoder's space holds."""
    return {encoder.identity: len(space.view().keys) for encoder, space in spaces()}


def _fill(
    encoder: Encoder, space: Space, limit: int | None, progress: Callable[[int], object]
) -> dict[str, Any]:
    chance, encoded, filled, cpu, dimensions = np.random.default_rng(1), 0, 0, 0.0, space.dimensions
    with space.writing() as writer:
        for number, (kind, entry, obj) in enumerate(_spread(limit)):
            texts = list(dict.fromkeys(entry.pieces(obj)))
            if limit is None or number < max(1, limit):
                begun = time.process_time()
                vectors = encoder.passages(texts)
                cpu += time.process_time() - begun
                encoded += len(texts)
                dimensions = vectors.shape[1]
            else:
                random = chance.standard_normal((len(texts), dimensions), dtype=np.float32)
                vectors = random / np.linalg.norm(random, axis=1, keepdims=True)
                filled += len(texts)
            marks = [mark_of(text) for text in texts]
            writer.put(
                (kind, obj.pk),
                entry.prepare_language(obj),
                marks,
                dict(zip(marks, vectors, strict=True)),
            )
            progress(1)
    each = cpu * 1000 / max(1, encoded)
    return {
        "encoded": encoded,
        "random": filled,
        "cpu_ms_per_text": round(each, 2),
        "cpu_minutes_for_all": round(each * (encoded + filled) / 60_000, 1),
    }


def _spread(limit: int | None) -> Iterable[tuple[str, Any, Any]]:
    """All objects, a share of each kind first: those are what is encoded under a limit."""
    kinds = entries()
    share = max(1, (limit or 0) // len(kinds))
    for part in (slice(0, share), slice(share, None)):
        for kind, entry in kinds.items():
            found = entry.index_queryset().iterator(chunk_size=500)
            for obj in islice(found, part.start, part.stop):
                yield kind, entry, obj
