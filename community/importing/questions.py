"""Writing the questions of a content file with their answers, comments and votes."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from community.citing import note_citations
from community.importing.fields import LineError, shown
from community.importing.lookups import Lookups, by_external_id
from community.importing.reading import AnswerLine, CommentLine, QuestionLine
from community.models import Answer, Comment, Edit, Question, Vote
from portal.core import search
from portal.core.text import render, slug_of


class Questions:
    """A batch of questions with their answers, comments and votes."""

    def __init__(self, lines: list[QuestionLine], lookups: Lookups, *, consider: bool) -> None:
        self.lines, self.lookups, self.consider, self.now = lines, lookups, consider, timezone.now()
        answer_keys = [answer.external_id for line in lines for answer in line.answers]
        self.questions = by_external_id(Question, [line.external_id for line in lines])
        self.answers = by_external_id(Answer, answer_keys)
        self.changed_questions: set[int] = set()
        self.changed_answers: set[int] = set()

    def write(self) -> int:
        """Make what is missing, renew text that the file has newer; how many questions are new."""
        new = [line for line in self.lines if line.external_id not in self.questions]
        known = [
            (line, self.questions[line.external_id])
            for line in self.lines
            if line.external_id in self.questions
        ]
        self.changed_questions |= self._renew(Question, known)
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
        rows: list[Answer] = []
        votes: list[tuple[AnswerLine, Answer]] = []
        renewed: list[tuple[AnswerLine, Answer]] = []
        for line, answer in self._answer_lines():
            question = self.questions[line.external_id]
            if known := self.answers.get(answer.external_id):
                if known.question_id != question.pk:
                    raise LineError(f"answer {shown(answer.external_id)} belongs to another question")
                renewed.append((answer, known))
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
        self.changed_answers |= self._renew(Answer, renewed)
        note_citations(row for _line, row in [*renewed, *votes] if row.pk in self.changed_answers)
        self._make_votes([*renewed, *votes], new={row.pk for row in rows})

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
        known = by_external_id(Comment, keys)
        rows = {}
        for on, comment in wanted:
            if was := known.get(comment.external_id):
                if any(getattr(was, f"{name}_id") != post.pk for name, post in on.items()):
                    raise LineError(f"comment {shown(comment.external_id)} belongs to another post")
                continue
            if comment.external_id in rows:
                raise LineError(f"comment {shown(comment.external_id)} is there twice")
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
        targets = by_external_id(Question, list(older.values()))
        named = []
        for key, of in older.items():
            question = self.questions[key]
            if question.duplicate_of_id is None and of in targets and targets[of].pk != question.pk:
                question.duplicate_of = targets[of]
                named.append(question)
        Question.objects.bulk_update(named, ["duplicate_of"], batch_size=200)

    def _renew(self, model: Any, pairs: Sequence[tuple[QuestionLine | AnswerLine, Any]]) -> set[int]:
        """Take over text that differs, unless somebody has edited it here since; the old text stays in the history."""
        name = model._meta.model_name
        differ = [
            (line, post)
            for line, post in pairs
            if _texts(line) != {key: getattr(post, key) for key in _texts(line)}
        ]
        keys = [post.pk for _line, post in differ]
        edited = set(
            Edit.objects.filter(**{f"{name}__in": keys}, by__isnull=False).values_list(name, flat=True)
        )
        differ = [(line, post) for line, post in differ if post.pk not in edited]
        Edit.objects.bulk_create(
            [
                Edit(**{name: post}, version=post.version, title=getattr(post, "title", ""), body=post.body)
                for _line, post in differ
            ],
            batch_size=500,
        )
        for line, post in differ:
            for key, value in _texts(line).items():
                setattr(post, key, value)
            post.html = render(post.body)
            post.version += 1
            post.edited_at = self.now
        fields = ["body", "html", "version", "edited_at", *(["title"] if model is Question else [])]
        model.objects.bulk_update([post for _line, post in differ], fields, batch_size=100)
        return {post.pk for _line, post in differ}

    def _answer_lines(self) -> Iterable[tuple[QuestionLine, AnswerLine]]:
        for line in self.lines:
            for answer in line.answers:
                yield line, answer


def _texts(line: QuestionLine | AnswerLine) -> dict[str, str]:
    return {"title": line.title, "body": line.body} if isinstance(line, QuestionLine) else {"body": line.body}
