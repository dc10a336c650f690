"""Questions: list, ask, read, change, withdraw, watch, duplicates and suggestions."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from community import lists, moderation, services, threads
from community.api.fetching import question_for
from community.models import Question, Suggestion
from community.serializers import (
    DuplicateSerializer,
    QuestionFilters,
    QuestionSerializer,
    SuggestionOutcomeSerializer,
    SuggestionsSerializer,
)
from portal.core.endpoints import Endpoint, IsAuthenticated, IsModerator, extend_schema

ORDERS = lists.ORDERS | {"helpful": ("helpful", "pk")}


class Questions(Endpoint):
    """Questions, newest first unless asked otherwise."""

    serializer_class = QuestionSerializer

    @extend_schema(parameters=[QuestionFilters], responses=QuestionSerializer(many=True))
    def get(self, request: Request) -> Response:
        self.order = ORDERS[self.asked(QuestionFilters).get("sort", "new")]
        rows = lists.filtered(request.query_params, request.user).for_rows().select_related("release")  # type: ignore[attr-defined]
        return self.listed(rows.with_helpful_votes() if "helpful" in self.order else rows)

    @extend_schema(responses={201: QuestionSerializer})
    def post(self, request: Request) -> Response:
        question = services.ask_question(by=request.user, **self.checked(QuestionSerializer))
        return self.shown(question_for(request.user, question.pk), status=201)


class OneQuestion(Endpoint):
    """One question."""

    serializer_class = QuestionSerializer

    def get(self, request: Request, pk: int) -> Response:
        return self.shown(question_for(request.user, pk))

    def patch(self, request: Request, pk: int) -> Response:
        question = question_for(request.user, pk)
        changes = self.checked(QuestionSerializer, question, partial=True)
        services.edit_question(question=question, by=request.user, **(_as_it_is(question) | changes))
        return self.shown(question_for(request.user, pk))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.withdraw_question(question=question_for(request.user, pk), by=request.user)
        return Response(status=204)


def _as_it_is(question: Question) -> dict[str, Any]:
    return {
        "title": question.title,
        "body": question.body,
        "product": question.product,
        "release": question.release,
        "tags": [tag.name for tag in question.tags.all()],
    }


class WatchQuestion(Endpoint):
    """Hear of news on a question, or no more."""

    permission_classes = [IsAuthenticated]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        services.watch(person=request.user, question=question_for(request.user, pk))
        return Response(status=204)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.unwatch(person=request.user, question=question_for(request.user, pk))
        return Response(status=204)


class MarkDuplicate(Endpoint):
    """Close a question in favour of an older one."""

    permission_classes = [IsModerator]
    serializer_class = DuplicateSerializer

    @extend_schema(responses={200: QuestionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        question, older = (
            question_for(request.user, pk),
            question_for(request.user, self.checked(DuplicateSerializer)["of"]),
        )
        moderation.mark_duplicate(question=question, of=older, by=request.user)
        return self.shown(question_for(request.user, pk), QuestionSerializer)


class Suggestions(Endpoint):
    """What the portal found for a posted question."""

    serializer_class = SuggestionsSerializer

    def get(self, request: Request, pk: int) -> Response:
        card = threads.suggestions_of(question_for(request.user, pk), request.user)
        rows = sorted([*card["suggestions"], *card["put_aside"]], key=lambda row: row.position)
        prefetch_related_objects(rows, "article__published_revision")
        state = "pending" if card["pending"] else "ready" if rows else "none"
        return self.shown({"results": rows, "state": state})


class SuggestionOutcome(Endpoint):
    """Whoever asked says whether a suggestion solved it, or takes back what they said."""

    permission_classes = [IsAuthenticated]
    serializer_class = SuggestionOutcomeSerializer

    @extend_schema(responses={200: QuestionSerializer})
    def post(self, request: Request, pk: int, sid: int) -> Response:
        question = question_for(request.user, pk)
        suggestion = get_object_or_404(
            Suggestion.objects.select_related("question", "article", "answer"), pk=sid, question=question
        )
        services.settle_suggestion(
            suggestion=suggestion,
            by=request.user,
            outcome=self.checked(SuggestionOutcomeSerializer)["outcome"] or "",
        )
        return self.shown(question_for(request.user, pk), QuestionSerializer)
