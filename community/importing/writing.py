"""Writing lines that were read: batches, each one transaction; a bad line in a batch spoils only itself."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import Error, transaction
from django.utils import timezone

from community.importing.articles import write_article
from community.importing.lookups import Lookups
from community.importing.reading import (
    AnswerLine,
    ArticleLine,
    CommentLine,
    LineError,
    QuestionLine,
    read_line,
)
from community.models import Answer, Comment, Edit, Question, Vote
from portal.core import search
from portal.core.text import render, slug_of

BATCH = 200
Line = ArticleLine | QuestionLine


class Import:
    """One run: feed it numbered lines; afterwards it knows what was made, what was there and what was refused."""

    def __init__(self, *, progress: Callable[[int], object] = lambda n: None, consider: bool = True) -> None:
        self.consider = consider  # whether good answers may become candidates for articles
        self.lookups = Lookups()
        self.refused: list[tuple[int, str]] = []
        self.made = self.known = 0
        self.progress = progress

    def run(self, lines: Iterable[tuple[int, str]], *, strict: bool = False) -> None:
        """Write all that can be written; strict: everything or nothing, by the first refusal."""
        if strict:
            with transaction.atomic():
                self._run(lines)
                if self.refused:
                    transaction.set_rollback(True)
                    self.made = self.known = 0
            return
        self._run(lines)

    def _run(self, lines: Iterable[tuple[int, str]]) -> None:
        batch: list[tuple[int, Line]] = []
        seen: set[tuple[type, str]] = set()
        for number, text in lines:
            try:
                line = read_line(text)
            except LineError as reason:
                self.refused.append((number, str(reason)))
                self.progress(1)
                continue
            key = (type(line), line.external_id)
            if len(batch) >= BATCH or key in seen:
                self._write(batch)
                batch, seen = [], set()
            batch.append((number, line))
            seen.add(key)
        self._write(batch)

    def _write(self, batch: list[tuple[int, Line]]) -> None:
        try:
            with transaction.atomic():
                made, known = self._write_all([line for _number, line in batch])
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
        made = 0
        for line in lines:
            if isinstance(line, ArticleLine):
                made += write_article(line, self.lookups)
        questions = [line for line in lines if isinstance(line, QuestionLine)]
        made += _Questions(questions, self.lookups, consider=self.consider).write()
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


class _Questions:
    """A batch of questions with their answers, comments and votes."""

    def __init__(self, lines: list[QuestionLine], lookups: Lookups, *, consider: bool) -> None:
        self.lines, self.lookups, self.consider, self.now = lines, lookups, consider, timezone.now()
        answer_keys = [answer.external_id for line in lines for answer in line.answers]
        self.questions = _by_key(Question, [line.external_id for line in lines])
        self.answers = _by_key(Answer, answer_keys)
        self.changed_questions: set[int] = set()
        self.changed_answers: set[int] = set()

    def write(self) -> int:
        """Make what is missing, renew text that the file has newer; how many questions are new."""
        new = [line for line in self.lines if line.external_id not in self.questions]
        for line in self.lines:
            if known := self.questions.get(line.external_id):
                self._renew(known, self.changed_questions, body=line.body, title=line.title)
        self._make_questions(new)
        self._make_answers()
        self._make_comments()
        self._settle()
        search.changed_many("question", sorted(self.changed_questions))
        search.changed_many("answer", sorted(self.changed_answers))
        return len(new)

    def _make_questions(self, lines: list[QuestionLine]) -> None:
        rows = []
        for line in lines:
            product = self.lookups.product(line.product)
            rows.append(
                Question(
                    external_id=line.external_id,
                    title=line.title,
                    slug=slug_of(line.title, fallback="question"),
                    body=line.body,
                    html=render(line.body),
                    language=line.language,
                    product=product,
                    release=self.lookups.release(product, line.release),
                    author=self.lookups.person(line.author),
                    status=line.status,
                    held_for=line.held_for,
                    closed_reason=line.closed_reason,
                    views=line.views,
                    created_at=line.created_at,
                    edited_at=line.edited_at,
                    active_at=max([line.created_at, *(answer.created_at for answer in line.answers)]),
                    suggested_at=self.now,
                    acceptance_announced_at=self.now,
                )
            )
        for row in Question.objects.bulk_create(rows, batch_size=500):
            self.questions[row.external_id or ""] = row
            self.changed_questions.add(row.pk)
        through = Question.tags.through
        links = [
            through(question_id=self.questions[line.external_id].pk, tag_id=self.lookups.tags[name].pk)
            for line in lines
            for name in line.tags
        ]
        through.objects.bulk_create(links, batch_size=500)

    def _make_answers(self) -> None:
        rows, votes = [], []
        for line, answer in self._answer_lines():
            question = self.questions[line.external_id]
            if known := self.answers.get(answer.external_id):
                if known.question_id != question.pk:
                    raise LineError(f"answer {answer.external_id} belongs to another question")
                self._renew(known, self.changed_answers, body=answer.body)
                votes.append((answer, known))
                continue
            row = Answer(
                question=question,
                external_id=answer.external_id,
                body=answer.body,
                html=render(answer.body),
                author=self.lookups.person(answer.author),
                status=answer.status,
                created_at=answer.created_at,
                edited_at=answer.edited_at,
                announced_at=self.now,
                chances_changed_at=self.now if self.consider and (answer.accepted or answer.votes) else None,
            )
            rows.append(row)
            votes.append((answer, row))
        for row in Answer.objects.bulk_create(rows, batch_size=500):
            self.answers[row.external_id or ""] = row
            self.changed_answers.add(row.pk)
        self._make_votes(votes, new={row.pk for row in rows})

    def _make_votes(self, answers: list[tuple[AnswerLine, Answer]], *, new: set[int]) -> None:
        """Votes without a voter; on an answer that was here already, only as many as are missing."""
        had: dict[tuple[int, bool], int] = {}
        known = [answer.pk for _line, answer in answers if answer.pk not in new]
        for pk, helpful in Vote.objects.filter(answer__in=known).values_list("answer", "helpful"):
            had[pk, helpful] = had.get((pk, helpful), 0) + 1
        rows = []
        for line, answer in answers:
            for when, helpful in line.votes:
                if had.get((answer.pk, helpful), 0) > 0:
                    had[answer.pk, helpful] -= 1
                    continue
                rows.append(
                    Vote(answer=answer, voter=None, helpful=helpful, created_at=when or answer.created_at)
                )
                self.changed_answers.add(answer.pk)
        Vote.objects.bulk_create(rows, batch_size=1000)

    def _make_comments(self) -> None:
        wanted: list[tuple[dict[str, Any], CommentLine]] = []
        for line in self.lines:
            question = self.questions[line.external_id]
            wanted += [({"question": question}, comment) for comment in line.comments]
            for answer in line.answers:
                on = {"answer": self.answers[answer.external_id]}
                wanted += [(on, comment) for comment in answer.comments]
        keys = [comment.external_id for _on, comment in wanted]
        known = _by_key(Comment, keys)
        rows = {}
        for on, comment in wanted:
            if comment.external_id in known:
                continue
            if comment.external_id in rows:
                raise LineError(f"comment {comment.external_id} is there twice")
            rows[comment.external_id] = Comment(
                **on,
                external_id=comment.external_id,
                body=comment.body,
                html=render(comment.body),
                author=self.lookups.person(comment.author),
                status=comment.status,
                created_at=comment.created_at,
                announced_at=self.now,
            )
        Comment.objects.bulk_create(rows.values(), batch_size=500)

    def _settle(self) -> None:
        """Acceptance and duplicates, where nothing has been decided here yet."""
        settled = []
        for line in self.lines:
            question = self.questions[line.external_id]
            accepted = next((answer for answer in line.answers if answer.accepted), None)
            if accepted and question.solved_at is None:
                question.accepted_answer = self.answers[accepted.external_id]
                question.solved_at = line.solved_at or accepted.created_at
                question.acceptance_announced_at = self.now
                settled.append(question)
                self.changed_questions.add(question.pk)
                self.changed_answers.add(question.accepted_answer.pk)
        Question.objects.bulk_update(
            settled, ["accepted_answer", "solved_at", "acceptance_announced_at"], batch_size=200
        )
        older = {line.external_id: line.duplicate_of for line in self.lines if line.duplicate_of}
        targets = _by_key(Question, list(older.values()))
        for key, of in older.items():
            question = self.questions[key]
            if question.duplicate_of_id is None and of in targets and targets[of].pk != question.pk:
                Question.objects.filter(pk=question.pk).update(duplicate_of=targets[of])

    def _renew(self, post: Any, changed: set[int], **texts: str) -> None:
        """Take over text that differs, unless somebody has edited it here since; the old text stays in the history."""
        if all(getattr(post, name) == value for name, value in texts.items()):
            return
        edits = Edit.objects.filter(**{type(post)._meta.model_name: post}, by__isnull=False)
        if edits.exists():
            return
        on = {type(post)._meta.model_name: post}
        Edit.objects.create(**on, version=post.version, title=getattr(post, "title", ""), body=post.body)
        for name, value in texts.items():
            setattr(post, name, value)
        post.html = render(post.body)
        post.version += 1
        post.edited_at = self.now
        post.save(update_fields=[*texts, "html", "version", "edited_at"])
        changed.add(post.pk)

    def _answer_lines(self) -> Iterable[tuple[QuestionLine, AnswerLine]]:
        for line in self.lines:
            for answer in line.answers:
                yield line, answer


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


def _by_key(model: Any, keys: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for start in range(0, len(keys), 500):
        found |= {
            row.external_id: row for row in model.objects.filter(external_id__in=keys[start : start + 500])
        }
    return found


def _reason(error: Exception) -> str:
    if isinstance(error, LineError):
        return str(error)
    return f"the database refused it: {str(error).splitlines()[0]}"
