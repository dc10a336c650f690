"""Answers and comments: list, write, read, change, withdraw; votes and acceptance."""

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from community import services
from community.api.fetching import answer_for, answers_best_first, comments_for, question_for
from community.models import Answer, Comment, Question
from community.permissions import can_accept_answer
from community.serializers import AnswerSerializer, CommentSerializer, QuestionSerializer, VoteSerializer
from portal.core.endpoints import Endpoint, IsAuthenticated, extend_schema


class Answers(Endpoint):
    """A question's answers: the accepted one, then by helpful votes, then as they came."""

    serializer_class = AnswerSerializer
    order = ("first", "vote_score", "earlier")

    @extend_schema(responses=AnswerSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        return self.listed(answers_best_first(request.user, question_for(request.user, pk)))

    @extend_schema(responses={201: AnswerSerializer})
    def post(self, request: Request, pk: int) -> Response:
        body = self.checked(AnswerSerializer)["body"]
        answer = services.answer_question(question=question_for(request.user, pk), by=request.user, body=body)
        return self.shown(answer_for(request.user, answer.pk), status=201)


class OneAnswer(Endpoint):
    """One answer."""

    serializer_class = AnswerSerializer

    def get(self, request: Request, pk: int) -> Response:
        return self.shown(answer_for(request.user, pk))

    def patch(self, request: Request, pk: int) -> Response:
        answer = answer_for(request.user, pk)
        changes = {"body": answer.body} | self.checked(AnswerSerializer, answer, partial=True)
        services.edit_answer(answer=answer, by=request.user, **changes)
        return self.shown(answer_for(request.user, pk))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.withdraw_answer(answer=answer_for(request.user, pk), by=request.user)
        return Response(status=204)


class VoteOnAnswer(Endpoint):
    """Say that an answer was helpful or not, or take it back."""

    permission_classes = [IsAuthenticated]
    serializer_class = VoteSerializer

    @extend_schema(responses={200: AnswerSerializer})
    def put(self, request: Request, pk: int) -> Response:
        services.vote(answer=answer_for(request.user, pk), by=request.user, **self.checked(VoteSerializer))
        return self.shown(answer_for(request.user, pk), AnswerSerializer)


class AcceptAnswer(Endpoint):
    """Mark the answer that solved its question, or take it back."""

    permission_classes = [IsAuthenticated]
    serializer_class = QuestionSerializer

    @extend_schema(request=None)
    def post(self, request: Request, pk: int) -> Response:
        question = services.accept_answer(answer=answer_for(request.user, pk), by=request.user)
        return self.shown(question_for(request.user, question.pk))

    @extend_schema(responses={200: QuestionSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        answer = answer_for(request.user, pk)
        if not can_accept_answer(request.user, answer.question):
            raise PermissionDenied
        if answer.question.accepted_answer_id == answer.pk:
            services.withdraw_acceptance(question=answer.question, by=request.user)
        return self.shown(question_for(request.user, answer.question_id))


class Comments(Endpoint):
    """The comments on one post, oldest first."""

    serializer_class = CommentSerializer
    order = ("earlier",)

    def on(self, request: Request, pk: int) -> Question | Answer:
        raise NotImplementedError

    @extend_schema(responses=CommentSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        on = self.on(request, pk)
        rows = (
            comments_for(request.user)
            .filter(**{type(on).__name__.lower(): on})
            .exclude(status=Comment.Status.REMOVED)
        )
        return self.listed(rows.annotate(earlier=F("pk") * -1))

    @extend_schema(responses={201: CommentSerializer})
    def post(self, request: Request, pk: int) -> Response:
        body = self.checked(CommentSerializer)["body"]
        comment = services.add_comment(on=self.on(request, pk), by=request.user, body=body)
        return self.shown(comment, status=201)


class QuestionComments(Comments):
    def on(self, request: Request, pk: int) -> Question:
        return question_for(request.user, pk)


class AnswerComments(Comments):
    def on(self, request: Request, pk: int) -> Answer:
        return answer_for(request.user, pk)


class OneComment(Endpoint):
    """One comment."""

    serializer_class = CommentSerializer

    def get(self, request: Request, pk: int) -> Response:
        return self.shown(get_object_or_404(comments_for(request.user), pk=pk))

    def patch(self, request: Request, pk: int) -> Response:
        comment = get_object_or_404(comments_for(request.user), pk=pk)
        changes = {"body": comment.body} | self.checked(CommentSerializer, comment, partial=True)
        return self.shown(services.edit_comment(comment=comment, by=request.user, **changes))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        comment = get_object_or_404(
            comments_for(request.user).select_related("question", "answer__question"), pk=pk
        )
        services.withdraw_comment(comment=comment, by=request.user)
        return Response(status=204)
