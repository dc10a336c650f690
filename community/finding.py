"""One search over articles, answers and questions: the index proposes, the database decides who may see."""

from dataclasses import dataclass, field
from typing import Any

from portal.core.models import Product

KINDS = ("article", "answer", "question")


@dataclass(frozen=True)
class Found:
    """One result. An answer stands for its question; `object` is the Article, Answer or Question itself."""

    kind: str
    object: Any
    title: str
    excerpt: str
    highlights: str  # the excerpt as safe HTML with <mark>
    url: str
    confidence: float
    external_id: str


@dataclass
class Page:
    """A page of results; `count` and `facets` only count what this reader may see."""

    results: list[Found] = field(default_factory=list)
    count: int = 0
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    next_cursor: str = ""
    previous_cursor: str = ""


def find(
    text: str, *, by: Any, kinds: tuple[str, ...] = KINDS, language: str = "", product: str | None = None,
    tag: str | None = None, solved: bool | None = None, sort: str = "relevance", cursor: str = "", limit: int = 20,
) -> Page:  # fmt: skip
    return Page()


def suggest(
    text: str, *, by: Any, language: str = "", product: Product | None = None, release: Any = None, limit: int = 5
) -> list[Found]:
    return []
