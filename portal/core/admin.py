"""The admin of the shared kernel: people, their keys, the catalogue, and what was written down."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter, RelatedDropdownFilter
from unfold.decorators import display

from portal.core import admin_records, catalogue, people
from portal.core.admin_base import (
    Act,
    ReadOnlyAdmin,
    ReadOnlyInline,
    ReasonForm,
    ServiceForm,
    StaffAdmin,
    is_manager,
    link,
)
from portal.core.models import ApiToken, Product, Release, Synonym, Tag, User

# Accounts have one place: roles, addresses and sessions stand on the person's page.
for _elsewhere in (Group, EmailAddress, EmailConfirmation, UserSession):
    if admin.site.is_registered(_elsewhere):
        admin.site.unregister(_elsewhere)
# One way in, with its limits: whoever is not signed in goes to the site's own page for it.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


# ----------------------------------------------------------------- people


class PersonForm(ServiceForm):
    class Meta:
        model = User
        fields = ("username", "email", "display_name", "bio", "language", "groups")
        labels = {"groups": _("roles")}
        help_texts = {"groups": _("The role “staff” opens this admin.")}


class TokenInline(ReadOnlyInline):
    model = ApiToken
    fields = readonly_fields = ("label", "hint", "created_at", "last_used_on", "revoked_at")
    verbose_name_plural = _("API tokens")


class AddressInline(ReadOnlyInline):
    model = EmailAddress
    fields = readonly_fields = ("email", "verified", "primary")
    ordering = ("pk",)
    show_change_link = False
    verbose_name_plural = _("e-mail addresses")


class SessionInline(ReadOnlyInline):
    model = UserSession
    fields = readonly_fields = ("user_agent", "ip", "created_at", "last_seen_at")
    ordering = ("-pk",)
    show_change_link = False
    verbose_name_plural = _("sessions")


@admin.register(User)
class PersonAdmin(StaffAdmin):
    """People: what they may do, what keys they hold, where they are signed in."""

    may_change = staticmethod(is_manager)
    may_add = staticmethod(is_manager)
    form = PersonForm
    list_display = ("username", "shown_name", "email", "roles", "open_account", "date_joined", "last_login")
    list_filter = (
        ("groups", RelatedDropdownFilter),
        "is_active",
        ("language", ChoicesDropdownFilter),
        ("date_joined", RangeDateTimeFilter),
    )
    search_fields = ("username", "display_name", "email")
    ordering = ("-pk",)
    readonly_fields = ("open_account", "is_staff", "is_superuser", "date_joined", "last_login")
    inlines = (AddressInline, TokenInline, SessionInline)
    acts = (
        Act(
            "deactivate", _("Shut the account"),
            lambda row, by, data: people.deactivate(person=row, by=by, reason=data["reason"]),
            may=is_manager, applies=lambda row: row.is_active, form=ReasonForm, icon="person_off", danger=True, bulk=False,
            confirm=_("They are signed out everywhere and their tokens end. Their posts stay."),
        ),
        Act(
            "activate", _("Open the account again"), lambda row, by, data: people.activate(person=row, by=by),
            may=is_manager, applies=lambda row: not row.is_active, icon="person_check", bulk=False,
        ),
        Act(
            "sign_out", _("Sign out everywhere"), lambda row, by, data: people.end_sessions(person=row, by=by),
            may=is_manager, icon="logout",
        ),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        chosen = (None, {"fields": ("username", "email", "display_name", "bio", "language", "groups")})
        if obj is None:
            return (chosen,)
        return (chosen, (_("Account"), {"fields": self.readonly_fields}))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # A name and an address are their owner's: changing them has its own pages, with a confirmation.
        return self.readonly_fields if obj is None else ("username", "email", *self.readonly_fields)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None else ()

    def save_with_service(self, request: HttpRequest, row: Any, data: dict[str, Any], *, add: bool) -> User:
        by = request.user
        shared = {"display_name": data["display_name"], "language": data["language"], "roles": data["groups"]}
        if add:
            return people.add_person(by=by, username=data["username"], email=data["email"], **shared)  # type: ignore[arg-type]
        return people.change_person(person=row, by=by, bio=data["bio"], **shared)  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return people.can_manage_person(request.user, obj) if obj else is_manager(request.user)

    @display(description=_("name"), ordering="display_name")
    def shown_name(self, row: User) -> str:
        return row.name

    @display(description=_("roles"))
    def roles(self, row: User) -> str:
        return ", ".join(sorted(role.name for role in row.groups.all())) or "–"

    @display(description=pgettext_lazy("account", "open"), boolean=True, ordering="is_active")
    def open_account(self, row: User) -> bool:
        return row.is_active


@admin.register(ApiToken)
class TokenAdmin(ReadOnlyAdmin):
    may_view = staticmethod(is_manager)
    list_display = ("label_or_hint", "whose", "created_at", "last_used_on", "revoked_at")
    list_filter = (("created_at", RangeDateTimeFilter),)
    list_select_related = ("user",)
    search_fields = ("user__username", "label", "hint")
    fields = ("whose", "label", "hint", "created_at", "last_used_on", "revoked_at")
    acts = (
        Act(
            "revoke", _("Revoke"), lambda row, by, data: people.revoke_token_of(token=row, by=by),
            may=is_manager, applies=lambda row: row.revoked_at is None, icon="key_off", danger=True,
        ),
    )  # fmt: skip

    @display(description=_("token"))
    def label_or_hint(self, row: ApiToken) -> str:
        return f"{row.label} …{row.hint}".strip()

    @display(description=_("person"))
    def whose(self, row: ApiToken) -> str:
        return link(row.user)


# ----------------------------------------------------------------- the catalogue


class CatalogueAdmin(StaffAdmin):
    """Rows that may also be added and deleted, by editors."""

    may_change = staticmethod(catalogue.can_keep_catalogue)
    may_add = staticmethod(catalogue.can_keep_catalogue)
    may_delete = staticmethod(catalogue.can_keep_catalogue)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        catalogue.save_entry(entry=obj, by=request.user)  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        catalogue.delete_entry(entry=obj, by=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for entry in queryset:
            catalogue.delete_entry(entry=entry, by=request.user)  # type: ignore[arg-type]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What merely points at the row (a watch of a tag) goes with it and needs no permission of its own."""
        shown, counts, _lacking, protected = super().get_deleted_objects(objs, request)
        return shown, counts, set(), protected


