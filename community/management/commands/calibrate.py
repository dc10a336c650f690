"""Let the confidence of suggestions learn from judged queries of this site."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from community import finding
from community.judging import judged_name
from community.management.judged import read_judged
from community.management.progress import embed_with_progress
from portal.core.search import sureness, writing
from portal.core.text import guess_language


class Command(BaseCommand):
    help = "Fits the confidence of suggestions to judged queries (as evaluate_search reads them); measure on others."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("queries", type=Path)
        parser.add_argument("qrels", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="says what it would hold, and holds nothing"
        )

    def handle(self, *, queries: Path, qrels: Path, dry_run: bool, **options: Any) -> None:
        writing.flush_now()
        embed_with_progress()
        rule = sureness.in_force()
        outcomes = []
        for query in tqdm(read_judged(queries, qrels), unit=" queries"):
            language = query.language or guess_language(query.text)
            found = finding.suggest(query.text, by=AnonymousUser(), language=language, limit=1, least=0.0)
            if found:
                right = judged_name(found[0]) in query.relevant
                outcomes.append((rule.unread(found[0].confidence), right))
        learnt = sureness.learnt(outcomes, rule.least)
        if learnt is None:
            raise CommandError(
                f"{len(outcomes)} queries with something to suggest, {sum(right for _c, right in outcomes)} of them right: "
                f"{sureness.FEWEST} are needed, and {sureness.FEWEST_OF_A_KIND} of each kind. Nothing was changed."
            )
        if not dry_run:
            with transaction.atomic():
                sureness.hold(rule=learnt, learnt_from=len(outcomes))
                transaction.on_commit(sureness.renew)
        was = " ".join(f"{p:.1f}→{learnt.read(p):.2f}" for p in (0.3, 0.5, 0.7, 0.9))
        self.stdout.write(f"Learnt from {len(outcomes)} queries: {was}")
