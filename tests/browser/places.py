"""Every page, and the states of pages that matter: who sees them, where they stand, and what is done to get there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

Act = Callable[[Page], None]


@dataclass(frozen=True)
class Place:
    """An address (its {words} are filled in from demo_rows.py) as somebody sees it, and what they do there."""

    name: str
    address: str
    who: str = ""
    act: Act | None = None


def press(selector: str, shows: str) -> Act:
    def act(page: Page) -> None:
        page.locator(selector).first.click()
        page.locator(shows).first.wait_for()

    return act


def key(name: str, shows: str) -> Act:
    def act(page: Page) -> None:
        page.keyboard.press(name)
        page.locator(shows).first.wait_for()

    return act


def type_into(selector: str, text: str, shows: str) -> Act:
    def act(page: Page) -> None:
        page.locator(selector).first.press_sequentially(text, delay=5)
        page.locator(shows).first.wait_for()

    return act


def send(form: str, shows: str, **values: str) -> Act:
    """Fill a form and send it past the browser's own checks, to see what the server says."""

    def act(page: Page) -> None:
        filled = page.locator(form).first
        for name, value in values.items():
            filled.locator(f"[name={name}]").fill(value)
        filled.evaluate("form => form.noValidate = true")
        filled.locator("button.primary[type=submit]").click()
        page.locator(shows).first.wait_for()

    return act


def preview(page: Page) -> None:
    page.locator("#answer-form textarea").fill(
        "**bold**\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    page.locator("#answer-form [data-preview-toggle]").click()
    page.locator("#answer-form .editor-preview strong").wait_for()


CARPET = "robot vacuum turns around at the black carpet as if it was a cliff"
ERROR = ".has-error, .notice.stop"

PLACES = [
    Place("home", "/"),
    Place("home, menu open", "/", act=press(".topbar details > summary", ".menu-panel")),
    Place("home, keys shown", "/", act=key("?", "dialog[open]")),
    Place("home, found while typing", "/", act=type_into("main input[type=search]", CARPET, "[role=option]")),
    Place("search", "/search/?q=carpet"),
    Place("search, not yet", "/search/"),
    Place("search, understood", "/search/?q=lang:en+is:solved+carpet"),
    Place("search, the other keyboard", "/search/?q=qoxjfl"),
    Place(
        "search, why it stands there",
        "/search/?q=carpet",
        "staff",
        act=press(".result-why summary", ".result-why dl"),
    ),
    Place("search, nothing", "/search/?q=zzzzqqq"),
    Place("questions", "/questions/"),
    Place("questions, unanswered", "/questions/?state=unanswered"),
    Place("questions, none", "/questions/?tag=no-such-tag"),
    Place("ask", "/questions/ask/"),
    Place(
        "ask, found", "/questions/ask/", act=type_into("#ask [name=title]", CARPET, "#ask [data-suggestion]")
    ),
    Place("ask, refused", "/questions/ask/", act=send("#ask", ERROR, title="")),
    Place("question, solved", "{solved}"),
    Place("question, promoted", "{promoted}"),
    Place("question, duplicate", "{duplicate}"),
    Place("question, card", "{own}"),
    Place("question, history", "/questions/{own_pk}/history/"),
    Place("articles", "/articles/"),
    Place("articles, none", "/articles/?tag=no-such-tag"),
    Place("article", "{article}"),
    Place("article, not helpful", "{article}", act=press("#feedback [value=false]", ".feedback-why")),
    Place("article, beside", "{article}beside/"),
    Place("article, print", "{article}?print"),
    Place("article, history", "{article}history/"),
    Place("tags", "/tags/"),
    Place("tag", "{tag}"),
    Place("products", "/products/"),
    Place("product", "/products/nova-vac/"),
    Place("people", "/people/"),
    Place("person", "/people/minji/"),
    Place("sign in", "/accounts/login/"),
    Place("sign in, refused", "/accounts/login/", act=send("main form", ERROR, login="x", password="y")),
    Place("sign up", "/accounts/signup/"),
    Place("sign up, refused", "/accounts/signup/", act=send("main form", ERROR, email="x", username="y")),
    Place("reset", "/accounts/password/reset/"),
    Place("reset, sent", "/accounts/password/reset/done/"),
    Place("not found", "/nowhere/"),
    Place("refused", "/questions/?q=%00"),
    # a customer
    Place("home, member", "/", "customer"),
    Place("account menu", "/", "customer", press(".topbar details > summary", ".menu-panel")),
    Place("notifications", "/notifications/", "customer"),
    Place("settings", "/settings/", "customer"),
    Place("mail addresses", "/accounts/email/", "customer"),
    Place("password", "/accounts/password/change/", "customer"),
    Place(
        "password, refused",
        "/accounts/password/change/",
        "customer",
        send("main form", ERROR, oldpassword="x"),
    ),
    Place("sessions", "/accounts/sessions/", "customer"),
    Place("sign out", "/accounts/logout/", "customer"),
    Place("questions, mine", "/questions/?state=mine", "customer"),
    Place("own question", "{own}", "customer"),
    Place("own question, preview", "{own}", "customer", preview),
    Place("own question, comment", "{own}", "customer", press(".comments summary", ".comment-form textarea")),
    Place("solved question, member", "{solved}", "customer"),
    Place("edit", "/questions/{own_pk}/edit/", "customer"),
    Place("flag", "/flag/answer/{answer_pk}/", "customer"),
    # a moderator
    Place("home, moderator", "/", "moderator"),
    Place("moderation", "/moderation/", "moderator"),
    Place("moderation, flagged", "/moderation/answer-{flagged_answer}/", "moderator"),
    Place("moderation, two questions", "/moderation/duplicate-{pair}/", "moderator"),
    Place("moderation, list", "/moderation/list/", "moderator"),
    Place("moderation, held question", "{held}", "moderator"),
    Place("moderation, question", "{own}", "moderator"),
    Place("moderation, close", "/moderation/questions/{own_pk}/close/", "moderator"),
    Place("moderation, duplicate", "/moderation/questions/{own_pk}/duplicate/", "moderator"),
    Place("moderation, keys shown", "/moderation/", "moderator", key("?", "dialog[open]")),
    Place("notifications, none", "/notifications/", "moderator"),
    Place("watched, none", "/questions/?state=watched", "moderator"),
    # an editor
    Place("home, editor", "/", "editor"),
    Place("promotions", "/promotions/", "editor"),
    Place("promotions, drafts", "/promotions/?state=draft", "editor"),
    Place("promotions, rejected", "/promotions/?state=rejected", "editor"),
    Place("promotion, candidate", "/promotions/{candidate}/", "editor"),
    Place("promotion, draft", "/promotions/{begun}/", "editor"),
    Place("promotion, published", "/promotions/{published}/", "editor"),
    Place("article, editor", "{article}", "editor"),
    Place("article, draft", "{draft}", "editor"),
    Place("article, new", "/articles/new/", "editor"),
    Place("article, edit", "{article}edit/", "editor"),
    # staff
    Place("insights", "/insights/", "staff"),
    Place("how sure suggestions must be", "/insights/suggestions/", "staff"),
    Place("styleguide", "/styleguide/", "staff"),
    Place("administration", "/admin/", "staff"),
]
