"""News leaves the site through its real worker: into files by default, or by a real mail server, over a real Redis."""

import email
import shutil
import subprocess
from email import policy

import httpx
import pytest
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from websockets.sync.client import connect

from portal.embedded import get_binary_path
from tests.site import Site, free_port, prepared

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("outside")]


class Inbox(Message):
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[email.message.EmailMessage] = []

    def prepare_message(self, session, envelope):
        return email.message_from_bytes(envelope.content, policy=policy.default)

    def handle_message(self, message) -> None:
        self.mails.append(message)


@pytest.fixture
def inbox():
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    inbox.url = f"smtp://127.0.0.1:{server.port}"
    yield inbox
    server.stop()


@pytest.fixture
def redis_url(tmp_path):
    """A server on a port, as an operator has one: the system's Redis, else Valkey's own."""
    command, port = shutil.which("redis-server") or str(get_binary_path()), free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen([command, *options], stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/3"
    server.terminate()
    server.wait(20)


def _person(site: Site, name: str) -> httpx.Client:
    site.manage("create_person", name, "--email", f"{name}@example.com", "--language", "en")
    token = site.manage("issue_token", name).strip()
    return httpx.Client(
        base_url=f"{site.url}/api/v1/", headers={"Authorization": f"Bearer {token}"}, timeout=60
    )


def _ask(asker: httpx.Client) -> int:
    asked = asker.post("questions/", json={"title": "The left bud is silent", "body": "Since this morning."})
    assert asked.status_code == 201, asked.text
    return asked.json()["id"]


def _answer(answerer: httpx.Client, question: int, body: str) -> int:
    given = answerer.post(f"questions/{question}/answers/", json={"body": body})
    assert given.status_code == 201, given.text
    return given.json()["id"]


def test_mail_lies_under_the_data_folder_wherever_the_site_was_started(tmp_path):
    with prepared() as site:
        site.start(folder=tmp_path)
        asker, answerer = _person(site, "asker"), _person(site, "answerer")
        _answer(answerer, _ask(asker), "Clean its contacts.")
        folder = site.home / "mail"
        site.wait_for(lambda: folder.is_dir() and any(folder.iterdir()), "mail in a file")
        site.wait_for(lambda: "Clean its contacts." in _texts(folder), "answer in the mail")
        assert not list(tmp_path.iterdir())


def _texts(folder) -> str:
    return "\n".join(path.read_text() for path in folder.iterdir())


def test_with_a_real_redis_and_a_real_mail_server_nothing_else_changes(inbox, redis_url):
    with prepared(pages=True, REDIS_URL=redis_url, EMAIL_URL=inbox.url) as site:
        site.start()
        assert set(site.children()) == {"web-1", "web-2", "worker", "indexer", "beat"}
        asker, answerer = _person(site, "asker"), _person(site, "answerer")
        question = _ask(asker)
        live = connect(f"{site.url.replace('http', 'ws')}/ws/questions/{question}/", origin=site.url)
        with live:
            first = _answer(answerer, question, "Clean its contacts.")
            told = live.recv(timeout=60)
            while "answer.created" not in told:
                told = live.recv(timeout=60)
        assert f'"id": {first}' in told
        second = _answer(answerer, question, "Or pair it again.")
        site.wait_for(lambda: len(inbox.mails) == 2, "mail about both answers")
        site.wait_for(
            lambda: asker.get(f"questions/{question}/suggestions/").json()["state"] != "pending",
            "look for suggestions",
        )
        with redis.Redis.from_url(redis_url) as client:
            assert client.dbsize()
        assert not (site.home / "redis.sock").exists()
        _look_at(inbox.mails, site, (first, second))


def _look_at(mails, site: Site, answers: tuple[int, int]) -> None:
    about = {answer: mail for answer in answers for mail in mails if f"#answer-{answer}" in _text(mail)}
    assert set(about) == set(answers)
    assert {mail["To"] for mail in mails} == {"asker <asker@example.com>"}
    assert len({mail["Message-ID"] for mail in mails}) == 2
    [thread] = {mail["In-Reply-To"] for mail in mails}
    assert {mail["References"] for mail in mails} == {thread}
    for mail in mails:
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        stop = mail["List-Unsubscribe"].strip().strip("<>")  # a long header begins on its second line
        assert stop.startswith(f"{site.url}/notifications/stop/")
    assert httpx.post(stop, data={"List-Unsubscribe": "One-Click"}, timeout=60).status_code == 200


def _text(mail) -> str:
    return mail.get_body(("plain",)).get_content()
