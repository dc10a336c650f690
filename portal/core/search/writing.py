"""The one writer: brings the index to the database's present state, from the outbox or as a whole.

A row of the outbox only says "look again"; what is written comes from the database at that moment, and the row goes
after the commit. Killed anywhere, the worst is that something is looked at twice.
"""

import logging
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from portal.core.models import IndexChange
from portal.core.search import embedding
from portal.core.search.indexing import Entry, backend, entries, identifier
from portal.core.search.spaces import spaces
from portal.core.search.store import BusyError
from portal.core.search.vectors import Key, key_of

log = logging.getLogger(__name__)
BATCH = 500


def flush_soon() -> int:
    """Write what waits, unless another process is at it. Returns how many rows were done."""
    try:
        return _flush(wait=False)
    except BusyError:
        return 0


def flush_now() -> int:
    """Write all that waits, waiting for the writer's lock if need be: searchable when it returns."""
    return _flush(wait=True)


def _flush(*, wait: bool) -> int:
    if not IndexChange.objects.filter(stage=0).exists():
        return 0
    done = 0
    with backend().store.writing(wait=wait):
        backend().store.tidy()
        while rows := list(IndexChange.objects.filter(stage=0).order_by("pk")[:BATCH]):
            touched = _touched(rows)
            refresh(touched)
            _pass_on(rows, touched)
            done += len(rows)
    return done


def _pass_on(rows: list[IndexChange], touched: dict[str, set[int]]) -> None:
    """The words are written; what else those rows touched wants its vectors looked at too."""
    own = {(row.kind, row.object_pk) for row in rows}
    if spaces():
        embedding.look_again(touched, without=own)
    embedding.advance([row.pk for row in rows], 0)


def _touched(rows: list[IndexChange]) -> dict[str, set[int]]:
    """Which entries these rows concern: the objects' own, and those that name them."""
    touched: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        touched[row.kind].add(row.object_pk)
    for kind, entry in entries().items():
        if touched.get(kind):
            for other, pks in entry.dependents(sorted(touched[kind])):
                touched[other].update(pks)
    return touched


def refresh(touched: dict[str, set[int]]) -> None:
    """Make these entries say what the database says now; the writer's lock must be held."""
    documents: list[dict[str, Any]] = []
    gone: list[str] = []
    absent: dict[str, set[int]] = {}
    for kind, pks in touched.items():
        entry = entries()[kind]
        present = set()
        keys = sorted(pks)
        for at in range(0, len(keys), BATCH):
            for obj in entry.index_queryset().filter(pk__in=keys[at : at + BATCH]):
                if (document := _document(entry, obj)) is not None:
                    documents.append(document)
                    present.add(obj.pk)
        absent[kind] = pks - present
        gone.extend(identifier(entry, pk) for pk in absent[kind])
    if documents or gone:
        backend().write(documents, gone)
    embedding.forget([(kind, pk) for kind, pks in absent.items() for pk in pks])


def _document(entry: Entry, obj: Any) -> dict[str, Any] | None:
    """The entry of one object. One that cannot be read must not keep the others waiting."""
    try:
        return backend().document(entry, obj)
    except Exception:
        log.exception("%s %s could not be indexed; check_index will list it.", entry.kind_name, obj.pk)
        return None


def is_outdated() -> bool:
    """Whether the index wants to be written anew: another version made it."""
    return backend().store.is_outdated()


def rebuild(progress: Callable[[int], object] = lambda n: None) -> int:
    """Write the whole index anew beside the one that answers, then switch in one step. Returns the entries."""
    index, count = backend(), 0
    with index.store.writing():
        index.store.tidy()
        folder = index.store.make()

        def documents() -> Iterator[dict[str, Any]]:
            nonlocal count
            for entry in entries().values():
                for obj in entry.index_queryset().iterator(chunk_size=BATCH):
                    progress(1)
                    if (document := _document(entry, obj)) is not None:
                        count += 1
                        yield document

        index.write(documents(), folder=folder)
        index.store.switch(folder)
    # What changed meanwhile waits in the outbox.
    return count


def total() -> int:
    """How many objects the whole index is made of."""
    return sum(entry.index_queryset().count() for entry in entries().values())


@dataclass
class Differences:
    """Where index and database disagree, by the entries' identifiers."""

    missing: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    without_vectors: list[str] = field(
        default_factory=list
    )  # which the words have and an encoder should have read
    left_vectors: list[str] = field(default_factory=list)  # of what is not to be found any more
    unreadable: str = ""

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def count(self) -> int:
        """How many entries and vectors; an index that cannot be read is one."""
        lists = [value for value in vars(self).values() if isinstance(value, list)]
        return sum(map(len, lists)) + bool(self.unreadable)

    def __str__(self) -> str:
        named = ", ".join(
            f"{word.replace('_', ' ')} {' '.join(value) if isinstance(value, list) else value}"
            for word, value in vars(self).items()
            if value
        )
        return named[:1000]


