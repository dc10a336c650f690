"""Real judged sets beside the clone (../shared/data/retrieval), loaded as articles and measured by the site's own commands."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests.given import DATA, written

RETRIEVAL = DATA / "retrieval"
ACCEPTED = Path(__file__).with_name("accepted.json")
TOLERATED = 0.01
# The rest are better the greater they are.
BETTER_SMALLER = {"false_show_at_80", "false_show"}


def article_lines(name: str, kept: set[str] | None = None) -> Iterator[dict[str, Any]]:
    """A set's corpus as content lines; `kept` names the documents that are wanted of it."""
    for row in _rows(RETRIEVAL / name / "corpus.jsonl"):
        if kept is not None and row["id"] not in kept:
            continue
        title = row["title"].strip() or row["text"].strip()[:80]
        yield {
            "kind": "article",
            "external_id": row["id"],
            "title": title[:200],
            "body": row["text"] or row["title"],
        }


def part(name: str, documents: int, folder: Path) -> tuple[set[str], Path, Path]:
    """A fixed part of a set: every so-many-th document, the `check` queries that these answer and those that nothing does."""
    held = [row["id"] for row in _rows(RETRIEVAL / name / "corpus.jsonl")]
    step = max(1, len(held) // documents)
    kept = set(held[::step][:documents])
    judged = [line.split("\t") for line in _lines(RETRIEVAL / name / "qrels.check.tsv")]
    answered = {query for query, document, _grade in judged if document in kept}
    known = {query for query, _document, _grade in judged}
    queries = [
        row
        for row in _rows(RETRIEVAL / name / "queries.check.jsonl")
        if row["id"] in answered or row["id"] not in known
    ]
    qrels = folder / "qrels.tsv"
    qrels.write_text("".join("\t".join(row) + "\n" for row in judged if row[1] in kept))
    return kept, written(folder / "queries.jsonl", queries), qrels


def load(lines: Iterator[dict[str, Any]], folder: Path) -> None:
    """Put these lines into the site as an operator does."""
    out = io.StringIO()
    call_command(
        "import_content", str(written(folder / "content.jsonl", lines)), verbosity=0, stdout=out, stderr=out
    )


def measure(queries: Path, qrels: Path, *options: str) -> dict[str, Any]:
    """What evaluate_search says."""
    out = io.StringIO()
    call_command("evaluate_search", str(queries), str(qrels), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def fallen(figures: dict[str, float], accepted: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Those that are worse than what was accepted, by more than chance and rounding, with both."""
    return {
        name: (figures[name], known)
        for name, known in accepted.items()
        if (known - figures[name]) * (-1 if name in BETTER_SMALLER else 1) > TOLERATED
    }


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return map(json.loads, _lines(path))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").split("\n") if line.strip()]
