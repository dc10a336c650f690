"""What hangs on posts, in the admin: written by services, here to look at; and the decisions, with their undoing."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display

from community import moderation, services
from community.admin.acting import OptionalReasonForm, WhyForm
from community.models import (
    Answer,
    Citation,
    Edit,
    Flag,
    PossibleDuplicate,
    Promotion,
    Suggestion,
    Vote,
    Watch,
)
from portal.core.admin_base import Act, ReadOnlyAdmin, ReasonForm, link
from portal.core.admin_records import AuditEntryAdmin
from portal.core.models import AuditEntry
from portal.core.permissions import is_editor, is_moderator


class OnPostAdmin(ReadOnlyAdmin):
    """Rows about a post."""

    list_select_related: Any = ("question", "answer__question")
    ordering = ("-pk",)

    @display(description=_("post"))
    def post(self, row: Any) -> str:
        post = _post_of(row)
        title = getattr(post, "title", "") or (post.question.title if isinstance(post, Answer) else "")
        return link(post, title)


def _post_of(row: Any) -> Any:
    return row.question or row.answer or getattr(row, "comment", None)


@admin.register(Edit)
class EditAdmin(OnPostAdmin):
    list_display = ("post", "version", "by", "created_at")
    list_display_links = ("version",)
    list_select_related = ("question", "answer__question", "by")
    search_fields = ("title", "by__username")
    fields = ("post", "version", "title", "body", "by", "created_at")


@admin.register(Vote)
class VoteAdmin(ReadOnlyAdmin):
    list_display = ("answer_link", "helpful", "voter", "created_at")
    list_display_links = ("created_at",)
    list_filter = ("helpful", ("created_at", RangeDateTimeFilter))
    list_select_related = ("answer__question", "voter")
    search_fields = ("voter__username", "=answer__id")
    fields = ("answer_link", "helpful", "voter", "created_at")
    ordering = ("-pk",)

    @display(description=_("answer"))
    def answer_link(self, row: Vote) -> str:
        return link(row.answer, row.answer.question.title)


class DecidedFilter(admin.SimpleListFilter):
    title = _("decision")
    parameter_name = "decided"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return [("no", _("open")), ("yes", _("decided"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(decided_at__isnull=self.value() == "no") if self.value() else queryset


@admin.register(Flag)
class FlagAdmin(OnPostAdmin):
    """Flags. Deciding one decides all of the same post."""

    list_display = ("post", "reason", "note", "reporter_link", "created_at", "decided_at")
    list_display_links = ("reason",)
    list_filter = (DecidedFilter, ("reason", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter))
    list_select_related = (
        "question__author", "answer__question", "answer__author", "comment__author", "comment__question",
        "comment__answer__question", "reporter",
    )  # fmt: skip
    search_fields = ("note", "reporter__username")
    fields = ("post", "reason", "note", "reporter_link", "created_at", "decided_at")
    acts = (
        Act(
            "dismiss", _("Dismiss the flags"),
            lambda row, by, data: moderation.dismiss(post=_post_of(row), by=by, reason=data["reason"]),
            may=is_moderator, applies=lambda row: row.decided_at is None, form=OptionalReasonForm, icon="flag",
        ),
        Act(
            "remove", _("Remove the post"),
            lambda row, by, data: moderation.remove(post=_post_of(row), by=by, reason=data["reason"]),
            may=is_moderator, applies=lambda row: row.decided_at is None, form=ReasonForm, icon="block", danger=True,
        ),
    )  # fmt: skip

    @display(description=_("flagged by"))
    def reporter_link(self, row: Flag) -> str:
        return link(row.reporter)


@admin.register(Watch)
class WatchAdmin(ReadOnlyAdmin):
    list_display = ("person", "thing", "created_at")
    list_select_related = ("person", "question", "tag", "article")
    search_fields = ("person__username", "tag__name", "question__title", "article__title")
    fields = ("person", "thing", "created_at")
    ordering = ("-pk",)

    @display(description=_("watched"))
    def thing(self, row: Watch) -> str:
        return link(row.question or row.tag or row.article)


@admin.register(Suggestion)
class SuggestionAdmin(ReadOnlyAdmin):
    list_display = ("question_link", "thing", "confidence", "outcome", "created_at")
    list_display_links = ("created_at",)
    list_filter = (("outcome", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter))
    list_select_related = ("question", "article", "answer__question")
    search_fields = ("question__title", "article__title")
    fields = (
        "question_link",
        "thing",
        "confidence",
        "position",
        "outcome",
        "outcome_at",
        "opened_at",
        "created_at",
    )
    ordering = ("-pk",)

    @display(description=_("question"))
    def question_link(self, row: Suggestion) -> str:
        return link(row.question)

    @display(description=_("suggestion"))
    def thing(self, row: Suggestion) -> str:
        return link(row.article or row.answer, "" if row.article else row.answer.question.title)  # type: ignore[union-attr]


@admin.register(PossibleDuplicate)
class PossibleDuplicateAdmin(ReadOnlyAdmin):
    list_display = ("question_link", "of_link", "confidence", "decision", "created_at")
    list_display_links = ("created_at",)
    list_filter = (("decision", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter))
    list_select_related = ("question", "of")
    search_fields = ("question__title", "of__title")
    fields = ("question_link", "of_link", "confidence", "decision", "decided_at", "created_at")
    ordering = ("-pk",)
    acts = (
        Act(
            "duplicate", _("Close as a duplicate"),
            lambda row, by, data: moderation.confirm_duplicate(proposal=row, by=by),
            may=is_moderator, applies=lambda row: not row.decision, icon="content_copy",
        ),
        Act(
            "dismiss", _("Not a duplicate"),
            lambda row, by, data: moderation.dismiss_duplicate(proposal=row, by=by),
            may=is_moderator, applies=lambda row: not row.decision, icon="check",
        ),
    )  # fmt: skip

    @display(description=_("question"))
    def question_link(self, row: PossibleDuplicate) -> str:
        return link(row.question)

    @display(description=_("older question"))
    def of_link(self, row: PossibleDuplicate) -> str:
        return link(row.of)


@admin.register(Citation)
class CitationAdmin(ReadOnlyAdmin):
    list_display = ("answer_link", "thing", "created_at")
    list_display_links = ("created_at",)
    list_select_related = ("answer__question", "article", "question")
    search_fields = ("answer__question__title", "article__title", "question__title")
    fields = ("answer_link", "thing", "created_at")
    ordering = ("-pk",)

    @display(description=_("answer"))
    def answer_link(self, row: Citation) -> str:
        return link(row.answer, row.answer.question.title)

    @display(description=_("citation"))
    def thing(self, row: Citation) -> str:
        return link(row.article or row.question)


@admin.register(Promotion)
class PromotionAdmin(ReadOnlyAdmin):
    """Answers on their way to an article. The draft itself is written on the promotion desk."""

    list_display = (
        "question_link",
        "shown_state",
        "score",
        "editor",
        "article_link",
        "created_at",
        "decided_at",
    )
    list_display_links = ("score",)
    list_filter = (("state", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter))
    list_select_related = ("answer__question", "article", "editor")
    search_fields = ("answer__question__title", "title", "editor__username")
    fields = (
        "question_link", "answer_link", "shown_state", "score", "title", "body", "nominated_by", "editor", "article_link",
        "rejected_reason", "created_at", "decided_at", "announced_at", "offered_at",
    )  # fmt: skip
    ordering = ("-pk",)
    acts = (
        Act(
            "draft", _("Make the draft"), lambda row, by, data: services.draft_promotion(promotion=row, by=by),
            may=is_editor, applies=lambda row: row.state == "candidate", icon="edit_note",
        ),
        Act(
            "publish", _("Publish"), lambda row, by, data: services.publish_promotion(promotion=row, by=by),
            may=is_editor, applies=lambda row: row.state == "draft", icon="publish", bulk=False,
            confirm=_("The draft becomes an article; the answerer and the asker hear of it."),
        ),
        Act(
            "reject", _("Reject"),
            lambda row, by, data: services.reject_promotion(promotion=row, by=by, reason=data["reason"]),
            may=is_editor, applies=lambda row: row.state in ("candidate", "draft"), form=WhyForm, icon="close",
            danger=True,
        ),
    )  # fmt: skip

    def links_for(self, row: Any) -> list[dict[str, Any]]:
        return [
            {
                "title": _("Open on the desk"),
                "icon": "edit",
                "path": reverse("community:promotion", args=[row.pk]),
            }
        ]

    @display(description=_("state"), ordering="state", label={
        _("candidate"): "info", _("draft"): "warning", _("published"): "success", _("rejected"): "danger",
    })  # fmt: skip
    def shown_state(self, row: Promotion) -> str:
        return row.get_state_display()

    @display(description=_("question"))
    def question_link(self, row: Promotion) -> str:
        return link(row.answer.question)

    @display(description=_("answer"))
    def answer_link(self, row: Promotion) -> str:
        return link(row.answer)

    @display(description=_("article"))
    def article_link(self, row: Promotion) -> str:
        return link(row.article)


class DecisionAdmin(AuditEntryAdmin):
    """The audit rows, with the undoing of what moderators decided."""

    acts = (
        Act(
            "undo", _("Undo"), lambda row, by, data: moderation.undo(entry=row, by=by), may=is_moderator,
            applies=lambda row: row.undone_at is None and row.target_kind.startswith("community."), icon="undo",
        ),
    )  # fmt: skip


admin.site.unregister(AuditEntry)
admin.site.register(AuditEntry, DecisionAdmin)
