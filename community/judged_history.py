"""Judged queries from this site's own history: what people looked for, and what solved it for them."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser

from community.judging import name_of
from community.models import Answer, Citation, Question, Suggestion
from community.moderation.patterns import has_contact, has_link
from kb.models import Article
from portal.core.models import SearchQuery

PARTS = ("tune", "check")


@dataclass
class JudgedQuery:
    """One text that was looked for, with the names of what solved it."""

    text: str
    language: str
    besides: str = ""  # the question that it is the title of: finding that is no feat
    relevant: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """The same for the same words, whenever it is made."""
        return hashlib.sha256(_key(self.text).encode()).hexdigest()[:12]

    @property
    def part(self) -> str:
        """Whether it is for tuning or for checking: by its words alone, so that it never changes sides."""
        return PARTS[int(self.id, 16) % 2]


class Judgement(NamedTuple):
    """That this solved what was looked for with these words."""

    source: str
    text: str
    language: str
    kind: str
    pk: int
    besides: int | None = None


def judged_history() -> tuple[list[JudgedQuery], Counter[str]]:
    """Each distinct query with all that solved it, and how many judgements each source gave.

    Only what a visitor can see is in it, and no words that say how somebody can be reached.
    """
    names = _Names()
    found: dict[str, JudgedQuery] = {}
    sources: Counter[str] = Counter()
    for said in _judgements():
        text, name = " ".join(said.text.split()), names.of(said.kind, said.pk)
        besides = "" if said.besides is None else names.of("question", said.besides)
        own_is_hidden = said.besides is not None and not besides
        if not text or not name or name == besides or own_is_hidden or has_contact(text) or has_link(text):
            continue
        query = found.setdefault(_key(text), JudgedQuery(text, said.language, besides))
        query.relevant.add(name)
        sources[said.source] += 1
    return sorted(found.values(), key=lambda query: query.id), sources


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _judgements() -> Iterator[Judgement]:
    solved = SearchQuery.objects.filter(outcome=SearchQuery.Outcome.SOLVED).exclude(opened_pk=None)
    for row in solved.order_by("pk").iterator():
        if row.opened_pk is not None:
            yield Judgement("searches", row.text, row.language, row.opened_kind, row.opened_pk)
    suggested = Suggestion.objects.filter(outcome=Suggestion.Outcome.SOLVED).select_related("question")
    for each in suggested.order_by("pk").iterator():
        yield _of_question("suggestions", each.question, each.article_id, ("answer", each.answer_id))
    cited = Citation.objects.that_solved().select_related("answer__question")
    for citation in cited.order_by("pk").iterator():
        yield _of_question(
            "citations", citation.answer.question, citation.article_id, ("question", citation.question_id)
        )


def _of_question(
    source: str, question: Question, article: int | None, other: tuple[str, int | None]
) -> Judgement:
    kind, pk = ("article", article) if article else other
    return Judgement(source, question.title, question.language, kind, pk or 0, question.pk)


class _Names:
    """What a visitor can see, by kind and number; read once, however many judgements there are."""

    def __init__(self) -> None:
        visitor = AnonymousUser()
        public: dict[str, Any] = {
            "article": Article.objects.visible_to(visitor).published(),
            "question": Question.objects.visible_to(visitor).public(),
        }
        self._names = {
            kind: {row.pk: name_of(row) for row in rows.only("pk", "external_id").iterator()}
            for kind, rows in public.items()
        }
        answers = Answer.objects.visible_to(visitor).public()
        self._asked: dict[int, int] = dict(answers.values_list("pk", "question_id"))

    def of(self, kind: str, pk: int) -> str:
        """Its name, an answer's being its question's; empty if a visitor cannot see it."""
        if kind == "answer":
            kind, pk = "question", self._asked.get(pk, 0)
        return self._names.get(kind, {}).get(pk, "")
