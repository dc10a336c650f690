"""What a reader's requests and a writer's posts cost: whole requests in this process, without a network."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from community import finding
from community.benchmarking import ground
from community.benchmarking.figures import Series
from community.benchmarking.workload import Workload
from community.models import Question
from community.services import ask_question
from portal.core import search
from portal.core.models import User
from portal.core.queue import without_messages
from portal.core.search import writing
from portal.embedded import start_valkey, wait_for_valkey

WRITER = "benchmark-writer"
# What is typed at the moment of a suggestion: these shares of a title.
TYPED = (0.3, 0.6, 1.0)
SHORTEST = 4
WARMING = 5


@contextmanager
def valkey() -> Iterator[None]:
    """Cache and limits as a running site has them: its own embedded server unless one answers."""
    if not settings.REDIS_EMBEDDED or wait_for_valkey(settings.REDIS_SOCKET, seconds=0.1):
        yield
        return
    server = start_valkey(socket=settings.REDIS_SOCKET, home=settings.HOME)
    try:
        wait_for_valkey(settings.REDIS_SOCKET)
        yield
    finally:
        server.terminate()
        server.wait(10)


def typed(workload: Workload, threads: int, count: int) -> list[str]:
    """Beginnings of titles as they are typed; every second title is one that the site does not hold."""
    pairs = -(-count // (2 * len(TYPED)))
    held = Question.objects.order_by("pk").values_list("title", flat=True)[:: max(1, threads // pairs)]
    new = [each["title"] for each in islice(workload.threads(threads + pairs), threads, None)]
    titles = [title for pair in zip(held, new, strict=False) for title in pair]
    found = [title[: max(SHORTEST, int(len(title) * share))] for title in titles for share in TYPED]
    return found[:count]


def requests(address: str, texts: Sequence[str], **filters: str) -> Series:
    """Ask this address for each text."""
    site = urlsplit(settings.SITE_URL)
    client = Client(headers={"host": site.hostname or "localhost", "accept-encoding": "gzip"})
    series = Series()
    place = reverse(address)
    before = texts[:WARMING]
    for number, text in enumerate([*before, *texts]):
        answering = Series() if number < len(before) else series
        with answering.act():
            answer = client.get(place, {"q": text, **filters}, secure=site.scheme == "https")
        if answer.status_code != 200:
            raise RuntimeError(f"{place} answered {answer.status_code} to {text!r}.")
    return series


def posts(count: int) -> Series:
    """Ask new questions: from the commit until the words find it, without the queue's own delay. They go again."""
    # Not new here and staff, so that nothing is held or counted as too much.
    how = {"is_staff": True, "date_joined": ground.BEGINNING}
    writer, _made = User.objects.update_or_create(username=WRITER, defaults=how)
    series = Series()
    with without_messages():
        try:
            for number in range(count):
                word = f"benchmarkword{number}x{writer.pk}"
                question = ask_question(by=writer, title=f"How is {word} written?", body=f"This is {word}.")
                with series.act():
                    writing.flush_now()
                    found = finding.find(word, by=AnonymousUser()).results
                if ("question", question.pk) not in [(each.kind, each.object.pk) for each in found]:
                    raise RuntimeError("A new question was not found.")
        finally:
            own = list(writer.questions.values_list("pk", flat=True))
            Question.objects.filter(pk__in=own).delete()
            search.changed_many("question", own)
            writing.flush_now()
    return series


def rebuilt(progress: Callable[[int], object]) -> dict[str, Any]:
    """Write the whole index anew."""
    series = Series()
    with series.act():
        entries = writing.rebuild(progress)
    wall, cpu = series.wall[0] / 1000, series.cpu[0] / 1000
    return {
        "entries": entries,
        "seconds": round(wall, 1),
        "cpu_seconds": round(cpu, 1),
        "cpu_ms_per_entry": round(cpu * 1000 / max(1, entries), 2),
    }


@contextmanager
def quietly() -> Iterator[None]:
    """Without a line of the log for each request."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(before)
