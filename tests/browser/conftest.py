"""A whole site for the browser: `manage.py serve` with its own data folder, worker, indexer, broker and four people."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a-good-password-7"
PEOPLE = {"asker": "customer", "answerer": "customer", "curator": "editor", "keeper": "moderator", "boss": "staff"}


@dataclass(frozen=True)
class Site:
    """Where it answers, and how to run a command beside it."""

    url: str
    manage: Callable[..., str]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="haedap-site-") as home:
        port = _free_port()
        url = f"http://127.0.0.1:{port}"
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")}
        environment |= {
            "HAEDAP_HOME": home, "PORT": str(port), "BIND": "127.0.0.1", "SITE_URL": url, "DEBUG": "0",
            "ALLOWED_HOSTS": "127.0.0.1", "SECRET_KEY": "for the browser's tests alone",
        }

        def manage(*words: str) -> str:
            done = subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr[-3000:]
            return done.stdout

        manage("migrate", "-v0")
        manage("compile_catalogues")
        manage("collectstatic", "--noinput", "-v0")
        log = Path(home, "serve.log").open("wb")
        server = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait_until_ready(url, server, Path(home, "serve.log"))
            for username, role in PEOPLE.items():
                manage("create_person", username, "--role", role, "--email", f"{username}@example.com", "--password", PASSWORD)
            yield Site(url=url, manage=manage)
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
            log.close()


def _wait_until_ready(url: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(120):
        assert server.poll() is None, log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise AssertionError(log.read_text()[-3000:])


@pytest.fixture
def visit(site: Site, browser) -> Iterator[Callable]:
    """Open a page as somebody (or nobody), in a language, at a width; nothing may fail in its console."""
    opened, faults = [], []

    def _visit(who: str = "", *, language: str = "en", width: int = 1280, dark: bool = False, script: bool = True):
        context = browser.new_context(
            base_url=site.url, locale={"ko": "ko-KR", "en": "en-US"}[language], viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light", java_script_enabled=script, bypass_csp=False,
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
