"""The site that is measured: made through the importer, grown on a second run, and never beside anybody's own posts."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q

from community.benchmarking.workload import Workload
from community.importing import Import
from community.models import Answer, Question
from kb.models import Article
from portal.core.queue import without_messages

MARK = "benchmark-"
PRODUCTS = ("benchmark-one", "benchmark-two", "benchmark-three")
THREADS_PER_ARTICLE = 10
TITLE = 150
STEPS = 6
BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)


class ForeignContent(Exception):
    """The database holds what no benchmark made, or more than was asked for; the text says which."""


def check(threads: int) -> None:
    """Refuse a database with anybody's own posts, or with a larger site of an earlier run."""
    for model in (Question, Answer, Article):
        others = model._default_manager.filter(Q(external_id=None) | ~Q(external_id__startswith=MARK))
        if others.exists():
            raise ForeignContent("This database holds posts that no benchmark made.")
    if Question.objects.count() > threads:
        raise ForeignContent("This database holds a larger site than that.")


def make(workload: Workload, threads: int, progress: Callable[[int], object]) -> int:
    """Import what is missing of so many threads and a tenth as many articles. Returns how many objects are new."""
    texts = _lines(workload, threads)
    if Question.objects.count() == threads:
        return 0
    run = Import(progress=progress, consider=False)
    with without_messages():
        run.run(enumerate((json.dumps(line, ensure_ascii=False) for line in texts), start=1))
    if run.refused:
        raise ForeignContent(f"A text of the workload was refused: {run.refused[0][1]}")
    return run.made


def _lines(workload: Workload, threads: int) -> Iterator[dict[str, Any]]:
    """The site as lines of a content file. A thread is the same one in a site of any size."""
    for number, thread in enumerate(workload.threads(threads)):
        when = BEGINNING + timedelta(minutes=30 * number)
        common = {
            "language": thread["lang"],
            "tags": thread["tags"],
            "product": PRODUCTS[number % len(PRODUCTS)] if number % 5 else "",
            "author": f"reader{thread['author']:04d}",
            "title": thread["title"][:TITLE],
        }
        if number % THREADS_PER_ARTICLE == THREADS_PER_ARTICLE - 1:
            yield common | {
                "kind": "article", "external_id": f"{MARK}article-{number}", "created_at": when.isoformat(),
                "title": f"{thread['title'][: TITLE - 8]} {number}", "body": _article(thread),
            }  # fmt: skip
        accepted = number % 3 == 0
        yield common | {
            "kind": "question",
            "external_id": f"{MARK}question-{number}",
            "created_at": when.isoformat(),
            "body": thread["body"],
            "answers": [
                {
                    "body": body,
                    "author": f"reader{author:04d}",
                    "created_at": (when + timedelta(minutes=place)).isoformat(),
                    "accepted": accepted and place == 1,
                    "helpful": (number + place) % 4,
                }
                for place, (author, body) in enumerate(thread["replies"], start=1)
            ],
        }


def _article(thread: dict[str, Any]) -> str:
    """The replies as paragraphs under headings, and some of their words as numbered steps."""
    parts = [f"## {body.split('.')[0][:60]}\n\n{body}" for _author, body in thread["replies"]]
    words = thread["body"].split()
    steps = [" ".join(words[at * 8 : at * 8 + 8]) for at in range(STEPS) if words[at * 8 : at * 8 + 8]]
    return "\n\n".join([*parts, "## Steps", "\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1))])
