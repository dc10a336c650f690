"""Thin tasks of the kernel: deliver one notification, sweep what the broker lost, forget what is old."""

from datetime import timedelta
from importlib import import_module

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from portal.core import mail
from portal.core.models import Notification, RequestKey


@shared_task(name="core.deliver_notification")
def deliver_notification(pk: int) -> None:
    """Send one notification's mail (see mail.deliver for what a crash leaves)."""
    mail.deliver(pk)


@shared_task(name="core.sweep_notifications")
def sweep_notifications() -> None:
    """Deliver what the broker or a worker lost, and what a mail server refused a while ago.

    Stops at the first mail that is not taken: a server that is away is asked once in a sweep, not 500 times.
    """
    late = Notification.objects.due().filter(created_at__lt=timezone.now() - timedelta(seconds=10))
    for pk in late.order_by("pk").values_list("pk", flat=True)[:500]:
        if not mail.deliver(pk):
            break


@shared_task(name="core.forget_sessions")
def forget_sessions() -> None:
    """Visits that have ended, with what was kept in them."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task(name="core.forget_keys")
def forget_keys() -> None:
    """Request keys serve for two days."""
    RequestKey.objects.filter(created_at__lt=timezone.now() - timedelta(days=2)).delete()
