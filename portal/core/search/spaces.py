"""Which vectors answer: the configured encoders' once they have read everything, the older ones until then."""

import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from portal.core.search.encoders import Encoder, encoders, encoders_of
from portal.core.search.vectors import Space

_spaces: dict[Path, Space] = {}


def root() -> Path:
    """The folder of all vectors, beside the index."""
    return Path(settings.HAYSTACK_CONNECTIONS["default"]["PATH"]).parent / "vectors"


def space_at(folder: Path) -> Space:
    """The one object of this process for a folder: its threads share what is mapped."""
    return _spaces.setdefault(folder, Space(folder))


def spaces() -> list[tuple[Encoder, Space]]:
    """The configured encoders with their vectors, the quicker first, whether they are complete or not."""
    return [(encoder, space_at(root() / encoder.identity)) for encoder in encoders()]


def answering() -> list[tuple[Encoder, Space]]:
    """The spaces that a query is compared with."""
    configured = spaces()
    ready = [pair for pair in configured if pair[1].ready]
    if ready or not configured:
        return ready
    return [pair for pair in outdated() if pair[1].ready] or configured


def outdated() -> Iterator[tuple[Encoder, Space]]:
    """What was made by encoders that are not configured any more but can still be asked."""
    wanted = {encoder.identity for encoder in encoders()}
    folders = {folder.name: folder for folder in root().glob("*/") if folder.name not in wanted}
    for address in {_address(folder) for folder in folders.values()}:
        for encoder in encoders_of(address):
            if encoder.identity in folders:
                yield encoder, space_at(folders[encoder.identity])


def remove_outdated() -> None:
    """Once the configured ones are complete nothing else answers any more."""
    configured = spaces()
    if not all(space.ready for _encoder, space in configured):
        return
    wanted = {encoder.identity for encoder, _space in configured}
    for folder in root().glob("*/"):
        if folder.name not in wanted:
            space_at(folder).remove()
            _spaces.pop(folder, None)


def remember_address(space: Space) -> None:
    """How the encoder of this space is reached, for when another is configured; it may hold a key."""
    space.folder.mkdir(parents=True, exist_ok=True)
    file = space.folder / "encoder.json"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(json.dumps({"address": settings.EMBEDDINGS_URL}))


def _address(folder: Path) -> str:
    try:
        return str(json.loads((folder / "encoder.json").read_text())["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return "none"
