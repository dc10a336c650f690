"""Write the whole search index anew while the old one answers."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from community.management.progress import embed_with_progress
from portal.core.search import embedding, writing


class Command(BaseCommand):
    help = "Writes the whole index anew beside the one that answers, then switches in one step."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--noinput", "--no-input", action="store_true", help="asks nothing anyway")

    def handle(self, **options: Any) -> None:
        with tqdm(total=writing.total(), unit=" objects", desc="Indexing") as bar:
            count = writing.rebuild(bar.update)
        writing.flush_now()
        embedding.begin_again()
        embed_with_progress()
        self.stdout.write(f"{count} entries.")
