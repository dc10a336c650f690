"""manage.py export_content: every article and question as JSON Lines."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from community.importing.exporting import count_lines, export_lines


class Command(BaseCommand):
    help = "Writes all articles and questions in the format that import_content reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        # Beside and renamed at the end: a file of this name is always a whole one.
        half = file.with_name(f".{file.name}.{os.getpid()}")
        hidden = options["verbosity"] == 0
        try:
            with half.open("w", encoding="utf-8", newline="\n") as opened:
                for line in tqdm(
                    export_lines(), total=count_lines(), unit=" lines", file=sys.stderr, disable=hidden
                ):
                    opened.write(line + "\n")
            half.replace(file)
        finally:
            half.unlink(missing_ok=True)
