"""manage.py prepare: bring database, translations and static files up to the code."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.reachable import check_database
from portal.supervisor import StartError


class Command(BaseCommand):
    help = (
        "Migrates the database, compiles the translations and collects the static files (as `make run` does)."
    )
    requires_system_checks: list[str] = []  # they read what is only made here

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            check_database()
        except StartError as error:
            raise CommandError(str(error)) from None
        self.stderr.write("Preparing database, translations and static files …")
        call_command("compile_catalogues", verbosity=0)
        call_command("migrate", verbosity=0, interactive=False)
        if not settings.DEBUG:
            call_command("collectstatic", verbosity=0, interactive=False)
