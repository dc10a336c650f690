"""`manage.py serve` for real: everything starts, whatever dies comes back, and one signal ends it all."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

pytestmark = [pytest.mark.services, pytest.mark.soak]
ROOT = Path(__file__).resolve().parents[2]
NAMES = {"valkey", "web-1", "web-2", "worker", "indexer", "beat"}


class Served:
    """A supervisor under test: its log, its children by name, its address."""

    def __init__(self, home: Path) -> None:
        self.home, self.log = home, home / "serve.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        unwanted = ("DATABASE_URL", "EMAIL_URL")
        self.environment = {name: value for name, value in os.environ.items() if name not in unwanted} | {
            "HAEDAP_HOME": str(home), "PORT": str(self.port), "BIND": "127.0.0.1", "DEBUG": "1",
            "SITE_URL": f"http://127.0.0.1:{self.port}",
        }  # fmt: skip

    def manage(self, *words: str, **more: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment | more, capture_output=True, text=True, timeout=120
        )

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        self.wait_for(lambda: self.status("/readyz") == 200, "a ready site")

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def children(self) -> set[int]:
        tasks = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return {int(pid) for pid in tasks.split()}

    def wait_for(self, done, what: str, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < until, f"no {what} within {seconds} s:\n{self.log.read_text()[-4000:]}"
            time.sleep(0.1)


@pytest.fixture  # one for each test: the last of them, in whatever order, ends it
def served(tmp_path_factory):
    served = Served(tmp_path_factory.mktemp("home"))
    assert served.manage("migrate", "-v0").returncode == 0
    served.start()
    yield served
    with contextlib.suppress(ProcessLookupError):
        served.process.terminate()
        served.process.wait(15)


def _alive(pid: int) -> bool:
    # A zombie waits for its parent alone; it does nothing any more.
    with contextlib.suppress(OSError):
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    return False


def test_everything_starts_and_answers(served):
    assert served.status("/healthz") == 200
    assert len(served.children()) == len(NAMES)
    ready = f"Ready: http://127.0.0.1:{served.port}"
    served.wait_for(lambda: ready in served.log.read_text(), "address in the log")


def test_a_second_start_on_the_same_folder_is_refused(served):
    second = served.manage("serve", PORT=str(served.port + 1))
    assert second.returncode == 1
    assert f"already running on {served.home} (process {served.process.pid})" in second.stderr


def test_a_taken_port_is_refused_with_its_number(served, tmp_path):
    assert served.manage("migrate", "-v0", HAEDAP_HOME=str(tmp_path)).returncode == 0
    second = served.manage("serve", HAEDAP_HOME=str(tmp_path))
    assert second.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{served.port}" in second.stderr


def test_an_old_database_is_refused(served, tmp_path):
    late = served.manage("serve", HAEDAP_HOME=str(tmp_path), PORT=str(served.port + 1))
    assert late.returncode == 1
    assert "migrate" in late.stderr


def test_whatever_is_killed_comes_back(served):
    for pid in sorted(served.children()):
        before = served.children()
        os.kill(pid, signal.SIGKILL)
        served.wait_for(
            lambda pid=pid, before=before: (
                pid not in served.children() and len(served.children()) == len(before)
            ),
            f"new process in place of {pid}",
        )
    served.wait_for(lambda: served.status("/readyz") == 200, "a ready site after the kills")
    log = served.log.read_text()
    assert all(f"{name} ended (signal SIGKILL)" in log for name in NAMES), log[-4000:]


def test_one_signal_stops_everything_within_ten_seconds(served):
    children = served.children()
    began = time.monotonic()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(15) == 0
    assert time.monotonic() - began < 10
    assert not [pid for pid in children if _alive(pid)]
    assert not (served.home / "redis.sock").exists()


def test_a_killed_supervisor_takes_everything_with_it_and_a_new_one_starts(served):
    served.start()
    children = served.children()
    served.process.kill()
    served.process.wait(5)
    served.wait_for(lambda: not [pid for pid in children if _alive(pid)], "end of the children", seconds=10)
    served.start()
    assert served.status("/healthz") == 200
