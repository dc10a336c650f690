"""Each process is killed while posts are being written: what was answered 201 is there, whole, within a minute."""

import os
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.site import Site, served

pytestmark = [pytest.mark.services, pytest.mark.soak]

POSTS = 200


@pytest.fixture(scope="module")
def site():
    with served() as site:
        yield site


def _children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def _api(site: Site, username: str) -> httpx.Client:
    token = site.manage("issue_token", username).strip()
    return httpx.Client(
        base_url=f"{site.url}/api/v1/", headers={"Authorization": f"Bearer {token}"}, timeout=30
    )


def test_nothing_that_was_accepted_is_lost_whatever_process_dies(site):
    asker, answerer = _api(site, "boss"), _api(site, "answerer")
    first = asker.post(
        "questions/", json={"title": "The one that is answered", "body": "Its asker watches it."}
    ).json()
    written: dict[str, list[int]] = {"questions": [], "answers": []}
    lock, stop = threading.Lock(), threading.Event()

    def write(number: int) -> None:
        for _ in range(60):
            try:
                if number % 2:
                    made = asker.post(
                        "questions/",
                        json={
                            "title": f"Post number {number} of many",
                            "body": f"Body {number}, unlike others.",
                        },
                    )
                else:
                    made = answerer.post(
                        f"questions/{first['id']}/answers/",
                        json={"body": f"Answer {number}: try step {number}."},
                    )
            except httpx.HTTPError:
                time.sleep(0.5)
                continue
            if made.status_code == 201:
                with lock:
                    written["questions" if number % 2 else "answers"].append(made.json()["id"])
                return
            time.sleep(0.5)

    def kill() -> None:
        for child in _children(site.pid):
            if stop.wait(1.5):
                return
            os.kill(child, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(POSTS)))
    killer.join()
    assert sum(map(len, written.values())) == POSTS

    deadline = time.monotonic() + 60
    while missing := _missing(site, asker, first["id"], written):
        assert time.monotonic() < deadline, missing
        time.sleep(2)
    site.manage("check_index")


def _missing(site: Site, asker: httpx.Client, first: int, written: dict[str, list[int]]) -> list[str]:
    """What is still to come, in words."""
    missing = []
    try:
        for pk in written["questions"]:
            state = asker.get(f"questions/{pk}/suggestions/").json()["state"]
            missing += [f"question {pk} is {state}"] if state == "pending" else []
        answers, address = set(), f"questions/{first}/answers/"
        while address:
            page = asker.get(address).json()
            answers |= {row["id"] for row in page["results"]}
            address = page["next"]
        missing += [f"answer {pk} is gone" for pk in written["answers"] if pk not in answers]
        heard, address = 0, "notifications/"
        while address:
            page = asker.get(address).json()
            heard += sum(row["kind"] == "answer" for row in page["results"])
            address = page["next"]
        if heard != len(written["answers"]):
            missing.append(f"{heard} notifications for {len(written['answers'])} answers")
    except httpx.HTTPError as error:
        missing.append(str(error))
    if not missing:
        try:
            site.manage("check_index")
        except AssertionError as error:
            missing.append(str(error)[-300:])
    return missing
