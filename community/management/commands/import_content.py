"""manage.py import_content: articles and questions from a JSON Lines file."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from community.importing import Import, LineError, read_line
from portal.core.queue import without_messages
from portal.core.search.writing import flush_now


class Command(BaseCommand):
    help = "Loads articles and questions; safe to run again (external_id decides)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--strict", action="store_true", help="all or nothing")
        parser.add_argument("--dry-run", action="store_true", help="read and check, write nothing")

    def handle(self, *args: Any, file: Path, strict: bool, dry_run: bool, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"{file} is not a file.")
        total = sum(1 for _line in _lines(file))
        if dry_run or strict:
            refused = self._check(file, total)
            if dry_run or refused:
                self._report(
                    refused, f"{total - len(refused)} of {total} lines can be loaded; nothing was written."
                )
                return
        with tqdm(total=total, unit=" lines", file=sys.stderr, disable=options["verbosity"] == 0) as bar:
            run = Import(progress=bar.update)
            with without_messages():
                run.run(_lines(file), strict=strict)
        if options["verbosity"] and run.made + run.known:
            self.stderr.write("Indexing …")
        flush_now()
        self._report(run.refused, f"{run.made} new, {run.known} already known, {len(run.refused)} refused.")

    def _check(self, file: Path, total: int) -> list[tuple[int, str]]:
        refused = []
        for number, text in tqdm(_lines(file), total=total, unit=" lines", desc="Checking", file=sys.stderr):
            try:
                read_line(text)
            except LineError as reason:
                refused.append((number, str(reason)))
        return refused

    def _report(self, refused: list[tuple[int, str]], sentence: str) -> None:
        for number, reason in refused:
            self.stderr.write(f"line {number}: {reason}")
        self.stdout.write(sentence)
        if refused:
            raise SystemExit(1)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Numbered from 1, empty ones left out. Bytes that are not UTF-8 spoil their line alone."""
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as opened:
        for number, text in enumerate(opened, 1):
            if text.strip():
                yield number, text
