"""Lists of the API: cursors that neither skip nor repeat, filters, and as many queries for many rows as for few."""

import pytest

from community.models import Promotion
from kb.services import record_gap
from portal.core.models import Notification, Product
from portal.core.search import record_search
from tests.api import Api
from tests.factories import (
    make_answer,
    make_article,
    make_comment,
    make_product,
    make_question,
    make_user,
)


def _fill(rows, cast):
    """One thread with everything on it, `rows` times over, and the rest of what is listed."""
    product = make_product("nova-buds")
    top = make_question(author=cast.minji, tags=["top"])
    for number in range(rows):
        question = make_question(
            author=make_user(),
            product=product,
            release=product.releases.first(),
            tags=[f"t{number}", "sound"],
        )
        answer = make_answer(question, author=make_user(), accepted=True)
        answer.votes.create(voter=make_user(), helpful=True)
        make_answer(top, author=make_user()).votes.create(voter=make_user(), helpful=bool(number % 2))
        make_comment(top, author=make_user())
        article = make_article(tags=[f"t{number}"], product=product)
        article.releases.add(product.releases.first())
        article.credits.create(person=make_user(), source_kind="answer", source_pk=answer.pk, source_url="/x")
        Promotion.objects.create(answer=answer, score=number, article=article, state="candidate")
        question.flags.create(reporter=cast.junho, reason="spam")
        answer.flags.create(reporter=cast.junho, reason="spam")
        record_gap(text=f"need number {number}", language="en")
        Notification.objects.create(
            recipient=cast.minji, actor=cast.junho, kind="answer", dedupe_key=f"k{number}", target_kind="community.answer",
            target_pk=answer.pk, thread_key="t", url="/x", data={"title": "T"},
        )  # fmt: skip
        make_article(slug=f"draft-{number}", published=False)
        top.suggestions.create(article=article, confidence=0.9, position=number)
        _revision(article)
    return top


def _revision(article):
    article.revisions.create(number=2, title="T", body="B", html="<p>B</p>", author=article.owner)


LISTS = [
    ("minji", "questions/"),
    ("minji", "questions/?sort=active&tag=sound"),
    ("minji", "questions/?sort=helpful&state=solved"),
    ("mod", "questions/"),
    ("minji", "questions/{top}/answers/"),
    ("minji", "questions/{top}/comments/"),
    ("minji", "questions/{top}/suggestions/"),
    ("minji", "articles/"),
    ("kate", "articles/?state=draft"),
    ("kate", "articles/{slug}/revisions/"),
    ("kate", "promotions/"),
    ("kate", "promotions/?state=candidate"),
    ("kate", "gaps/"),
    ("mod", "moderation/"),
    ("minji", "notifications/"),
]


@pytest.mark.parametrize(("who", "path"), LISTS)
def test_a_list_costs_the_same_for_many_rows(who, path, cast, django_assert_max_num_queries):
    api, costs = Api(getattr(cast, who)), []
    for rows in (2, 9):
        top = _fill(rows, cast)
        address = path.format(top=top.pk, slug=top.suggestions.first().article.slug)
        api.get(address)  # content types and the token's day are looked up once
        with django_assert_max_num_queries(12) as counted:
            answer = api.get(address).json()["results"]
        costs.append(len(counted))
        assert len(answer) >= 2
        for model in (Notification, Promotion):
            model.objects.all().delete()
        top.delete()
        _clear()
    assert costs[0] == costs[1]


def _clear():
    from community.models import Question
    from kb.models import Article, ContentGap

    Question.objects.all().delete()
    Article.objects.update(published_revision=None, status="draft")
    Article.objects.all().delete()
    ContentGap.objects.all().delete()


@pytest.mark.parametrize(
    ("who", "path", "key", "rows"),
    [
        ("minji", "questions/?sort=new", "id", 8),
        ("minji", "questions/?sort=active", "id", 8),
        ("minji", "questions/?sort=helpful", "id", 8),
        ("minji", "questions/{top}/answers/?", "id", 7),
        ("minji", "questions/{top}/comments/?", "id", 7),
        ("minji", "articles/?", "slug", 7),
        ("kate", "promotions/?", "id", 7),
        ("kate", "promotions/?state=candidate", "id", 7),
        ("kate", "gaps/?", "id", 7),
        ("mod", "moderation/?", "id", 14),
        ("minji", "notifications/?", "id", 7),
    ],
)
def test_pages_neither_skip_nor_repeat(who, path, key, rows, cast):
    top = _fill(7, cast)
    api = Api(getattr(cast, who))
    whole = [row[key] for row in api.get(path.format(top=top.pk) + "&limit=100").json()["results"]]
    assert len(whole) == len(set(whole)) == rows
    page, seen = api.get(path.format(top=top.pk) + "&limit=3").json(), []
    assert page["previous"] is None
    while True:
        seen += [row[key] for row in page["results"]]
        if page["next"] is None:
            break
        page = api.get(page["next"]).json()
    assert seen == whole
    if "moderation" not in path:
        back = api.get(page["previous"]).json()
        assert [row[key] for row in back["results"]] == whole[
            -len(page["results"]) - 3 : -len(page["results"])
        ]


