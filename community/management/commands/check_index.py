"""Compare the search index with the database, and mend what differs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from community.management.progress import embed_with_progress
from portal.core.search import writing


class Command(BaseCommand):
    help = "Compares the search index with the database; exit 1 and a list where they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="mend what differs, and only that")

    def handle(self, *, repair: bool, **options: Any) -> None:
        with tqdm(total=writing.total(), unit=" objects", desc="Comparing") as bar:
            found = writing.compare(bar.update)
        if not found:
            self.stdout.write("The index and the database agree.")
            return
        if found.unreadable:
            self.stdout.write(f"unreadable: {found.unreadable}")
        for word in ("missing", "extra", "stale", "without_vectors", "left_vectors"):
            for name in getattr(found, word):
                self.stdout.write(f"{word.replace('_', ' ')}: {name}")
        if not repair:
            raise CommandError("The index differs from the database; --repair mends it.")
        writing.repair(found)
        embed_with_progress()
        if left := writing.compare():
            raise CommandError(f"Some differences could not be mended: {left}")
        self.stdout.write("Mended.")
