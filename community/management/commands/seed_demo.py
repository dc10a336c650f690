"""manage.py seed_demo: a made-up company's community, to look around in."""

import logging
import sys
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from community.demo import ACCOUNTS, PASSWORD
from community.demo.desks import Desks
from community.demo.ground import make_catalogue, make_people
from community.demo.threads import Threads
from community.importing import Import
from portal.core.queue import without_messages
from portal.core.search.writing import flush_now

REFUSAL = "Demo content is not for production: its accounts have a public password, and SITE_URL ({url}) is not this machine."


class Command(BaseCommand):
    help = "Loads the demo content in Korean and English; safe to run again, refused in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--or-skip", action="store_true", help="say so and end well where the demo content is refused"
        )

    def handle(self, *args: Any, or_skip: bool, **options: Any) -> None:
        if not settings.DEBUG and not _is_local(settings.SITE_URL):
            if not or_skip:
                raise CommandError(REFUSAL.format(url=settings.SITE_URL))
            self.stderr.write(REFUSAL.format(url=settings.SITE_URL) + " The site starts empty.")
            return
        # Nobody listens yet, and nobody has to.
        logging.getLogger("portal.core.realtime").setLevel(logging.ERROR)
        now = timezone.now().replace(minute=0, second=0, microsecond=0)
        with without_messages():
            self._load(now, quiet=options["verbosity"] == 0)
        (settings.HOME / "demo").touch()
        self.stdout.write(f"Demo accounts: {', '.join(ACCOUNTS)}. The password of each is {PASSWORD}")

    def _load(self, now: Any, *, quiet: bool) -> None:
        make_catalogue()
        make_people(now)
        threads = Threads(now)
        lines = threads.import_lines()
        with tqdm(total=len(lines), desc="Demo content", file=sys.stderr, disable=quiet) as bar:
            run = Import(progress=bar.update, consider=False)
            run.run(lines, strict=True)
        if run.refused:
            raise CommandError(f"The demo content is damaged: line {run.refused[0][0]} {run.refused[0][1]}")
        if not quiet:
            self.stderr.write("Indexing the demo content …")
        flush_now()
        Desks(threads.questions, now).fill()
        flush_now()


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "127.0.0.1", "::1", "testserver") or host.endswith(".localhost")
