"""Writing a notification once per person and event, and putting its delivery on the queue."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from portal.core import realtime, tasks
from portal.core.models import Notification, User
from portal.core.queue import enqueue


def notify(
    *,
    recipients: Iterable[User],
    kind: str,
    dedupe_key: str,
    target: tuple[str, int],
    thread_key: str,
    url: str,
    data: dict[str, Any],
    actor: User | None = None,
) -> int:
    """Tell each person once; returns how many had not heard yet. Never tells somebody what they did themselves."""
    told = 0
    for person in recipients:
        if (actor is not None and person.pk == actor.pk) or not person.is_active:
            continue
        row, made = Notification.objects.get_or_create(
            recipient=person,
            dedupe_key=dedupe_key,
            defaults={
                "actor": actor, "kind": kind, "target_kind": target[0], "target_pk": target[1],
                "thread_key": thread_key, "url": url, "data": data,
            },
        )
        if made:
            told += 1
            realtime.announce(realtime.person_group(person.pk), "notification.created", row.pk)
            enqueue(tasks.deliver_notification, row.pk)
    return told


def withdraw(*, target: tuple[str, int]) -> int:
    """Take back all news about something that was removed; mails not yet sent are not sent."""
    return Notification.objects.filter(
        target_kind=target[0], target_pk=target[1], withdrawn_at=None
    ).update(withdrawn_at=timezone.now(), data={})


def mark_read(*, person: User, pks: list[int] | None = None) -> int:
    """Mark a person's news as read: these, or all."""
    rows = Notification.objects.filter(recipient=person, read_at=None)
    if pks is not None:
        rows = rows.filter(pk__in=pks)
    return rows.update(read_at=timezone.now())
