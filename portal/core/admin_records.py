"""What was written down by the portal, in the admin: to look at, never to change."""

from typing import Any

from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter, RelatedDropdownFilter
from unfold.decorators import display

from portal.core.admin_base import ReadOnlyAdmin, is_manager, link
from portal.core.models import (
    AuditEntry,
    ConfidenceRule,
    Image,
    IndexChange,
    Notification,
    RequestKey,
    SearchQuery,
)


@admin.register(Image)
class ImageAdmin(ReadOnlyAdmin):
    list_display = ("token", "picture", "width", "height", "who", "created_at")
    list_filter = (("created_at", RangeDateTimeFilter),)
    list_select_related = ("author",)
    search_fields = ("token", "author__username")
    fields = ("picture", "token", "file", "width", "height", "who", "created_at")

    @display(description=_("image"))
    def picture(self, row: Image) -> str:
        return format_html('<a href="{}">{}</a>', row.file.url, row)

    @display(description=_("author"))
    def who(self, row: Image) -> str:
        return link(row.author)


class DeliveryFilter(admin.SimpleListFilter):
    title = _("delivery")
    parameter_name = "delivery"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return [("waiting", _("waiting")), ("done", _("delivered")), ("withdrawn", _("withdrawn"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() == "waiting":
            return queryset.undelivered()
        if self.value() == "done":
            return queryset.filter(delivered_at__isnull=False)
        return queryset.filter(withdrawn_at__isnull=False) if self.value() == "withdrawn" else queryset


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ("kind", "to", "about", "created_at", "delivered_at", "mailed_at", "read_at")
    list_filter = (DeliveryFilter, ("kind", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter))
    list_select_related = ("recipient",)
    search_fields = ("recipient__username", "dedupe_key", "url")

    @display(description=_("to"))
    def to(self, row: Notification) -> str:
        return link(row.recipient)

    @display(description=_("about"))
    def about(self, row: Notification) -> str:
        return format_html('<a href="{}">{} {}</a>', row.url, row.target_kind, row.target_pk)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "act", "who", "what", "reason", "undone_at")
    list_display_links = ("created_at",)
    list_filter = ("target_kind", ("created_at", RangeDateTimeFilter))
    list_select_related = ("actor",)
    search_fields = ("act", "actor__username", "target_title", "reason", "=target_pk")

    @display(description=_("who"))
    def who(self, row: AuditEntry) -> str:
        return link(row.actor)

    @display(description=_("what"))
    def what(self, row: AuditEntry) -> str:
        try:
            url = reverse(f"admin:{row.target_kind.replace('.', '_')}_change", args=[row.target_pk])
        except NoReverseMatch:  # a kind that has no page of its own
            return row.target_title
        return format_html(
            '<a href="{}">{}</a>', url, row.target_title or f"{row.target_kind} {row.target_pk}"
        )


@admin.register(SearchQuery)
class SearchQueryAdmin(ReadOnlyAdmin):
    list_display = (
        "text_or_gone",
        "surface",
        "language",
        "product",
        "hits",
        "shown",
        "outcome",
        "created_at",
    )
    list_filter = (
        ("surface", ChoicesDropdownFilter),
        ("outcome", ChoicesDropdownFilter),
        ("language", ChoicesDropdownFilter),
        ("product", RelatedDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    list_select_related = ("product",)
    search_fields = ("text",)

    @display(description=pgettext_lazy("search", "words"))
    def text_or_gone(self, row: SearchQuery) -> Any:
        return row.text or _("(forgotten)")


@admin.register(IndexChange)
class IndexChangeAdmin(ReadOnlyAdmin):
    """The index outbox. Empty, or nearly so, when the indexer keeps up."""

    list_display = ("kind", "object_pk", "created_at")
    list_filter = ("kind",)
    search_fields = ("=object_pk",)


@admin.register(ConfidenceRule)
class ConfidenceRuleAdmin(ReadOnlyAdmin):
    """From which confidence on suggestions were shown, and how it was read. The newest holds; it is set on the insights."""

    list_display = ("created_at", "least", "offset", "slope", "learnt_from", "by")
    list_select_related = ("by",)
    search_fields = ("by__username",)


@admin.register(RequestKey)
class RequestKeyAdmin(ReadOnlyAdmin):
    """Keys of repeated submissions. What was answered is not shown: it may be somebody's text."""

    may_view = staticmethod(is_manager)
    list_display = ("key", "sender", "created_at")
    search_fields = ("=key", "=sender")
    fields = ("sender", "key", "fingerprint", "created_at")
