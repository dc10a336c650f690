"""Content goes in from a file or a folder, is found, and comes out again as it went in."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from community.models import Answer, Comment, Question, Vote
from kb.models import Article
from portal.core.models import IndexChange, User
from tests.api import Api
from tests.given import HELP, needs_data, thread_lines, written

ROOT = Path(__file__).parents[2]
SETS = ("quantum", "bicycles_meta")
SAMPLE = 30  # of each set, at equal distances; the whole is a soak


def load(path, *options):
    """Run the command; what it said, and whether all went in."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("import_content", str(path), *options, stdout=out, stderr=err, verbosity=0)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue().strip(), err.getvalue().splitlines()


def exported(tmp_path):
    call_command("export_content", str(tmp_path / "out.jsonl"), verbosity=0)
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    return {line["external_id"]: line for line in map(json.loads, lines)}


def is_held_in(given, kept, where=""):
    """Every value that went in is there; what the file left out may have got a value."""
    if isinstance(given, dict):
        for name, value in given.items():
            is_held_in(value, kept.get(name), f"{where}.{name}")
    elif isinstance(given, list) and given and isinstance(given[0], dict):
        assert len(given) == len(kept or []), where
        for number, (one, other) in enumerate(zip(given, kept, strict=True)):
            is_held_in(one, other, f"{where}[{number}]")
    elif where.endswith((".tags", ".votes")):
        assert sorted(given) == sorted(kept or []), where
    else:
        if isinstance(given, str):
            given = given.replace("\r\n", "\n")  # line ends are made one, as in every post
        if where.endswith(".title"):
            given = " ".join(given.split())  # and a title is one line with single spaces
        assert given == kept or (not given and kept is None) or (given, kept) == ("open", None), where


def counts():
    return [model.objects.count() for model in (Article, Question, Answer, Comment, Vote, User)]


def threads(every):
    return [line for name in SETS for line in list(thread_lines(name))[::every]]


def help_pages(tmp_path, every):
    """Help pages of one name in both languages, beside each other."""
    folder = tmp_path / "help"
    for path in sorted((HELP / "en").glob("*.md"))[::every]:
        for language in ("en", "ko"):
            if (HELP / language / path.name).exists():
                (folder / language).mkdir(parents=True, exist_ok=True)
                shutil.copy(HELP / language / path.name, folder / language / path.name)
    return folder


def titles_found(titles):
    """Which of these titles the search does not bring among its first three results."""
    api, missed = Api(), []
    for title in titles:
        results = api.client.get("/api/v1/search/", {"q": title}).json()["results"]
        if not any(result["title"] == title for result in results[:3]):
            missed.append(title)
    return missed


