"""News over websockets: group names and announce(). The only module that imports the channel layer."""

import logging
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

log = logging.getLogger(__name__)


def question_group(pk: int) -> str:
    return f"question.{pk}"


def person_group(pk: int) -> str:
    return f"person.{pk}"


def announce(group: str, kind: str, pk: int) -> None:
    """After commit, tell everyone in the group that something of this kind has news. Never fails the caller."""
    transaction.on_commit(lambda: _send(group, {"type": "changed", "kind": kind, "pk": pk}))


def _send(group: str, message: dict[str, Any]) -> None:
    try:
        async_to_sync(get_channel_layer().group_send)(group, message)
    except Exception as error:  # noqa: BLE001  (news is a convenience: pages catch up over HTTP)
        log.warning("No live news for %s: %s", group, type(error).__name__)
