"""Meaning beside words: vectors are made behind the words, follow every change, and are never needed for an answer."""

import http.server
import json
import os
import shutil
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from django.contrib.auth.models import AnonymousUser

from community import finding, moderation, services
from community.models import Question
from kb.models import Article
from portal.core import search
from portal.core.models import IndexChange
from portal.core.search import embedding, meaning, spaces, writing
from portal.core.search.chunks import FULL, pieces, weight
from portal.core.search.indexing import entries
from portal.core.search.tasks import mend_sample
from portal.core.search.vectors import key_of
from tests.factories import make_answer, make_article, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def vectors(index, settings, monkeypatch) -> Iterator[None]:
    """A site that reads with the models in the process, however busy the machine is."""
    settings.EMBEDDINGS_URL = ""
    monkeypatch.setattr(meaning, "SECONDS", 20.0)
    meaning.forget()
    yield
    meaning.forget()


def write() -> None:
    writing.flush_now()
    embedding.embed(None)


def indexed(*things) -> None:
    for thing in things:
        search.changed(thing._meta.model_name, thing.pk)
    write()


def found(text: str) -> list[str]:
    return [each.title for each in finding.find(text, by=AnonymousUser()).results]


def fill() -> None:
    for title, body, language in (
        (
            "Earbuds run out of power after an hour",
            "Turn off noise cancelling and update the firmware.",
            "en",
        ),
        ("Return an order", "You can send it back within thirty days and get your money.", "en"),
        ("Change the picture of your profile", "Open the settings and choose a photo.", "en"),
        ("카메라가 밤에 흐리게 나와요", "적외선 필터를 다시 켜 주세요.", "ko"),
        ("Clean the vacuum's brush", "Pull out the brush and cut the hair away.", "en"),
    ):
        article = make_article(title=title, body=body, language=language)
        search.changed("article", article.pk)


def test_other_words_and_another_language_find_the_same_article(cast, vectors):
    fill()
    write()
    assert found("headset battery drains fast")[0] == "Earbuds run out of power after an hour"
    assert found("이어폰 배터리가 빨리 닳아요")[0] == "Earbuds run out of power after an hour"
    assert found("the pictures of my camera are blurry at night")[0] == "카메라가 밤에 흐리게 나와요"


def keys() -> set[str]:
    """What the first encoder has vectors of."""
    (_encoder, space), *_more = spaces.spaces()
    return {"{}-{}".format(*key_of(packed)) for packed in space.view().keys}


def test_vectors_follow_what_is_published_changed_and_taken_away(cast, vectors):
    question = make_question(title="이어폰이 자꾸 끊겨요", body="지하철에서 소리가 끊깁니다.", language="ko")
    answer = make_answer(question, body="멀티포인트를 꺼 보세요.", author=cast.junho)
    indexed(question, answer)
    assert keys() == {f"question-{question.pk}", f"answer-{answer.pk}"}
    before = {row["mark"] for row in spaces.spaces()[0][1].view().rows if row["live"]}
    services.edit_answer(answer=answer, by=cast.junho, body="펌웨어를 업데이트해 보세요.")
    write()
    after = {row["mark"] for row in spaces.spaces()[0][1].view().rows if row["live"]}
    assert len(before & after) == 2, "the question's title and body are not encoded again"
    assert before != after
    moderation.remove(post=answer, by=cast.mod, reason="spam")
    writing.flush_now()  # the words' step alone: what is removed must not wait for an encoder
    assert keys() == {f"question-{question.pk}"}


def test_what_waits_survives_a_kill_between_any_two_steps(cast, vectors, monkeypatch):
    fill()
    writing.flush_now()
    assert embedding.waiting()
    real = embedding.advance
    monkeypatch.setattr(embedding, "advance", lambda *_: (_ for _ in ()).throw(SystemExit(9)))
    with pytest.raises(SystemExit):
        embedding.embed(None)
    monkeypatch.setattr(embedding, "advance", real)
    embedding.embed(None)
    assert not embedding.waiting()
    assert not any(embedding.compare().values())
    assert len(keys()) == 5


