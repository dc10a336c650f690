"""The card under a question: why each is there, "this solved it" and "not it" with their undoing, and use in an answer."""

import pytest

from community import services
from community.models import Question, Suggestion
from community.suggesting import suggest_for_question
from tests.api import Api, is_problem
from tests.factories import make_answer, make_article, make_product, make_question
from tests.search.test_finding import indexed

pytestmark = pytest.mark.django_db
TITLE = "왼쪽 이어버드에서만 소리가 나요"


@pytest.fixture
def asked(index, cast):
    """minji's question with the article and the older answer that the portal found for it."""
    product = make_product()
    article = make_article(
        title="이어버드 왼쪽에서만 소리가 날 때", product=product,
        body="소리가 한쪽에서만 나면 [두 개](/x/)가 서로를 잃은 거예요.\n\n이어버드 *둘* 다 넣고 버튼을 10초 눌러요.",
    )  # fmt: skip
    older = make_question(title="소리가 이어버드 한쪽에서만 나와요", body="왼쪽만 나와요.")
    answer = make_answer(
        older, body="왼쪽 이어버드에서만 소리가 나면 케이스에 넣고 기다려 보세요.", accepted=True
    )
    others = [
        make_article(title=title, body=title) for title in ("지도 만들기", "Charge it", "먼지통 비우기")
    ]
    indexed(article, older, answer, *others)
    question = make_question(author=cast.minji, title=TITLE, body="오른쪽은 조용해요.", product=product)
    rows = {"article" if row.article_id else "answer": row for row in suggest_for_question(question)}
    question.refresh_from_db()
    return {
        "question": question,
        "article": article,
        "answer": answer,
        **{f"{k}_row": v for k, v in rows.items()},
    }


def card(client, question) -> str:
    return client.get(f"/questions/{question.pk}/suggestions/").content.decode()


def say(client, row, outcome, **how):
    return client.post(f"/questions/{row.question_id}/suggestions/{row.pk}/", {"outcome": outcome}, **how)


def settled(row):
    row = Suggestion.objects.get(pk=row.pk)
    return row.outcome, row.outcome_at is not None


def test_each_says_why_it_is_there_and_only_what_is_true(client, asked):
    rows = {
        row["kind"]: row
        for row in Api().get(f"questions/{asked['question'].pk}/suggestions/").json()["results"]
    }
    assert rows["article"]["reasons"] == ["title", "product"]
    assert rows["answer"]["reasons"] == ["title"]
    Question.objects.filter(pk=asked["question"].pk).update(title="기계가 조용해졌어요", product=None)
    rows = {
        row["kind"]: row
        for row in Api().get(f"questions/{asked['question'].pk}/suggestions/").json()["results"]
    }
    assert [row["reasons"] for row in rows.values()] == [["text"], ["text"]]
    page = client.get(f"/questions/{asked['question'].pk}/suggestions/", headers={"accept-language": "ko"})
    assert "내용이 가까워요" in page.content.decode()


def test_not_it_takes_the_row_away_at_once_is_kept_and_can_be_taken_back(client, cast, asked):
    row, sure = asked["article_row"], asked["article_row"].confidence
    client.force_login(cast.minji)
    part = say(client, row, "not_helpful", headers={"hx-request": "true"}).content.decode()
    shown, _details, aside = part.partition("<details")
    assert asked["article"].title not in shown
    assert asked["answer"].question.title in shown
    assert asked["article"].title in aside
    assert settled(row) == ("not_helpful", True)
    client.logout()
    assert asked["article"].title not in card(client, asked["question"])  # the refusal is the asker's alone
    client.force_login(cast.minji)
    assert say(client, row, "").url == f"{asked['question'].get_absolute_url()}#suggestions"
    assert asked["article"].title in card(client, asked["question"]).partition("<details")[0]
    assert settled(row) == ("", False)
    assert Suggestion.objects.get(pk=row.pk).confidence == sure


@pytest.mark.parametrize("kind", ["article", "answer"])
def test_this_solved_it_can_be_taken_back_from_the_card(client, cast, asked, kind):
    row, question = asked[f"{kind}_row"], asked["question"]
    client.force_login(cast.minji)
    say(client, row, "solved")
    assert Api().get(f"questions/{question.pk}/").json()[f"solved_by_{kind}"] == asked[kind].pk
    assert 'name="outcome" value=""' in " ".join(card(client, question).split())
    client.force_login(cast.junho)
    assert "suggestion-card" not in card(client, question)
    client.force_login(cast.minji)
    say(client, row, "")
    assert Api().get(f"questions/{question.pk}/").json()["solved_at"] is None
    assert settled(row) == ("", False)


