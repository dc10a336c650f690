"""Judged queries as files: JSON Lines of queries, and tab-separated judgements."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError


@dataclass(frozen=True)
class Judged:
    """One query, with the external ids that answer it and how well (1 or more)."""

    id: str
    text: str
    language: str
    relevant: dict[str, int]
    besides: str = ""  # a question that does not count: the query is its own title


def read_judged(queries: Path, qrels: Path) -> list[Judged]:
    """All queries of the files; a line that cannot be read is named."""
    relevant: dict[str, dict[str, int]] = defaultdict(dict)
    for number, line in enumerate(_lines(qrels), start=1):
        try:
            query_id, external_id, relevance = line.split("\t")
            relevant[query_id][external_id] = int(relevance)
        except ValueError as error:
            raise CommandError(f"{qrels}, line {number}: a judgement is query, id and a number.") from error
    found = []
    for number, line in enumerate(_lines(queries), start=1):
        try:
            query = json.loads(line)
            query_id = str(query["id"])
            found.append(
                Judged(
                    query_id,
                    str(query["text"]),
                    query.get("language") or "",
                    relevant.get(query_id, {}),
                    str(query.get("besides") or ""),
                )  # fmt: skip
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CommandError(f"{queries}, line {number}: a query has an id and a text.") from error
    return found


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}.") from error
