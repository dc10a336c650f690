"""Who watches an article hears of its new version: once, in the page and by mail, and never of what they did themselves."""

import json

import pytest
from django.core import mail as outbox
from django.core.management import call_command

from community import schedule, services
from kb import services as kb
from kb.models import Article
from portal.core import mail
from portal.core.models import Notification
from tests.factories import make_article, make_question

pytestmark = pytest.mark.django_db


def publish_another(article, by, *, note="Works with release 3.0 too"):
    based_on = article.revisions.latest("number")
    revision = kb.revise(
        article=article, title=article.title, body="Hold it for **ten** seconds.", note=note, based_on=based_on, by=by
    )  # fmt: skip
    return kb.publish(revision=revision, by=by)


def watch(client, person, article):
    client.force_login(person)
    assert client.post(f"/articles/{article.slug}/watch/", {"watch": "1"}).status_code == 302


def test_a_new_version_reaches_whoever_watches_and_not_the_editor(client, cast, index):
    article = make_article(title="How to pair a second phone")
    schedule.sweep_revisions()
    for person in (cast.minji, cast.kate):
        watch(client, person, article)
    publish_another(article, cast.kate)
    for _again in range(3):
        schedule.sweep_revisions()

    [note] = Notification.objects.all()
    assert (note.recipient, note.kind, note.url) == (
        cast.minji,
        "article_changed",
        article.get_absolute_url(),
    )
    client.force_login(cast.minji)
    page = client.get("/notifications/").content.decode()
    assert article.title in page

    mail.deliver(note.pk)
    [sent] = outbox.outbox
    assert "Works with release 3.0 too" in sent.body
    assert "Hold it for ten seconds." in sent.body
    assert sent.extra_headers["References"] == f"<article-{article.pk}@testserver>"
    # The way out of this mail is in it, and works.
    stop = sent.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    client.post(stop, {"List-Unsubscribe": "One-Click"})
    cast.minji.refresh_from_db()
    assert not cast.minji.mail_on_article


def test_whoever_stopped_watching_hears_nothing(client, cast, index):
    article = make_article()
    watch(client, cast.minji, article)
    client.post(f"/articles/{article.slug}/watch/", {"watch": "0"})
    publish_another(article, cast.kate)
    schedule.sweep_revisions()
    assert not Notification.objects.exists()


def test_an_archived_article_is_no_news(client, cast, index):
    article = make_article()
    watch(client, cast.minji, article)
    kb.archive(article=publish_another(article, cast.kate), by=cast.kate)
    schedule.sweep_revisions()
    assert not Notification.objects.exists()


def test_one_row_that_fails_does_not_keep_the_others_waiting(cast, index):
    """The sweep is the last resort: a question that cannot be looked up must not silence the answers after it."""
    index.write_text("a file where the folder of the index should be")
    question = make_question()
    services.watch(person=cast.minji, question=question)
    answer = services.answer_question(question=question, by=cast.junho, body="Hold it for ten seconds.")
    for row in (question, answer):
        type(row).objects.filter(pk=row.pk).update(created_at=row.created_at - 4 * schedule.GRACE)
    schedule.sweep_suggestions()
    question.refresh_from_db()
    assert question.suggested_at is None
    assert Notification.objects.get().target_pk == answer.pk


def test_an_answer_released_after_days_is_still_told_when_the_broker_lost_it(cast):
    """How long ago it was written says nothing about whether it was told."""
    question = make_question()
    services.watch(person=cast.minji, question=question)
    answer = services.answer_question(question=question, by=cast.junho, body="Hold it for ten seconds.")
    type(answer).objects.filter(pk=answer.pk).update(created_at=answer.created_at - 30_000 * schedule.GRACE)
    schedule.sweep_suggestions()
    schedule.sweep_suggestions()
    assert Notification.objects.filter(kind="answer").count() == 1


def test_a_page_that_is_loaded_anew_from_a_file_is_no_news(client, cast, index, tmp_path):
    path = tmp_path / "articles.jsonl"
    for body in ("Hold it for five seconds.", "Hold it for ten seconds."):
        line = {"kind": "article", "external_id": "kb-1", "title": "Pair a second phone", "body": body}
        path.write_text(json.dumps(line), encoding="utf-8")
        call_command("import_content", str(path), verbosity=0)
        article = Article.objects.get(external_id="kb-1")
        watch(client, cast.minji, article)
    assert article.published_revision.body == body
    schedule.sweep_revisions()
    assert not Notification.objects.exists()
