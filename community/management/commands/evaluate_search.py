"""Measure what the site finds for judged queries."""

import contextlib
import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand
from tqdm import tqdm

from community import finding
from community.judging import judged_name, measured_with, present, questions_named
from community.management.judged import Judged, read_judged
from community.management.progress import embed_with_progress
from portal.core.search import analysis, encoders, lookup, meaning, writing
from portal.core.search.evaluation import Figures
from portal.core.text import guess_language

LIMIT = 10


class Command(BaseCommand):
    help = "Retrieval quality on judged queries (JSON Lines) and relevance judgements (tab-separated)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("queries", type=Path)
        parser.add_argument("qrels", type=Path)
        parser.add_argument("--surface", choices=["suggest", "search"], default="search")
        parser.add_argument(
            "--vectors", choices=["all", "none"], default="all", help="none: words alone, no encoder is asked"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *, queries: Path, qrels: Path, surface: str, vectors: str, **options: Any) -> None:
        with meaning.words_alone() if vectors == "none" else contextlib.nullcontext():
            summary = _measured(queries, qrels, surface)
        if options["json"]:
            self.stdout.write(json.dumps(summary))
        else:
            for name, value in summary.items():
                self.stdout.write(f"{name:>18}  {value}")


def _measured(queries: Path, qrels: Path, surface: str) -> dict[str, Any]:
    all_judged = read_judged(queries, qrels)
    own = questions_named(query.besides for query in all_judged if query.besides)
    here = present(name for query in all_judged for name in query.relevant)
    # A site's first query is not its readers' everyday, nor is one whose vectors still wait.
    writing.flush_now()
    analysis.warm()
    if not meaning.is_words_alone():
        embed_with_progress()
        encoders.warm()
    figures, unread = Figures(), 0
    for query in tqdm(all_judged, unit=" queries"):
        relevant = {name: grade for name, grade in query.relevant.items() if name in here}
        _ask(figures, query, surface, relevant, own.get(query.besides))
        unread += meaning.is_partly_read(query.text.strip()[: lookup.LONGEST_MEANT])
    with_all = measured_with(limit=LIMIT) | {"encoders_too_slow_for": unread}
    return figures.summary() | {"surface": surface, "settings": with_all}


def _ask(
    figures: Figures, query: Judged, surface: str, relevant: dict[str, int], besides: int | None
) -> None:
    """Put one query to a surface, as a visitor, and add what came of it; its own question does not count."""
    reader, language = AnonymousUser(), query.language or guess_language(query.text)
    begun = time.perf_counter()
    found: list[finding.Found]
    if surface == "suggest":
        found = finding.suggest(query.text, by=reader, language=language, limit=LIMIT, besides=besides)
    else:
        found = finding.find(query.text, by=reader, limit=LIMIT + bool(query.besides)).results
    took = (time.perf_counter() - begun) * 1000
    ranked = [name for name in dict.fromkeys(map(judged_name, found)) if name != query.besides][:LIMIT]
    if isinstance(found, finding.Suggestions):
        figures.add(ranked, relevant, took, best=found.best, promised=found[0].confidence if found else None)
    else:
        figures.add(ranked, relevant, took)
