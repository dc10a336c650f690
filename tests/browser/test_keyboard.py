"""Everything is reached and used without a mouse, and the focus is always seen and never lost."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.xdist_group("demo")]

# What Tab stands on: is it in view, not under the bar or the desk's buttons, and does it look focused?
FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 12), 1), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const ring = [at, at.parentElement, at.closest(".search-box, .editor, label")].filter(Boolean).some((item) => {
    const its = getComputedStyle(item);
    return (its.outlineStyle !== "none" && parseFloat(its.outlineWidth) >= 2) || its.boxShadow !== "none";
  });
  return {
    what: at.tagName + "." + at.className + " " + (at.innerText || at.name || "").slice(0, 40).replace(/\\n/g, " "),
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && style.visibility === "visible",
    free: !!top && (at.contains(top) || top.contains(at) || !!top.closest("label")?.contains(at)),
    ring,
  };
}"""
ARRIVED = "() => new Promise((done) => { let was = -1; const look = () => scrollY === was ? done() : (was = scrollY, requestAnimationFrame(look)); look(); })"


def focused(page):
    return page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


@pytest.mark.parametrize(
    ("who", "address", "width"),
    [
        ("", "/", 1280),
        ("", "{article}", 390),
        ("", "/search/?q=carpet", 390),
        ("", "/questions/ask/", 1280),
        ("customer", "{own}", 1280),
        ("customer", "/settings/", 390),
        ("moderator", "/moderation/", 1280),
        ("editor", "/promotions/{begun}/", 1280),
        ("editor", "{article}edit/", 390),
        ("staff", "/insights/", 1280),
    ],
)
def test_every_stop_of_the_tab_key_is_seen_and_free(look, demo, who, address, width):
    page = look(who, width=width, reduced_motion="reduce")
    page.goto(address.format(**demo.at))
    page.evaluate("document.activeElement.blur()")
    faults, stops = [], 0
    for _ in range(150):
        page.keyboard.press("Tab")
        page.evaluate(ARRIVED)
        stop = page.evaluate(FOCUS)
        if stop is None:
            break  # past the last one, out of the page
        stops += 1
        if not (stop["seen"] and stop["free"] and stop["ring"]):
            faults.append(stop)
    assert stops > 8
    assert not faults, faults


def test_the_first_stop_leads_past_the_bar(look):
    page = look()
    page.goto("/questions/")
    page.keyboard.press("Tab")
    assert "skip" in focused(page)
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")


def test_a_menu_opens_closes_and_gives_the_focus_back(look):
    page = look("customer")
    page.goto("/")
    menu, summary = page.locator(".topbar details.menu"), page.locator(".topbar details.menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("ArrowDown")
    expect(menu.locator("a").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(menu.locator(":is(a, button):visible").nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(menu).not_to_have_attribute("open", "")  # the focus has left: nothing stays open behind it


def test_a_dialog_keeps_the_focus_and_gives_it_back(look, demo):
    page = look("customer")
    page.goto("/questions/")
    page.keyboard.press("j")
    started = focused(page)
    page.keyboard.press("?")
    dialog = page.locator("#shortcuts")
    expect(dialog).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('main, header, footer')")
    page.keyboard.press("j")  # no key works behind a dialog
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert focused(page) == started


def test_taking_back_is_asked_once_more_and_a_no_changes_nothing(look, demo):
    page = look("customer")
    page.goto("/settings/")
    page.fill(".token-new input[type=text]", "for a script")
    page.keyboard.press("Enter")
    revoke = page.locator("form[data-confirm] button").first
    revoke.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator("button").first).to_be_focused()  # the harmless one
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(revoke).to_be_focused()
    revoke.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("form[data-confirm]")).to_have_count(0)


CARPET = "robot vacuum turns around at the black carpet as if it was a cliff"


def test_the_search_box_answers_to_arrows_and_says_how_many(look):
    page = look()
    page.goto("/")
    box = page.locator("main input[type=search]")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    box.press_sequentially(CARPET, delay=5)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("main .search-box [aria-live]")).to_contain_text("similar")
    page.keyboard.press("ArrowDown")
    option = page.locator("[role=option]").first
    expect(option).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    assert box.input_value() == CARPET
    page.keyboard.press("ArrowDown")
    where = page.locator("[role=option][aria-selected=true]").get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{where}")


