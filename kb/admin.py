"""The admin of the knowledge base. Articles and revisions are made and changed by kb.services alone."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from kb import services
from kb.models import Article, ArticleFeedback, Category, ContentGap, Credit, Redirect, Revision
from portal.core.admin import CatalogueAdmin
from portal.core.admin_base import Act, ReadOnlyAdmin, ReadOnlyInline, ServiceForm, StaffAdmin, link
from portal.core.errors import RuleError
from portal.core.permissions import is_editor


class ArticleForm(ServiceForm):
    """What an article is about; and, for a new one, its first text."""

    body = forms.CharField(
        label=_("body"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 20}),
        max_length=services.BODY_MAX,
        required=False,
    )

    class Meta:
        model = Article
        fields = ("title", "language", "product", "releases", "category", "tags")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "body" in self.fields:
            self.fields["body"].required = True


class SuccessorForm(forms.Form):
    successor = forms.CharField(
        label=_("Successor"),
        required=False,
        max_length=120,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("The address (slug) of the published article that takes its place. Empty: none."),
    )

    def clean_successor(self) -> Article | None:
        slug = self.cleaned_data["successor"].strip().strip("/").rpartition("/")[2]
        if not slug:
            return None
        if found := Article.objects.published().filter(slug=slug).first():
            return found
        raise forms.ValidationError(_("There is no published article of this address."))


class AddressForm(forms.Form):
    slug = forms.CharField(
        label=_("New address"),
        max_length=120,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("The old one keeps leading to the article."),
    )


class DueFilter(admin.SimpleListFilter):
    title = _("review")
    parameter_name = "review"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return [("due", _("due")), ("never", _("never verified"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() == "due":
            return queryset.published().filter(review_due__lte=timezone.localdate())
        return queryset.filter(verified_at=None) if self.value() == "never" else queryset


class RevisionInline(ReadOnlyInline):
    model = Revision
    fk_name = "article"
    fields = readonly_fields = ("number", "title", "author", "note", "created_at", "published_at")
    related = ("author",)
    ordering = ("-number",)


class CreditInline(ReadOnlyInline):
    model = Credit
    fields = readonly_fields = ("person", "source_kind", "source_url", "created_at")
    related = ("person",)


class FeedbackInline(ReadOnlyInline):
    model = ArticleFeedback
    fields = readonly_fields = ("helpful", "reason", "comment", "created_at")


class RedirectInline(ReadOnlyInline):
    model = Redirect
    fields = readonly_fields = ("slug",)
    ordering = ("pk",)


def _newest(article: Article) -> Revision:
    revision = article.revisions.order_by("-number").first()
    if revision is None:
        raise RuleError(_("This article has no text yet."))
    return revision


ABOUT = ("product", "releases", "category", "tags")


@admin.register(Article)
class ArticleAdmin(StaffAdmin):
    """Articles: what they are about and where they stand. Their text is written on the site, revision by revision."""

    may_change = staticmethod(is_editor)
    may_add = staticmethod(is_editor)
    form = ArticleForm
    list_display = (
        "title",
        "state",
        "language",
        "product",
        "category",
        "owner_link",
        "verdicts",
        "review_due",
        "updated_at",
    )
    list_filter = (
        ("status", ChoicesDropdownFilter),
        DueFilter,
        ("language", ChoicesDropdownFilter),
        ("product", RelatedDropdownFilter),
        ("category", RelatedDropdownFilter),
        ("updated_at", RangeDateTimeFilter),
    )
    list_select_related = ("product", "category", "owner")
    search_fields = ("title", "slug", "=external_id", "owner__username")
    autocomplete_fields = ABOUT
    facts = (
        "title", "state", "language", "slug", "external_id", "owner_link", "published_text", "translation", "successor_link",
        "verified_at", "verified_by", "review_due", "views", "created_at", "published_at", "updated_at",
    )  # fmt: skip
    inlines = (RevisionInline, CreditInline, FeedbackInline, RedirectInline)
    acts = (
        Act(
            "submit", _("Hand over for review"), lambda row, by, data: services.submit(article=row, by=by),
            may=is_editor, applies=lambda row: row.status == Article.Status.DRAFT, icon="rate_review",
        ),
        Act(
            "publish", _("Publish the newest revision"), lambda row, by, data: services.publish(revision=_newest(row), by=by),
            may=is_editor, icon="publish", confirm=_("Readers see it at once, and search finds it."),
        ),
        Act(
            "verify", _("Verify"), lambda row, by, data: services.verify(article=row, by=by),
            may=is_editor, applies=lambda row: row.status == Article.Status.PUBLISHED, icon="verified",
            confirm=_("You say that you have read it and that it is right today."),
        ),
        Act(
            "rename", _("Change the address"), lambda row, by, data: services.rename(article=row, slug=data["slug"], by=by),
            may=is_editor, form=AddressForm, icon="link", bulk=False,
        ),
        Act(
            "archive", _("Archive"),
            lambda row, by, data: services.archive(article=row, by=by, successor=data["successor"]),
            may=is_editor, applies=lambda row: row.status != Article.Status.ARCHIVED, form=SuccessorForm,
            icon="archive", danger=True,
        ),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return super().get_queryset(request).with_feedback()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("title", "body", "language", *ABOUT)}),)
        return ((None, {"fields": ABOUT}), (_("State"), {"fields": self.facts}))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else self.facts

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None else ()

    def links_for(self, row: Any) -> list[dict[str, Any]]:
        return [{"title": _("Write"), "icon": "edit", "path": reverse("kb:article_edit", args=[row.slug])}]

    def save_with_service(
        self, request: HttpRequest, row: Any, data: dict[str, Any], *, add: bool
    ) -> Article:
        about = {
            "by": request.user,
            "product": data["product"],
            "releases": data["releases"],
            "category": data["category"],
            "tags": [tag.name for tag in data["tags"]],
        }
        if add:
            text = {name: data[name] for name in ("title", "body", "language")}
            return services.draft_article(**text, **about)
        return services.describe(article=row, **about)

    @display(description=_("state"), ordering="status", label={
        _("published"): "success", _("draft"): "info", _("in review"): "warning", _("archived"): "danger",
    })  # fmt: skip
    def state(self, row: Article) -> str:
        return row.get_status_display()

    @display(description=_("owner"))
    def owner_link(self, row: Article) -> str:
        return link(row.owner)

    @display(description=_("helpful / not"))
    def verdicts(self, row: Any) -> str:
        return f"{row.helpful} / {row.unhelpful}"

    @display(description=_("published revision"))
    def published_text(self, row: Article) -> str:
        return link(row.published_revision)

    @display(description=_("translation of"))
    def translation(self, row: Article) -> str:
        return link(row.translation_of)

    @display(description=_("successor"))
    def successor_link(self, row: Article) -> str:
        return link(row.successor)


@admin.register(Category)
class CategoryAdmin(CatalogueAdmin):
    list_display = ("name", "name_ko", "slug", "position")
    search_fields = ("name", "name_ko", "slug")
    prepopulated_fields = {"slug": ("name",)}


class OfArticleAdmin(ReadOnlyAdmin):
    """Rows that belong to an article."""

    list_select_related: Any = ("article",)

    @display(description=_("article"))
    def article_link(self, row: Any) -> str:
        return link(row.article)


@admin.register(Revision)
class RevisionAdmin(OfArticleAdmin):
    list_display = ("title", "number", "article_link", "author", "note", "created_at", "published_at")
    list_filter = (("created_at", RangeDateTimeFilter),)
    list_select_related = ("article", "author")
    search_fields = ("title", "note", "author__username", "article__slug")
    fields = (
        "article_link",
        "number",
        "title",
        "body",
        "note",
        "author",
        "based_on",
        "reviewed_by",
        "created_at",
        "published_at",
    )
    ordering = ("-pk",)
    acts = (
        Act(
            "publish", _("Publish this revision"), lambda row, by, data: services.publish(revision=row, by=by),
            may=is_editor, icon="publish", confirm=_("Readers see it at once, and search finds it."), bulk=False,
        ),
    )  # fmt: skip


@admin.register(Credit)
class CreditAdmin(OfArticleAdmin):
    list_display = ("__str__", "article_link", "source", "created_at")
    list_select_related = ("article", "person")
    search_fields = ("person__username", "article__title")
    fields = ("person", "article_link", "source_kind", "source", "created_at")
    ordering = ("-pk",)

    @display(description=_("source"))
    def source(self, row: Credit) -> str:
        return format_html('<a href="{}">{}</a>', row.source_url, row.source_url) if row.source_url else "–"


@admin.register(ArticleFeedback)
class ArticleFeedbackAdmin(OfArticleAdmin):
    list_display = ("article_link", "helpful", "reason", "comment", "created_at")
    list_display_links = ("created_at",)
    list_filter = ("helpful", ("reason", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter))
    search_fields = ("article__title", "comment")
    fields = ("article_link", "helpful", "reason", "comment", "created_at")


@admin.register(ContentGap)
class ContentGapAdmin(OfArticleAdmin):
    list_display = ("text", "state", "language", "demand", "first_seen", "last_seen", "article_link")
    list_filter = (("status", ChoicesDropdownFilter), ("language", ChoicesDropdownFilter))
    search_fields = ("text",)
    fields = ("text", "language", "status", "demand", "article_link", "first_seen", "last_seen")

    @display(description=_("state"), ordering="status", label={
        _("open"): "warning", _("planned"): "info", _("filled"): "success",
    })  # fmt: skip
    def state(self, row: ContentGap) -> str:
        return row.get_status_display()


@admin.register(Redirect)
class RedirectAdmin(OfArticleAdmin):
    list_display = ("slug", "article_link")
    search_fields = ("slug", "article__slug", "article__title")
    fields = ("slug", "article_link")
    ordering = ("-pk",)
