"""axe finds nothing on the pages people use, signed in and out, light and dark."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.soak]

OPEN = [
    "/",
    "/search/?q=carpet",
    "/search/?q=zzzzqqq",
    "/questions/",
    "/questions/ask/",
    "/articles/",
    "/tags/",
    "/products/",
    "/people/",
    "/people/answerer/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/nowhere/",
]
SIGNED_IN = {
    "asker": ["/", "/notifications/", "/settings/", "/questions/?state=mine", "/accounts/email/"],
    "curator": ["/promotions/", "/insights/", "/articles/new/"],
    "keeper": ["/moderation/"],
    "boss": ["/styleguide/"],
}


def _violations(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {v['id']}: {n['target']} {n.get('failureSummary', '')}"
        for v in found
        for n in v["nodes"]
    ]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_nothing(visit, site, language, dark):
    faults = []
    page = visit(language=language, dark=dark)
    for address in OPEN:
        page.goto(address)
        faults += _violations(page)
    for who, addresses in SIGNED_IN.items():
        page = visit(who, language=language, dark=dark)
        for address in addresses:
            page.goto(address)
            faults += _violations(page)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_page_scrolls_sideways_on_a_phone(visit, language):
    page = visit(language=language, width=390)
    for address in OPEN:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