def test_an_enter_that_ends_a_syllable_chooses_nothing(look):
    page = look(language="ko")
    page.goto("/")
    box = page.locator("main input[type=search]")
    box.press_sequentially("한쪽만 소리가 안 나요", delay=5)
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    before = page.url
    for composing in ({"isComposing": True, "keyCode": 229}, {"isComposing": False, "keyCode": 229}):
        box.dispatch_event("keydown", {"key": "Enter", "bubbles": True, "cancelable": True, **composing})
        box.dispatch_event("keydown", {"key": "ArrowDown", "bubbles": True, "cancelable": True, **composing})
    assert page.url == before
    expect(page.locator("[role=option]").first).to_have_attribute("aria-selected", "true")


def asked_for(request):
    return parse_qs(urlsplit(request.url).query).get("q", [""])[0].strip()


@pytest.mark.parametrize(
    ("address", "field"),
    [("/", "main input[type=search]"), ("/questions/ask/", "#ask [name=title]")],
)
def test_what_the_keyboard_is_still_composing_is_looked_for(look, address, field):
    page = look(language="ko")
    page.goto(address)
    asked = []
    page.on(
        "request", lambda request: asked.append(asked_for(request)) if "/suggest/" in request.url else None
    )
    page.locator(field).focus()
    keyboard = page.context.new_cdp_session(page)
    for composed in ("ㅇ", "이", "이ㅇ", "이어", "이업", "이어버", "이어버ㄷ"):
        keyboard.send(
            "Input.imeSetComposition",
            {"text": composed, "selectionStart": len(composed), "selectionEnd": len(composed)},
        )
        if composed in ("이ㅇ", "이어", "이어버ㄷ"):
            page.wait_for_timeout(600)  # longer than the page waits for the next letter
    # Two syllables are enough, nothing was ended by Enter, and a begun letter is no word.
    assert asked == ["이어", "이어버"]


def test_an_overtaken_look_up_is_cancelled_and_only_the_last_count_is_read_out(look):
    page = look()
    page.goto("/")
    box, region = page.locator("main input[type=search]"), page.locator("main .search-box [aria-live]")
    cancelled, held = [], []
    page.on("requestfailed", lambda request: cancelled.append(asked_for(request)))
    page.route("**/questions/suggest/?**", lambda route: route.continue_() if held else held.append(route))
    page.evaluate("""() => {
      window.said = [];
      const region = document.querySelector("main .search-box [aria-live]");
      new MutationObserver(() => window.said.push(region.textContent)).observe(region, { childList: true });
    }""")
    box.press_sequentially("robot vacuum", delay=5)
    page.wait_for_timeout(500)
    box.press_sequentially(" turns around at the black", delay=5)
    page.wait_for_timeout(400)
    box.press_sequentially(" carpet as if it was a cliff", delay=5)
    expect(region).to_contain_text("similar")
    assert cancelled == ["robot vacuum"]
    assert len(page.evaluate("said")) == 1


def test_the_list_beside_a_question_is_reached_from_its_title_and_left_again(look):
    page = look("customer")
    page.goto("/questions/ask/")
    title = page.locator("#ask [name=title]")
    title.press_sequentially(CARPET, delay=5)
    links = page.locator("#ask [data-option]")
    links.first.wait_for()
    expect(page.locator("#ask p[aria-live]")).to_contain_text("similar")
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("Tab")
    assert "solved" in focused(page)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    expect(title).to_be_focused()
    assert title.input_value() == CARPET


