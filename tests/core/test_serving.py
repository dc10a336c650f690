"""`manage.py serve` for real: everything starts, whatever dies comes back, and one signal ends it all."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.site import Site, free_port, prepared

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("serving")]
NAMES = {"valkey", "web-1", "web-2", "worker", "indexer", "beat"}


@pytest.fixture(scope="module")
def site():
    """One site for all: each test leaves it running."""
    with prepared() as site:
        site.start()
        yield site


def _alive(pid: int) -> bool:
    try:
        # A zombie waits for its parent alone; it does nothing any more.
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_everything_starts_and_answers(site: Site):
    assert site.status("/healthz") == 200
    assert set(site.children()) == NAMES
    site.wait_for(lambda: f"Ready: {site.url}" in site.log(), "address in the log")


def test_the_memory_of_each_process_is_told_and_adds_up(site: Site):
    lines = dict(line.rsplit(maxsplit=2)[:2] for line in site.manage("memory").splitlines())
    assert set(lines) == NAMES | {"supervisor", "sum"}
    total = float(lines.pop("sum"))
    assert all(float(size) > 0 for size in lines.values())
    assert total == pytest.approx(sum(map(float, lines.values())), abs=1)
    assert total < 1024


def test_without_a_site_there_is_no_memory_to_tell(site: Site, tmp_path):
    asked = site.run("memory", HAEDAP_HOME=str(tmp_path))
    assert asked.returncode == 1
    assert f"No site runs on {tmp_path}." in asked.stderr


def test_a_second_start_on_the_same_folder_is_refused(site: Site):
    second = site.run("serve", PORT=str(free_port()))
    assert second.returncode == 1
    assert f"already running on {site.home} (process {site.pid})" in second.stderr
    assert site.status("/readyz") == 200


def test_a_taken_port_is_refused_with_its_number(site: Site, tmp_path):
    second = site.run("serve", HAEDAP_HOME=str(tmp_path))
    assert second.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{site.environment['PORT']}" in second.stderr


def test_an_old_database_is_refused(site: Site, tmp_path):
    late = site.run("serve", HAEDAP_HOME=str(tmp_path), PORT=str(free_port()))
    assert late.returncode == 1
    assert "migrate" in late.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/haedap"),
        ("DATABASE_URL", "postgres://127.0.0.1"),
        ("DATABASE_URL", "postgres://127.0.0.1:1/haedap"),
        ("DATABASE_URL", "sqlite:////nowhere/haedap.sqlite3"),
        ("REDIS_URL", "http://127.0.0.1"),
        ("REDIS_URL", "redis://127.0.0.1:many"),
        ("REDIS_URL", "redis://127.0.0.1:1"),
        ("EMAIL_URL", "pigeon://127.0.0.1"),
        ("EMAIL_URL", "smtp://"),
        ("SEARCH_URL", "whoosh://"),
        ("SEARCH_URL", "sphinx://127.0.0.1"),
        ("BIND", "nowhere.invalid"),
        ("PORT", "eighty"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("HAEDAP_HOME", "/dev/null"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence_that_names_it(site: Site, tmp_path, name, value):
    environment = {"HAEDAP_HOME": str(tmp_path), "PORT": str(free_port()), name: value}
    begun = site.run("serve", **environment)
    assert begun.returncode == 1
    assert name in begun.stderr
    assert begun.stderr.strip().count("\n") == 0, begun.stderr
    assert not begun.stdout


def test_whatever_is_killed_comes_back(site: Site):
    for name, pid in site.children().items():
        os.kill(pid, signal.SIGKILL)
        site.wait_for(
            lambda name=name, pid=pid: site.children().get(name, pid) != pid, f"new {name} in place of {pid}"
        )
    site.wait_for(lambda: site.status("/readyz") == 200, "ready site after the kills")
    log = site.log()
    assert all(f"{name} ended (signal SIGKILL)" in log for name in NAMES), log[-4000:]


def test_one_signal_stops_everything(site: Site):
    children = site.children().values()
    os.kill(site.pid, signal.SIGINT)
    assert site.supervisor.wait(30) == 0
    assert not [pid for pid in children if _alive(pid)]
    assert not (site.home / "redis.sock").exists()
    site.start()


def test_a_start_right_after_the_supervisor_was_killed_works_and_meets_nobody(site: Site):
    before = site.children().values()
    site.supervisor.kill()
    site.supervisor.wait(10)
    site.start()
    assert not [pid for pid in before if _alive(pid)]
    assert set(site.children()) == NAMES


def test_what_a_killed_supervisor_left_is_never_joined(site: Site, tmp_path):
    """As where no kernel ends the children of a killed process: somebody still holds the folder."""
    site.run("migrate", "-v0", HAEDAP_HOME=str(tmp_path))
    import fcntl

    with (tmp_path / "children").open("w") as left:
        fcntl.flock(left, fcntl.LOCK_EX)
        begun = site.run("serve", HAEDAP_HOME=str(tmp_path), PORT=str(free_port()))
    assert begun.returncode == 1
    assert f"Processes of an earlier start still run on {tmp_path}" in begun.stderr


def test_a_stop_that_comes_while_everything_starts_leaves_nothing(site: Site):
    os.kill(site.pid, signal.SIGTERM)
    assert site.supervisor.wait(30) == 0
    for moment in (0.5, 1.5, 2.5):
        begun = site.begin()
        time.sleep(moment)
        children = site.children().values()
        begun.send_signal(signal.SIGINT)
        begun.wait(30)
        assert not [pid for pid in children if _alive(pid)]
    site.start()


def test_a_word_in_the_log_says_which_process_it_comes_from(site: Site):
    # Beat has nothing to say while all is well.
    site.wait_for(lambda: _speakers(site.log()) >= NAMES - {"beat"} | {"haedap"}, "word from each process")


def _speakers(log: str) -> set[str]:
    return {line.split(" | ")[0].split()[-1] for line in log.splitlines() if " | " in line}


def test_nothing_listens_but_the_one_port(site: Site):
    """The broker is a socket file of its owner's alone."""
    with socket.socket(socket.AF_UNIX) as broker:
        broker.connect(str(site.home / "redis.sock"))
    assert (site.home / "redis.sock").stat().st_mode & 0o077 == 0