def _count(model: Any, field: str) -> Any:
    """How many rows point here, as a subquery: joins of several counts would multiply."""
    rows = model.objects.filter(**{field: OuterRef("pk")}).order_by().values(field)
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


@admin.register(Product)
class ProductAdmin(CatalogueAdmin):
    list_display = (
        "name",
        "name_ko",
        "slug",
        "releases_shown",
        "question_count",
        "article_count",
        "position",
    )
    search_fields = ("name", "name_ko", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": (("name", "name_ko"), ("summary", "summary_ko"), ("slug", "icon"), "position")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        questions = Product._meta.get_field("questions").related_model
        articles = Product._meta.get_field("articles").related_model
        return (
            super()
            .get_queryset(request)
            .prefetch_related("releases")
            .annotate(question_count=_count(questions, "product"), article_count=_count(articles, "product"))
        )

    @display(description=_("releases"))
    def releases_shown(self, row: Product) -> str:
        url = f"{reverse('admin:core_release_changelist')}?product__id__exact={row.pk}"
        names = ", ".join(release.name for release in row.releases.all()) or "–"
        return format_html('<a href="{}">{}</a>', url, names)

    @display(description=_("questions"), ordering="question_count")
    def question_count(self, row: Any) -> int:
        return row.question_count

    @display(description=_("articles"), ordering="article_count")
    def article_count(self, row: Any) -> int:
        return row.article_count


@admin.register(Release)
class ReleaseAdmin(CatalogueAdmin):
    list_display = ("name", "product", "released_on", "position")
    list_filter = (("product", RelatedDropdownFilter),)
    list_select_related = ("product",)
    search_fields = ("name", "product__name", "product__slug")
    autocomplete_fields = ("product",)


@admin.register(Tag)
class TagAdmin(CatalogueAdmin):
    list_display = ("name", "question_count", "article_count")
    search_fields = ("name",)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        questions = Tag._meta.get_field("questions").related_model.tags.through  # type: ignore[attr-defined]
        articles = Tag._meta.get_field("articles").related_model.tags.through  # type: ignore[attr-defined]
        counts = {"question_count": _count(questions, "tag"), "article_count": _count(articles, "tag")}
        return super().get_queryset(request).annotate(**counts)

    @display(description=_("questions"), ordering="question_count")
    def question_count(self, row: Any) -> int:
        return row.question_count

    @display(description=_("articles"), ordering="article_count")
    def article_count(self, row: Any) -> int:
        return row.article_count


@admin.register(Synonym)
class SynonymAdmin(CatalogueAdmin):
    list_display = ("words", "one_way", "language", "updated_at")
    list_filter = ("one_way", ("language", ChoicesDropdownFilter))
    search_fields = ("words",)
    ordering = ("words",)
    fields = ("words", "one_way", "language")


__all__ = ["CatalogueAdmin", "PersonAdmin", "admin_records"]
