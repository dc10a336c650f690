"""manage.py compile_catalogues: .mo files beside the .po files, without the system's gettext."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Compiles the message catalogues under locale/."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                try:
                    catalogue = polib.pofile(str(source))
                except (OSError, UnicodeDecodeError) as error:
                    raise CommandError(f"{source} cannot be read: {error}") from None
                # Beside and renamed, so that a process that starts meanwhile never reads half a file.
                half = source.with_suffix(".mo.new")
                catalogue.save_as_mofile(str(half))
                half.replace(source.with_suffix(".mo"))
                if options["verbosity"]:
                    self.stdout.write(f"{source}: {len(catalogue.translated_entries())} messages")
