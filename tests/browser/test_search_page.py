"""The search page under somebody's fingers: results follow what is typed, the box keeps the focus, the count is read out."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_results_follow_what_is_typed_and_the_box_keeps_the_focus(look):
    page = look()
    page.goto("/search/?q=carpet")
    box = page.locator("main input[type=search]")
    before = page.locator(".result-title").first.inner_text()
    box.fill("")
    box.press_sequentially("brush is:solved", delay=5)
    expect(page.locator(".understood .chip")).to_contain_text("Solved")
    expect(page.locator(".result-title").first).not_to_have_text(before)
    expect(box).to_be_focused()
    assert box.input_value() == "brush is:solved"
    expect(page).to_have_url(re.compile(r"q=brush\+is%3Asolved"))
    expect(page.locator("main .search-box [aria-live]")).to_contain_text(re.compile(r"\d+ results?"))
    # Once it has rested the search has a name: what is opened counts for it.
    expect(page.locator(".results")).to_have_attribute("data-click-url", re.compile("/search/.+/click/"))


def test_a_syllable_that_is_still_composed_is_searched_and_older_words_are_dropped(look):
    page = look(language="ko")
    page.goto("/search/?q=carpet")
    box = page.locator("main input[type=search]")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/search/?" in request.url else None)
    box.evaluate("""box => {
        box.focus();
        for (const text of ["ㅇ", "이", "이ㅓ", "이어", "이어폰", "이어폰 소리"]) {
            box.value = text;
            box.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true, inputType: "insertCompositionText" }));
        }
    }""")
    expect(page).to_have_url(re.compile("q=%EC%9D%B4%EC%96%B4%ED%8F%B0"))
    assert len(asked) == 1
    expect(page.locator("[data-result-count]")).not_to_be_empty()


def test_a_chip_is_taken_off_by_keyboard(look):
    page = look()
    page.goto("/search/?q=carpet+is%3Asolved")
    page.locator(".understood .chip").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=carpet$"))
    assert page.locator("main input[type=search]").input_value() == "carpet"
