"""What a search and the list while typing show: what fits, what this reader may see, and nothing rather than something wrong."""

import base64

import pytest
from django.contrib.auth.models import AnonymousUser

from community import finding
from community.models import Answer, Promotion, Question
from portal.core import search
from portal.core.search.writing import flush_now
from tests.factories import make_answer, make_article, make_product, make_question

VISITOR = AnonymousUser()


def indexed(*things) -> None:
    """Tell the index of them and let it write."""
    for thing in things:
        search.changed(thing._meta.model_name, thing.pk)
    flush_now()


def titles(results) -> list[str]:
    return [found.title for found in results]


@pytest.fixture
def shelf(index, cast):
    """One problem as an article and as a solved question, and others that nobody here asks about."""
    product = make_product()
    article = make_article(
        title="이어버드 한쪽만 소리가 날 때 다시 묶는 방법",
        body="이어버드 두 개를 케이스에 넣고 버튼을 10초 누르면 다시 묶여요.", product=product,
    )  # fmt: skip
    question = make_question(
        title="왼쪽 이어버드에서만 소리가 나와요", body="오른쪽은 조용해요.", product=product, tags=["소리"]
    )
    answer = make_answer(question, body="케이스에 넣고 버튼을 10초 누르세요.", accepted=True)
    others = [
        make_article(title=title, body=body)
        for title, body in (
            ("Clean the brush of the robot", "Take the brush out and cut the hair away."),
            ("지도를 다시 만드는 방법", "앱에서 지도를 지우고 청소를 시작하세요."),
            ("Replace the dust bag", "Open the dock, pull the bag out and put a new one in."),
            ("카메라를 벽에 다는 방법", "나사 두 개로 받침을 고정하세요."),
            ("녹화가 저장되지 않을 때", "메모리 카드를 다시 포맷하세요."),
        )
    ]
    indexed(article, question, answer, *others)
    return {"article": article, "question": question, "answer": answer}


def test_the_article_is_found_in_other_words(shelf):
    found = finding.suggest("한쪽만 소리가 나는 이어버드를 다시 묶으려면", by=VISITOR, language="ko")
    assert titles(found)[0] == shelf["article"].title
    assert 0.5 <= found[0].confidence <= 1


@pytest.mark.parametrize("text", ["환불은 언제 되나요", "how do I cook rice", "안녕하세요", "?!", ""])
def test_what_nobody_wrote_about_is_answered_with_silence(shelf, text):
    assert finding.suggest(text, by=VISITOR) == []


def test_a_search_gives_the_accepted_answer_for_its_question_once(shelf):
    page = finding.find("이어버드 소리", by=VISITOR)
    assert sorted(found.kind for found in page.results) == ["answer", "article"]
    answer = next(found for found in page.results if found.kind == "answer")
    assert answer.object == shelf["answer"]
    assert answer.title == shelf["question"].title
    assert page.facets["kind"] == {"article": 1, "answer": 1}


def test_an_unsolved_question_is_found_but_not_suggested(index, cast):
    question = make_question(title="케이스 불빛이 주황색으로 깜빡여요")
    indexed(question, make_article(title="Clean the brush"), make_article(title="지도 만들기"))
    assert titles(finding.find("케이스 불빛 주황색", by=VISITOR).results) == [question.title]
    assert finding.suggest("케이스 불빛이 주황색으로 깜빡여요", by=VISITOR) == []


@pytest.mark.parametrize("status", ["held", "removed"])
def test_a_hidden_post_is_not_found_even_while_the_index_still_holds_it(shelf, status):
    Question.objects.filter(pk=shelf["question"].pk).update(status=status)  # and nobody told the index
    for text in (shelf["question"].title, "이어버드 소리"):
        assert shelf["question"].title not in titles(finding.find(text, by=VISITOR).results)
        assert shelf["question"].title not in titles(finding.suggest(text, by=VISITOR))
    assert finding.find("이어버드 소리", by=VISITOR).facets["kind"] == {"article": 1}


