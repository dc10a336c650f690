"""Judged queries of this site's own, as files that evaluate_search reads."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from community.judged_history import PARTS, JudgedQuery, judged_history


class Command(BaseCommand):
    help = (
        "Writes judged queries from this site's history (searches and suggestions that solved something, and what accepted "
        "answers cite) into a folder: queries and qrels, for tune and for check."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--renew", action="store_true", help="write files anew that are there already")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, folder: Path, renew: bool, **options: Any) -> None:
        files = {part: (folder / f"queries.{part}.jsonl", folder / f"qrels.{part}.tsv") for part in PARTS}
        if not renew and any(file.exists() for pair in files.values() for file in pair):
            raise CommandError(f"The judged queries in {folder} are frozen; --renew writes them anew.")
        queries, sources = judged_history()
        if not queries:
            raise CommandError(
                "Nothing that was looked for here has solved anything yet; nothing was written."
            )
        counts = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for part, (of_queries, of_qrels) in files.items():
                own = [query for query in queries if query.part == part]
                of_queries.write_text("".join(map(_line, own)), encoding="utf-8")
                of_qrels.write_text("".join(map(_judged, own)), encoding="utf-8")
                counts[part] = len(own)
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from None
        summary = {"queries": len(queries), **counts, "judgements": dict(sources)}
        if options["json"]:
            self.stdout.write(json.dumps(summary))
        else:
            self.stdout.write(
                f"{len(queries)} queries: " + ", ".join(f"{n} {part}" for part, n in counts.items())
            )


def _line(query: JudgedQuery) -> str:
    row = {"id": query.id, "text": query.text, "language": query.language}
    if query.besides:
        row["besides"] = query.besides
    return json.dumps(row, ensure_ascii=False) + "\n"


def _judged(query: JudgedQuery) -> str:
    return "".join(f"{query.id}\t{name}\t1\n" for name in sorted(query.relevant))
