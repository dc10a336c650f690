"""manage.py serve: the whole site on this machine, from one command."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import serving
from portal.supervisor import StartError


class Command(BaseCommand):
    help = "Starts web, workers, beat and the embedded Valkey, and stops them all on Ctrl-C."
    requires_system_checks = ["__all__"]

    def handle(self, *args: Any, **options: Any) -> None:
        serving.limit_arenas()
        try:
            code = serving.serve()
        except StartError as error:
            raise CommandError(str(error)) from None
        if code:
            raise SystemExit(code)