def goes_in_and_comes_out(tmp_path, lines, folder, sample):
    content = written(tmp_path / "threads.jsonl", lines)
    pages = len(list(folder.rglob("*.md")))
    assert load(content)[:2] == (0, f"{len(lines)} new, 0 already known, 0 refused.")
    assert load(folder)[:2] == (0, f"{pages} new, 0 already known, 0 refused.")
    assert not IndexChange.objects.exists()
    once = counts()
    assert load(content)[:2] == (0, f"0 new, {len(lines)} already known, 0 refused.")
    assert load(folder)[:2] == (0, f"0 new, {pages} already known, 0 refused.")
    assert counts() == once
    call_command("check_index", stdout=StringIO(), stderr=StringIO())

    titles = [
        *Article.objects.order_by("pk").values_list("title", flat=True),
        *(line["title"] for line in lines),
    ]
    asked = titles[:: max(1, len(titles) // sample)]
    missed = titles_found(asked)
    assert len(missed) <= len(asked) // 50, missed

    kept = exported(tmp_path)
    for line in lines:
        is_held_in(line, kept[line["external_id"]])
    assert sum(len(line["answers"]) for line in lines) == Answer.objects.count()
    # Into an empty site, and out once more: the same file.
    first = written(tmp_path / "first.jsonl", (tmp_path / "out.jsonl").read_bytes().splitlines())
    call_command("flush", interactive=False, verbosity=0)
    assert load(first)[0] == 0
    assert exported(tmp_path) == kept


@needs_data
@pytest.mark.django_db(transaction=True)
def test_real_threads_and_help_pages_go_in_twice_without_doubles_and_are_found(tmp_path, index):
    lines = threads(every=5)
    goes_in_and_comes_out(tmp_path, lines, help_pages(tmp_path, every=9), SAMPLE)


@needs_data
@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_all_threads_and_all_help_pages_go_in_twice_without_doubles_and_are_found(tmp_path, index):
    goes_in_and_comes_out(tmp_path, threads(every=1), help_pages(tmp_path, every=1), 150)


@needs_data
@pytest.mark.django_db
def test_the_number_of_queries_grows_with_the_batches_and_not_with_the_lines(
    tmp_path, index, django_assert_max_num_queries
):
    lines = threads(every=9)
    articles = [
        {"kind": "article", "external_id": f"kb-{n}", "title": f"Page {n}", "body": "Text.", "tags": [f"t{n}"],
         "author": f"writer{n}", "credits": ["helper"], "helpful": 3, "language": "en"} for n in range(100)
    ]  # fmt: skip
    content = written(tmp_path / "content.jsonl", [*articles, *lines])
    with django_assert_max_num_queries(130):
        assert load(content)[0] == 0
    with django_assert_max_num_queries(60):
        assert load(content)[0] == 0
    changed = [line | {"body": "Another text."} for line in [*articles, *lines]]
    with django_assert_max_num_queries(90):
        assert load(written(tmp_path / "changed.jsonl", changed))[0] == 0
    assert Question.objects.filter(body="Another text.", version=2).count() == len(lines)
    assert Article.objects.filter(published_revision__body="Another text.").count() == len(articles)


PAGE = """---
title: "{title}"
id: {id}
lang: {language}
tags: [Wi-Fi, network]
date: 2025-03-01
---

# {title}

{body}
"""


def page(path, **values):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PAGE.format(**values), encoding="utf-8")


@pytest.mark.django_db
def test_a_folder_of_pages_becomes_articles_that_lead_to_each_other(tmp_path, index):
    folder = tmp_path / "help"
    body = "See [the other](../en/b%20b.md#Some-Part), [itself](a.md), [nothing](c.md) and [out](https://a.example/a.md)."
    page(folder / "en" / "a.md", title="Join a network", id="join", language="en", body=body)
    page(folder / "en" / "b b.md", title="Leave a network", id="leave", language="en", body="Press it.")
    page(folder / "ko" / "a.md", title="네트워크에 들어가기", id="join", language="ko_KR", body="누르세요.")
    (folder / "README.md").write_text("Just a note.")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.md").write_text("no")

    assert load(folder, "--dry-run")[0] == 1
    assert load(folder, "--strict")[0] == 1
    assert not Article.objects.exists()
    code, said, named = load(folder)
    assert (code, said) == (1, "3 new, 0 already known, 1 refused.")
    assert named == ["README.md: begins with no front matter (lines between --- and ---)"]

    english, korean = (Article.objects.get(external_id=f"join-{language}") for language in ("en", "ko"))
    assert korean.translation_of == english
    assert english.published_revision.body == (
        "See [the other](/articles/leave-a-network/#h-some-part), [itself](/articles/join-a-network/), "
        "[nothing](c.md) and [out](https://a.example/a.md)."
    )
    assert [tag.name for tag in english.tags.all()] == ["network", "wi-fi"]
    assert str(english.created_at.date()) == "2025-03-01"
    assert load(folder)[1] == "0 new, 3 already known, 1 refused."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"---\ntitle: [\n---\nx", "has front matter that is not YAML"),
        (b"---\na: &a [x]\ntitle: *a\n---\nx", "has front matter that is not YAML: aliases are not taken"),
        (b"---\n- title\n---\nx", "has front matter without names and values"),
        (b"---\nid: x\n---\nbody", "title is missing"),
        (b"---\ntitle: x\n---\n", "body is missing"),
        (b"---\ntitle: {a: b}\n---\nx", "title must be text"),
        (b"---\ntitle: x\ndate: 2099-01-01\n---\nx", "created_at lies in the future"),
        (
            b"---\ntitle: x\ndate: 2025-99-01\n---\nx",
            "has front matter with a value that is none: month must be in 1..12",
        ),
        (b"---\ntitle: x\nlang: fr\n---\nx", "language must be one of ko, en"),
        (b"---\ntitle: \xff\n---\nx", "is not UTF-8"),
        (b"", "begins with no front matter"),
    ],
)
def test_a_bad_page_is_named_by_path_and_reason_and_the_others_go_in(raw, reason, tmp_path, index):
    page(tmp_path / "help" / "good.md", title="Good", id="good", language="en", body="Text.")
    (tmp_path / "help" / "sub").mkdir()
    (tmp_path / "help" / "sub" / "bad.md").write_bytes(raw)
    code, said, named = load(tmp_path / "help")
    assert (code, said) == (1, "1 new, 0 already known, 1 refused.")
    assert len(named) == 1
    assert named[0].startswith(f"sub/bad.md: {reason}")


def test_an_import_that_is_killed_is_completed_by_the_next(tmp_path):
    """Killed (-9) after its first batch; the second run finds what is there, and the index agrees."""
    lines = [
        {"kind": "question", "external_id": f"q-{n}", "title": f"Question number {n}", "body": "Why?",
         "answers": [{"body": f"Because of {n}.", "votes": [["2026-01-31", "up"]], "comments": [{"body": "Yes."}]}]}
        for n in range(500)
    ]  # fmt: skip
    content = written(tmp_path / "content.jsonl", lines)
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"HAEDAP_HOME": str(tmp_path / "home"), "DEBUG": "0"}

    def manage(*words):
        command = [sys.executable, "manage.py", *words]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    assert manage("migrate", "-v0").wait(120) == 0
    killed = manage("import_content", str(content))
    said = ""
    while not re.search(r"[1-9]\d*/500", said):
        assert (letter := killed.stderr.read(1)), said
        said += letter
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL

    out, err = (again := manage("import_content", str(content))).communicate(timeout=120)
    assert again.returncode == 0, err[-2000:]
    made, known = map(int, re.match(r"(\d+) new, (\d+) already known, 0 refused", out).groups())
    assert made + known == 500
    assert known >= 200
    out, err = (third := manage("import_content", str(content))).communicate(timeout=120)
    assert out.startswith("0 new, 500 already known"), err[-2000:]
    out, err = (checked := manage("check_index")).communicate(timeout=120)
    assert (checked.returncode, third.returncode) == (0, 0), out + err[-2000:]
    out, _err = manage(
        "shell", "-v0", "-c",
        "from community.models import *; print(Question.objects.count(), Answer.objects.count(), Vote.objects.count(), Comment.objects.count())",
    ).communicate(timeout=60)  # fmt: skip
    assert out.split() == ["500"] * 4
