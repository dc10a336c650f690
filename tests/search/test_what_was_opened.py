"""What a search led to is kept with it, on its first page and on the next."""

import re

import pytest
from django.test import Client

from portal.core import search
from portal.core.models import SearchQuery
from portal.core.search.writing import flush_now
from tests.factories import make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(index, cast):
    made = [make_question(title=f"카메라 알림이 {n}번 왔어요", author=cast.minji) for n in range(23)]
    search.changed_many("question", [question.pk for question in made])
    flush_now()
    return made


def test_what_is_opened_on_the_second_page_counts_for_the_same_search(many):
    visitor = Client()
    first = visitor.get("/search/", {"q": "카메라 알림"}).content.decode()
    onward = re.search(r'rel="next"\s+href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = visitor.get(f"/search/{onward}").content.decode()
    assert SearchQuery.objects.count() == 1
    told = re.search(r'data-click-url="([^"]+)"', second)[1]
    shown = re.search(r'data-kind="(\w+)"\s+data-id="(\d+)"\s+data-position="(\d+)"', second)
    kind, pk, position = shown.groups()
    assert position == "21"
    assert visitor.post(told, {"kind": kind, "id": pk, "position": position}).status_code == 204
    row = SearchQuery.objects.get()
    assert (row.outcome, row.opened_kind, row.opened_pk, row.opened_position) == ("opened", kind, int(pk), 21)


@pytest.mark.parametrize("name", ["../../admin", "a" * 999, "%00", "가", ""])
def test_a_made_up_search_counts_for_nothing(many, name):
    answer = Client().get("/search/", {"q": "카메라 알림", "cursor": "x", "searched": name})
    assert answer.status_code == 200
    assert not SearchQuery.objects.exists()
