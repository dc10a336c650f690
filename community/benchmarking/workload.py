"""The texts that a benchmark's site is made of: from a folder with a generator, else from the demo's sentences."""

import importlib.util
import random
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from community.demo import lines

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class Workload(NamedTuple):
    """`threads(n)` gives title, body, tags, author (a number), replies (author and body) and lang; `queries(n)` texts."""

    name: str
    threads: Callable[[int], Iterable[dict[str, Any]]]
    queries: Callable[[int], list[str]]


def loaded(folder: Path) -> Workload:
    """The generator in `textgen.py` of this folder."""
    spec = importlib.util.spec_from_file_location("textgen", folder / "textgen.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(folder / "textgen.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Workload(str(folder), module.threads, module.queries)


def of_the_demo() -> Workload:
    """Threads mixed from the sentences and titles of the demo content, the same ones each time."""
    texts: dict[str, tuple[list[str], list[str]]] = {}
    for line in lines("questions_*.jsonl"):
        titles, sentences = texts.setdefault(line["language"], ([], []))
        titles.append(line["title"])
        for body in (line["body"], *(answer["body"] for answer in line["answers"])):
            sentences += [part for part in _SENTENCE_END.split(body) if part.strip()]

    def threads(n: int) -> Iterable[dict[str, Any]]:
        chance = random.Random(1)  # noqa: S311  (the same site each time is what is wanted)
        languages = sorted(texts)
        for _number in range(n):
            language = chance.choice(languages)
            titles, sentences = texts[language]

            def body(sentences: list[str] = sentences) -> str:
                return " ".join(chance.choices(sentences, k=chance.randint(3, 10)))

            yield {
                "lang": language, "title": " ".join(chance.choice(titles).split()[:3] + chance.choice(titles).split()[:4]),
                "body": body(), "tags": [f"tag-{chance.randint(1, 30)}"], "author": chance.randrange(200),
                "replies": [(chance.randrange(200), body()) for _reply in range(3)],
            }  # fmt: skip

    def queries(n: int) -> list[str]:
        chance = random.Random(2)  # noqa: S311
        words = [title.split() for language in sorted(texts) for title in texts[language][0]]
        return [" ".join(chance.choice(words)[: chance.randint(1, 3)]) for _number in range(n)]

    return Workload("demo", threads, queries)
