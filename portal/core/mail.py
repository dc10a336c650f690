"""Mail about one notification, in the reader's language."""

from portal.core.models import Notification


def deliver(pk: int) -> None:
    """Claim and send; owned by the notifications slice."""
    Notification.objects.claim(pk)
