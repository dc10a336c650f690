"""Sixty Korean queries as people type them, over a small shelf: what must be found, and where nothing may be offered."""

import json
from collections import defaultdict
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from community import finding, searching
from community.judging import judged_name
from portal.core.search.syntax import parse
from tests.search.sets import ACCEPTED, fallen, load

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()
FIRST = 3


def is_right(text: str, wanted: str | None) -> bool:
    """Whether the search has it among its first three; of what nothing answers, whether nothing is offered."""
    if wanted is None:
        return not finding.suggest(text, by=VISITOR, language="ko")
    page = searching.search(parse(text), by=VISITOR, limit=FIRST)
    if not page.results and page.did_you_mean:  # one press away
        page = searching.search(parse(page.did_you_mean), by=VISITOR, limit=FIRST)
    return wanted in map(judged_name, page.results)


def test_korean_as_it_is_typed_finds_what_it_did(index, tmp_path, record_property):
    given = json.loads(Path(__file__).with_name("korean_queries.json").read_text())
    load(iter(given["shelf"]), tmp_path)
    right, missed = defaultdict(list), []
    for query in given["queries"]:
        found = is_right(query["text"], query["found"])
        right[query["how"]].append(found)
        right["all"].append(found)
        if not found:
            missed.append(query["text"])
    figures = {how: round(sum(found) / len(found), 4) for how, found in right.items()}
    record_property("figures", ("korean_queries", figures))
    accepted = json.loads(ACCEPTED.read_text()).get("korean_queries", {})
    assert accepted.keys() == figures.keys(), "python -m tests.search.renew_accepted"
    assert not fallen(figures, accepted), missed