def test_a_damaged_row_is_found_and_encoded_anew(cast, vectors):
    fill()
    write()
    _encoder, space = spaces.spaces()[0]
    file = space.folder / "vectors"
    data = bytearray(file.read_bytes())
    data[40:60] = os.urandom(20)
    file.write_bytes(bytes(data))
    difference = writing.compare()
    assert len(difference.without_vectors) == 1
    writing.repair(difference)
    embedding.embed(None)
    assert not writing.compare()


def test_a_damaged_and_a_left_vector_are_mended_within_the_hour(cast, vectors):
    fill()
    write()
    _encoder, space = spaces.spaces()[0]
    file = space.folder / "vectors"
    data = bytearray(file.read_bytes())
    data[40:60] = os.urandom(20)
    file.write_bytes(bytes(data))
    Article.objects.filter(title="Return an order").update(status="archived", published_revision=None)
    assert len(keys()) == 5
    mend_sample.apply(throw=True)
    embedding.embed(None)
    assert len(keys()) == 4
    assert not writing.compare()


class Server(http.server.BaseHTTPRequestHandler):
    """An embedding server of few words: a text is the letters it is made of."""

    broken = False
    gate = threading.Event()  # closed: nothing is answered
    asked: list[dict] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({"key": self.headers["Authorization"], **body})
        self.gate.wait(30)
        rows = []
        for at, text in enumerate(body["input"]):
            vector = np.zeros(64)
            for character in text.lower():
                vector[ord(character) % 64] += 1
            rows.append({"index": at, "embedding": vector.tolist()})
        answer = b"no" if self.broken else json.dumps({"data": rows}).encode()
        self.send_response(500 if self.broken else 200)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    Server.broken, Server.asked = False, []
    Server.gate.set()
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://secret@127.0.0.1:{running.server_port}/v1?model=letters&query_prefix=q:"
    running.shutdown()


def test_a_server_is_asked_with_its_key_and_model_and_words_answer_when_it_fails(
    cast, vectors, settings, server
):
    settings.EMBEDDINGS_URL = server
    fill()
    write()
    assert Server.asked[0]["key"] == "Bearer secret"
    assert Server.asked[0]["model"] == "letters"
    assert found("return an order")[0] == "Return an order"
    assert Server.asked[-1]["input"] == ["q:return an order"]
    Server.broken = True
    assert found("clean the brush")[0] == "Clean the vacuum's brush"
    count = len(Server.asked)
    assert found("profile picture")[0] == "Change the picture of your profile"
    assert len(Server.asked) == count, "a server that failed is left alone for a while"


def test_what_a_server_cannot_encode_now_waits_for_it(cast, vectors, settings, server):
    settings.EMBEDDINGS_URL = server
    Server.broken = True
    fill()
    write()
    assert embedding.waiting() >= 5
    Server.broken = False
    embedding.embed(None)
    assert not IndexChange.objects.exists()
    assert len(keys()) == 5


def test_another_model_reads_everything_while_the_old_one_answers(cast, vectors, settings, server):
    fill()
    write()
    old = {space.folder.name for _encoder, space in spaces.answering()}
    settings.EMBEDDINGS_URL = server
    assert {space.folder.name for _encoder, space in spaces.answering()} == old
    assert found("headset battery drains fast")[0] == "Earbuds run out of power after an hour"
    embedding.embed(None)
    (now,) = [space.folder.name for _encoder, space in spaces.answering()]
    assert now.startswith("server-")
    assert {path.name for path in spaces.root().glob("*/")} == {now}, "the old vectors are gone"


