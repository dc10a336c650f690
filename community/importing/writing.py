"""Writing lines that were read: batches, each one transaction; a bad line in a batch spoils only itself."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import Error, transaction

from community.importing.articles import Articles
from community.importing.fields import LineError
from community.importing.lookups import Lookups
from community.importing.questions import Questions
from community.importing.reading import (
    AnswerLine,
    ArticleLine,
    CommentLine,
    Line,
    Place,
    QuestionLine,
    read_lines,
)

BATCH = 200


class Import:
    """One run: feed it numbered lines; afterwards it knows what was made, what was there and what was refused."""

    def __init__(self, *, progress: Callable[[int], object] = lambda n: None, consider: bool = True) -> None:
        self.consider = consider  # whether good answers may become candidates for articles
        self.lookups = Lookups()
        self.refused: list[tuple[Place, str]] = []
        self.made = self.known = 0
        self.progress = progress

    def run(self, lines: Iterable[tuple[Place, str | LineError]], *, strict: bool = False) -> None:
        """Write all that can be written; strict: everything or nothing, by the first refusal."""
        if strict:
            with transaction.atomic():
                self._run(lines)
                if self.refused:
                    transaction.set_rollback(True)
                    self.made = self.known = 0
            return
        self._run(lines)

    def _run(self, lines: Iterable[tuple[Place, str | LineError]]) -> None:
        batch: list[tuple[Place, Line]] = []
        for place, line in read_lines(lines):
            if isinstance(line, LineError):
                self.refused.append((place, str(line)))
                self.progress(1)
                continue
            batch.append((place, line))
            if len(batch) >= BATCH:
                self._write(batch)
                batch = []
        self._write(batch)

    def _write(self, batch: list[tuple[Place, Line]]) -> None:
        try:
            with transaction.atomic():
                made, known = self._write_all([line for _place, line in batch])
        except (LineError, Error) as error:
            if len(batch) == 1:
                self.refused.append((batch[0][0], _reason(error)))
                self.progress(1)
                return
            self.lookups = Lookups()  # what the lost transaction made is not there
            for item in batch:
                self._write([item])
            return
        self.made, self.known = self.made + made, self.known + known
        self.progress(len(batch))

    def _write_all(self, lines: list[Line]) -> tuple[int, int]:
        self._load(lines)
        made = Articles([line for line in lines if isinstance(line, ArticleLine)], self.lookups).write()
        questions = [line for line in lines if isinstance(line, QuestionLine)]
        made += Questions(questions, self.lookups, consider=self.consider).write()
        return made, len(lines) - made

    def _load(self, lines: Sequence[Line]) -> None:
        people: dict[str, Any] = {}
        tags: list[str] = []
        for line in lines:
            tags += line.tags
            for name, when in _authors(line):
                people[name] = min(when, people.get(name, when))
        self.lookups.load_people(people)
        self.lookups.load_tags(tags)


def _authors(line: Line) -> Iterable[tuple[str, Any]]:
    yield line.author, line.created_at
    if isinstance(line, ArticleLine):
        for name in line.credits:
            yield name, line.created_at
        return
    posts: list[AnswerLine | CommentLine] = [*line.answers, *line.comments]
    for answer in line.answers:
        posts += answer.comments
    for post in posts:
        yield post.author, post.created_at


def _reason(error: Exception) -> str:
    if isinstance(error, LineError):
        return str(error)
    return f"the database refused it: {str(error).splitlines()[0]}"
