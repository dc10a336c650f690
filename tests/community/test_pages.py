"""The pages that read: what they show, to whom, and how many queries they cost."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from community.models import Answer, Question
from portal.core import search
from portal.core.search.writing import flush_now
from tests.factories import make_answer, make_article, make_comment, make_product, make_question, make_user

QUERIES_AT_MOST = 12


def _thread(cast, answers):
    question = make_question(author=cast.minji, product=make_product(), tags=["battery", "sound"])
    for number in range(answers):
        answer = make_answer(question, accepted=number == 1)
        make_comment(answer)
        answer.votes.create(voter=cast.mod, helpful=True)
    make_comment(question)
    make_question(tags=["battery"])
    return question


def _count(client, django_assert_max_num_queries, address):
    client.get(address)  # sessions and other caches are warm for the second reader
    with django_assert_max_num_queries(QUERIES_AT_MOST) as counted:
        assert client.get(address).status_code == 200
    return len(counted.captured_queries)


@pytest.mark.parametrize("who", ["visitor", "minji", "mod"])
def test_a_question_page_costs_the_same_with_3_and_with_300_answers(
    client, cast, django_assert_max_num_queries, who
):
    if who != "visitor":
        client.force_login(getattr(cast, who))
    few, many = _thread(cast, 3), _thread(cast, 300)
    cost = [_count(client, django_assert_max_num_queries, q.get_absolute_url()) for q in (few, many)]
    assert cost[0] == cost[1]


@pytest.mark.parametrize("who", ["visitor", "minji", "mod", "kate"])
@pytest.mark.parametrize(
    "name", ["home", "community:questions", "community:tags", "community:products", "community:people"]
)
def test_a_list_costs_the_same_however_many_rows(
    client, cast, index, django_assert_max_num_queries, who, name
):
    if who != "visitor":
        client.force_login(getattr(cast, who))
    _thread(cast, 2)
    few = _count(client, django_assert_max_num_queries, reverse(name))
    for _ in range(15):
        _thread(cast, 2)
        make_article()
    cache.clear()
    assert _count(client, django_assert_max_num_queries, reverse(name)) == few


@pytest.mark.parametrize("who", ["visitor", "minji", "mod", "kate"])
def test_a_search_costs_the_same_however_many_results(
    client, cast, index, django_assert_max_num_queries, who
):
    if who != "visitor":
        client.force_login(getattr(cast, who))
    cost = []
    for rows in (1, 14):
        for _ in range(rows):
            thread = _thread(cast, 2)
            for post in (
                thread,
                *thread.answers.all(),
                make_article(tags=["sound"]),
            ):
                search.changed(post._meta.model_name, post.pk)
        flush_now()
        page = client.get("/search/?q=earbud").context["page"]
        cost.append(_count(client, django_assert_max_num_queries, "/search/?q=earbud"))
    assert len(page.results) >= 10
    assert cost[0] == cost[1]


def test_a_wrong_slug_redirects_for_good_and_an_unknown_id_is_404(client, cast):
    question = make_question(author=cast.minji)
    response = client.get(f"/questions/{question.pk}/something-else/")
    assert (response.status_code, response.url) == (301, question.get_absolute_url())
    for address in ("/questions/999999/x/", "/questions/99999999999999999999999/x/", "/questions/abc/x/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("status", ["held", "removed"])
def test_a_hidden_question_is_404_for_others_in_every_place(client, cast, index, status):
    question = make_question(author=cast.minji, status=status, title="A hidden thing")
    client.force_login(cast.junho)
    for name in ("question_history", "question_news", "question_suggestions"):
        assert client.get(reverse(f"community:{name}", args=[question.pk])).status_code == 404
    assert client.get(question.get_absolute_url()).status_code == 404
    for address in ("/", "/questions/", "/people/minji/", "/questions/feed/", "/sitemap-questions.xml"):
        assert "A hidden thing" not in client.get(address).content.decode()


def test_every_question_is_on_exactly_one_page_of_the_list(client, cast):
    made = {make_question(author=cast.minji).pk for _ in range(45)}
    seen, address = [], "/questions/"
    while address:
        page = client.get(address).context["page"]
        seen += [q.pk for q in page.rows]
        address = page.next_url and f"/questions/{page.next_url}"
    assert len(seen) == 45
    assert set(seen) == made


def test_going_on_and_back_shows_the_same_rows(client, cast):
    for _ in range(45):
        make_question(author=cast.minji)
    first = client.get("/questions/?sort=active").context["page"]
    second = client.get(f"/questions/{first.next_url}").context["page"]
    back = client.get(f"/questions/{second.previous_url}").context["page"]
    assert [q.pk for q in back.rows] == [q.pk for q in first.rows]
    assert not back.previous_url


@pytest.mark.parametrize("cursor", ["x", "%00", "WyJhZnRlciIsICJ4Il0", "W1tbW1tb", "9" * 400])
def test_a_cursor_nobody_can_read_is_the_first_page_or_a_refusal(client, cast, cursor):
    make_question(author=cast.minji)
    assert client.get(f"/questions/?cursor={cursor}").status_code in (200, 400)


def test_filters_show_what_they_say(client, cast):
    unanswered, unsolved = make_question(author=cast.minji), make_question(author=cast.junho)
    make_answer(unsolved)
    solved = make_answer(make_question(author=cast.junho, tags=["sound"]), accepted=True).question
    client.force_login(cast.minji)
    expected = {
        "state=unanswered": [unanswered],
        "state=unsolved": [unsolved],
        "state=solved": [solved],
        "state=mine": [unanswered],
        "state=watched": [],
        "tag=sound": [solved],
        "author=junho": [solved, unsolved],
        "language=ko": [],
    }
    for query, rows in expected.items():
        assert [q.pk for q in client.get(f"/questions/?{query}").context["page"].rows] == [
            q.pk for q in rows
        ], query


def test_a_profile_shows_what_is_public(client, cast):
    answer = make_answer(make_question(title="Seen by all"), author=cast.junho, accepted=True)
    make_answer(make_question(status="held", title="Not seen"), author=cast.junho)
    page = client.get(reverse("community:person", args=["junho"]))
    assert "Seen by all" in page.content.decode()
    assert "Not seen" not in page.content.decode()
    assert page.context["counts"] == {"answers": 1, "accepted": 1}
    assert answer.author == cast.junho


def test_views_are_counted_without_a_write_and_saved_by_the_sweep(client, cast, django_assert_num_queries):
    from community import schedule

    question = make_question(author=cast.minji)
    for _ in range(3):
        client.get(question.get_absolute_url())
    assert Question.objects.get().views == 0
    schedule.save_view_counts()
    schedule.save_view_counts()
    assert Question.objects.get().views == 1  # one visitor


def test_the_feed_of_a_tag_holds_its_public_questions(client, cast):
    make_question(author=cast.minji, title="Tagged", tags=["sound"])
    make_question(author=cast.minji, title="Other")
    feed = client.get("/tags/sound/feed/").content.decode()
    assert "Tagged" in feed
    assert "Other" not in feed


def test_a_person_may_be_gone(client, db):
    question = make_question(author=make_user("gone"))
    make_answer(question)
    question.author.delete()
    assert client.get(question.get_absolute_url()).status_code == 200


def test_the_page_of_a_question_and_its_row_say_the_same_of_its_state(client, cast):
    question = make_question(author=cast.minji)

    def states():
        seen = []
        for address in (question.get_absolute_url(), reverse("community:questions")):
            page = client.get(address, headers={"accept-language": "en"}).content.decode()
            head = page.partition("thread-head" if address != reverse("community:questions") else "data-row")[
                2
            ]
            seen.append(re.search(r'<span class="badge [^>]*><svg.*?</svg>(\w+)', head, re.DOTALL)[1])
        return seen

    assert states() == ["Unanswered", "Unanswered"]
    answer = make_answer(question)
    assert states() == ["Answered", "Answered"]
    Answer.objects.filter(pk=answer.pk).update(status="held")
    assert states() == ["Unanswered", "Unanswered"]