def compare(progress: Callable[[int], object] = lambda n: None) -> Differences:
    """Look at every entry and every object, both ways. What waits in the outbox is written first."""
    found = Differences()
    if is_outdated():
        found.unreadable = "It was made by another version."
        return found
    try:
        flush_now()
        indexed = backend().read(_fingerprints)
    except Exception as error:  # noqa: BLE001  (whatever is broken in the files, the answer is a rebuild)
        found.unreadable = f"{type(error).__name__}: {error}"
        return found
    for entry in entries().values():
        for obj in entry.index_queryset().iterator(chunk_size=BATCH):
            progress(1)
            name = identifier(entry, obj.pk)
            if name not in indexed:
                found.missing.append(name)
            elif indexed.pop(name) != [entry.prepare(obj)["fingerprint"]]:
                found.stale.append(name)
    found.extra.extend(sorted(indexed))
    vectors = embedding.compare()
    found.without_vectors, found.left_vectors = vectors["missing"], vectors["extra"]
    return found


def compare_sample(n: int) -> Differences:
    """Look at about `n` entries chosen by chance, and as many objects and vectors. BusyError while another process writes."""
    _flush(wait=False)
    try:
        found = _compare_some(_chosen(n))
        if found:
            # What changed while it was looked at is in the outbox: no difference.
            _flush(wait=False)
            found = _compare_some(_keys_of(found))
    except BusyError:
        raise
    except Exception as error:  # noqa: BLE001  (as above)
        return Differences(unreadable=f"{type(error).__name__}: {error}")
    return found


def _chosen(n: int) -> set[Key]:
    """Keys by chance: of the index's entries, of the database's objects and of what has vectors."""
    held = [
        (kind, pk)
        for kind, entry in entries().items()
        for pk in entry.index_queryset().values_list("pk", flat=True)
    ]
    chosen = set(random.sample(held, min(n, len(held))))
    chosen |= backend().read(lambda searcher: _sampled(searcher, n))
    for _encoder, space in spaces():
        packed = space.view().keys.tolist()
        chosen |= {key_of(each) for each in random.sample(packed, min(n, len(packed)))}
    return chosen


def _sampled(searcher: Any, n: int) -> set[Key]:
    reader = searcher.reader()
    places = list(reader.all_doc_ids())
    stored = [reader.stored_fields(place) for place in random.sample(places, min(n, len(places)))]
    return {(values["kind"], values["pk"]) for values in stored}


def _compare_some(keys: set[Key]) -> Differences:
    """The same as `compare`, of these alone."""
    found = Differences()
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, pk in keys:
        wanted[kind].add(pk)
    for kind, pks in wanted.items():
        entry = entries()[kind]
        names = {pk: identifier(entry, pk) for pk in pks}
        indexed = backend().read(partial(_fingerprints_of, names=list(names.values())))
        for obj in entry.index_queryset().filter(pk__in=pks):
            name = names.pop(obj.pk)
            if name not in indexed:
                found.missing.append(name)
            elif indexed[name] != [entry.prepare(obj)["fingerprint"]]:
                found.stale.append(name)
        found.extra.extend(sorted(name for name in names.values() if name in indexed))
    vectors = embedding.compare(only=keys)
    found.without_vectors, found.left_vectors = vectors["missing"], vectors["extra"]
    return found


def _keys_of(differences: Differences) -> set[Key]:
    names = [name for value in vars(differences).values() if isinstance(value, list) for name in value]
    return {(kind, pk) for kind, pks in _named(names).items() for pk in pks}


def _fingerprints_of(searcher: Any, *, names: Iterable[str]) -> dict[str, list[str]]:
    kept = {name: [values.get("fingerprint", "") for values in searcher.documents(id=name)] for name in names}
    return {name: fingerprints for name, fingerprints in kept.items() if fingerprints}


def _fingerprints(searcher: Any) -> dict[str, list[str]]:
    kept: dict[str, list[str]] = defaultdict(list)
    for values in searcher.reader().all_stored_fields():
        kept[values["id"]].append(values.get("fingerprint", ""))
    return dict(kept)


def repair(differences: Differences) -> None:
    """Mend only what differs; a broken index is written anew."""
    if differences.unreadable:
        rebuild()
        return
    with backend().store.writing():
        refresh(_named([*differences.missing, *differences.extra, *differences.stale]))
    embedding.look_again(_named([*differences.without_vectors, *differences.left_vectors]))


def _named(identifiers: list[str]) -> dict[str, set[int]]:
    kinds = {entry.get_model()._meta.label_lower: kind for kind, entry in entries().items()}
    touched: dict[str, set[int]] = defaultdict(set)
    for name in identifiers:
        model, _dot, pk = name.rpartition(".")
        touched[kinds[model]].add(int(pk))
    return touched
