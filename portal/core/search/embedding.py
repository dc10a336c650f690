"""Keeping the vectors in step with the database, behind the words: rows of the outbox go on to one encoder after another.

What is encoded comes from the database at that moment, and only pieces whose text is new are encoded.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from django.db.models import Max

from portal.core.models import IndexChange
from portal.core.search.encoders import Encoder, EncoderError
from portal.core.search.indexing import Entry, entries, identifier
from portal.core.search.spaces import remember_address, remove_outdated, spaces
from portal.core.search.vectors import DamagedError, Key, Space, Writer, key_of, mark_of

log = logging.getLogger(__name__)
BATCH = 40  # objects under one lock
LISTED = 2_000


def advance(pks: list[int], stage: int) -> None:
    """These rows of the outbox are done for this stage: on to the next encoder, or away."""
    rows = IndexChange.objects.filter(pk__in=pks)
    if stage < len(spaces()):
        rows.update(stage=stage + 1)
    else:
        rows.delete()


def begin() -> None:
    """Put down all objects for encoders that have not read them yet. Harmless to repeat."""
    for stage, (encoder, space) in enumerate(spaces(), start=1):
        if (space.folder / "begun").exists():
            continue
        remember_address(space)
        log.info("%s reads everything for the first time.", encoder.identity)
        _list_all(stage)
        last = IndexChange.objects.aggregate(last=Max("pk"))["last"] or 0
        (space.folder / "begun").write_text(json.dumps(last))


def begin_again() -> None:
    """Look at every object once more; what is encoded already costs little."""
    if spaces():
        _list_all(1)


def look_again(touched: dict[str, set[int]], without: set[Key] = frozenset()) -> None:  # type: ignore[assignment]
    """Put these objects down for all encoders, but those left out."""
    rows = [(kind, pk) for kind, pks in touched.items() for pk in sorted(pks) if (kind, pk) not in without]
    IndexChange.objects.bulk_create(
        [IndexChange(kind=kind, object_pk=pk, stage=1) for kind, pk in rows], batch_size=LISTED
    )


def _list_all(stage: int) -> None:
    rows = []
    for kind, entry in entries().items():
        for pk in entry.index_queryset().values_list("pk", flat=True).iterator(chunk_size=LISTED):
            rows.append(IndexChange(kind=kind, object_pk=pk, stage=stage))
            if len(rows) == LISTED:
                IndexChange.objects.bulk_create(rows)
                rows = []
    IndexChange.objects.bulk_create(rows)


def waiting() -> int:
    """How many rows still want a vector."""
    return IndexChange.objects.filter(stage__gt=0).count() if spaces() else 0


def embed(seconds: float | None, progress: Callable[[int], object] = lambda n: None) -> bool:
    """Encode what waits, the quickest encoder first, for about so long (None: all). True if more waits.

    An encoder that fails keeps its rows; the next call tries again.
    """
    begin()
    until = None if seconds is None else time.monotonic() + seconds
    more = False
    for stage, (encoder, space) in enumerate(spaces(), start=1):
        try:
            more |= _embed(stage, encoder, space, until, progress)
        except EncoderError as error:
            log.warning("%s", error)
            more = False  # nothing to hurry for
        except DamagedError as error:
            _start_anew(encoder, space, error)
            more |= _embed(stage, encoder, space, until, progress)
    IndexChange.objects.filter(stage__gt=len(spaces())).delete()  # of encoders that are configured no more
    return more


def _embed(
    stage: int, encoder: Encoder, space: Space, until: float | None, progress: Callable[[int], object]
) -> bool:
    waits = IndexChange.objects.filter(stage=stage)
    while rows := list(waits.order_by("pk")[:BATCH]):
        if until is not None and time.monotonic() >= until:
            return True
        with space.writing() as writer:
            done = _write(writer, encoder, rows, until)
        advance(done, stage)
        progress(len(done))
    _finish(stage, space)
    return False


def _write(writer: Writer, encoder: Encoder, rows: list[IndexChange], until: float | None) -> list[int]:
    """Encode the objects of these rows until the time is up, the first in any case. Returns the rows that are done."""
    wanted: dict[Key, list[int]] = {}
    for row in rows:
        wanted.setdefault((row.kind, row.object_pk), []).append(row.pk)
    found = {
        (kind, obj.pk): (entry, obj)
        for kind, entry in entries().items()
        if (pks := [pk for name, pk in wanted if name == kind])
        for obj in entry.index_queryset().filter(pk__in=pks)
    }
    done: list[int] = []
    for key, pks in wanted.items():
        if done and until is not None and time.monotonic() >= until:
            break
        if key not in found:
            writer.drop([key])
        else:
            try:
                encode(writer, encoder, key, *found[key])
            except (EncoderError, DamagedError):
                raise
            except Exception as error:  # noqa: BLE001  (one that cannot be read must not keep the others waiting)
                log.error("%s %s has no vectors (%s); check_index will list it.", *key, type(error).__name__)
        done += pks
    return done


def encode(writer: Writer, encoder: Encoder, key: Key, entry: Entry, obj: Any) -> None:
    """Give one object the vectors of its present text."""
    pieces = {mark_of(piece): piece for piece in entry.pieces(obj)}
    missing = writer.missing(key, pieces)
    texts = [text for mark, text in pieces.items() if mark in missing]
    made = (
        dict(zip([m for m in pieces if m in missing], encoder.passages(texts), strict=True)) if texts else {}
    )
    writer.put(key, entry.prepare_language(obj), list(pieces), made)


def _start_anew(encoder: Encoder, space: Space, error: Exception) -> None:
    """What is damaged answers nothing any more; everything is read again."""
    log.warning("The vectors of %s are damaged (%s); everything is read anew.", encoder.identity, error)
    space.remove()
    begin()


def _finish(stage: int, space: Space) -> None:
    """The first reading is over when none of the rows that it was made of waits any more."""
    if space.ready:
        return
    try:
        last = int((space.folder / "begun").read_text())
    except (FileNotFoundError, ValueError):
        return
    if not IndexChange.objects.filter(stage__range=(1, stage), pk__lte=last).exists():
        space.finish()
        remove_outdated()


def forget(keys: list[Key]) -> None:
    """These objects are not to be found any more: their vectors go at once, without any encoder."""
    for encoder, space in spaces():
        if keys and space.dimensions:
            try:
                with space.writing() as writer:
                    writer.drop(keys)
            except DamagedError as error:
                _start_anew(encoder, space, error)


def compare(
    progress: Callable[[int], object] = lambda n: None, *, only: set[Key] | None = None
) -> dict[str, list[str]]:
    """Where complete vectors and the database disagree, by identifiers; what waits in the outbox is not counted.

    `only` leaves all others unlooked at.
    """
    found: dict[str, list[str]] = {"missing": [], "extra": []}
    waits = set(IndexChange.objects.values_list("kind", "object_pk"))
    for encoder, space in spaces():
        if not space.ready:
            continue
        try:
            with space.writing() as writer:
                _compare(writer, waits, found, progress, only)
        except DamagedError as error:
            _start_anew(encoder, space, error)
    return found


def _compare(
    writer: Writer, waits: set[Key], found: dict[str, list[str]], progress: Callable[[int], object],
    only: set[Key] | None,
) -> None:  # fmt: skip
    left = {key_of(packed) for packed in set(writer.view.keys.tolist())}
    left = left if only is None else left & only
    for kind, entry in entries().items():
        objects = entry.index_queryset()
        if only is not None:
            objects = objects.filter(pk__in=[pk for name, pk in only if name == kind])
        for obj in objects.iterator(chunk_size=500):
            progress(1)
            key = (kind, obj.pk)
            left.discard(key)
            if key not in waits and writer.missing(key, map(mark_of, entry.pieces(obj))):
                found["missing"].append(identifier(entry, obj.pk))
    found["extra"] += sorted(identifier(entries()[kind], pk) for kind, pk in left - waits)
