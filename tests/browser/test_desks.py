"""The desks when something goes wrong: a session that ends while an editor or a moderator is writing."""

import json
import urllib.request

import pytest

from tests.site import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.services]


def call(site, token, path, **body):
    """One POST to the API, by whoever the token belongs to."""
    request = urllib.request.Request(  # noqa: S310 (our own address)
        f"{site.url}/api/v1/{path}",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        return json.loads(answer.read() or "null")


@pytest.fixture
def waits(site):
    """A flagged answer that somebody has nominated: the keys of the answer and of its promotion."""
    asker, answerer = (site.manage("issue_token", name).strip() for name in ("asker", "answerer"))
    question = call(site, asker, "questions/", title="The case opens by itself in my bag", body="It is new.")
    answer = call(site, answerer, f"questions/{question['id']}/answers/", body="Turn the magnet around.")
    promotion = call(site, asker, "promotions/", answer=answer["id"])
    call(site, asker, "flags/", kind="answer", id=answer["id"], reason="wrong")
    return answer["id"], promotion["id"]


def sign_in_again(page, who):
    assert "/accounts/login/" in page.url
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login/" not in address)


def test_a_session_that_ends_at_the_desk_costs_no_words(visit, waits):
    answer, promotion = waits
    for who, path, field, button in (
        ("curator", f"/promotions/{promotion}/", "textarea[name=body]", "button[formaction$='/save/']"),
        ("keeper", f"/moderation/answer-{answer}/", "input[name=note]", "button[value=dismiss]"),
    ):
        page = visit(who)
        page.goto(path)
        page.fill(field, "Words that took me a while.")
        page.context.clear_cookies(name="sessionid")
        page.click(button)
        sign_in_again(page, who)
        assert page.url.endswith(path)
        assert page.input_value(field) == "Words that took me a while."
        page.click(button)
        page.wait_for_load_state()
        assert "/login/" not in page.url
        # Sent at last, so that nothing of it comes back.
        page.goto(path)
        assert page.locator(".draft-note").count() == 0
