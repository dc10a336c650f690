"""Doing an act once although it was sent twice: a repeat with the same key gets the first answer."""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core.errors import ConflictError, RuleError
from portal.core.models import RequestKey
from portal.core.text import digest

KEY_MAX = 100


def once(*, sender: str, key: str, fingerprint: str, act: Callable[[], Any]) -> tuple[Any, bool]:
    """Run `act` unless this sender already sent this key; returns (answer, whether it is a repeat).

    The key, the rows that `act` writes and its answer (anything JSON can hold) are one transaction: a crash
    leaves all or nothing. The same key with another request is refused. Without a key, `act` just runs.
    """
    if not key:
        return act(), False
    if len(key) > KEY_MAX:
        raise RuleError(_("The request key is longer than %(n)d characters.") % {"n": KEY_MAX})
    mark = digest(fingerprint)
    try:
        with transaction.atomic():
            row = RequestKey.objects.create(sender=sender, key=key, fingerprint=mark)
            row.answer = act()
            row.save(update_fields=["answer"])
            return row.answer, False
    except IntegrityError:
        first = RequestKey.objects.filter(sender=sender, key=key).first()
        if first is None:  # the clash was inside the act itself
            raise
    if first.fingerprint != mark:
        raise ConflictError(_("This request key was already used for another request."))
    return first.answer, True
