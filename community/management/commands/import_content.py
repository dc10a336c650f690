"""manage.py import_content: articles and questions from a JSON Lines file, or articles from a folder of Markdown."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from community.importing import Import, LineError, folder, read_lines
from community.importing.reading import Place
from community.management.progress import embed_with_progress
from portal.core.queue import without_messages
from portal.core.search.writing import flush_now

Texts = Iterator[tuple[Place, str | LineError]]


class Command(BaseCommand):
    help = "Loads articles and questions; safe to run again (external_id decides).\n\n" + (
        folder.__doc__ or ""
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="JSON Lines, or a folder of Markdown with front matter")
        parser.add_argument("--strict", action="store_true", help="all or nothing")
        parser.add_argument("--dry-run", action="store_true", help="read and check, write nothing")

    def handle(self, *args: Any, file: Path, strict: bool, dry_run: bool, **options: Any) -> None:
        quiet = options["verbosity"] == 0
        total = _count(file)
        if dry_run or strict:
            refused = self._check(file, total, quiet=quiet)
            if dry_run or refused:
                self._report(
                    refused, f"{total - len(refused)} of {total} can be loaded; nothing was written."
                )
                return
        with tqdm(total=total, unit=" lines", file=sys.stderr, disable=quiet) as bar:
            run = Import(progress=bar.update)
            with without_messages():
                run.run(_texts(file), strict=strict)
        if not quiet and run.made + run.known:
            self.stderr.write("Indexing …")
        flush_now()
        embed_with_progress(quiet=quiet)
        self._report(run.refused, f"{run.made} new, {run.known} already known, {len(run.refused)} refused.")

    def _check(self, file: Path, total: int, *, quiet: bool) -> list[tuple[Place, str]]:
        with tqdm(total=total, unit=" lines", desc="Checking", file=sys.stderr, disable=quiet) as bar:
            refused = []
            for place, line in read_lines(_texts(file)):
                bar.update()
                if isinstance(line, LineError):
                    refused.append((place, str(line)))
        return refused

    def _report(self, refused: list[tuple[Place, str]], sentence: str) -> None:
        for place, reason in refused:
            self.stderr.write(f"line {place}: {reason}" if isinstance(place, int) else f"{place}: {reason}")
        self.stdout.write(sentence)
        if refused:
            raise SystemExit(1)


def _count(file: Path) -> int:
    try:
        if file.is_dir():
            if not (total := len(folder.folder_files(file))):
                raise CommandError(f"{file} is a folder without Markdown files (.md).")
            return total
        if not file.is_file():
            raise CommandError(f"{file} is not there." if not file.exists() else f"{file} is not a file.")
        return sum(1 for _text in _lines(file))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None


def _texts(file: Path) -> Texts:
    return folder.folder_lines(file) if file.is_dir() else _lines(file)


def _lines(file: Path) -> Texts:
    """Numbered from 1, empty ones left out. Bytes that are not UTF-8 spoil their line alone."""
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as opened:
        for number, text in enumerate(opened, 1):
            if text.strip():
                yield number, text
