"""manage.py memory: what the running site takes, by process."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.memory import processes, pss, supervisor_of

MIB = 1024 * 1024


class Command(BaseCommand):
    help = "Prints the memory of each process of the running site (PSS: shared memory counted once), and the sum."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        supervisor = supervisor_of(settings.HOME)
        if not supervisor:
            raise CommandError(f"No site runs on {settings.HOME}.")
        taken = [(name, pss(pid)) for pid, name in processes(supervisor).items()]
        for name, size in [*taken, ("sum", sum(size for _name, size in taken))]:
            self.stdout.write(f"{name:<12} {size / MIB:8.1f} MiB")
