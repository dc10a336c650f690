"""The big list of naughty strings through every door that takes words: kept as typed, shown as text, never a fault."""

import html
import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from community.models import TITLE_MAX
from portal.core import limits
from tests.api import Api
from tests.core.test_settings_page import CHOICES
from tests.factories import make_answer, make_question

BLNS = Path(__file__).parents[3] / "shared" / "data" / "security" / "blns.json"
NAME_MAX = 60
pytestmark = pytest.mark.skipif(not BLNS.exists(), reason="../shared/data is not beside this clone")


@pytest.fixture
def strings() -> list[str]:
    return json.loads(BLNS.read_text("utf-8"))


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch):
    for act in limits.LIMITS:
        monkeypatch.setitem(limits.LIMITS, act, ("9999/hour", "9999/hour"))


def one_line(text: str) -> str:
    return " ".join(text.split("\n")).strip()


def test_as_a_title(cast, strings):
    api, question = Api(cast.minji), make_question(author=cast.minji)
    kept = 0
    for text in filter(str.strip, strings):
        changed = api.patch(f"questions/{question.pk}/", {"title": text})
        if len(one_line(text)) > TITLE_MAX:
            assert changed.status_code == 400
            continue
        assert changed.status_code == 200, (text, changed.content)
        assert changed.json()["title"] == one_line(text)
        kept += 1
    assert kept > 400


@pytest.mark.parametrize("kind", ["answer", "comment"])
def test_as_an_answer_or_a_comment(cast, strings, kind):
    question = make_question(author=cast.minji)
    api = Api(cast.minji)
    if kind == "answer":
        answer = make_answer(question, author=cast.minji)
        for text in filter(str.strip, strings[::2]):
            assert api.patch(f"answers/{answer.pk}/", {"body": text}).json()["body"] == text
        return
    for text in list(filter(str.strip, strings))[::4]:
        made = api.post(f"questions/{question.pk}/comments/", {"body": text})
        assert (made.status_code, made.json()["body"]) == (201, text)
    assert Client().get(question.get_absolute_url()).status_code == 200


def test_on_a_page_it_is_text_again(cast, strings, client):
    client.force_login(cast.minji)
    question = make_question(author=cast.minji)
    address = reverse("community:question_edit", args=[question.pk])
    for text in list(filter(str.strip, strings))[::6]:
        question.body = text
        question.save(update_fields=["body"])
        shown = client.get(address).content.decode()
        field = shown.partition('name="body"')[2].partition(">")[2].partition("</textarea>")[0]
        assert html.unescape(field).removeprefix("\n") == text.replace("\r\n", "\n")


def test_as_words_to_look_for(cast, index, strings, client):
    for text in strings[::2]:
        for path in ("/api/v1/suggest/", "/api/v1/search/", "/search/"):
            answer = client.get(path, {"q": text})
            assert answer.status_code in (200, 400), (path, text)
            assert answer.status_code == 200 or "\x00" in text or not text.strip()


def test_as_a_tag(cast, strings):
    api, question = Api(cast.minji), make_question(author=cast.minji)
    for text in strings[::3]:
        tagged = api.patch(f"questions/{question.pk}/", {"tags": [text]})
        assert tagged.status_code in (200, 400), (text, tagged.content)


def test_as_a_name(cast, strings):
    client, kept = Client(), 0
    client.force_login(cast.minji)
    for text in filter(str.strip, strings[::2]):
        sent = client.post(reverse("settings"), CHOICES | {"display_name": text})
        shown = client.get(reverse("community:person", args=["minji"]))
        assert shown.status_code == 200
        if sent.status_code == 400:  # too long for a name
            assert len(text.strip()) > NAME_MAX
            continue
        cast.minji.refresh_from_db()
        assert cast.minji.display_name == text.strip()
        assert (
            html.unescape(re.search(r"<h1>(.*?)</h1>", shown.content.decode(), re.DOTALL)[1]) == text.strip()
        )
        kept += 1
    assert kept > 150
