"""The card of what the portal found under a question, for whoever asked and for whoever answers."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.xdist_group("demo")]


def test_an_answerer_puts_it_where_the_caret_is_and_keeps_what_was_typed(look, demo):
    page = look("editor")
    page.goto(demo.at["own"])
    composer = page.locator("#answer-form textarea")
    composer.fill("Look here: and then tell us.")
    composer.evaluate("area => area.setSelectionRange(10, 10)")
    page.locator("#suggestions [data-use]").first.click()
    expect(composer).to_be_focused()
    before, cited, after = composer.input_value().partition("[")
    assert before == "Look here:\n\n"
    assert "](http" in after
    assert "\n\n> " in after
    assert after.endswith("\n\n and then tell us.")
    page.keyboard.press("Control+z")  # the browser's own undo takes it back
    expect(composer).to_have_value("Look here: and then tell us.")


def test_not_it_goes_at_once_the_focus_stays_and_it_can_be_taken_back(look, demo):
    page = look("customer")
    page.goto(demo.at["own"])
    rows = page.locator("#suggestions > .suggestion-list > .suggestion")
    before = rows.count()
    page.evaluate("window.here = true")
    rows.first.get_by_role("button", name="Not it").press("Enter")
    expect(rows).to_have_count(before - 1)
    expect(page.locator("#suggestions")).to_be_focused()
    aside = page.locator("#suggestions details.put-aside")
    aside.locator("summary").press("Enter")
    aside.get_by_role("button", name="Undo").press("Enter")
    expect(rows).to_have_count(before)
    assert page.evaluate("window.here")
    with page.expect_request(lambda sent: "outcome=opened" in (sent.post_data or "")):
        rows.first.locator("a.suggestion-link").click()
