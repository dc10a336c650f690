"""The whole loop in a browser that runs no script: signed up, asked, answered, accepted, promoted, moderated."""

import re
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.services]

TITLE = "Camera shows a grey picture after sunset"
BODY = "Since yesterday the picture is grey as soon as it gets dark. Nothing moves in it."
ANSWER = (
    "The infrared filter is stuck.\n\n1. Unplug the camera.\n2. Wait ten seconds.\n3. Plug it in and listen for a click.\n\n"
    "After the click the picture has its colours again."
)


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
    page.click("main form button.primary")
    page.wait_for_url("**/accounts/confirm-email/")
    written = "".join(mail.read_text(errors="replace") for mail in mails.iterdir())
    link = re.search(r"/accounts/confirm-email/[^\s\"<>]+", written.replace("=\n", ""))
    page.goto(link[0])
    page.click("main form button.primary")
    if "/login/" in page.url:
        page.fill("input[name=login]", "newcomer")
        page.fill("input[name=password]", "a-good-password-9")
        page.click("main form button.primary")
    assert page.locator(".topbar a.bell").count()


def test_the_loop_needs_no_script(visit, site):
    newcomer = visit(script=False)
    sign_up(newcomer, site.home / "mail")
    newcomer.goto("/questions/ask/")
    newcomer.fill("input[name=title]", TITLE)
    newcomer.fill("textarea[name=body]", BODY)
    newcomer.click("#ask .form-actions button.primary")
    newcomer.wait_for_url(re.compile(r"/questions/\d+/"))
    address = newcomer.url.split("?")[0]

    answerer = visit("answerer", script=False)
    answerer.goto(address)
    answerer.fill("#answer-form textarea[name=body]", ANSWER)
    answerer.click("#answer-form button.primary")
    answerer.locator("article.answer").wait_for()
    answerer.locator("#question .comments summary").click()
    answerer.fill("#question .comment-form textarea", "Which camera is it?")
    answerer.click("#question .comment-form button[type=submit]")
    assert answerer.get_by_text("Which camera is it?").is_visible()
    answerer.click("form.watch button")
    watches = answerer.locator("form.watch button").get_attribute("aria-pressed")
    answerer.click("form.watch button")
    assert answerer.locator("form.watch button").get_attribute("aria-pressed") != watches

    newcomer.goto(address)
    newcomer.click("article.answer .vote-button[value=true]")
    assert newcomer.locator("article.answer .vote-button").first.get_attribute("aria-pressed") == "true"
    newcomer.click("article.answer form[action$='/accept/'] button")
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
    reader.click("#ask .form-actions button.primary")
    found = reader.locator(".review [data-suggestion]")
    assert found.count() >= 1
    assert TITLE in found.first.inner_text()
    reader.click(".review > button.primary")
    reader.wait_for_url(re.compile(r"/questions/\d+/"))
    again = reader.url.split("?")[0]
    eventually(reader, again, "#suggestions .suggestion-acts")
    reader.click("#suggestions button[value=solved]")
    assert reader.locator(".notice.solved, .badge.solved").count()

    reader.goto(address)
    reader.click("article.answer a[href*='/flag/']")
    reader.locator("[name=reason]").first.check()
    reader.click("main form button.primary")
    keeper = visit("keeper", script=False)
    keeper.goto("/moderation/list/")
    keeper.get_by_role("link", name=TITLE).first.click()
    keeper.click("button[name=decision][value=dismiss]")
    keeper.goto("/moderation/")
    keeper.get_by_role("button", name="Undo").first.click()
    keeper.goto("/moderation/list/")
    assert keeper.get_by_role("link", name=TITLE).count() == 1

    curator = visit("curator", script=False)
    eventually(curator, "/promotions/", f"a:has-text('{TITLE}')")
    curator.click(f"a:has-text('{TITLE}')")
    curator.click("button[form=draft].primary")
    reader.goto(address)
    reader.click(".article-banner a[href^='/articles/']")
    assert reader.locator("article.article h1").inner_text()
    reader.click("#feedback button[value=true]")
    assert reader.locator("#feedback button[value=true]").get_attribute("aria-pressed") == "true"
