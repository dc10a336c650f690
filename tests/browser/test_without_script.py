"""The whole loop in a browser that runs no script: signed up, asked, answered, accepted, promoted, moderated."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.services]

TITLE = "Camera shows a grey picture after sunset"
BODY = "Since yesterday the picture is grey as soon as it gets dark. Nothing moves in it."
ANSWER = (
    "The infrared filter is stuck.\n\n1. Unplug the camera.\n2. Wait ten seconds.\n3. Plug it in and listen for a click.\n\n"
    "After the click the picture has its colours again."
)


def press(page, what) -> None:
    """Press a button or a link, and wait for the page that it leads to."""
    with page.expect_navigation():
        (page.locator(what) if isinstance(what, str) else what).click()


def eventually(page, address: str, selector: str) -> None:
    """Load a page again until the site's workers have done their part."""
    for _ in range(60):
        page.goto(address)
        if page.locator(selector).count():
            return
        time.sleep(0.5)
    raise AssertionError(f"{selector} never came to {address}")


def sign_up(page, mails: Path) -> None:
    page.goto("/accounts/signup/")
    page.fill("input[name=email]", "newcomer@example.com")
    page.fill("input[name=username]", "newcomer")
    page.fill("input[name=password1]", "a-good-password-9")
    page.fill("input[name=password2]", "a-good-password-9")
    press(page, "main form button.primary")
    page.wait_for_url("**/accounts/confirm-email/")
    written = "".join(mail.read_text(errors="replace") for mail in mails.iterdir())
    link = re.search(r"/accounts/confirm-email/[^\s\"<>]+", written.replace("=\n", ""))
    page.goto(link[0])
    press(page, "main form button.primary")
    if "/login/" in page.url:
        page.fill("input[name=login]", "newcomer")
        page.fill("input[name=password]", "a-good-password-9")
        press(page, "main form button.primary")
    expect(page.locator(".topbar a.bell")).to_be_visible()


def test_the_loop_needs_no_script(visit, site):
    newcomer = visit(script=False)
    sign_up(newcomer, site.home / "mail")
    newcomer.goto("/questions/ask/")
    newcomer.fill("input[name=title]", TITLE)
    newcomer.fill("textarea[name=body]", BODY)
    press(newcomer, "#ask .form-actions button.primary")
    newcomer.wait_for_url(re.compile(r"/questions/\d+/"))
    address = newcomer.url.split("?")[0]

    answerer = visit("answerer", script=False)
    answerer.goto(address)
    answerer.fill("#answer-form textarea[name=body]", ANSWER)
    press(answerer, "#answer-form button.primary")
    answerer.locator("article.answer").wait_for()
    answerer.locator("#question .comments summary").click()
    answerer.fill("#question .comment-form textarea", "Which camera is it?")
    press(answerer, "#question .comment-form button[type=submit]")
    expect(answerer.get_by_text("Which camera is it?")).to_be_visible()
    watches = answerer.locator("form.watch button")
    before = watches.get_attribute("aria-pressed")
    after = {"true": "false", "false": "true"}[before]
    press(answerer, watches)
    expect(watches).to_have_attribute("aria-pressed", after)
    press(answerer, watches)
    expect(watches).to_have_attribute("aria-pressed", before)

    newcomer.goto(address)
    press(newcomer, "article.answer .vote-button[value=true]")
    expect(newcomer.locator("article.answer .vote-button").first).to_have_attribute("aria-pressed", "true")
    press(newcomer, "article.answer form[action$='/accept/'] button")
    newcomer.locator("article.answer.is-accepted").wait_for()

    # Nothing is hidden behind a script: the menu opens, the search finds, the next person is shown the answer first.
    reader = visit("asker", script=False)
    reader.goto("/")
    reader.click(".topbar details > summary")
    assert reader.locator(".topbar .menu-panel a[href='/settings/']").is_visible()
    eventually(reader, "/search/?q=grey+picture+after+sunset", ".result")
    reader.goto("/questions/ask/")
    reader.fill("input[name=title]", "The camera picture is grey after sunset")
    reader.fill("textarea[name=body]", BODY)
    press(reader, "#ask .form-actions button.primary")
    found = reader.locator(".review [data-suggestion]")
    expect(found.first).to_contain_text(TITLE)
    press(reader, ".review > button.primary")
    reader.wait_for_url(re.compile(r"/questions/\d+/"))
    again = reader.url.split("?")[0]
    eventually(reader, again, "#suggestions .suggestion-acts")
    press(reader, "#suggestions button[value=solved]")
    expect(reader.locator(".notice.solved, .badge.solved").first).to_be_visible()

    reader.goto(address)
    press(reader, "article.answer a[href*='/flag/']")
    reader.locator("[name=reason]").first.check()
    press(reader, "main form button.primary")
    keeper = visit("keeper", script=False)
    keeper.goto("/moderation/list/")
    press(keeper, keeper.get_by_role("link", name=TITLE).first)
    press(keeper, "button[name=decision][value=dismiss]")
    keeper.goto("/moderation/")
    press(keeper, keeper.get_by_role("button", name="Undo").first)
    keeper.goto("/moderation/list/")
    expect(keeper.get_by_role("link", name=TITLE)).to_have_count(1)

    curator = visit("curator", script=False)
    eventually(curator, "/promotions/", f"a:has-text('{TITLE}')")
    press(curator, f"a:has-text('{TITLE}')")
    press(curator, "button[form=draft].primary")
    reader.goto(address)
    press(reader, ".article-banner a[href^='/articles/']")
    assert reader.locator("article.article h1").inner_text()
    press(reader, "#feedback button[value=true]")
    expect(reader.locator("#feedback button[value=true]")).to_have_attribute("aria-pressed", "true")