def test_a_new_row_moves_no_page(cast):
    for _ in range(4):
        make_question()
    api = Api()
    first = api.get("questions/?limit=2").json()
    make_question()
    second = api.get(first["next"]).json()
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}
    assert second["next"] is None


def test_the_filters_of_the_list_of_questions(cast):
    product = make_product("nova-cam")
    alone = make_question(
        author=cast.minji, title="하나 둘 셋", body="넷 다섯", product=product, tags=["sound"]
    )
    tried = make_answer(make_question(author=cast.junho), author=cast.minji).question
    solved = make_answer(make_question(author=cast.junho), author=cast.minji, accepted=True).question
    make_question(status="held")

    def ids(query):
        return {row["id"] for row in Api().get(f"questions/?{query}").json()["results"]}

    assert ids("") == {alone.pk, tried.pk, solved.pk}
    assert ids("state=unanswered") == ids("tag=sound") == ids("product=nova-cam") == {alone.pk}
    assert ids("author=minji") == ids("language=ko") == {alone.pk}
    assert (ids("state=unsolved"), ids("state=solved")) == ({tried.pk}, {solved.pk})
    assert ids("tag=nothing") == ids("product=nothing") == ids("author=nobody") == set()


def test_answers_stand_accepted_first_then_by_votes(cast):
    question = make_question(author=cast.minji)
    plain, good, bad, accepted = (make_answer(question) for _ in range(4))
    good.votes.create(voter=cast.minji, helpful=True)
    bad.votes.create(voter=cast.minji, helpful=False)
    Api(cast.minji).post(f"answers/{accepted.pk}/accept/")
    rows = Api().get(f"questions/{question.pk}/answers/").json()["results"]
    assert [row["id"] for row in rows] == [accepted.pk, good.pk, plain.pk, bad.pk]
    assert [(row["helpful"], row["unhelpful"]) for row in rows] == [(0, 0), (1, 0), (0, 0), (0, 1)]


def test_a_removed_answer_is_in_no_list_even_for_moderators(cast):
    answer = make_answer()
    Api(cast.mod).delete(f"answers/{answer.pk}/")
    for api in (Api(), Api(cast.mod)):
        assert api.get(f"questions/{answer.question_id}/answers/").json()["results"] == []


def test_searches_are_answered_and_settled_by_the_same_visitor_alone(cast, index):
    visitor, other = Api(), Api()
    answer = visitor.get("suggest/?q=silent%20earbud&language=en").json()
    assert answer["abstained"] is (answer["results"] == [])
    opened = {"outcome": "opened", "kind": "article", "id": 1}
    path = f"suggest/{answer['query_id']}/outcome/"
    assert visitor.post(path, opened).status_code == 204
    assert other.post(path, opened, headers={"user-agent": "another"}).status_code == 404
    found = visitor.get("search/?q=silent&sort=new&solved=true").json()
    assert {"query_id", "count", "facets", "did_you_mean", "next", "previous", "results"} == set(found)
    assert (
        visitor.post(
            f"search/{found['query_id']}/click/", {"kind": "article", "id": 1, "position": 1}
        ).status_code
        == 204
    )
    assert record_search(surface="search", text="x", hits=0, shown=0, sender="somebody").outcome == ""


def test_names_of_products_are_slugs(cast):
    make_product("nova-cam")
    api = Api(cast.minji)
    made = api.post(
        "questions/", {"title": "Why?", "body": "So.", "product": "nova-cam", "release": "2.0"}
    ).json()
    assert (made["product"], made["release"]) == ("nova-cam", "2.0")
    changed = api.patch(f"questions/{made['id']}/", {"tags": ["b", "a"], "release": None}).json()
    assert (changed["product"], changed["release"], changed["tags"]) == ("nova-cam", None, ["a", "b"])
    assert Product.objects.count() == 1
