"""Questions, answers and comments in the admin: text and state change by services alone."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter, RelatedDropdownFilter
from unfold.decorators import display

from community import moderation, services
from community.admin.acting import (
    DISMISS,
    RELEASE,
    REMOVE,
    AnswerForm,
    CommentForm,
    DuplicateForm,
    QuestionForm,
)  # fmt: skip
from community.models import Answer, Comment, Edit, Flag, Question, Suggestion
from portal.core.admin_base import Act, ReadOnlyInline, ReasonForm, StaffAdmin, link
from portal.core.permissions import is_editor, is_moderator

A_DAY = timedelta(hours=24)
STATES = {
    _("open"): "success", _("waiting for a moderator"): "warning", _("closed"): "info", _("removed"): "danger",
}  # fmt: skip


class FlaggedFilter(admin.SimpleListFilter):
    title = _("flags")
    parameter_name = "flags"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return [("open", _("open"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(open_flags__gt=0) if self.value() else queryset


class WaitingFilter(admin.SimpleListFilter):
    title = _("answers")
    parameter_name = "answers"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return [
            ("late", _("unanswered for over 24 hours")), ("unanswered", _("unanswered")),
            ("unsolved", _("answered, not solved")), ("solved", _("solved")),
        ]  # fmt: skip

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() == "late":
            return queryset.unanswered().filter(created_at__lt=timezone.now() - A_DAY)
        return getattr(queryset, self.value())() if self.value() else queryset  # type: ignore[arg-type]


def _of_post(name: str) -> tuple[type[ReadOnlyInline], ...]:
    """What hangs on a question or an answer, as tabs of its page."""

    class FlagInline(ReadOnlyInline):
        model = Flag
        fk_name = name
        fields = readonly_fields = ("reason", "note", "reporter", "created_at", "decided_at")
        related = ("reporter",)

    class EditInline(ReadOnlyInline):
        model = Edit
        fk_name = name
        fields = readonly_fields = ("version", "title", "body", "by", "created_at")
        related = ("by",)

    class CommentInline(ReadOnlyInline):
        model = Comment
        fk_name = name
        fields = readonly_fields = ("body", "author", "status", "created_at")
        related = ("author",)

    return CommentInline, FlagInline, EditInline


class PostAdmin(StaffAdmin):
    """Posts: their text is edited and their state decided by services."""

    may_change = staticmethod(is_moderator)
    search_fields: Any = ("body", "author__username", "=external_id", "=id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(
            open_flags=Count("flags", filter=Q(flags__decided_at=None), distinct=True)
        )  # fmt: skip

    @display(description=_("state"), ordering="status", label=STATES)
    def state(self, row: Any) -> str:
        return row.get_status_display()

    @display(description=_("author"))
    def author_link(self, row: Any) -> str:
        return link(row.author)

    @display(description=_("flags"), ordering="open_flags")
    def flag_count(self, row: Any) -> Any:
        return row.open_flags or "–"

    @display(description=_("words"))
    def start(self, row: Any) -> str:
        return Truncator(row.body).chars(90)


class AnswerInline(ReadOnlyInline):
    model = Answer
    fields = readonly_fields = ("body", "author", "status", "created_at")
    related = ("author",)


class SuggestionInline(ReadOnlyInline):
    model = Suggestion
    fields = readonly_fields = ("position", "thing", "confidence", "outcome")
    related = ("article", "answer__question")

    @display(description=_("suggestion"))
    def thing(self, row: Suggestion) -> str:
        return link(row.article or row.answer)


@admin.register(Question)
class QuestionAdmin(PostAdmin):
    form = QuestionForm
    list_display = (
        "title",
        "state",
        "author_link",
        "product",
        "answers_shown",
        "flag_count",
        "solved_at",
        "created_at",
    )
    list_filter = (
        ("status", ChoicesDropdownFilter),
        WaitingFilter,
        FlaggedFilter,
        ("language", ChoicesDropdownFilter),
        ("product", RelatedDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    list_select_related = ("author", "product")
    search_fields = ("title", "author__username", "=external_id", "=id")
    autocomplete_fields = ("product", "release", "tags")
    facts = (
        "state", "held_for", "author_link", "language", "accepted", "solved_by", "solved_at", "duplicate", "closed_reason",
        "views", "created_at", "edited_at", "active_at", "suggested_at", "external_id",
    )  # fmt: skip
    readonly_fields = facts
    fieldsets = (
        (None, {"fields": ("title", "body", ("product", "release"), "tags", "version")}),
        (_("State"), {"fields": facts}),
    )
    inlines = (AnswerInline, SuggestionInline, *_of_post("question"))
    acts = (
        RELEASE, REMOVE, DISMISS,
        Act(
            "close", pgettext_lazy("question", "Close"), lambda row, by, data: moderation.close_question(question=row, by=by, reason=data["reason"]),
            may=is_moderator, applies=lambda row: row.status == "open", form=ReasonForm, icon="lock",
        ),
        Act(
            "reopen", _("Reopen"), lambda row, by, data: moderation.reopen_question(question=row, by=by),
            may=is_moderator, applies=lambda row: row.status == "closed", icon="lock_open",
        ),
        Act(
            "mark_duplicate", _("Mark as duplicate"),
            lambda row, by, data: moderation.mark_duplicate(question=row, of=data["of"], by=by),
            may=is_moderator, applies=lambda row: row.is_public, form=DuplicateForm, icon="content_copy",
        ),
        Act(
            "withdraw_acceptance", _("Not solved after all"),
            lambda row, by, data: services.withdraw_acceptance(question=row, by=by),
            may=is_moderator, applies=lambda row: row.is_solved and row.status == "open", icon="undo", bulk=False,
        ),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).with_answer_count()  # type: ignore[attr-defined]

    def save_with_service(
        self, request: HttpRequest, row: Any, data: dict[str, Any], *, add: bool
    ) -> Question:
        tags = [tag.name for tag in data["tags"]]
        text = {name: data[name] for name in ("title", "body", "product", "release", "version")}
        return services.edit_question(question=row, by=request.user, tags=tags, **text)  # type: ignore[arg-type]

    @display(description=_("answers"), ordering="answer_count")
    def answers_shown(self, row: Any) -> int:
        return row.answer_count

    @display(description=_("accepted answer"))
    def accepted(self, row: Question) -> str:
        return link(row.accepted_answer)

    @display(description=_("solved by"))
    def solved_by(self, row: Question) -> str:
        return link(row.solved_by_article or row.solved_by_answer)

    @display(description=_("duplicate of"))
    def duplicate(self, row: Question) -> str:
        return link(row.duplicate_of)


@admin.register(Answer)
class AnswerAdmin(PostAdmin):
    form = AnswerForm
    list_display = (
        "start",
        "question_link",
        "state",
        "author_link",
        "votes_shown",
        "accepted",
        "flag_count",
        "created_at",
    )
    list_filter = (("status", ChoicesDropdownFilter), FlaggedFilter, ("created_at", RangeDateTimeFilter))
    list_select_related = ("author", "question")
    facts = (
        "question_link", "state", "held_for", "author_link", "votes_shown", "accepted", "created_at", "edited_at", "external_id",
    )  # fmt: skip
    readonly_fields = facts
    fieldsets = ((None, {"fields": ("body", "version")}), (_("State"), {"fields": facts}))
    inlines = _of_post("answer")
    acts = (
        RELEASE, REMOVE, DISMISS,
        Act(
            "accept", _("Accept"), lambda row, by, data: services.accept_answer(answer=row, by=by),
            may=is_moderator, applies=lambda row: row.is_public and not row.is_accepted, icon="task_alt", bulk=False,
            confirm=_("You decide for the asker that this answer solved the question."),
        ),
        Act(
            "nominate", _("Nominate for an article"), lambda row, by, data: services.nominate_answer(answer=row, by=by),
            may=is_editor, applies=lambda row: row.is_public, icon="star",
        ),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        accepted = Exists(Question.objects.filter(accepted_answer=OuterRef("pk")))
        return super().get_queryset(request).with_votes().annotate(is_accepted=accepted)  # type: ignore[attr-defined]

    def save_with_service(self, request: HttpRequest, row: Any, data: dict[str, Any], *, add: bool) -> Answer:
        return services.edit_answer(answer=row, by=request.user, body=data["body"], version=data["version"])  # type: ignore[arg-type]

    @display(description=_("question"))
    def question_link(self, row: Answer) -> str:
        return link(row.question)

    @display(description=_("helpful / not"), ordering="vote_score")
    def votes_shown(self, row: Any) -> str:
        return f"{row.helpful} / {row.unhelpful}"

    @display(description=_("accepted"), boolean=True)
    def accepted(self, row: Any) -> bool:
        return row.is_accepted


@admin.register(Comment)
class CommentAdmin(PostAdmin):
    form = CommentForm
    list_display = ("start", "on", "state", "author_link", "flag_count", "created_at")
    list_filter = (("status", ChoicesDropdownFilter), FlaggedFilter, ("created_at", RangeDateTimeFilter))
    list_select_related = ("author", "question", "answer__question")
    facts = ("on", "state", "held_for", "author_link", "created_at", "edited_at")
    readonly_fields = facts
    fieldsets = ((None, {"fields": ("body", "version")}), (_("State"), {"fields": facts}))
    acts = (RELEASE, REMOVE, DISMISS)

    def save_with_service(
        self, request: HttpRequest, row: Any, data: dict[str, Any], *, add: bool
    ) -> Comment:
        return services.edit_comment(comment=row, by=request.user, body=data["body"], version=data["version"])  # type: ignore[arg-type]

    @display(description=_("on"))
    def on(self, row: Comment) -> str:
        return link(row.question or row.answer, row.thread().title)
