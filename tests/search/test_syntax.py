"""What people type into the search box: filters and phrases are understood, everything else is words and no error."""

import random
import time

import pytest
from django.contrib.auth.models import AnonymousUser

from community import finding
from portal.core import search
from portal.core.search import analysis
from portal.core.search.syntax import Asked, parse
from portal.core.search.writing import flush_now
from tests.factories import make_answer, make_article, make_product, make_question

VISITOR = AnonymousUser()


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("battery life", Asked(words="battery life")),
        ('battery "red light"', Asked(words="battery", phrases=("red light",))),
        ("배터리 “빨간 불”", Asked(words="배터리", phrases=("빨간 불",))),
        ("battery -case", Asked(words="battery", without=("case",))),
        ('battery -"red light"', Asked(words="battery", without=("red light",))),
        ("tag:wifi TAG:#Bluetooth", Asked(tags=("wifi", "bluetooth"))),
        ("product:nova-buds is:Solved", Asked(product="nova-buds", state="solved")),
        ('제품:"노바 버즈" 상태:해결 작성자:@minji', Asked(product="노바 버즈", state="solved", by="minji")),
        ("태그:와이파이 언어:한국어 종류:질문", Asked(tags=("와이파이",), language="ko", kind="question")),
        ("is:unanswered lang:en kind:article", Asked(state="unanswered", language="en", kind="article")),
        ("C++ (", Asked(words="C++ (")),
        ("error: 5", Asked(words="error: 5")),
        ("http://x", Asked(words="http://x")),
        ("-5", Asked(words="-5")),
        ("a:b", Asked(words="a:b")),
        ("is:broken lang:fr kind:", Asked(words="is:broken lang:fr kind:")),
        ('say "hello', Asked(words="say hello")),
        ("nul\x00byte", Asked(words="nul byte")),
        ("-rf", Asked(words="rf")),
        ('""', Asked()),
        ("  ", Asked()),
    ],
)
def test_what_is_typed_is_understood_and_can_be_typed_again(typed, understood):
    assert parse(typed) == understood
    assert parse(str(understood)) == understood


def test_a_filter_clicked_is_a_filter_typed():
    typed = parse("배터리 tag:wifi is:solved")
    assert parse("배터리").narrowed(tag="wifi", state="solved") == typed
    assert str(typed.lacking("tag", "wifi").lacking("state")) == "배터리"


def test_whatever_is_typed_means_the_same_when_it_is_typed_back():
    chance = random.Random(7)
    pieces = [
        '"',
        "-",
        ":",
        "：",
        " ",
        "\n",
        "tag",
        "is",
        "solved",
        "배터리",
        "5",
        "태그",
        "x",
        "“",
        ".",
        ",",
        "@",
        "by",
    ]
    for _ in range(4_000):
        asked = parse("".join(chance.choices(pieces, k=chance.randint(1, 14))))
        assert parse(str(asked)) == asked


HOSTILE = [
    '"', '""""', '-"', "-", "--", "- -", "(", ")(", "*", "?", "*:*", "a*", "AND", "OR NOT", "text:*", "pk:[1 TO 9]", "kind:*",
    "tag:", "tag:*", "product:%", "by:'--", "is:\x00", "\x00", "!!!???", "ㅂㅌㄹ", "ㅗ디ㅔ", "ㄱㅏㄴㅏ", "😀😀", "a" * 10_000,
    '"a ' * 3_000, "tag:x " * 1_500, "-x " * 3_000, '"' * 10_000, "배터리 " * 2_500, "\\", "[[[", "{}", "~", "^5", "e\u0301" * 500,
    "by:" + "x" * 5_000, "/etc/passwd", "<script>", "%00", "' OR 1=1 --", "\u202e\u200b", "ᄇ" * 300, "tag:" + "가" * 300,
]  # fmt: skip


@pytest.fixture
def shelf(index, cast):
    product = make_product()
    things = [
        make_article(title="Charge the battery", body="A red light means it is empty.", product=product, tags=["light"]),
        make_article(title="Clean the case", body="The light of the lid is red."),
        make_question(title="The battery is empty", author=cast.minji, product=product, tags=["light", "wifi"]),
    ]  # fmt: skip
    answer = make_answer(
        things[2], author=cast.junho, body="Wait until the red light goes out.", accepted=True
    )
    for thing in (*things, answer):
        search.changed(thing._meta.model_name, thing.pk)
    flush_now()
    return {"charge": things[0], "clean": things[1], "question": things[2], "answer": answer}


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_answered_in_time_and_never_with_everything(client, shelf, typed):
    analysis.warm()
    begun = time.perf_counter()
    page = finding.find(parse(typed), by=VISITOR)
    assert page.count < 3
    shown = client.get("/api/v1/search/", {"q": typed.replace("\x00", "")})
    assert shown.status_code == 200
    assert time.perf_counter() - begun < 3


def titles(typed, by=VISITOR, **more):
    return sorted(found.title for found in finding.find(parse(typed), by=by, **more).results)


