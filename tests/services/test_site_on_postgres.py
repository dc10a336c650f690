"""The switch to PostgreSQL: a whole site with its real workers on DATABASE_URL, and the loop through its API."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg
import pytest

from tests.site import Site, served

pytestmark = [pytest.mark.postgres, pytest.mark.services]

PROBLEM = "The left earbud stays silent after update 3.0"
BODY = "Since the update only the right earbud plays. The left one shows a full battery."
SOLUTION = (
    "1. Put both earbuds into the case.\n2. Hold the button of the case for ten seconds.\n\n"
    "The left earbud then pairs again and plays."
)


@pytest.fixture
def database_url() -> Iterator[str]:
    """A new database beside the tests' own, on the same server."""
    given, name = urlsplit(os.environ["DATABASE_URL"]), f"site_{os.getpid()}"
    host = parse_qs(given.query).get("host", [given.hostname or "127.0.0.1"])[0]
    options = {"user": given.username, "password": given.password, "port": given.port, "host": host}
    with psycopg.connect(dbname=given.path[1:], autocommit=True, **options) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield given._replace(path=f"/{name}").geturl()
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    with served(DATABASE_URL=database_url) as site:
        yield site


def as_person(site: Site, username: str = "") -> httpx.Client:
    """The API as somebody, or as a visitor."""
    headers = {"Authorization": f"Bearer {site.manage('issue_token', username).strip()}"} if username else {}
    return httpx.Client(base_url=f"{site.url}/api/v1/", headers=headers, timeout=30)


def in_time(found: Callable[[], Any], seconds: float = 20) -> Any:
    """What a worker makes, once it is there. The limit is generous: it says "never", not "slow"."""
    deadline = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < deadline, "The workers have not done it."
        time.sleep(0.1)
    return result


def done(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text[:2000]
    return response.json()


def test_the_loop_closes_on_postgresql(site):
    asker, answerer, editor = (as_person(site, name) for name in ("asker", "answerer", "curator"))
    reader = as_person(site)

    def suggestions(question: int) -> dict[str, Any] | None:
        card = done(reader.get(f"questions/{question}/suggestions/"))
        return card if card["state"] != "pending" else None

    question = done(asker.post("questions/", json={"title": PROBLEM, "body": BODY, "language": "en"}), 201)[
        "id"
    ]
    assert in_time(lambda: suggestions(question)) == {"results": [], "state": "none"}

    answer = done(answerer.post(f"questions/{question}/answers/", json={"body": SOLUTION}), 201)["id"]
    news = in_time(lambda: done(asker.get("notifications/"))["results"])
    assert [row["kind"] for row in news] == ["answer"]
    assert done(asker.post(f"answers/{answer}/accept/"))["accepted_answer"] == answer

    [candidate] = in_time(lambda: done(editor.get("promotions/?state=candidate"))["results"])
    assert (candidate["answer"], candidate["question"]) == (answer, question)
    changes = {"title": "What if one earbud stays silent?", "body": f"{BODY}\n\n## Solution\n\n{SOLUTION}"}
    assert done(editor.patch(f"promotions/{candidate['id']}/", json=changes))["state"] == "draft"
    article = done(editor.post(f"promotions/{candidate['id']}/publish/"))
    assert [credit["person"] for credit in article["credits"]] == ["answerer"]

    def first(path: str) -> bool:
        results = done(reader.get(path, params={"q": PROBLEM}))["results"]
        return bool(results) and results[0]["kind"] == "article" and results[0]["title"] == article["title"]

    in_time(lambda: first("suggest/"))
    in_time(lambda: first("search/"))
    again = done(answerer.post("questions/", json={"title": PROBLEM, "body": BODY, "language": "en"}), 201)[
        "id"
    ]
    card = in_time(lambda: suggestions(again))
    assert card["state"] == "ready"
    assert "article" in [row["kind"] for row in card["results"]]
    site.manage("check_index")
