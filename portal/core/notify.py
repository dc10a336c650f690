"""Writing a notification once per person and event, and putting its delivery on the queue."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from portal.core import realtime, tasks
from portal.core.models import Notification, User
from portal.core.queue import enqueue

BATCH = 500


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
    """Tell each person once; returns how many had not heard yet. Never tells somebody what they did themselves.

    The rows are the outbox: a lost message to the worker is found by the sweep. News that was withdrawn with its
    post, and stands again because the post does, comes back without a second mail.
    """
    people = {
        person.pk for person in recipients if person.is_active and (actor is None or person.pk != actor.pk)
    }
    if not people:
        return 0
    same = Notification.objects.filter(dedupe_key=dedupe_key, recipient__in=people)
    known = dict(same.values_list("recipient", "withdrawn_at"))
    rows = [
        Notification(
            recipient_id=pk,
            dedupe_key=dedupe_key,
            actor=actor,
            kind=kind,
            target_kind=target[0],
            target_pk=target[1],
            thread_key=thread_key,
            url=url,
            data=data,
        )
        for pk in sorted(people - known.keys())
    ]
    # Two tasks for one event may run at once: the constraint keeps one row, whoever comes first.
    Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    if any(known.values()):
        same.exclude(withdrawn_at=None).update(withdrawn_at=None, data=data, url=url)
    news = [pk for pk in people if pk not in known or known[pk] is not None]
    _tell(dedupe_key, news)
    return len(rows)


def _tell(dedupe_key: str, people: list[int]) -> None:
    rows = Notification.objects.filter(dedupe_key=dedupe_key, recipient__in=people)
    for pk, person, delivered in rows.values_list("pk", "recipient", "delivered_at"):
        realtime.announce(realtime.person_group(person), "notification.created", pk)
        if delivered is None:
            enqueue(tasks.deliver_notification, pk)


def withdraw(*, target: tuple[str, int] | None = None, thread_key: str = "", dedupe_key: str = "") -> int:
    """Take back all news about something that was removed; mails not yet sent are not sent.

    By what it is about, by thread, or by event. A moderator's decision is not taken back with the post it is about:
    the author must be able to read why.
    """
    if target is not None:
        which = Q(target_kind=target[0], target_pk=target[1]) & ~Q(kind=Notification.Kind.DECISION)
    elif thread_key:
        which = Q(thread_key=thread_key) & ~Q(kind=Notification.Kind.DECISION)
    else:
        which = Q(dedupe_key=dedupe_key)
    return Notification.objects.filter(which, withdrawn_at=None).update(withdrawn_at=timezone.now(), data={})


def mark_read(*, person: User, pks: list[int] | None = None) -> int:
    """Mark a person's news as read: these, or all."""
    rows = Notification.objects.filter(recipient=person, read_at=None)
    if pks is not None:
        rows = rows.filter(pk__in=pks)
    return rows.update(read_at=timezone.now())