def test_pieces_carry_their_title_and_headings_and_are_never_too_long():
    html = (
        "<p>First of all.</p><h2>Pairing</h2><p>Hold the button.</p><h3>Again</h3><p>Hold it longer.</p>"
        "<h2>Reset</h2><p>" + "가나다라마바사. " * 200 + "</p>"
    )
    cut = pieces("Buds", html)
    assert cut[:4] == [
        "Buds", "Buds\nFirst of all.", "Buds › Pairing\nHold the button.", "Buds › Pairing › Again\nHold it longer."
    ]  # fmt: skip
    assert all(piece.startswith("Buds › Reset\n") for piece in cut[4:])
    assert all(weight(piece.split("\n", 1)[1]) <= FULL for piece in cut[1:])
    assert pieces("Same", "<p>Same</p>") == ["Same"]
    assert pieces("", "<p>Untitled</p>") == ["Untitled"]
    assert max(weight(piece) for piece in pieces("x", f"<p>{'하' * 5000}</p>")) <= FULL + 5


def test_a_slow_encoder_costs_the_meaning_not_the_answer(cast, vectors, settings, server, monkeypatch):
    monkeypatch.setattr(meaning, "SECONDS", 0.5)
    settings.EMBEDDINGS_URL = server
    fill()
    write()
    Server.gate.clear()
    assert found("clean the brush")[0] == "Clean the vacuum's brush"
    assert found("profile picture")[0] == "Change the picture of your profile"
    assert not Server.gate.is_set(), "nobody waited for the server"
    Server.gate.set()


@pytest.mark.parametrize("harm", ["gone", "no rows", "half a row", "other dimensions", "noise", "a folder"])
def test_broken_vectors_never_break_an_answer_and_are_mended(cast, vectors, harm):
    fill()
    write()
    folder = spaces.spaces()[0][1].folder
    match harm:
        case "gone":
            shutil.rmtree(folder)
        case "no rows":
            (folder / "rows").unlink()
        case "half a row":
            (folder / "rows").write_bytes((folder / "rows").read_bytes()[:-7])
        case "other dimensions":
            (folder / "dimensions").write_text("7")
        case "noise":
            (folder / "vectors").write_bytes(os.urandom(900))
        case "a folder":
            (folder / "vectors").unlink()
            (folder / "vectors").mkdir()
    assert found("return an order")[0] == "Return an order"
    differences = writing.compare()
    if differences:
        writing.repair(differences)
    embedding.embed(None)
    assert not writing.compare()
    assert found("get my money back")[0] == "Return an order"
    assert len(keys()) == 5


def test_the_same_vectors_answer_after_a_fork(cast, vectors):
    fill()
    write()
    before = found("headset battery drains fast")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            meaning.forget()
            code = 0 if meaning.read("headset battery drains fast") else 2
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert found("headset battery drains fast") == before


def test_nothing_hidden_is_found_by_its_meaning(cast, vectors):
    question = make_question(title="My earbuds burst into flames", body="They caught fire in my pocket.")
    indexed(question)
    assert found("headphones are burning") == ["My earbuds burst into flames"]
    Question.objects.filter(pk=question.pk).update(status="removed")  # before any index hears of it
    assert found("headphones are burning") == []
    page = finding.find("headphones are burning", by=AnonymousUser())
    assert page.count == 0
    assert not any(page.facets.values())


def test_what_is_about_nothing_here_finds_nothing(cast, vectors):
    fill()
    write()
    for text in ("asdkfjh qweoiru", "ㅁㄴㅇㄹ", "🙂🙂🙂", "%%%%%", "a" * 5_000):
        assert found(text) == [], text


def test_one_that_cannot_be_read_keeps_nobody_waiting(cast, vectors, monkeypatch):
    fill()
    entry, real = entries()["article"], entries()["article"].pieces

    def pieces_of(obj):
        if obj.title == "Return an order":
            raise ValueError("unreadable")
        return real(obj)

    monkeypatch.setattr(entry, "pieces", pieces_of)
    write()
    assert not embedding.waiting()
    assert len(keys()) == 4
    monkeypatch.undo()
    monkeypatch.setattr(meaning, "SECONDS", 20.0)
    assert len(writing.compare().without_vectors) >= 1
