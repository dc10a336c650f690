"""Mail about news: in the reader's language, one thread a question, once, never lost, and easy to stop."""

import email
import re
from datetime import timedelta
from email import policy
from email.header import decode_header, make_header
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from allauth.account.models import EmailAddress
from django.core import mail as outbox
from django.utils import timezone

from community import moderation, notifications, tasks
from community.models import Watch
from portal.core import mail
from portal.core import tasks as core_tasks
from portal.core.models import Notification
from tests.factories import make_answer, make_article, make_comment, make_question, make_user

pytestmark = pytest.mark.django_db


def deliver_all():
    for pk in Notification.objects.due().order_by("pk").values_list("pk", flat=True):
        mail.deliver(pk)


def watched(person, **fields):
    question = make_question(**fields)
    Watch.objects.create(person=person, question=question)
    return question


def answer_for(person, **fields):
    """An answer that `person` was told of."""
    answer = make_answer(watched(person), **fields)
    assert notifications.announce_answer(answer) == 1
    return answer


def test_the_answer_itself_is_in_the_mail_in_the_readers_language(cast):
    answer = answer_for(
        cast.kate, author=cast.junho, body="Hold it for **ten seconds**.\n\n[more](/articles/x/)"
    )
    deliver_all()
    [sent] = outbox.outbox
    assert sent.to == ["Kate <kate@example.com>"]
    assert sent.subject == f"[Haedap] {answer.question.title}"
    assert "박준호 via Haedap" in str(make_header(decode_header(sent.from_email)))
    assert "Hold it for **ten seconds**." in sent.body
    html = sent.alternatives[0].content
    assert "<strong>ten seconds</strong>" in html
    assert 'href="http://testserver/articles/x/"' in html
    assert html.count('class="button"') == 1
    for part in (sent.body, html):
        assert f"http://testserver{answer.get_absolute_url()}" in part
        assert "http://testserver/notifications/stop/" in part
        assert "because you watch" in part
    assert "&#x27;" not in sent.body


def test_text_mail_is_not_escaped(cast):
    answer_for(cast.kate, author=make_user(display_name="A <b> & C"), body='1 < 2 & "so"')
    deliver_all()
    assert "A <b> & C answered" in outbox.outbox[0].body
    assert '1 < 2 & "so"' in outbox.outbox[0].body
    assert "A &lt;b&gt; &amp; C" in outbox.outbox[0].alternatives[0].content


def test_a_name_with_a_line_break_adds_no_header(cast):
    answer_for(cast.kate, author=make_user(display_name="A\nBcc: x@example.com"))
    deliver_all()
    assert len(outbox.outbox) == 1
    assert outbox.outbox[0].message()["Bcc"] is None


def test_mails_about_one_question_are_one_thread(cast):
    question = watched(cast.kate)
    notifications.announce_answer(make_answer(question))
    notifications.announce_comment(make_comment(question))
    deliver_all()
    first, second = (message.message() for message in outbox.outbox)
    assert (
        first["In-Reply-To"]
        == second["In-Reply-To"]
        == first["References"]
        == f"<question-{question.pk}@testserver>"
    )
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Subject"] == second["Subject"]
    for message in (first, second):
        assert message["List-ID"] == f"Haedap <question-{question.pk}.testserver>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Precedence"] == "list"


@pytest.mark.parametrize(
    ("kind", "choice"),
    [("answer", "mail_on_answer"), ("comment", "mail_on_comment"), ("decision", "mail_on_decision")],
)
def test_a_kind_that_is_turned_off_is_not_mailed(cast, kind, choice):
    setattr(cast.kate, choice, False)
    cast.kate.save()
    question = watched(cast.kate, author=cast.kate)
    if kind == "answer":
        notifications.announce_answer(make_answer(question))
    elif kind == "comment":
        notifications.announce_comment(make_comment(question))
    else:
        moderation.close_question(question=question, by=cast.mod, reason="Off")
    deliver_all()
    assert outbox.outbox == []
    note = Notification.objects.get()
    assert (note.delivered_at is not None, note.mailed_at) == (True, None)


def test_only_a_confirmed_address_gets_mail(cast):
    EmailAddress.objects.filter(user=cast.kate).update(verified=False)
    answer_for(cast.kate)
    deliver_all()
    assert outbox.outbox == []


def test_withdrawn_news_is_not_mailed(cast):
    answer = answer_for(cast.kate)
    moderation.remove(post=answer, by=cast.mod, reason="Spam")
    deliver_all()
    assert all("kate@example.com" not in message.to[0] for message in outbox.outbox)


def test_a_task_that_runs_twice_mails_once(cast):
    answer = make_answer(watched(cast.kate))
    for _ in range(2):
        notifications.announce_answer(answer)
        tasks.announce_answer(answer.pk)
        note = Notification.objects.get()
        core_tasks.deliver_notification(note.pk)
        core_tasks.deliver_notification(note.pk)
    assert len(outbox.outbox) == 1


def test_a_worker_that_died_with_a_claim_loses_nothing_and_the_mail_is_the_same(cast):
    answer_for(cast.kate)
    note = Notification.objects.get()
    assert Notification.objects.claim(note.pk, lease=mail.LEASE)
    assert not Notification.objects.claim(note.pk, lease=mail.LEASE)
    assert mail.deliver(note.pk)
    assert outbox.outbox == []
    Notification.objects.update(created_at=timezone.now() - timedelta(minutes=2), retry_at=timezone.now())
    core_tasks.sweep_notifications()
    assert outbox.outbox[0].message()["Message-ID"] == mail.message_id(note)


# ----------------------------------------------------------------- a real mail server