def test_a_withdrawn_acceptance_takes_what_was_said_of_the_suggestion_with_it(cast, asked):
    services.settle_suggestion(suggestion=asked["article_row"], by=cast.minji, outcome="solved")
    services.withdraw_acceptance(question=asked["question"], by=cast.minji)
    assert settled(asked["article_row"]) == ("", False)


def test_that_it_was_opened_is_kept_whatever_is_said_of_it_later(client, cast, asked):
    row = asked["answer_row"]
    client.force_login(cast.junho)
    assert (
        say(client, row, "opened").status_code == 403
    )  # others' reading says nothing about the asker's problem
    client.force_login(cast.minji)
    assert say(client, row, "opened", headers={"x-requested-with": "fetch"}).status_code == 204
    assert settled(row) == ("opened", True)
    first = Suggestion.objects.get(pk=row.pk).opened_at
    for outcome in ("not_helpful", "opened"):
        say(client, row, outcome)
    assert settled(row) == ("not_helpful", True)
    say(client, row, "")
    assert settled(row) == ("opened", True)
    assert Suggestion.objects.get(pk=row.pk).opened_at == first
    assert "data-opens" not in card(client, asked["question"]).split(f'id="suggestion-{row.pk}"')[1]


def test_the_api_takes_back_with_null(cast, asked):
    row = asked["article_row"]
    api, path = Api(cast.minji), f"questions/{row.question_id}/suggestions/{row.pk}/outcome/"
    api.post(path, {"outcome": "not_helpful"})
    rows = {
        each["id"]: each["outcome"]
        for each in Api().get(f"questions/{row.question_id}/suggestions/").json()["results"]
    }
    assert row.pk not in rows
    api.post(path, {"outcome": None})
    assert settled(row) == ("", False)
    is_problem(api.post(path, {"outcome": "perhaps"}), 400)


def test_an_answerer_uses_it_without_a_script(client, cast, asked):
    row, question = asked["article_row"], asked["question"]
    client.force_login(cast.junho)
    address = f"{question.get_absolute_url()}?use={row.pk}#answer-form"
    assert f'href="{address}"' in client.get(question.get_absolute_url()).content.decode()
    text = client.get(address).context["form"].initial["body"]
    title, quote = text.strip().split("\n\n")
    assert title == f"[{asked['article'].title}](http://testserver{asked['article'].get_absolute_url()})"
    assert quote.startswith("> 소리가 한쪽에서만 나면 두 개가 서로를 잃은 거예요.")
    assert client.get(f"/questions/{question.pk}/suggestions/{row.pk}/quotation/").content.decode() == text
    client.force_login(cast.minji)
    assert "?use=" not in client.get(question.get_absolute_url()).content.decode()


def test_what_means_something_in_markdown_is_quoted_as_it_reads(client, asked):
    row = asked["article_row"]
    revision = asked["article"].published_revision
    type(revision).objects.filter(pk=revision.pk).update(html="<p>Press *both* [keys](x) &lt;b&gt;</p>")
    text = client.get(f"/questions/{row.question_id}/suggestions/{row.pk}/quotation/").content.decode()
    assert text.endswith("> Press \\*both\\* \\[keys\\](x) \\<b\\>\n\n")  # and not what the index still knows


def test_what_cannot_be_read_any_more_cannot_be_used(client, cast, asked):
    question, row = asked["question"], asked["answer_row"]
    services.withdraw_answer(answer=asked["answer"], by=asked["answer"].author)
    assert client.get(f"/questions/{question.pk}/suggestions/{row.pk}/quotation/").status_code == 404
    page = client.get(f"{question.get_absolute_url()}?use={row.pk}")
    assert "body" not in page.context["form"].initial
    for use in ("9" * 30, "x", "-1", str(make_question().pk)):
        assert client.get(question.get_absolute_url(), {"use": use}).status_code == 200
    elsewhere = make_question()
    other = asked["article_row"]
    assert client.get(f"/questions/{elsewhere.pk}/suggestions/{other.pk}/quotation/").status_code == 404


def test_the_card_takes_as_many_queries_for_three_as_for_one(client, cast, django_assert_num_queries):
    question = make_question(author=cast.minji, suggested_at="2026-01-01T00:00Z")
    question.suggestions.create(article=make_article(), confidence=0.9, position=1)
    with django_assert_num_queries(2):
        card(client, question)
    for position in (2, 3):
        question.suggestions.create(answer=make_answer(), confidence=0.9, position=position)
    with django_assert_num_queries(2):
        assert card(client, question).count('class="suggestion"') == 3
