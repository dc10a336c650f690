"""What somebody may have meant, when a search finds next to nothing: only words that this reader can find."""

import html
import re
import time

import pytest
from django.contrib.auth.models import AnonymousUser

from community import finding, searching
from community.models import Question
from portal.core import search
from portal.core.search import analysis
from portal.core.search.hangul import composed, keys_of
from portal.core.search.respelling import proposals, reread
from portal.core.search.syntax import parse
from portal.core.search.writing import flush_now
from tests.factories import make_article, make_question

VISITOR = AnonymousUser()


def indexed(*things) -> None:
    for thing in things:
        search.changed(thing._meta.model_name, thing.pk)
    flush_now()


@pytest.fixture
def shelf(index, cast):
    indexed(
        make_article(title="배터리가 빨리 닳을 때", body="화면 밝기를 낮추고 로그인 상태를 확인하세요."),
        make_article(title="배터리를 바꾸는 방법", body="고객센터에 물어보세요. 안녕하세요."),
        make_article(title="How to get help with the charger", body="Write to us. The battery lasts a day."),
        make_article(title="Pair the bluetooth speaker", body="Hold the button."),
        make_question(title="보터라는 말은 무슨 뜻인가요", author=cast.minji, body="모르겠어요"),
    )


def meant(typed: str, by=VISITOR) -> str:
    return searching.search(parse(typed), by=by, as_typed=True).did_you_mean


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("dkssud", "안녕"), ("qoxjfl", "배터리"), ("fhrmdls", "로그인"), ("Rkcl", "까치"), ("dksgdk", "않아"), ("ekfrrhrl", "닭고기"),
        ("dnpqtkdlxm", "웹사이트"), ("rkqtdl", "값이"), ("anjdi", "뭐야"), ("dhodl", "왜이"), ("dmltk", "의사"), ("help", "ㅗ디ㅔ"),
    ],
)  # fmt: skip
def test_keys_write_the_same_on_either_keyboard(keys, text):
    assert composed(keys) == text
    assert keys_of(text) == keys


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("dkssud", "안녕"),
        ("qoxjfl", "배터리"),
        ("QOXJFL", "배터리"),  # Caps Lock
        ("qoxjfl tag:x", None),  # a filter that names nothing is not respelt
        ("fhrmdls 상태", "로그인 상태"),
        ("ㅗ디ㅔ", "help"),
        ("ㅂㅌㄹ", "배터리"),
        ("ㄱㄱㅅㅌ", "고객센터"),
        ("ㄱㄳㅌ", "고객센터"),  # as a keyboard joins them
        ("배터라", "배터리"),
        ("배터라를", "배터리"),
        ("배타리", "배터리"),
        ("batery", "battery"),
        ("chrager", "charger"),
        ("bluetoth speker", "bluetooth speaker"),
        ("helllp -charger", None),  # what is left of it finds nothing either
        ("zzzzzz", None),
        ("ㅋㅋㅋ", None),
        ("배터리", None),
        ("help", None),
    ],
)
def test_a_slip_is_recognised_and_the_words_that_are_right_stay(shelf, typed, expected):
    assert meant(typed) == (expected or "")


def test_the_filters_stay_in_what_was_meant(shelf):
    assert meant("batery lang:en kind:article") == "battery lang:en kind:article"
    assert meant("batery lang:ko kind:question") == ""


def test_a_word_that_is_found_is_never_respelt(shelf):
    assert proposals("배터리 help") == []
    assert reread("help") is None
    indexed(make_article(title="What is qoxjfl"))
    assert reread("qoxjfl") is None


@pytest.mark.parametrize("status", ["held", "removed"])
def test_a_word_that_only_a_hidden_text_holds_is_not_given_away(index, cast, status):
    secret = make_question(title="The salamander project", author=cast.minji)
    indexed(secret, make_article(title="How to charge"))
    assert meant("salamandr") == "salamander"
    assert meant("charge salamandr") == "charge salamander"  # one thing is next to nothing
    Question.objects.filter(pk=secret.pk).update(status=status)  # and the index does not know yet
    for by in (VISITOR, cast.junho):
        assert meant("salamandr", by) == ""
        assert meant("charge salamandr", by) == ""
        assert meant("chargr salamandr", by) == ""  # though what it says besides is found


def test_the_index_forgets_a_word_with_its_text(index, cast):
    secret = make_question(title="The salamander project", author=cast.minji)
    indexed(secret, make_article(title="How to charge"))
    Question.objects.filter(pk=secret.pk).update(status="removed")
    indexed(secret)
    assert meant("salamandr") == ""


def test_a_plain_slip_is_searched_at_once_and_can_be_taken_back(client, shelf):
    page = html.unescape(client.get("/search/", {"q": "qoxjfl"}).content.decode())
    assert "배터리를 바꾸는 방법" in page
    assert 'value="qoxjfl"' in page
    back = re.search(r'href="(\?q=qoxjfl&exactly=1)"', page)[1]
    as_typed = client.get(f"/search/{back}").content.decode()
    assert "배터리를 바꾸는 방법" not in as_typed
    assert "Did you mean" in as_typed
    assert searching.search(parse("배터라"), by=VISITOR).count == 0  # a guess is only offered


def test_the_api_says_what_may_have_been_meant(client, shelf):
    answer = client.get("/api/v1/search/", {"q": "qoxjfl"}).json()
    assert (answer["count"], answer["did_you_mean"]) == (0, "배터리")
    assert client.get("/api/v1/search/", {"q": "배터리"}).json()["did_you_mean"] is None


def test_what_is_typed_on_the_other_keyboard_can_be_reread_at_every_letter(shelf):
    assert reread("qoxjfl") == "배터리"
    assert reread("fhrmdls 상태") == "로그인 상태"
    assert [reread(text) for text in ("", "q", "charge", "배터리", "x" * 9_000, "qoxjfl " * 3_000)] == [
        None
    ] * 6


def test_what_is_asked_on_the_other_keyboard_is_suggested_for_as_it_was_meant(client, shelf):
    typed = keys_of("배터리가 빨리 닳을 때")
    assert typed.isascii()
    (found,) = finding.suggest(typed, by=VISITOR)
    assert found.title == "배터리가 빨리 닳을 때"
    said = client.get("/api/v1/suggest/", {"q": typed}).json()
    assert [each["title"] for each in said["results"]] == [found.title]
    assert finding.suggest(keys_of("고양이가 갑자기 울어요"), by=VISITOR) == []


def test_a_long_text_is_no_slip_of_the_finger(shelf):
    assert proposals("배터라 " * 8)
    assert proposals("배터라 " * 9) == []


@pytest.mark.parametrize(
    "typed", ["ㅂ" * 300, "a" * 10_000, "qoxjfl " * 2_000, "ㄳ" * 40, "\ud800", "배터라 " * 8, "ㅏ", "😀"]
)
def test_hostile_words_are_not_pondered(shelf, typed):
    analysis.warm()
    begun = time.perf_counter()
    searching.search(parse(typed), by=VISITOR)
    assert time.perf_counter() - begun < 2


def test_looking_for_what_was_meant_costs_a_fixed_number_of_queries(shelf, django_assert_max_num_queries):
    meant("batery")  # the synonyms are read once
    for typed in ("batery", "batery speker bluetoth chrager"):
        with django_assert_max_num_queries(3):
            searching.search(parse(typed), by=VISITOR, as_typed=True)
