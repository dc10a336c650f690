"""Each process is killed while posts are being written: what was answered 201 is there, once, whole, within a minute."""

import os
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.site import Site, prepared

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("crashes")]

# Known to the site, so that nothing of theirs waits for a moderator; several, so that nobody meets a limit.
WRITERS = ("ada", "ben", "cho", "dan")
VICTIMS = ("valkey", "web-1", "worker", "indexer", "beat", "web-2", "supervisor")
A_MINUTE = 60


@pytest.fixture
def site():
    with prepared() as site:
        site.start()
        for name in WRITERS:
            site.manage("create_person", name, "--role", "editor", "--email", f"{name}@example.com")
        yield site


class Writer:
    """Somebody with a token, who sends each post until it is answered 201, with a key that makes it one post."""

    def __init__(self, site: Site, name: str) -> None:
        self.name = name
        token = site.manage("issue_token", name).strip()
        self.api = httpx.Client(
            base_url=f"{site.url}/api/v1/", headers={"Authorization": f"Bearer {token}"}, timeout=30
        )

    def post(self, path: str, **body: str) -> int:
        key = f"{self.name}-{body}"[:100]
        while True:
            try:
                made = self.api.post(path, json=body, headers={"Idempotency-Key": key})
                if made.status_code == 201:
                    return made.json()["id"]
                assert made.status_code >= 500, made.text
            except httpx.HTTPError:
                pass  # whoever would have answered was killed
            time.sleep(0.2)

    def all(self, path: str) -> list[dict]:
        rows, address = [], f"{path}?limit=100"
        while address:
            page = self.api.get(address).raise_for_status().json()
            rows, address = rows + page["results"], page["next"]
        return rows


class Story:
    """Posts are written, processes are killed."""

    def __init__(self, site: Site, posts: int) -> None:
        self.site, self.posts = site, posts
        self.writers = [Writer(site, name) for name in WRITERS]
        self.opening = [
            writer.post("questions/", title=f"The question of {writer.name} that is answered", body="Its asker hears of it.")
            for writer in self.writers
        ]  # fmt: skip
        self.questions: list[int] = []
        self.answers: list[tuple[int, int]] = []  # (question, answer)
        self.pending: list[int] = []
        self.written = threading.Condition()

    def write(self, number: int) -> None:
        at = number // 2 % len(self.writers)
        writer = self.writers[at]
        if number % 2:
            pk = writer.post(
                "questions/", title=f"Post {number} of many", body=f"Body {number}, unlike others."
            )
            with self.written:
                self.questions.append(pk)
                self.written.notify_all()
        else:
            question = self.opening[at - 1]
            pk = writer.post(f"questions/{question}/answers/", body=f"Answer {number}: try step {number}.")
            with self.written:
                self.answers.append((question, pk))
                self.written.notify_all()

    def kill(self) -> None:
        for turn, name in enumerate(VICTIMS, start=1):
            due = self.posts * turn // (len(VICTIMS) + 1)
            with self.written:
                self.written.wait_for(lambda due=due: len(self.questions) + len(self.answers) >= due)
            if name == "supervisor":
                self.site.supervisor.kill()
                self.site.supervisor.wait(10)
                self.site.start()
            else:
                pid = self.site.children()[name]
                os.kill(pid, signal.SIGKILL)
                self.site.wait_for(
                    lambda name=name, pid=pid: self.site.children().get(name, pid) != pid, f"new {name}"
                )

    def run(self) -> None:
        with ThreadPoolExecutor(5) as pool:
            killed = pool.submit(self.kill)
            list(pool.map(self.write, range(self.posts)))
            killed.result()

    def unfinished(self) -> dict[str, float]:
        """What the site itself says is still to do."""
        figures = httpx.get(f"{self.site.url}/metrics", timeout=30).text.splitlines()
        waits = ("haedap_notifications_undelivered ", "haedap_index_outbox ")
        found = {line.split()[0]: float(line.split()[1]) for line in figures if line.startswith(waits)}
        assert len(found) == len(waits), figures
        reader = self.writers[0]
        self.pending = [
            pk
            for pk in self.pending or self.questions
            if reader.api.get(f"questions/{pk}/suggestions/").raise_for_status().json()["state"] == "pending"
        ]
        found["questions without suggestions"] = len(self.pending)
        found["answers nobody was told of"] = len(self.answers) - sum(
            row["kind"] == "answer" and row["url"].rpartition("-")[2] in {str(pk) for _q, pk in self.answers}
            for pk, writer in zip(self.opening, self.writers, strict=True)
            for row in writer.all("notifications/")
            if f"/questions/{pk}/" in row["url"]
        )
        return {what: count for what, count in found.items() if count}


def _tell(story: Story) -> None:
    site, reader = story.site, story.writers[0]
    story.run()
    until = time.monotonic() + A_MINUTE
    while waits := story.unfinished():
        assert time.monotonic() < until, f"{waits}\n{site.log()[-6000:]}"
        time.sleep(2)

    asked = [row["id"] for row in reader.all("questions/")]
    assert sorted(asked) == sorted(story.opening + story.questions)  # all, and none twice
    for question, writer in zip(story.opening, story.writers, strict=True):
        given = sorted(answer for to, answer in story.answers if to == question)
        assert sorted(row["id"] for row in reader.all(f"questions/{question}/answers/")) == given
        heard = Counter(row["url"] for row in writer.all("notifications/") if row["kind"] == "answer")
        assert set(heard.values()) <= {1}, heard
    site.manage("check_index")
    assert all(f"{name} ended (signal SIGKILL)" in site.log() for name in VICTIMS[:-1])


def test_nothing_that_was_accepted_is_lost_whatever_process_dies(site: Site):
    _tell(Story(site, posts=48))


@pytest.mark.soak
def test_nothing_of_200_posts_is_lost_whatever_process_dies(site: Site):
    _tell(Story(site, posts=200))
