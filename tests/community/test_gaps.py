"""What visitors look for and do not find becomes a gap, in their words; what they found, or hid in filters, does not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from community import schedule
from kb.models import ContentGap
from portal.core import search
from portal.core.models import SearchQuery
from portal.core.search.writing import flush_now
from tests.api import Api
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def look_for(words, *, browser="one", **filters):
    """One visit looks for something, an hour and more ago."""
    client = Client(headers={"User-Agent": browser})
    assert client.get("/search/", {"q": words, **filters}).status_code == 200
    SearchQuery.objects.filter(weighed_at=None).update(created_at=timezone.now() - timedelta(minutes=61))
    return client


def gaps(kate):
    return {(row["queries"][0], row["demand"]) for row in Api(kate).get("gaps/").json()["results"]}


def test_a_need_is_counted_once_a_visit_and_once_a_search(cast, index):
    for browser in ("one", "one", "two"):
        look_for("알렉사 연동", browser=browser)
    assert gaps(cast.kate) == set()
    schedule.note_gaps()
    schedule.note_gaps()
    assert gaps(cast.kate) == {("알렉사 연동", 2)}
    assert ContentGap.objects.get().language == "ko"
    look_for("  알렉사   연동 ", browser="three")
    schedule.note_gaps()
    assert gaps(cast.kate) == {("알렉사 연동", 3)}


def test_what_was_found_and_what_filters_hid_is_no_gap(cast, index):
    search.changed("article", make_article(title="How to swim with the earbuds").pk)
    flush_now()
    look_for("swim with the earbuds")
    look_for("swim with the earbuds", browser="two", kind="question")
    look_for("swim with the earbuds", browser="two", product="nova-vac")
    schedule.note_gaps()
    assert gaps(cast.kate) == set()


def test_it_is_not_counted_before_it_is_known_whether_they_asked(client, cast, index):
    client.get("/search/", {"q": "alexa"})
    schedule.note_gaps()
    assert gaps(cast.kate) == set()


@pytest.mark.parametrize(
    "words", ["call me on 010-1234-5678", "minji@example.com order", "www.cheap-parts.com", "x"]
)
def test_words_that_name_a_person_or_say_nothing_are_left_alone(words, cast, index):
    look_for(words)
    schedule.note_gaps()
    assert gaps(cast.kate) == set()


def test_what_one_visit_missed_once_is_forgotten_with_the_words_of_the_search(cast, index):
    for browser in ("one", "two"):
        look_for("alexa", browser=browser)
    look_for("carplay")
    schedule.note_gaps()
    ContentGap.objects.update(
        first_seen=timezone.now() - timedelta(days=91), last_seen=timezone.now() - timedelta(days=91)
    )
    schedule.note_gaps()
    assert gaps(cast.kate) == {("alexa", 2)}
