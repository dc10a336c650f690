"""Write what waits in the outbox into the search index, and mend what differs."""

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from community.management.progress import embed_with_progress
from portal.core.search import writing


class Command(BaseCommand):
    help = "Brings the index up to the database: what waits is written, what differs is mended."

    def handle(self, **options: Any) -> None:
        written = writing.flush_now()
        with tqdm(total=writing.total(), unit=" objects", desc="Comparing") as bar:
            found = writing.compare(bar.update)
        if found:
            writing.repair(found)
        embed_with_progress()
        mended = len(found.missing) + len(found.extra) + len(found.stale)
        self.stdout.write(f"{written} waiting entries written, {mended} mended.")