def test_a_phrase_stands_in_the_text_in_its_order(shelf):
    assert titles("red light") == ["Charge the battery", "Clean the case", "The battery is empty"]
    assert titles('"red light"') == ["Charge the battery", "The battery is empty"]
    assert titles('"light red"') == []
    assert titles('battery "red lights"') == [
        "Charge the battery",
        "The battery is empty",
    ]  # the same words, inflected


def test_an_excluded_word_excludes_the_whole_thread(shelf):
    assert titles("battery -wait") == ["Charge the battery"]  # only the answer says it
    assert titles('light -"red light"') == ["Clean the case"]
    assert titles("tag:light -wait") == ["Charge the battery"]


def test_filters_choose_by_tag_product_state_person_language_and_kind(shelf):
    both = ["Charge the battery", "The battery is empty"]
    assert titles("battery tag:light") == both
    assert titles("battery tag:light tag:wifi") == ["The battery is empty"]
    assert titles('battery product:"nova buds"') == both
    assert titles("battery by:junho") == ["The battery is empty"]  # who answered
    assert titles("battery by:minji") == ["The battery is empty"]  # who asked
    assert titles("battery by:kate") == []
    assert titles("battery lang:ko") == []
    assert titles("battery kind:article") == ["Charge the battery"]
    assert titles("battery is:solved") == both
    assert titles("battery is:unsolved") == []


def test_unanswered_is_what_nobody_has_answered(shelf, cast):
    make_answer(asked := make_question(title="Battery swollen"))
    waiting = make_question(title="Battery hot")
    for question in (asked, waiting):
        search.changed("question", question.pk)
    flush_now()
    assert titles("battery is:unanswered") == titles("is:unanswered") == ["Battery hot"]
    assert titles("battery is:unsolved") == titles("is:unsolved") == ["Battery hot", "Battery swollen"]


def test_filters_alone_list_what_carries_them_the_newest_first(shelf, cast):
    page = finding.find(parse("tag:light"), by=VISITOR)
    assert [found.title for found in page.results] == ["The battery is empty", "Charge the battery"]
    assert [found.kind for found in page.results] == ["answer", "article"]
    assert page.facets["kind"] == {"article": 1, "answer": 1}
    assert page.facets["tag"] == {"light": 2, "wifi": 1}
    assert page.facets["product"] == {"nova-buds": 2}
    assert page.facets["solved"] == {"true": 2}
    assert page.results[1].excerpt == "A red light means it is empty."


@pytest.mark.parametrize("status", ["held", "removed"])
def test_filters_alone_show_and_count_nothing_hidden(shelf, cast, status):
    hidden = shelf["question"]
    type(hidden).objects.filter(pk=hidden.pk).update(status=status)
    for by in (VISITOR, cast.junho):
        page = finding.find(parse("tag:light"), by=by)
        assert (page.count, page.facets["tag"]) == (1, {"light": 1})


@pytest.mark.parametrize("typed", ["tag:nope", "product:nope", "by:nope", "battery by:nope"])
def test_a_filter_that_names_nothing_here_finds_nothing_and_says_so(shelf, typed):
    page = finding.find(parse(typed), by=VISITOR)
    assert page.count == 0
    assert [value for _name, value in page.scope.unknown] == ["nope"]


@pytest.mark.parametrize("sort", ["relevance", "new", "helpful"])
def test_pages_of_a_list_follow_each_other_without_gaps_or_doubles(index, cast, sort):
    for n in range(13):
        make_question(title=f"Question {n}", tags=["many"], author=cast.minji)
        make_article(title=f"Article {n}", tags=["many"])
    seen, cursor, starts = [], "", []
    while True:
        page = finding.find(parse("tag:many"), by=VISITOR, sort=sort, cursor=cursor, limit=7)
        assert page.count == 26
        starts.append(page.start)
        seen.append([(found.kind, found.object.pk) for found in page.results])
        if not (cursor := page.next_cursor):
            break
    assert len(set(sum(seen, []))) == 26
    assert starts == [0, 7, 14, 21]
    back = finding.find(parse("tag:many"), by=VISITOR, sort=sort, cursor=page.previous_cursor, limit=7)
    assert [(found.kind, found.object.pk) for found in back.results] == seen[-2]
    assert back.start == 14


def test_a_list_costs_the_same_queries_however_long_it_is(index, cast, django_assert_num_queries):
    for n in range(9):
        make_article(title=f"Article {n}", tags=["many"])
        make_answer(make_question(title=f"Question {n}", tags=["many"]), accepted=True)
        make_question(title=f"Waiting {n}", tags=["many"])
    for limit in (3, 27):
        with django_assert_num_queries(14):
            assert len(finding.find(parse("tag:many"), by=VISITOR, limit=limit).results) == limit


def test_the_api_takes_filters_in_the_words_and_beside_them_alike(client, shelf):
    typed = client.get("/api/v1/search/", {"q": "battery tag:wifi kind:answer"}).json()
    beside = client.get("/api/v1/search/", {"q": "battery", "tag": "wifi", "kind": "answer"}).json()
    assert [row["title"] for row in typed["results"]] == ["The battery is empty"]
    assert (typed["results"], typed["facets"]) == (beside["results"], beside["facets"])
    alone = client.get("/api/v1/search/", {"tag": "wifi"}).json()
    assert [row["title"] for row in alone["results"]] == ["The battery is empty"]
