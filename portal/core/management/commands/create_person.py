"""manage.py create_person: an account for a person or a script."""

from argparse import ArgumentParser
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.core.models import Language, User
from portal.core.permissions import CUSTOMER, EDITOR, MODERATOR, STAFF


class Command(BaseCommand):
    help = "Makes an account; its e-mail address counts as confirmed. Refuses a name that is taken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", choices=[CUSTOMER, MODERATOR, EDITOR, STAFF], default=CUSTOMER)
        parser.add_argument("--email", default="")
        parser.add_argument("--language", choices=Language.values, default="")
        parser.add_argument(
            "--password", default="", help="without one the account cannot sign in by password"
        )

    @transaction.atomic
    def handle(
        self, *args: Any, username: str, role: str, email: str, language: str, password: str, **options: Any
    ) -> None:
        person = User(username=username, email=email or f"{username}@haedap.invalid", language=language)
        person.is_staff = role == STAFF
        if User.objects.filter(username__iexact=username).exists():
            raise CommandError(f"The name {username} is taken.")
        if email and EmailAddress.objects.filter(email__iexact=email).exists():
            raise CommandError(f"The address {email} is taken.")
        if password:
            person.set_password(password)
        else:
            person.set_unusable_password()
        try:
            person.full_clean(exclude=["password"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if not email:  # an address is needed to sign in; this one takes no mail
            person.mail_on_answer = person.mail_on_comment = False
            person.mail_on_article = person.mail_on_decision = False
        person.save()
        person.groups.add(Group.objects.get(name=role))
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        self.stdout.write(f"{username} ({role}) was made.")
