"""Keyset paging for pages: the next page begins after the last row seen, so nothing is skipped or shown twice."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import QueryDict


@dataclass(frozen=True)
class Page:
    """Rows of one page and the addresses of its neighbours ("" where there is none)."""

    rows: list[Any]
    next_url: str
    previous_url: str


def keyset(
    rows: QuerySet[Any], query: QueryDict, *, order: tuple[str, ...] = ("pk",), size: int = 20
) -> Page:
    """One page of `rows`, largest first by the fields of `order` (the last must be unique).

    `query` is the address's: `cursor` in it says where to go on. A cursor nobody can read is the first page.
    """
    direction, values = _read(query.get("cursor", ""), len(order))
    backwards = direction == "before"
    if values:
        rows = rows.filter(_beyond(order, values, greater=backwards))
    ordering = [F(name).asc() if backwards else F(name).desc() for name in order]
    found = list(rows.order_by(*ordering)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next = bool(found) and (more or backwards)
    has_previous = bool(found) and ((more and backwards) or (bool(values) and not backwards))
    return Page(
        rows=found,
        next_url=_address(query, "after", found[-1], order) if has_next else "",
        previous_url=_address(query, "before", found[0], order) if has_previous else "",
    )


def _beyond(order: tuple[str, ...], values: list[Any], *, greater: bool) -> Q:
    """The rows after (or before) these values, written out for each field."""
    word, condition, equal = "gt" if greater else "lt", Q(), Q()
    for name, value in zip(order, values, strict=True):
        condition |= equal & Q(**{f"{name}__{word}": value})
        equal &= Q(**{name: value})
    return condition


def _address(query: QueryDict, direction: str, row: Any, order: tuple[str, ...]) -> str:
    values = [getattr(row, name) for name in order]
    packed = [direction, *(v.isoformat() if isinstance(v, datetime) else v for v in values)]
    changed = query.copy()
    changed["cursor"] = base64.urlsafe_b64encode(json.dumps(packed).encode()).decode().rstrip("=")
    return "?" + changed.urlencode()


def _read(cursor: str, length: int) -> tuple[str, list[Any]]:
    try:
        unpacked = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        direction, *values = unpacked
        values = [
            datetime.fromisoformat(v) if isinstance(v, str) else float(v) if isinstance(v, float) else int(v)
            for v in values
        ]
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return "", []
    if (
        direction not in ("after", "before")
        or len(values) != length
        or any(isinstance(v, int) and abs(v) > 2**62 for v in values)
    ):
        return "", []
    return direction, values
