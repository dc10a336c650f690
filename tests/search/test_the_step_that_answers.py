"""An article with numbered steps is found with the step that answers, and the link leads to that step."""

import re
from html import unescape
from urllib.parse import unquote, urlencode, urlsplit

import pytest

from kb import services as kb_services
from kb.models import Article
from portal.core.search.writing import flush_now
from portal.core.steps import steps_of, with_anchors
from portal.core.text import render
from tests.api import Api
from tests.factories import make_article
from tests.search.test_finding import indexed

BODY = """이어버드 두 개가 서로를 잃으면 한쪽에서만 소리가 나요.

## 준비

1. 이어버드를 마른 천으로 닦아요.
2. 케이스를 충전해요.

## 다시 묶기

1. 이어버드를 케이스에 넣어요.
2. 케이스 뒷면의 버튼을 10초 동안 눌러요.
   - 불빛이 흰색으로 바뀌면 손을 떼요.
3. 휴대폰에서 블루투스를 껐다가 켜요.
"""


@pytest.fixture
def article(index, cast) -> Article:
    article = make_article(title="이어버드 한쪽만 소리가 날 때 다시 묶는 방법", body=BODY)
    others = ("지도 만들기", "Charge the camera", "먼지통 비우기", "알림 시간을 줄이기")
    indexed(article, *(make_article(title=title, body=f"{title}.") for title in others))
    return article


def suggested(query: str) -> dict:
    return Api().get(f"suggest/?{urlencode({'q': query, 'language': 'ko'})}").json()["results"][0]


def searched(query: str) -> dict:
    return Api().get(f"search/?{urlencode({'q': query})}").json()["results"][0]


@pytest.mark.parametrize(
    ("query", "number", "said"),
    [
        ("이어버드 한쪽만 소리가 날 때 케이스 뒷면 버튼을 몇 초 눌러야 해요", 2, "10초 동안"),
        ("이어버드 한쪽만 소리가 날 때 블루투스를 껐다 켜야 하나요", 3, "블루투스를 껐다가"),
        ("이어버드 한쪽만 소리가 나서 마른 천으로 닦아도 되나요", 1, "마른 천"),
        ("이어버드 한쪽만 소리가 날 때 흰색 불빛", 2, "흰색으로"),
    ],
)
def test_the_step_that_answers_is_named_and_the_page_has_its_place(article, client, query, number, said):
    found = suggested(query)
    assert (found["kind"], found["id"]) == ("article", article.pk)
    assert found["step"]["number"] == number
    assert said in found["step"]["text"]
    assert found["step"] == searched(query)["step"]
    page, anchor = found["step"]["url"].split("#")
    assert page == found["url"]
    shown = client.get(urlsplit(page).path).content.decode()
    [place] = re.findall(rf'<li id="{re.escape(unquote(anchor))}">(.*?)</li>', shown, flags=re.DOTALL)
    assert said.split()[0] in place


def test_the_list_while_typing_shows_the_step_and_leads_to_it(article, client):
    query = "이어버드 한쪽만 소리가 날 때 케이스 뒷면 버튼"
    step = suggested(query)["step"]
    page = unescape(
        client.get("/questions/suggest/", {"q": query}, headers={"accept-language": "ko"}).content.decode()
    )
    assert f'href="{urlsplit(step["url"]).path}#{step["url"].split("#")[1]}"' in page
    assert "<b>2단계:</b> 케이스 뒷면의 버튼을 10초 동안 눌러요." in page


def test_where_no_step_answers_none_is_shown(article):
    found = suggested("이어버드 한쪽만 소리가 나요 서로를 잃은 걸까요")
    assert found["id"] == article.pk
    assert found["step"] is None


def test_a_step_that_has_just_been_rewritten_is_not_shown_as_it_was(article, cast):
    query = "이어버드 한쪽만 소리가 날 때 케이스 뒷면 버튼"
    assert suggested(query)["step"]["number"] == 2
    body = BODY.replace("2. 케이스 뒷면의 버튼을 10초 동안 눌러요.", "2. 케이스를 두 번 두드려요.")
    revision = kb_services.revise(
        article=article, title=article.title, body=body, based_on=article.published_revision, by=cast.kate
    )
    kb_services.publish(revision=revision, by=cast.kate)
    step = suggested(query)["step"]  # the index has not read it yet
    assert step is None or "뒷면" not in step["text"]
    flush_now()
    assert "뒷면" not in str(suggested(query)["step"])


def test_other_lists_are_no_steps_and_a_value_is_no_tag():
    for text in ("1. Only one thing", "- a\n- b", "> 1. quoted\n\n- 1. inside\n  2. inside"):
        assert steps_of(render(text)) == [] or text.startswith(">")
    hostile = render('1. One ![<ol><li>x"](/media/a.png)\n2. Two <li> &lt;ol>')
    assert [step.number for step in steps_of(hostile)] == [1, 2]
    quoted = '<ol><li>One <img alt="> <li>" src="/media/a.png"></li><li>Two</li></ol>'
    assert with_anchors(quoted).replace(' id="s-1"', "").replace(' id="s-2"', "") == quoted
    assert [step.html for step in steps_of(quoted)][1] == "Two"
    assert '<img alt="> <li>" src' in with_anchors(quoted)
    marked = with_anchors(hostile)
    assert marked.count(' id="s-') == 2
    assert re.sub(r' id="s-\d"', "", marked) == hostile


def test_anchors_stay_where_they_were_when_another_part_grows():
    def anchor_of(body: str) -> str:
        return next(step.anchor for step in steps_of(render(body)) if "button" in step.html)

    before = "## First\n\n1. a\n2. b\n\n## Then\n\n4. c\n5. the button"
    assert anchor_of(before) == "s-then-5" == anchor_of(before.replace("2. b", "2. b\n3. new"))
    twice = steps_of(render("1. a\n2. b\n\nThen\n\n1. c\n2. d"))
    assert len({step.anchor for step in twice}) == 4
