"""What searching costs is a command on a throw-away site of any size."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from community.models import Question
from kb.models import Article
from tests.factories import make_question

pytestmark = pytest.mark.django_db


def measured(*words: str) -> dict:
    said = StringIO()
    call_command("benchmark_search", *words, "--queries=4", "--json", verbosity=0, stdout=said)
    return json.loads(said.getvalue())


def test_a_site_of_twenty_threads_is_made_measured_and_grown(index: Path) -> None:
    figures = measured("--threads=20")
    assert (Question.objects.count(), Article.objects.count()) == (20, 2)
    assert figures["rebuild"]["entries"] == 20 * 4 + 2
    for name in ("suggest", "search", "search_narrowed", "search_page"):
        assert set(figures[name]) == {"n", "p50_ms", "p95_ms", "cpu_ms", "cpu_p95_ms"}, name
        assert figures[name]["n"] == 4
    assert figures["index_one_post"]["n"] == 4
    assert {"started", "after_requests"} <= set(figures["memory_mib"])

    assert measured("--threads=30")["rebuild"]["entries"] == 30 * 4 + 3
    assert "rebuild" not in measured("--threads=30", "--keep-index")


def test_the_texts_may_come_from_a_folder(index: Path, tmp_path: Path) -> None:
    (tmp_path / "textgen.py").write_text(
        "def threads(n):\n"
        "    for i in range(n):\n"
        "        yield dict(title=f'Why {i}?', body='So.', tags=['why'], author=i, replies=[(1, 'Thus.')], lang='en')\n"
        "def queries(n):\n"
        "    return ['why'] * n\n"
    )
    measured("--threads=10", f"--workload={tmp_path}")
    assert list(Question.objects.order_by("pk").values_list("title", flat=True))[:2] == ["Why 0?", "Why 1?"]


def test_a_site_with_posts_of_its_own_is_left_alone(index: Path) -> None:
    make_question()
    with pytest.raises(CommandError, match="no benchmark made"):
        measured("--threads=20")
    assert Question.objects.count() == 1
