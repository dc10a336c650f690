"""Measure searching and suggesting on a throw-away site of a given size."""

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from community.benchmarking import ground, meaning, reading
from community.benchmarking.workload import Workload, loaded, of_the_demo
from portal.core.search import analysis, encoders, writing
from portal.memory import processes, pss, supervisor_of

MIB = 1024 * 1024
SITE = "A benchmark makes a site of its own: name an empty folder for it in HAEDAP_HOME."


class Command(BaseCommand):
    help = "Makes a throw-away site in HAEDAP_HOME and measures what searching, suggesting and indexing cost on it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threads", type=int, required=True, help="questions, with three answers each")
        parser.add_argument(
            "--workload",
            type=Path,
            help="a folder whose textgen.py makes the texts; else the demo's sentences",
        )
        parser.add_argument("--queries", type=int, default=200, help="how many requests of each kind")
        parser.add_argument(
            "--vectors-limit",
            type=int,
            help="encode so many objects by each encoder, give the others random vectors",
        )
        parser.add_argument(
            "--keep-index",
            action="store_true",
            help="do not write the index of an earlier run anew: requests alone",
        )
        parser.add_argument("--json", action="store_true")

    def handle(
        self, *, threads: int, workload: Path | None, queries: int, vectors_limit: int | None, **options: Any
    ) -> None:
        if threads < 1 or queries < 1:
            raise CommandError("--threads and --queries are numbers from 1.")
        if "HAEDAP_HOME" not in os.environ:
            raise CommandError(SITE)
        texts = _workload(workload)
        call_command("prepare")
        self.quiet = options["verbosity"] == 0
        try:
            ground.check(threads)
            with reading.valkey(), reading.quietly():
                figures = self._measure(texts, threads, queries, vectors_limit, options["keep_index"])
        except ground.ForeignContent as error:
            raise CommandError(f"{error} {SITE}") from error
        self.stdout.write(json.dumps(figures) if options["json"] else _table(figures))

    def _measure(
        self, texts: Workload, threads: int, queries: int, limit: int | None, keep_index: bool
    ) -> dict[str, Any]:
        memory = {"started": _own()}
        with self._bar(threads + threads // ground.THREADS_PER_ARTICLE, "Writing posts") as bar:
            made = ground.make(texts, threads, bar.update)
        figures: dict[str, Any] = {
            "threads": threads,
            "articles": threads // ground.THREADS_PER_ARTICLE,
            "workload": texts.name,
            "encoders": [encoder.identity for encoder in encoders.encoders()],
        }
        if made or not keep_index:
            with self._bar(writing.total(), "Indexing") as bar:
                figures["rebuild"] = reading.rebuilt(bar.update)
            memory["after_rebuild"] = _own()
        if made:  # the rebuild has written what the import put down
            writing.IndexChange.objects.filter(stage=0).delete()
        if figures["encoders"]:
            with self._bar(writing.total() * len(figures["encoders"]), "Reading for meaning") as bar:
                figures["vectors"] = meaning.fill(limit, bar.update)
            figures["vector_rows"] = meaning.rows()
        analysis.warm()
        encoders.warm()
        memory["models_loaded"] = _own()
        asked = texts.queries(queries)
        figures["suggest"] = reading.requests("api:suggest", reading.typed(texts, threads, queries)).summary()
        figures["search"] = reading.requests("api:search", asked).summary()
        figures["search_narrowed"] = reading.requests(
            "api:search", asked, product=ground.PRODUCTS[0], solved="true"
        ).summary()
        figures["search_page"] = reading.requests("search", asked).summary()
        memory["after_requests"] = _own()
        figures["index_one_post"] = reading.posts(min(20, queries)).summary()
        figures["memory_mib"] = memory | _site()
        return figures

    def _bar(self, total: int, what: str) -> Any:
        return tqdm(total=total, unit=" objects", desc=what, file=sys.stderr, disable=self.quiet)


def _workload(folder: Path | None) -> Workload:
    if folder is None:
        return of_the_demo()
    try:
        return loaded(folder)
    except (OSError, AttributeError) as error:
        raise CommandError(
            f"{folder} holds no textgen.py with threads(n) and queries(n): {error}."
        ) from error


def _own() -> float:
    return round(pss(os.getpid()) / MIB, 1)


def _site() -> dict[str, float]:
    """The processes of the site, if it runs on this folder."""
    supervisor = supervisor_of(settings.HOME)
    found = processes(supervisor) if supervisor else {}
    return {f"site: {name}": round(pss(pid) / MIB, 1) for pid, name in found.items()}


def _table(figures: dict[str, Any]) -> str:
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict):
            said = "  ".join(f"{key} {number}" for key, number in value.items())
        else:
            said = ", ".join(value) if isinstance(value, list) else str(value)
        lines.append(f"{name:>16}  {said or '–'}")
    return "\n".join(lines)
