"""A site for the browser, and pages of it as somebody sees them."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.site import DEMO_PASSWORD, PASSWORD, Site, served


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with served() as site:
        yield site


@dataclass(frozen=True)
class Demo:
    """A site with the demo content, where its pages stand, and who has signed in so far."""

    site: Site
    at: dict[str, Any]
    entries: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    with served() as site:
        site.manage("seed_demo", "-v0")
        printed = site.manage("shell", "-v0", "-c", Path(__file__).with_name("demo_rows.py").read_text())
        yield Demo(site=site, at=json.loads(printed))


@contextmanager
def _pages(browser, url: str) -> Iterator[Callable]:
    """What opens a page in a browser of its own; nothing may fail in its console."""
    opened, faults = [], []

    def _open(
        *, language: str = "en", width: int = 1280, dark: bool = False, script: bool = True, **more: Any
    ):
        context = browser.new_context(
            base_url=url,
            locale={"ko": "ko-KR", "en": "en-US"}[language],
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            bypass_csp=False,
            **more,
        )
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield _open
    for context in opened:
        context.close()
    assert not [fault for fault in faults if "status of 4" not in fault], faults


def _sign_in(page, who: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login/" not in address)


@pytest.fixture
def visit(site: Site, browser) -> Iterator[Callable]:
    """Open a page as somebody (or nobody), in a language, at a width."""
    with _pages(browser, site.url) as open_page:

        def _visit(who: str = "", **how: Any):
            page = open_page(**how)
            if who:
                _sign_in(page, who, PASSWORD)
            return page

        yield _visit


@pytest.fixture
def look(demo: Demo, browser) -> Iterator[Callable]:
    """Open a page of the site with demo content as one of its people (or nobody), in a language, at a width."""
    with _pages(browser, demo.site.url) as open_page:

        def _look(who: str = "", **how: Any):
            if not who:
                return open_page(**how)
            if who not in demo.entries:
                page = open_page()
                _sign_in(page, who, DEMO_PASSWORD)
                demo.entries[who] = page.context.storage_state()
            return open_page(storage_state=demo.entries[who], **how)

        yield _look
