"""A whole site for tests from outside: `manage.py serve` with its own data folder, worker, indexer, broker and people."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "a-good-password-7"
DEMO_PASSWORD = "haedap-demo"
PEOPLE = {
    "asker": "customer",
    "answerer": "customer",
    "curator": "editor",
    "keeper": "moderator",
    "boss": "staff",
}


@dataclass(frozen=True)
class Site:
    """Where it answers, its supervisor's process, and how to run a command beside it."""

    url: str
    pid: int
    manage: Callable[..., str]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served() -> Iterator[Site]:
    """Start a site, wait until it is ready, and stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="haedap-site-") as home:
        port = _free_port()
        url = f"http://127.0.0.1:{port}"
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")
        }
        environment |= {
            "HAEDAP_HOME": home,
            "PORT": str(port),
            "BIND": "127.0.0.1",
            "SITE_URL": url,
            "DEBUG": "0",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECRET_KEY": "for the browser's tests alone",
        }

        def manage(*words: str) -> str:
            done = subprocess.run(
                [sys.executable, "manage.py", *words],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr[-3000:]
            return done.stdout

        manage("migrate", "-v0")
        manage("compile_catalogues")
        manage("collectstatic", "--noinput", "-v0")
        log = Path(home, "serve.log").open("wb")  # noqa: SIM115 (closed at the end)
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait_until_ready(url, server, Path(home, "serve.log"))
            for username, role in PEOPLE.items():
                manage(
                    "create_person",
                    username,
                    "--role",
                    role,
                    "--email",
                    f"{username}@example.com",
                    "--password",
                    PASSWORD,
                )
            yield Site(url=url, pid=server.pid, manage=manage)
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
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310 (our own address)
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise AssertionError(log.read_text()[-3000:])
