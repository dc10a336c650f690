"""Measure what the site finds for judged queries."""

import json
import time
from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from community import finding
from community.management.progress import embed_with_progress
from community.models import Question
from kb.models import Article
from portal.core.search import analysis, encoders, lookup, ranking, spaces, writing
from portal.core.search.evaluation import Figures
from portal.core.text import guess_language


class Command(BaseCommand):
    help = "Retrieval quality on judged queries (JSON Lines) and relevance judgements (tab-separated)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("queries", type=Path)
        parser.add_argument("qrels", type=Path)
        parser.add_argument("--surface", choices=["suggest", "search"], default="search")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, queries: Path, qrels: Path, surface: str, **options: Any) -> None:
        relevant: dict[str, dict[str, int]] = defaultdict(dict)
        for number, line in enumerate(_lines(qrels), start=1):
            try:
                query_id, external_id, relevance = line.split("\t")
                relevant[query_id][external_id] = int(relevance)
            except ValueError as error:
                raise CommandError(
                    f"{qrels}, line {number}: a judgement is query, id and a number."
                ) from error
        here = _present({name for judged in relevant.values() for name in judged})
        # A site's first query is not its readers' everyday, nor is one whose vectors still wait.
        writing.flush_now()
        embed_with_progress()
        analysis.warm()
        encoders.warm()
        figures = Figures()
        for number, line in enumerate(tqdm(_lines(queries), unit=" queries"), start=1):
            try:
                query = json.loads(line)
                text, query_id = query["text"], str(query["id"])
            except (ValueError, KeyError, TypeError) as error:
                raise CommandError(f"{queries}, line {number}: a query has an id and a text.") from error
            begun = time.perf_counter()
            found = self._found(text, query.get("language") or guess_language(text), surface)
            took = (time.perf_counter() - begun) * 1000
            judged = {name: grade for name, grade in relevant.get(query_id, {}).items() if name in here}
            figures.add(found, judged, took)
        summary = figures.summary() | {
            "surface": surface,
            "settings": {
                "sure_enough": ranking.SURE_ENOUGH,
                "candidates": lookup.CANDIDATES,
                "most_terms": lookup.MOST_TERMS,
                "meant": lookup.MEANT,
                "vectors": [encoder.identity for encoder, _space in spaces.answering()],
            },
        }
        if options["json"]:
            self.stdout.write(json.dumps(summary))
        else:
            for name, value in summary.items():
                self.stdout.write(f"{name:>18}  {value}")

    @staticmethod
    def _found(text: str, language: str, surface: str) -> list[str]:
        reader = AnonymousUser()
        if surface == "suggest":
            return [
                found.external_id for found in finding.suggest(text, by=reader, language=language, limit=10)
            ]
        return [found.external_id for found in finding.find(text, by=reader, limit=10).results]


def _present(names: set[str]) -> set[str]:
    """Which of these ids this site holds: what it does not hold nobody can find."""
    held = set(Article.objects.published().exclude(external_id=None).values_list("external_id", flat=True))
    return names & held.union(
        Question.objects.public().exclude(external_id=None).values_list("external_id", flat=True)
    )


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}.") from error
