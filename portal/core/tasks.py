"""Thin tasks of the kernel: deliver one notification, sweep what the broker lost, forget what is old."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from portal.core import mail
from portal.core.models import Notification, RequestKey


@shared_task(name="core.deliver_notification")
def deliver_notification(pk: int) -> None:
    """Send one notification's mail (see mail.deliver for what a crash leaves)."""
    mail.deliver(pk)


@shared_task(name="core.sweep_notifications")
def sweep_notifications() -> None:
    """Deliver what has waited longer than a broker takes."""
    late = Notification.objects.undelivered().filter(created_at__lt=timezone.now() - timedelta(seconds=10))
    for pk in late.order_by("pk").values_list("pk", flat=True)[:500]:
        mail.deliver(pk)


@shared_task(name="core.forget_keys")
def forget_keys() -> None:
    """Request keys serve for two days."""
    RequestKey.objects.filter(created_at__lt=timezone.now() - timedelta(days=2)).delete()
