"""A whole site for tests from outside: `manage.py serve` with its own data folder, worker, indexer, broker and people."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from portal.memory import processes

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


@dataclass
class Site:
    """Where it answers and lies, its supervisor, and how to run a command beside it."""

    home: Path
    url: str
    environment: dict[str, str]
    supervisor: subprocess.Popen | None = field(default=None, repr=False)

    @property
    def pid(self) -> int:
        assert self.supervisor is not None
        return self.supervisor.pid

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess:
        """Run a command of manage.py as an operator would; with `more` in its environment."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment | more,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def manage(self, *words: str) -> str:
        """Run a command of manage.py that must end well; what it printed."""
        done = self.run(*words)
        assert done.returncode == 0, f"{words}: {done.stderr[-3000:]}{done.stdout[-1000:]}"
        return done.stdout

    def begin(self, *, folder: Path = ROOT) -> subprocess.Popen:
        """Start everything, from this working folder, and wait for nothing."""
        with self.log_file.open("ab") as log:
            self.supervisor = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "serve"],
                cwd=folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                # As at a terminal: a shell's background job, which a test run may be, would never hear of Ctrl-C.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        return self.supervisor

    def start(self, *, folder: Path = ROOT) -> None:
        """Start everything and wait until it is ready."""
        before = self.log().count(f"Ready: {self.url}") if self.log_file.exists() else 0
        self.begin(folder=folder)
        self.wait_for(lambda: self.log().count(f"Ready: {self.url}") > before, "ready site", seconds=180)

    def stop(self) -> None:
        """Stop everything, as Ctrl-C does."""
        if self.supervisor is not None:
            self.supervisor.send_signal(signal.SIGTERM)
            try:
                self.supervisor.wait(30)
            except subprocess.TimeoutExpired:
                self.supervisor.kill()

    def status(self, path: str) -> int:
        """What a GET of this path answers; 0 if nothing does."""
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:  # noqa: S310 (our own address)
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def children(self) -> dict[str, int]:
        """The processes that the supervisor started, by name."""
        return {name: pid for pid, name in processes(self.pid).items() if pid != self.pid}

    @property
    def log_file(self) -> Path:
        return self.home / "serve.log"

    def log(self) -> str:
        return self.log_file.read_text()

    def wait_for(self, done: Callable[[], object], what: str, seconds: float = 60) -> None:
        """Wait until something is so; the end of the log says why if it never is."""
        until = time.monotonic() + seconds
        while not done():
            ended = self.supervisor is not None and self.supervisor.poll() is not None
            assert not ended, f"the site ended before: {what}\n{self.log()[-4000:]}"
            assert time.monotonic() < until, f"no {what} within {seconds} s\n{self.log()[-4000:]}"
            time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def prepared(*, pages: bool = False, **more: str) -> Iterator[Site]:
    """A site with its data folder and database made, not started; with `more` in its environment.

    The files that `pages` need take long to collect: who only calls the API goes without.
    """
    with tempfile.TemporaryDirectory(prefix="haedap-site-", ignore_cleanup_errors=True) as home:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        unwanted = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE")
        environment = {name: value for name, value in os.environ.items() if name not in unwanted} | {
            "HAEDAP_HOME": home,
            "PORT": str(port),
            "BIND": "127.0.0.1",
            "SITE_URL": url,
            "DEBUG": "0",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECRET_KEY": "for the tests of a whole site alone",
        }
        site = Site(home=Path(home), url=url, environment=environment | more)
        site.manage(*(["prepare"] if pages else ["migrate", "-v0"]))
        try:
            yield site
        finally:
            with contextlib.suppress(ProcessLookupError):
                site.stop()


_MEMBERS_OF_A_MONTH = """
from django.utils import timezone
from portal.core.models import User
User.objects.update(date_joined=timezone.now() - timezone.timedelta(days=30))
"""


@contextmanager
def served(**more: str) -> Iterator[Site]:
    """Start a site with its people, wait until it is ready, and stop it at the end."""
    with prepared(pages=True, **more) as site:
        site.start()
        for name, role in PEOPLE.items():
            address = f"{name}@example.com"
            site.manage("create_person", name, "--role", role, "--email", address, "--password", PASSWORD)
        # Members of a month: what somebody new posts quickly, as test after test does, waits for a moderator.
        site.manage("shell", "-v0", "-c", _MEMBERS_OF_A_MONTH)
        yield site
