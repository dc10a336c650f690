"""manage.py issue_token: a key to the API for a person, printed this once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.core.models import ApiToken, User


class Command(BaseCommand):
    help = "Prints a new API token alone on stdout. It is kept only as a hash and cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--label", default="", help="what the token is for")

    def handle(self, *args: Any, username: str, label: str, **options: Any) -> None:
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"There is no account named {username}.")
        if len(label) > 60:
            raise CommandError("A label has 60 letters at the most.")
        _row, token = ApiToken.issue(user=person, label=label)
        self.stdout.write(token)