class Inbox:
    """Keeps what it is sent; refuses an address that contains "nobody"."""

    def __init__(self):
        self.messages = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if "nobody" in address:
            return "550 no such mailbox"
        if "later" in address:
            return "451 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.messages.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def server(settings, unused_port):
    """A mail server that is not running yet."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", unused_port, 5
    controller = Controller(Inbox(), hostname="127.0.0.1", port=unused_port)
    yield controller
    if controller.server:
        controller.stop()


@pytest.fixture
def unused_port():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def test_a_mail_server_that_was_away_gets_everything_once_it_is_back(cast, server):
    answer_for(cast.kate, author=cast.junho, body="열 초 동안 누르세요.")
    answer_for(cast.kate)
    Notification.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    core_tasks.sweep_notifications()
    first, second = Notification.objects.order_by("pk")
    assert (first.delivered_at, first.attempts, second.attempts) == (None, 1, 0)
    assert first.retry_at > timezone.now()

    server.start()
    Notification.objects.update(retry_at=timezone.now())
    core_tasks.sweep_notifications()
    core_tasks.sweep_notifications()
    assert len(server.handler.messages) == 2
    assert Notification.objects.filter(mailed_at=None).count() == 0
    received = server.handler.messages[0]
    assert received["To"] == "Kate <kate@example.com>"
    assert "박준호" in received["From"]
    assert "열 초 동안 누르세요." in received.get_body(("plain",)).get_content()
    assert "열 초 동안 누르세요." in received.get_body(("html",)).get_content()
    assert "<style>" in received.get_body(("html",)).get_content()


def test_each_failure_waits_longer(cast, server):
    answer_for(cast.kate)
    note = Notification.objects.get()
    pauses = []
    for _ in range(4):
        Notification.objects.update(retry_at=None)
        assert not mail.deliver(note.pk)
        note.refresh_from_db()
        pauses.append(round((note.retry_at - timezone.now()).total_seconds()))
    assert pauses == [20, 40, 80, 160]


def test_an_address_that_does_not_exist_is_not_tried_again_but_a_busy_one_is(cast, server):
    server.start()
    for name in ("nobody", "later"):
        answer_for(make_user(name))
    deliver_all()
    gone, busy = Notification.objects.order_by("pk")
    assert (gone.delivered_at is not None, gone.mailed_at) == (True, None)
    assert (busy.delivered_at, busy.retry_at is not None) == (None, True)


# ----------------------------------------------------------------- stopping


def stop_path_of(message):
    return urlsplit(message.message()["List-Unsubscribe"].strip("<>")).path


def test_one_click_stops_mail_without_signing_in_but_only_by_post(client, cast):
    answer_for(cast.kate)
    deliver_all()
    path = stop_path_of(outbox.outbox[0])
    page = client.get(path)
    assert page.status_code == 200
    cast.kate.refresh_from_db()
    assert cast.kate.mail_on_answer
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    cast.kate.refresh_from_db()
    assert not cast.kate.mail_on_answer
    assert cast.kate.mail_on_comment
    answer_for(cast.kate)
    deliver_all()
    assert len(outbox.outbox) == 1
    client.post(path, {"act": "resume"})
    cast.kate.refresh_from_db()
    assert cast.kate.mail_on_answer


def test_the_stop_page_can_leave_one_question_alone_instead_of_all_mail(client, cast):
    first, second = watched(cast.junho), watched(cast.junho)
    notifications.announce_answer(make_answer(first))
    page = mail.stop_path(Notification.objects.get())
    assert "Only stop watching this question" in client.get(page).content.decode()
    done = client.post(page, {"act": "unwatch"}).content.decode()
    assert "Only stop watching this question" not in done
    assert "Turn it on again" not in done
    cast.junho.refresh_from_db()
    assert cast.junho.mail_on_answer
    assert notifications.announce_answer(make_answer(first)) == 0
    assert notifications.announce_answer(make_answer(second)) == 1


@pytest.mark.parametrize("token", ["x", "WzEsImlzX3N0YWZmIiwicSJd:1:abc"])
def test_a_forged_stop_link_is_not_found(client, db, token):
    assert client.get(f"/notifications/stop/{token}/").status_code == 404
    assert client.post(f"/notifications/stop/{token}/").status_code == 404


# ----------------------------------------------------------------- every kind


def test_every_kind_of_news_has_its_mail_and_its_row(client, cast):
    question = make_question(author=cast.kate, title="Why <b>& so?")
    answer = make_answer(question, author=cast.kate)
    base = {"title": question.title, "excerpt": "Hold <it>.", "html": "<p>Hold it.</p>", "text": "Hold it."}
    extra = {
        "suggestions": {"items": [{"kind": "article", "title": "How <to>", "url": "/articles/x/"}]},
        "decision": {"act": "remove", "post": "answer", "reason": "Ads & more"},
        "article_credit": {"article": make_article().title},
        "duplicate": {"original": "The older one"},
    }
    for kind in mail.CHOICES:
        Notification.objects.create(
            recipient=cast.kate,
            kind=kind,
            dedupe_key=kind,
            target_kind="community.answer",
            target_pk=answer.pk,
            thread_key=f"question-{question.pk}",
            url=answer.get_absolute_url(),
            data=base | extra.get(kind, {}),
        )
    deliver_all()
    assert len(outbox.outbox) == len(mail.CHOICES)
    for message in outbox.outbox:
        html = message.alternatives[0].content
        assert "Why &lt;b&gt;&amp; so?" in html
        assert "Why <b>& so?" in message.body
        assert "{%" not in message.body + html
        assert "\n\n\n" not in message.body
        assert not re.search(r"<(table|img|script)", html)
        assert "color-scheme" in html
    client.force_login(cast.kate)
    assert client.get("/notifications/").content.decode().count("data-notification=") == len(mail.CHOICES)
