"""Mail about one notification, in the reader's language.

Nothing is lost and next to nothing is sent twice: a worker first takes the notification for a short while (the lease,
`retry_at`), sends, and marks it delivered only then. A worker that dies in between leaves a lease that runs out, and the
sweep sends again; should the first mail have left after all, both carry the same Message-ID, so that mail programs show
one. A server that is away is tried again and again, each time after a longer pause.
"""

import html as entities
import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formataddr, parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.core.models import Notification, User
from portal.core.text import digest

log = logging.getLogger(__name__)

Kind = Notification.Kind
LEASE = timedelta(seconds=45)  # longer than a mail takes, short enough that a dead worker is hardly noticed
FIRST_PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=7)  # by then it is read in the page, or it is no news any more
SALT = "stop-mail"

# Which of a person's choices decides about a kind of news; what is not here is never mailed.
CHOICES = {
    Kind.ANSWER: "mail_on_answer",
    Kind.ACCEPTED: "mail_on_answer",
    Kind.SUGGESTIONS: "mail_on_answer",
    Kind.ARTICLE_OFFER: "mail_on_answer",
    Kind.COMMENT: "mail_on_comment",
    Kind.ARTICLE_CREDIT: "mail_on_article",
    Kind.ARTICLE_MADE: "mail_on_article",
    Kind.ARTICLE_CHANGED: "mail_on_article",
    Kind.DECISION: "mail_on_decision",
    Kind.DUPLICATE: "mail_on_decision",
}


@dataclass(frozen=True)
class Stop:
    """What a stop link says: whose mail, which choice, and the thread it was about."""

    person: int
    choice: str
    thread: str


def deliver(pk: int) -> bool:
    """Send one notification's mail if its reader wants it; False if the mail server did not take it this time.

    Harmless to repeat: whoever does not get the claim, or finds it delivered, does nothing.
    """
    if not Notification.objects.claim(pk, lease=LEASE):
        return True
    note = Notification.objects.select_related("recipient", "actor").get(pk=pk)
    address = address_for(note)
    if address is None:
        _settle(pk)
        return True
    try:
        message_for(note, address).send()
    except (SMTPRecipientsRefused, SMTPSenderRefused) as error:
        return _refused(note, error)
    except (SMTPException, OSError) as error:
        return _try_later(note, error)
    except Exception as error:  # noqa: BLE001  (one mail that cannot be written must not stop the others)
        log.exception("The mail about notification %s cannot be written.", pk)
        _try_later(note, error)
        return True
    _settle(pk, mailed_at=timezone.now())
    return True


def address_for(note: Notification) -> str | None:
    """Where to: the reader's confirmed address, if they want mail of this kind; None if they get none."""
    person, choice = note.recipient, CHOICES.get(Kind(note.kind))
    if choice is None or not getattr(person, choice) or not person.is_active:
        return None
    confirmed = EmailAddress.objects.filter(user=person, verified=True).order_by("-primary", "pk")
    return confirmed.values_list("email", flat=True).first()


def message_for(note: Notification, address: str) -> EmailMultiAlternatives:
    """The mail itself: text and HTML in the reader's language, and the headers that keep a thread one thread."""
    stop_url = settings.SITE_URL + stop_path(note)
    with translation.override(note.recipient.language or settings.LANGUAGE_CODE):
        context = _context(note, stop_url)
        subject = " ".join(render_to_string(f"emails/{note.kind}_subject.txt", context).split())
        text = (
            re.sub(r"\n{3,}", "\n\n", render_to_string(f"emails/{note.kind}_body.txt", context)).strip()
            + "\n"
        )
        rich = render_to_string(f"emails/{note.kind}_body.html", context)
        sender = _sender(note)
    root = f"<{note.thread_key}@{_host()}>"
    message = EmailMultiAlternatives(
        subject=subject[:250],
        body=text,
        from_email=sender,
        to=[formataddr((note.recipient.name, address))],
        headers={
            "Message-ID": message_id(note),
            "In-Reply-To": root,
            "References": root,
            "List-ID": f"{settings.SITE_NAME} <{note.thread_key}.{_host()}>",
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "list",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    message.attach_alternative(rich, "text/html")
    return message


def message_id(note: Notification) -> str:
    """The same for every try, so that a second try is the same mail."""
    mark = digest(settings.SITE_URL, str(note.pk), note.dedupe_key)[:16]
    return f"<{note.thread_key}.{note.pk}.{mark}@{_host()}>"


def stop_path(note: Notification) -> str:
    """The address that stops this kind of mail without signing in; it never runs out."""
    stop = [note.recipient_id, CHOICES[Kind(note.kind)], note.thread_key]
    return reverse("community:stop_mail", args=[signing.dumps(stop, salt=SALT)])


def read_stop(token: str) -> Stop | None:
    """What a stop link says, or None if it is not one of ours."""
    try:
        person, choice, thread = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Stop(person=person, choice=choice, thread=thread) if choice in CHOICES.values() else None


def set_choice(*, stop: Stop, wanted: bool) -> bool:
    """Turn one kind of mail off or on again for the person of a stop link; False if they are gone."""
    return bool(User.objects.filter(pk=stop.person).update(**{stop.choice: wanted}))


def _settle(pk: int, **values: Any) -> None:
    Notification.objects.filter(pk=pk).update(delivered_at=timezone.now(), retry_at=None, **values)


def _try_later(note: Notification, error: Exception) -> bool:
    if timezone.now() - note.created_at > GIVE_UP_AFTER:
        log.error(
            "Notification %s was not mailed within %s: %s", note.pk, GIVE_UP_AFTER, type(error).__name__
        )
        _settle(note.pk)
        return False
    pause = min(FIRST_PAUSE * 2 ** min(note.attempts - 1, 12), LONGEST_PAUSE)
    log.warning(
        "The mail server did not take notification %s (%s); next try in %s.",
        note.pk,
        type(error).__name__,
        pause,
    )
    Notification.objects.filter(pk=note.pk).update(retry_at=timezone.now() + pause)
    return False


def _refused(note: Notification, error: SMTPRecipientsRefused | SMTPSenderRefused) -> bool:
    """An address that does not exist (5xx) is not tried again; "try later" (4xx) is."""
    codes = (
        [code for code, _text in error.recipients.values()]
        if isinstance(error, SMTPRecipientsRefused)
        else [error.smtp_code]
    )
    if isinstance(error, SMTPSenderRefused) or any(code < 500 for code in codes):
        return _try_later(note, error)
    log.warning("The mail server refuses the address of person %s (%s).", note.recipient_id, codes[0])
    _settle(note.pk)
    return True


def _context(note: Notification, stop_url: str) -> dict[str, Any]:
    return {
        **note.data,
        "html": absolute(note.data.get("html", "")),
        "note": note,
        "actor": note.actor,
        "person": note.recipient,
        "url": settings.SITE_URL + note.url,
        "stop_url": stop_url,
        "settings_url": settings.SITE_URL + reverse("settings"),
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }


def absolute(html: str) -> str:
    """Links and pictures of a post as they must stand outside the site."""
    return re.sub(r'\b(href|src)="/(?!/)', rf'\1="{entities.escape(settings.SITE_URL)}/', html)


def _sender(note: Notification) -> str:
    """Who wrote it, by way of the site, from the site's address."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if note.actor is not None and note.kind != Kind.DECISION:
        name = _("%(name)s via %(site)s") % {"name": note.actor.name, "site": settings.SITE_NAME}
    return formataddr((" ".join(name.split()), address))


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
