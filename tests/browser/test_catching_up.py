"""A page that was away finds out what it missed: nothing is lacking, nothing stands twice, nothing moves by itself."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.services]


def _ask(page, title, body):
    page.goto("/questions/ask/")
    page.fill("input[name=title]", title)
    page.fill("textarea[name=body]", body)
    page.click("#ask .form-actions button[type=submit]")
    page.wait_for_url(re.compile(r"/questions/\d+/"))
    return page.url.split("?")[0]


def _answer(page, address, text):
    page.goto(address)
    page.fill("#answer-form textarea", text)
    page.click("#answer-form .form-actions button")
    page.wait_for_selector(f"[data-answers] :text('{text}')")


def test_a_page_that_was_offline_catches_up(visit):
    asker, answerer = visit("asker"), visit("answerer")
    address = _ask(asker, "Is the page still there after a nap?", "It was asleep for an hour.")
    _answer(answerer, address, "The first one.")
    asker.click("[data-show-news]")  # the answer shown now has the focus, and must still change

    asker.context.set_offline(True)
    _answer(answerer, address, "The second one.")
    _answer(answerer, address, "The third one.")
    answerer.locator("article.answer a[data-edit]").first.click()
    answerer.fill("textarea[name=body]", "The first one, put right.")
    answerer.click("main form .form-actions button")
    answerer.locator("#question .comments summary").click()
    answerer.fill("#question .comment-form textarea", "Which release is it?")
    answerer.click("#question .comment-form button")
    answerer.wait_for_selector("#question .comment")
    asker.context.set_offline(False)
    asker.evaluate("window.dispatchEvent(new Event('online'))")

    asker.wait_for_selector("article.answer :text('put right')", timeout=10_000)
    asker.wait_for_selector("#question .comment :text('Which release')", timeout=10_000)
    assert asker.locator("article.answer").count() == 1
    asker.click("[data-show-news]")
    asker.wait_for_selector("article.answer :text('The third one')")
    shown = [answer.get_attribute("id") for answer in asker.locator("article.answer").all()]
    assert len(shown) == len(set(shown)) == 3
    asker.locator(".thread-head .badge", has_text="Answered").wait_for()
    asker.locator("#answers-title", has_text="3 answers").wait_for()


def test_what_changes_under_somebody_who_types_comes_when_they_are_done(visit):
    asker, answerer = visit("asker"), visit("answerer")
    address = _ask(asker, "May I type in peace, please?", "Things change while I write.")
    _answer(answerer, address, "A first try.")
    asker.goto(address)
    asker.locator("article.answer .comments summary").click()
    asker.locator("article.answer .comment-form textarea").press_sequentially("I wonder")
    answerer.locator("article.answer a[data-edit]").click()
    answerer.fill("textarea[name=body]", "A second try.")
    answerer.click("main form .form-actions button")
    answerer.wait_for_selector("article.answer :text('A second try')")
    asker.wait_for_timeout(1500)
    assert asker.locator("article.answer .comment-form textarea").input_value() == "I wonder"
    asker.locator("article.answer .comment-form textarea").fill("")
    asker.locator("#answer-form textarea").click()
    asker.wait_for_selector("article.answer :text('A second try')", timeout=5_000)