def test_rows_are_walked_opened_answered_and_edited_by_keys(look, demo):
    page = look("customer")
    page.goto("/questions/?state=mine")
    rows = page.locator("[data-row]")
    page.keyboard.press("j")
    expect(rows.first.locator("a").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.first.locator("a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.locator(".thread").wait_for()
    page.goto(demo.at["own"])
    page.keyboard.press("a")
    composer = page.locator("#answer-form textarea")
    expect(composer).to_be_focused()
    page.keyboard.type("a j k e / ? are only letters here")
    expect(composer).to_have_value("a j k e / ? are only letters here")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    page.get_by_text("are only letters here").first.wait_for()
    page.locator("#question").evaluate("item => item.scrollIntoView()")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("e")
    page.wait_for_url("**/edit/")


def test_keys_can_be_turned_off(look):
    page = look("moderator")
    page.goto("/settings/")
    page.locator("[name=shortcuts]").uncheck()
    page.locator("main form button.primary").first.click()
    page.goto("/questions/")
    for key in ("?", "j", "/"):
        page.keyboard.press(key)
    expect(page.locator("#shortcuts")).to_be_hidden()
    assert page.evaluate("document.activeElement === document.body")
    page.goto("/settings/")
    page.locator("[name=shortcuts]").check()
    page.locator("main form button.primary").first.click()
    page.goto("/questions/")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def test_the_moderation_desk_is_worked_by_keys(look, demo):
    page = look("moderator")
    page.goto(f"/moderation/question-{demo.at['held_pk']}/")
    page.keyboard.press("r")
    page.wait_for_url("**/moderation/")
    expect(page.locator("#last-title")).to_be_visible()
    page.keyboard.press("u")
    page.wait_for_url(f"**/moderation/question-{demo.at['held_pk']}/")
    page.keyboard.press("x")
    expect(page.locator(".notice.stop")).to_be_focused()  # a removal needs its reason
    page.locator("[name=why]").select_option(index=1)
    page.locator("[name=why]").press("x")  # inside a field it is a letter
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("x")
    page.wait_for_url("**/moderation/")
    page.goto(f"/moderation/answer-{demo.at['flagged_answer']}/")
    page.keyboard.press("d")
    page.wait_for_url("**/moderation/")
    page.keyboard.press("u")
    page.wait_for_url(f"**/moderation/answer-{demo.at['flagged_answer']}/")
    expect(page.locator("[data-key=d]")).to_be_visible()
    page.goto(f"/moderation/duplicate-{demo.at['pair']}/")
    page.keyboard.press("d")
    page.wait_for_url("**/moderation/")
    page.keyboard.press("u")
    page.wait_for_url(f"**/moderation/duplicate-{demo.at['pair']}/")
    expect(page.locator("[data-key=c]")).to_be_visible()


def test_a_draft_is_published_by_a_key_and_the_next_one_comes(look, demo):
    page = look("editor")
    page.goto("/promotions/?state=draft")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.locator("[data-key=p]").wait_for()
    here = page.url
    page.keyboard.press("p")
    page.wait_for_url(lambda address: address != here)


def test_it_stays_usable_in_forced_colours(look):
    page = look(forced_colors="active", reduced_motion="reduce")
    page.goto("/")
    box = page.locator("main input[type=search]")
    box.press_sequentially(CARPET, delay=5)
    page.locator("[role=option]").first.wait_for()
    plain = page.locator("[role=option]").first.evaluate(
        "o => getComputedStyle(o).outlineStyle + getComputedStyle(o).backgroundColor"
    )
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option]").first.evaluate(
        "o => getComputedStyle(o).outlineStyle + getComputedStyle(o).backgroundColor"
    )
    assert chosen != plain
    for control in (".topbar .ask", "main .search-box button", "main input[type=search]"):
        edge = page.locator(control).first.evaluate(
            "item => Math.max(parseFloat(getComputedStyle(item).borderTopWidth), parseFloat(getComputedStyle(item.parentElement).borderTopWidth))"
        )
        assert edge >= 1, control
