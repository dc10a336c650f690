"""A bad line is named by its number and one plain sentence; everything else goes in."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from community.models import Answer, Comment, Question
from kb.models import Article
from portal.core.models import IndexChange, Tag, User
from tests.community.test_importing import load
from tests.given import written

pytestmark = pytest.mark.django_db

GOOD = {"kind": "question", "external_id": "q-good", "title": "Why?", "body": "It stays silent."}
ARTICLE = GOOD | {"kind": "article"}
LONE = b'"\\ud800"'


def question(**values):
    return GOOD | {"external_id": "q-bad"} | values


def raw(**values):
    """A line with a field that Python's own JSON would not write."""
    return (
        json.dumps(question(**dict.fromkeys(values))).encode().replace(b"null", next(iter(values.values())))
    )


BAD = {
    "no JSON": (b"{title", "is not JSON: Expecting property name enclosed in double quotes (column 2)"),
    "half a line": (json.dumps(GOOD).encode()[:40], "is not JSON"),
    "two on a line": (json.dumps(GOOD).encode() * 2, "is not JSON: Extra data"),
    "nested": (b"[" * 100_000, "is not JSON: it is nested too deeply"),
    "endless number": (b'{"views": ' + b"9" * 10_000 + b"}", "is not JSON: a number has too many digits"),
    "a list": ([], "must be an object, not []"),
    "null": (None, "must be an object, not null"),
    "text": ("question", 'must be an object, not "question"'),
    "not UTF-8": (b'{"kind": "question", "title": "\xff\xfe"}', "is not UTF-8"),
    "UTF-16": (json.dumps(GOOD).encode("utf-16"), "is not UTF-8"),
    "no kind": ({"title": "x"}, 'kind must be "article" or "question", not null'),
    "unknown kind": (question(kind="thread"), 'kind must be "article" or "question", not "thread"'),
    "kind of another type": (question(kind=["question"]), 'kind must be "article" or "question"'),
    "kind that cannot be printed": (raw(kind=LONE), 'kind must be "article" or "question", not "\\ud800"'),
    "no external_id": (question(external_id=None), "external_id is missing"),
    "long external_id": (question(external_id="x" * 121), "external_id has 121 characters; 120 fit"),
    "no title": (question(title=None), "title is missing"),
    "title of spaces": (question(title=" \n "), "title is missing"),
    "title as number": (question(title=7), "title must be text, not 7"),
    "long title": (question(title="t" * 151), "title has 151 characters; 150 fit"),
    "no body": (question(body=""), "body is missing"),
    "ten megabytes": (question(body="b" * 10_000_000), "body has 10000000 characters; 30000 fit"),
    "long article": (ARTICLE | {"external_id": "a", "body": "b" * 60_001}, "body has 60001 characters; 60000 fit"),
    "NUL": (question(body="a\0b"), "body holds a character that no database keeps"),
    "lone surrogate": (raw(body=LONE), "body holds a character that no database keeps"),
    "lone surrogate as id": (raw(external_id=LONE), "external_id holds a character"),
    "lone surrogate as tag": (raw(tags=b"[" + LONE + b"]"), "tags holds a character"),
    "NUL as author": (question(author="a\0"), "author holds a character"),
    "NaN": (raw(views=b"NaN"), "views must be a number from 0 to 1000000, not NaN"),
    "infinite": (raw(views=b"1e999"), "views must be a number"),
    "negative": (question(views=-1), "views must be a number"),
    "true as number": (question(views=True), "views must be a number"),
    "language": (question(language="fr"), 'language must be one of ko, en, not "fr"'),
    "language as list": (question(language=["ko"]), "language must be one of ko, en"),
    "status": (question(status="published"), "status must be one of open, held, closed, removed"),
    "tags as text": (question(tags="wifi"), "tags must be a list of texts"),
    "tags as numbers": (question(tags=[1]), "tags must be a list of texts"),
    "long tag": (question(tags=["t" * 41]), "tags cannot be kept"),
    "no date": (question(created_at="yesterday"), "created_at must be a time such as 2026-01-31T09:00:00Z"),
    "31 February": (question(created_at="2026-02-31"), "created_at must be a time"),
    "date as number": (question(created_at=1234567890), "created_at must be a time"),
    "future": (question(created_at="2099-01-01T00:00:00Z"), "created_at lies in the future"),
    "end of time": (question(created_at="9999-12-31T23:59:59-23:59"), "created_at must be a time"),
    "answers as object": (question(answers={"body": "x"}), "answers must be a list of objects"),
    "answers of text": (question(answers=["x"]), "answers must be a list of objects"),
    "empty answer": (question(answers=[{"body": "x"}, {"body": ""}]), "answer 2: body is missing"),
    "future answer": (question(answers=[{"body": "x", "created_at": "2099-01-01"}]), "answer 1: created_at lies in"),
    "accepted as text": (question(answers=[{"body": "x", "accepted": "yes"}]), "answer 1: accepted must be true or false"),
    "two accepted": (question(answers=[{"body": "x", "accepted": True}] * 2), "answers has more than one accepted answer"),
    "answers of one id": (question(answers=[{"external_id": "a", "body": "x"}] * 2), "answers name one external_id twice"),
    "comments of one id": (question(comments=[{"external_id": "c", "body": "x"}] * 2), "comments name one external_id twice"),
    "empty comment": (question(comments=[{"body": " "}]), "comment 1: body is missing"),
    "votes as number": (question(answers=[{"body": "x", "votes": 3}]), "answer 1: votes must be a list"),
    "unknown vote": (question(answers=[{"body": "x", "votes": [["2026-01-01", "left"]]}]), "answer 1: votes must hold pairs"),
    "future vote": (question(answers=[{"body": "x", "votes": [["2099-01-01", "up"]]}]), "answer 1: votes hold a day in the future"),
    "same id again": (GOOD, 'external_id "q-good" stands on line 1 already'),
    "another question's answer": (question(answers=[{"external_id": "a-1", "body": "x"}]), 'answer "a-1" belongs to another question'),
    "another post's comment": (question(comments=[{"external_id": "c-1", "body": "x"}]), 'comment "c-1" belongs to another post'),
}  # fmt: skip
FIRST = GOOD | {
    "author": "first", "tags": ["one"],
    "answers": [{"external_id": "a-1", "body": "Charge it.", "comments": [{"external_id": "c-1", "body": "So?"}]}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_index(index):
    """None of these tests touches another's index."""


@pytest.mark.parametrize(("bad", "reason"), BAD.values(), ids=BAD)
def test_a_bad_line_is_named_and_the_others_go_in(bad, reason, tmp_path):
    content = written(tmp_path / "x.jsonl", [FIRST, b"", bad, ARTICLE])
    code, said, named = load(content)
    assert (code, said) == (1, "2 new, 0 already known, 1 refused.")
    assert len(named) == 1
    assert named[0].startswith(f"line 3: {reason}")
    assert len(named[0]) < 200
    assert (Question.objects.count(), Article.objects.count()) == (1, 1)
    assert (Answer.objects.count(), Comment.objects.count()) == (1, 1)
    call_command("check_index", stdout=StringIO(), stderr=StringIO())


@pytest.mark.parametrize(("bad", "reason"), BAD.values(), ids=BAD)
def test_strict_and_dry_run_change_nothing_when_one_is_bad(bad, reason, tmp_path):
    content = written(tmp_path / "x.jsonl", [FIRST, ARTICLE, bad])
    for options in (["--strict"], ["--dry-run"], ["--strict", "--dry-run"]):
        code, _said, named = load(content, *options)
        if options == ["--strict"] or "belongs to another" not in reason:
            assert code == 1
            assert named[0].startswith(f"line 3: {reason}")
    for model in (Question, Article, Answer, Comment, Tag, User, IndexChange):
        assert not model.objects.exists()


def test_strict_takes_a_good_file_whole(tmp_path):
    assert load(written(tmp_path / "x.jsonl", [FIRST, ARTICLE]), "--strict")[0] == 0
    assert load(written(tmp_path / "x.jsonl", [FIRST, ARTICLE]), "--dry-run")[1].startswith(
        "2 of 2 can be loaded"
    )
    assert (Question.objects.count(), Article.objects.count()) == (1, 1)


@pytest.mark.parametrize("options", [[], ["--strict"], ["--dry-run"]])
def test_a_file_that_is_none_is_one_sentence(options, tmp_path):
    (tmp_path / "folder").mkdir()
    for path, sentence in (
        (tmp_path / "missing.jsonl", "is not there"),
        (tmp_path / "folder", "is a folder without Markdown files"),
        (tmp_path / "pipe", "is not a file"),
    ):
        if path.name == "pipe":
            import os

            os.mkfifo(path)
        with pytest.raises(CommandError, match=sentence):
            load(path, *options)


def test_an_empty_file_is_no_mistake(tmp_path):
    (tmp_path / "empty.jsonl").write_bytes(b"")
    assert load(tmp_path / "empty.jsonl")[:2] == (0, "0 new, 0 already known, 0 refused.")


def test_a_mark_at_the_beginning_and_line_ends_of_two_characters_are_taken(tmp_path):
    lines = [json.dumps(GOOD | {"body": "one\r\ntwo\rthree"}).encode(), json.dumps(ARTICLE).encode(), b"  "]
    (tmp_path / "x.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines))
    assert load(tmp_path / "x.jsonl")[0] == 0
    assert Question.objects.get().body == "one\ntwo\nthree"
    assert Article.objects.count() == 1


def test_odd_names_are_people_all_the_same(tmp_path):
    User.objects.create_user("KIM", password=None)
    authors = ["김민지", "Kim Min Ji", "kim", "kim", "שלום", "👩‍👩‍👧", "a/b", "../etc", "person"]
    lines = [GOOD | {"external_id": f"q-{n}", "author": author} for n, author in enumerate(authors)]
    assert load(written(tmp_path / "x.jsonl", lines))[0] == 0
    names = {user.name for user in User.objects.all()}
    assert {"김민지", "Kim Min Ji", "kim", "שלום", "👩‍👩‍👧", "a/b", "../etc", "person"} <= names
    usernames = [name.lower() for name in User.objects.values_list("username", flat=True)]
    assert len(usernames) == len(set(usernames)) == 9
