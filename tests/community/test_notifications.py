"""Who hears of what, once; the page of news, its badge, and marking as read."""

import pytest

from community import notifications, services, tasks
from community.models import Suggestion, Watch
from portal.core.models import Notification
from tests.factories import make_answer, make_article, make_comment, make_question, make_tags, make_user

pytestmark = pytest.mark.django_db


def told(kind=None):
    rows = Notification.objects.filter(withdrawn_at=None)
    return set((rows.filter(kind=kind) if kind else rows).values_list("recipient__username", flat=True))


def test_watchers_of_the_question_and_of_its_tags_hear_of_an_answer_but_not_its_author(cast):
    question = make_question(author=cast.minji, tags=["bluetooth"])
    for person in (cast.minji, cast.junho):
        Watch.objects.create(person=person, question=question)
    Watch.objects.create(person=cast.kate, tag=make_tags("bluetooth")[0])
    Watch.objects.create(person=cast.hana, tag=make_tags("other")[0])
    Watch.objects.create(person=cast.junho, tag=make_tags("bluetooth")[0])
    Watch.objects.create(person=make_user("gone", is_active=False), question=question)
    answer = make_answer(question, author=cast.minji)
    assert notifications.announce_answer(answer) == 2
    assert told() == {"junho", "kate"}
    note = Notification.objects.first()
    assert (note.data["title"], note.data["html"]) == (question.title, answer.html)
    assert note.url == f"{question.get_absolute_url()}#answer-{answer.pk}"


def test_news_comes_once_however_often_the_task_runs(cast):
    question = make_question()
    Watch.objects.create(person=cast.minji, question=question)
    answer = make_answer(question)
    for _ in range(3):
        tasks.announce_answer(answer.pk)
        notifications.announce_answer(answer)
    assert Notification.objects.count() == 1


def test_the_queries_of_telling_do_not_grow_with_the_watchers(cast, django_assert_num_queries):
    def count(people):
        question = make_question()
        for _ in range(people):
            Watch.objects.create(person=make_user(), question=question)
        answer = make_answer(question)
        with django_assert_num_queries(4):
            assert notifications.announce_answer(answer) == people

    count(1)
    count(12)


@pytest.mark.parametrize("hidden", ["answer", "question"])
def test_nothing_is_told_of_what_is_not_public(cast, hidden):
    question = make_question(status="held" if hidden == "question" else "open")
    Watch.objects.create(person=cast.minji, question=question)
    answer = make_answer(question, status="held" if hidden == "answer" else "open")
    assert notifications.announce_answer(answer) == 0
    assert notifications.announce_comment(make_comment(answer)) == 0


def test_a_comment_is_told_to_those_who_watch(cast):
    answer = make_answer(author=cast.junho)
    Watch.objects.create(person=cast.junho, question=answer.question)
    comment = make_comment(answer, author=cast.minji)
    assert notifications.announce_comment(comment) == 1
    assert Notification.objects.get().url.endswith(f"#comment-{comment.pk}")


def test_whoever_wrote_the_accepted_answer_hears_of_it_unless_they_asked(cast):
    answer = make_answer(author=cast.junho, accepted=True)
    assert notifications.announce_acceptance(answer.question) == 1
    assert told("accepted") == {"junho"}
    question = make_question(author=cast.minji)
    make_answer(question, author=cast.minji, accepted=True)
    assert notifications.announce_acceptance(question) == 0


def test_whoever_asked_hears_of_suggestions_that_can_be_read(cast):
    question = make_question(author=cast.minji)
    hidden, article = make_article(published=False), make_article()
    Suggestion.objects.create(question=question, article=hidden, confidence=0.9, position=0)
    assert notifications.announce_suggestions(question) == 0
    Suggestion.objects.create(question=question, article=article, confidence=0.8, position=1)
    assert notifications.announce_suggestions(question) == 1
    assert [item["title"] for item in Notification.objects.get().data["items"]] == [article.title]


def test_an_offered_article_is_told_to_whoever_asked(cast):
    question, article = make_question(author=cast.minji), make_article()
    assert notifications.announce_offer(question, article) == 1
    assert notifications.announce_offer(question, article) == 0
    assert Notification.objects.get().data["article"] == article.title


def test_asking_and_answering_watch_and_unwatching_is_silence(cast):
    question = services.ask_question(by=cast.minji, title="Why is it silent?", body="It hums.")
    services.unwatch(person=cast.minji, question=question)
    assert notifications.announce_answer(make_answer(question)) == 0


# ----------------------------------------------------------------- the page


def tell(person, number):
    question = make_question()
    Watch.objects.create(person=person, question=question)
    for _ in range(number):
        notifications.announce_answer(make_answer(question))


def test_the_page_needs_an_account_and_shows_only_ones_own_news(client, cast):
    tell(cast.junho, 1)
    assert client.get("/notifications/")["Location"].startswith("/accounts/login/")
    client.force_login(cast.minji)
    assert "data-notification=" not in client.get("/notifications/").content.decode()


def test_the_page_pages_and_its_queries_do_not_grow(client, cast, django_assert_max_num_queries):
    client.force_login(cast.minji)
    tell(cast.minji, 1)
    client.get("/notifications/")
    with django_assert_max_num_queries(12) as few:
        client.get("/notifications/")
    tell(cast.minji, 40)
    with django_assert_max_num_queries(12) as many:
        page = client.get("/notifications/")
    assert len(few) == len(many)
    assert page.content.decode().count("data-notification=") == 30
    rest = client.get("/notifications/" + page.context["page"].next_url).content.decode()
    assert rest.count("data-notification=") == 11


def test_marking_as_read_is_a_post_and_touches_what_was_shown(client, cast):
    client.force_login(cast.minji)
    tell(cast.minji, 3)
    newest = Notification.objects.order_by("-pk").first()
    tell(cast.minji, 1)
    tell(cast.junho, 1)
    assert client.get("/notifications/read/").status_code == 405
    client.post("/notifications/read/", {"upto": newest.pk})
    assert Notification.objects.filter(recipient=cast.minji).unread().count() == 1
    other = Notification.objects.get(recipient=cast.junho)
    last = Notification.objects.filter(recipient=cast.minji).unread().get()
    for pk in (other.pk, last.pk, "x", "9" * 30):
        client.post("/notifications/read/", {"pk": pk}, headers={"X-Requested-With": "fetch"})
    assert Notification.objects.unread().get() == other


def test_the_badge_counts_what_is_unread(client, cast):
    assert "data-badge" in client.get("/notifications/badge/").content.decode()
    client.force_login(cast.minji)
    tell(cast.minji, 2)
    assert 'data-unread="2"' in client.get("/notifications/badge/").content.decode()