def test_the_words_of_a_hidden_answer_do_not_make_its_question_found(shelf, cast):
    secret = make_answer(shelf["question"], body="자동차 보험 카탈로그를 보세요.")
    indexed(secret)
    assert finding.find("자동차 보험 카탈로그", by=VISITOR).count == 1
    Answer.objects.filter(pk=secret.pk).update(status="removed")
    assert finding.find("자동차 보험 카탈로그", by=VISITOR).count == 0


def test_an_article_stands_before_the_answer_it_was_made_of(shelf):
    made = make_article(
        title="오른쪽 이어버드가 조용할 때", body="소리가 왼쪽에서만 나오면 버튼을 10초 누르세요."
    )
    Promotion.objects.create(answer=shelf["answer"], state="published", article=made)
    indexed(made)
    asked = shelf["question"].title
    assert titles(finding.find(asked, by=VISITOR).results).index(made.title) < titles(
        finding.find(asked, by=VISITOR).results
    ).index(asked)
    shown = titles(finding.suggest(asked, by=VISITOR))
    assert made.title in shown
    assert asked not in shown


def test_nobody_is_offered_their_own_question(shelf):
    question = shelf["question"]
    assert question.title in titles(finding.suggest(question.title, by=VISITOR))
    assert question.title not in titles(finding.suggest(question.title, by=VISITOR, besides=question.pk))


def test_filters_narrow_and_their_counts_are_of_what_is_shown(shelf):
    page = finding.find("이어버드 소리", by=VISITOR, tag="소리")
    assert [found.kind for found in page.results] == ["answer"]
    assert page.facets["product"] == {"nova-buds": 1}
    assert finding.find("이어버드 소리", by=VISITOR, product="nova-cam").count == 0
    assert finding.find("이어버드 소리", by=VISITOR, language="en").count == 0
    assert finding.find("이어버드 소리", by=VISITOR, kinds=("article",)).count == 1


@pytest.mark.parametrize("sort", ["relevance", "new", "helpful"])
def test_pages_follow_each_other_without_gaps_or_doubles(index, cast, sort):
    made = [make_question(title=f"카메라 알림이 {n}번 왔어요", author=cast.minji) for n in range(23)]
    indexed(*made)
    seen, cursor = [], ""
    while True:
        page = finding.find("카메라 알림", by=VISITOR, sort=sort, cursor=cursor, limit=10)
        assert page.count == 23
        seen += [found.object.pk for found in page.results]
        cursor = page.next_cursor
        if not cursor:
            break
    assert sorted(seen) == sorted(question.pk for question in made)
    back = finding.find("카메라 알림", by=VISITOR, sort=sort, cursor=page.previous_cursor, limit=10)
    assert [found.object.pk for found in back.results] == seen[10:20]


@pytest.mark.parametrize(
    "said", ["nope", "[false, 1" + "0" * 400 + "]", "[false, NaN]", "[" * 9000, "7", "[[], {}]"]
)
def test_a_made_up_cursor_is_the_first_page(shelf, said):
    made_up = base64.urlsafe_b64encode(said.encode()).decode()
    first = finding.find("이어버드 소리", by=VISITOR)
    assert titles(finding.find("이어버드 소리", by=VISITOR, cursor=made_up).results) == titles(first.results)


def test_the_excerpt_is_the_sentence_that_matched_with_its_words_marked(index, cast):
    indexed(
        make_article(
            title="Network",
            body="The light is white.\n\nRestart the router & wait <script>alert(1)</script> a minute. Then try again.",
        )
    )
    (found,) = finding.find("restart router", by=VISITOR).results
    assert found.excerpt.startswith("Restart the router & wait")
    assert found.highlights.startswith("<mark>Restart</mark> the <mark>router</mark> &amp; wait")
    assert "<script" not in found.highlights


def test_the_number_of_queries_does_not_grow_with_the_results(index, cast, django_assert_num_queries):
    made = [make_answer(make_question(title=f"카메라 알림이 {n}번 왔어요"), accepted=True) for n in range(12)]
    indexed(*made, *(answer.question for answer in made), make_article(title="카메라 알림 끄기"))
    finding.find("카메라", by=VISITOR)  # the synonyms are read once
    for limit in (3, 12):
        with django_assert_num_queries(5):
            assert len(finding.find("카메라 알림", by=VISITOR, limit=limit).results) == limit
