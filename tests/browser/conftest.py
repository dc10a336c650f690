"""A site for the browser, and pages of it as somebody sees them."""

from collections.abc import Callable, Iterator

import pytest

from tests.site import PASSWORD, Site, served


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with served() as site:
        yield site


@pytest.fixture
def visit(site: Site, browser) -> Iterator[Callable]:
    """Open a page as somebody (or nobody), in a language, at a width; nothing may fail in its console."""
    opened, faults = [], []

    def _visit(
        who: str = "", *, language: str = "en", width: int = 1280, dark: bool = False, script: bool = True
    ):
        context = browser.new_context(
            base_url=site.url,
            locale={"ko": "ko-KR", "en": "en-US"}[language],
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            bypass_csp=False,
        )
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if who:
            page.goto("/accounts/login/")
            page.fill("input[name=login]", who)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda address: "/login/" not in address)
        return page

    yield _visit
    for context in opened:
        context.close()
    assert not [fault for fault in faults if "status of 4" not in fault], faults
