"""manage.py make_catalogues: collect what people read into locale/*/LC_MESSAGES/django.po."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.core import messages


class Command(BaseCommand):
    help = "Collects every message into the catalogues; translations that are still wanted stay."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; exit 1 where one is missing."
        )

    def handle(self, *, check: bool, **options: Any) -> None:
        found = messages.collect()
        path = messages.path_of("ko")
        renewed = messages.renew(path, "ko", found)
        missing = renewed.untranslated_entries()
        if check:
            for entry in missing:
                place = entry.occurrences[0][0]
                self.stderr.write(f"{path}: not translated: {entry.msgid!r} ({place})")
            raise SystemExit(bool(missing))
        path.parent.mkdir(parents=True, exist_ok=True)
        renewed.save(str(path))
        self.stderr.write(f"{path}: {len(renewed)} messages, {len(missing)} not translated")
