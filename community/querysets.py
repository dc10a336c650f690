"""The words that reads of the community are made of. Who may see is decided here and nowhere else."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, FloatField, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Sqrt

from portal.core.permissions import is_moderator

if TYPE_CHECKING:
    from community.models import Answer, Citation, Comment, PossibleDuplicate, Promotion, Question, Suggestion  # noqa: F401

Z = 1.96  # 95 % two-sided


def wilson(helpful: Any, total: Any) -> Any:
    """The lower bound of the share of helpful votes, as a database expression (Wilson, 1927); 0 without votes.

    `helpful` and `total` are expressions of counts. A few good votes never outrank many.
    """
    n = Cast(total, FloatField())
    share = Cast(helpful, FloatField()) / n
    z2 = Z * Z
    bound = (share + z2 / (2 * n) - Z * Sqrt((share * (1 - share) + z2 / (4 * n)) / n)) / (1 + z2 / n)
    return Case(When(**{"vote_count__gt": 0}, then=bound), default=Value(0.0), output_field=FloatField())


class PostQuerySet(models.QuerySet[Any]):
    """What questions, answers and comments share."""

    def _public(self) -> Q:
        return Q(status=self.model.Status.OPEN)

    def visible_to(self, user: Any) -> Self:
        """Public posts, plus a person's own that are held; moderators see everything."""
        if is_moderator(user):
            return self
        allowed = self._public()
        if user.is_authenticated:
            allowed |= Q(author=user, status=self.model.Status.HELD)
        return self.filter(allowed)

    def public(self) -> Self:
        """What a visitor may see."""
        return self.filter(self._public())

    def held(self) -> Self:
        return self.filter(status=self.model.Status.HELD)

    def ranked(self, pks: list[int]) -> Self:
        """Only these, in this order."""
        order = Case(*[When(pk=pk, then=Value(n)) for n, pk in enumerate(pks)], default=Value(len(pks)))
        return self.filter(pk__in=pks).order_by(order)


class QuestionQuerySet(PostQuerySet):
    def _public(self) -> Q:
        return Q(status__in=[self.model.Status.OPEN, self.model.Status.CLOSED])

    def hold(self, *pks: int) -> list["Question"]:
        """These rows in the order of their keys, kept from others' changes until the transaction ends.

        An act on a thread that changes more than one row holds the question first. Were an answer or a flag taken
        first by one act and the question by another, each would wait for the other.
        """
        return list(self.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))

    def unanswered(self) -> Self:
        """Nobody has answered yet, and somebody still may."""
        from_people = self.model.answers.rel.related_model.objects.filter(
            question=OuterRef("pk"), status="open"
        )
        return self.filter(~Exists(from_people), status=self.model.Status.OPEN)

    def unsolved(self) -> Self:
        """Answered, but nothing was accepted and no article solved it."""
        from_people = self.model.answers.rel.related_model.objects.filter(
            question=OuterRef("pk"), status="open"
        )
        return self.filter(Exists(from_people), solved_at=None)

    def solved(self) -> Self:
        return self.filter(solved_at__isnull=False)

    def with_answer_count(self) -> Self:
        return self.annotate(answer_count=Count("answers", filter=Q(answers__status="open"), distinct=True))

    def with_helpful_votes(self) -> Self:
        """Adds `helpful`: how many found one of its answers helpful."""
        return self.annotate(
            helpful=Count(
                "answers__votes",
                filter=Q(answers__status="open", answers__votes__helpful=True),
                distinct=True,
            )
        )

    def for_rows(self) -> Self:
        """With all that a question row names: one query for the page and one for its tags."""
        return self.select_related("author", "product").prefetch_related("tags").with_answer_count()


class AnswerQuerySet(PostQuerySet):
    def with_votes(self) -> Self:
        """Adds `helpful`, `unhelpful` (counts) and `vote_score` (Wilson lower bound, 0 to 1)."""
        return self.annotate(
            helpful=Count("votes", filter=Q(votes__helpful=True), distinct=True),
            unhelpful=Count("votes", filter=Q(votes__helpful=False), distinct=True),
            vote_count=Count("votes", distinct=True),
        ).annotate(vote_score=wilson(F("helpful"), F("vote_count")))

    def best_first(self, accepted_pk: int | None) -> Self:
        """The accepted one, then by helpful votes, then as they came."""
        first = Case(When(pk=accepted_pk, then=Value(0)), default=Value(1))
        return self.with_votes().order_by(first, "-vote_score", "pk")


class CommentQuerySet(PostQuerySet):
    pass


class CitationQuerySet(models.QuerySet["Citation"]):
    def that_solved(self) -> Self:
        """Of public things, in public answers that were accepted: what was cited there has helped."""
        return self.filter(
            Q(article__status="published") | Q(question__status__in=["open", "closed"]),
            answer__status="open",
            answer__accepted_for__status__in=["open", "closed"],
        )


class PossibleDuplicateQuerySet(models.QuerySet["PossibleDuplicate"]):
    def waiting(self) -> Self:
        """What a moderator can still decide: the newer one is open, the older one can be read, neither repeats another."""
        return self.filter(
            decision="",
            question__status="open",
            question__duplicate_of=None,
            of__status__in=["open", "closed"],
            of__duplicate_of=None,
        )


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def cited(self) -> Self:
        """Those that an accepted answer to their question cites: somebody else judged that they fit."""
        question: Any = self.model.question.field.related_model
        citations = question.citations.rel.related_model.objects
        there = citations.that_solved().filter(answer__accepted_for=OuterRef("question"))
        return self.filter(
            Exists(there.filter(article=OuterRef("article")))
            | Exists(there.filter(question=OuterRef("answer__question")))
        )

    def take_back(self) -> int:
        """What was said of them is as if it had never been said; that they were opened stays."""
        opened = Case(When(opened_at=None, then=Value("")), default=Value("opened"))
        return self.update(outcome=opened, outcome_at=F("opened_at"))


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def waiting(self) -> Self:
        """What an editor has still to decide: candidates and drafts."""
        return self.filter(state__in=[self.model.State.CANDIDATE, self.model.State.DRAFT])

    def for_desk(self) -> Self:
        """With all that the promotion desk names, in one query."""
        return self.select_related(
            "answer__author",
            "answer__question__author",
            "answer__question__product",
            "answer__question__release",
            "article",
            "editor",
            "nominated_by",
            "product",
            "category",
        )
