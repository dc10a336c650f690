"""What of questions and answers is searched: what a visitor may read."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from haystack import indexes

from community.models import Answer, Question
from portal.core.search.indexing import Entry, labels


class ThreadEntry(Entry):
    """What a question's entry and its answers' have in common: the question's catalogue data."""

    def thread(self, obj: Any) -> Question:
        raise NotImplementedError

    def html(self, obj: Any) -> str:
        return obj.html

    def labels(self, obj: Any) -> str:
        question = self.thread(obj)
        return labels(question.product, question.tags.all())

    def prepare_title(self, obj: Any) -> str:
        return self.thread(obj).title

    def prepare_language(self, obj: Any) -> str:
        return self.thread(obj).language

    def prepare_product(self, obj: Any) -> str | None:
        product = self.thread(obj).product
        return product.slug if product else None

    def prepare_tags(self, obj: Any) -> list[str]:
        return sorted(tag.name for tag in self.thread(obj).tags.all())

    def prepare_solved(self, obj: Any) -> bool:
        return self.thread(obj).is_solved

    def prepare_question(self, obj: Any) -> int:
        return self.thread(obj).pk


class QuestionIndex(ThreadEntry, indexes.Indexable):
    kind_name = "question"

    def get_model(self) -> type[Question]:
        return Question

    def index_queryset(self, using: str | None = None) -> QuerySet[Question]:
        return Question.objects.public().select_related("product").prefetch_related("tags").order_by("pk")

    def thread(self, obj: Any) -> Question:
        return obj

    def dependents(self, pks: list[int]) -> Iterable[tuple[str, list[int]]]:
        """Its answers carry its title, labels, state and visibility."""
        yield "answer", list(Answer.objects.filter(question__in=pks).values_list("pk", flat=True))

    def prepare_accepted(self, obj: Any) -> bool:
        return False


class AnswerIndex(ThreadEntry, indexes.Indexable):
    kind_name = "answer"

    def get_model(self) -> type[Answer]:
        return Answer

    def index_queryset(self, using: str | None = None) -> QuerySet[Answer]:
        found = Answer.objects.public().filter(question__in=Question.objects.public())
        return found.select_related("question__product").prefetch_related("question__tags").order_by("pk")

    def thread(self, obj: Any) -> Question:
        return obj.question

    def pieces(self, obj: Any) -> list[str]:
        """The title by itself is the question's."""
        return super().pieces(obj)[1:]

    def prepare_accepted(self, obj: Any) -> bool:
        return obj.question.accepted_answer_id == obj.pk
