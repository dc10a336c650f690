"""What every page of the admin shares: who may enter, acts that are services, refusals as sentences, lists without counts.

Who gets in is decided by our own predicates, not by Django's permission for each model: whoever has `is_staff` (the role
`staff` sets it) and is a moderator or an editor. So the group `staff` needs no list of model permissions that would have
to follow every new model, and nobody needs to be a superuser for everyday work. A class says who may see its rows, who
may change them, and nothing else is allowed: nothing is added and nothing deleted unless a class says so.

What changes a row is an Act or `save_with_service`: both call a service, which checks the person again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.enums import ActionVariant
from unfold.forms import PaginationInlineFormSet
from unfold.paginator import InfinitePaginator as UnfoldInfinitePaginator
from unfold.widgets import UnfoldAdminTextareaWidget

from portal.core.errors import RuleError
from portal.core.permissions import is_agent, is_editor, is_moderator

REFUSALS_SHOWN = 5


def is_on_desk(user: Any) -> bool:
    """Moderators and editors: everybody whose work the admin is made for."""
    return is_moderator(user) or is_editor(user)


def is_manager(user: Any) -> bool:
    """The role `staff`: answers for the portal, decides and writes; looks after people and the catalogue."""
    return is_agent(user) and is_moderator(user) and is_editor(user)


def nobody(user: Any) -> bool:
    return False


class InfinitePaginator(UnfoldInfinitePaginator):
    """Pages of a table that is never counted: one row more than is shown tells whether there is a next page.

    Unfold knows by the name of this class that there is no count to show.
    """

    template_name = "admin/next_page.html"
    more = False

    def page(self, number: Any) -> Any:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        rows = list(self.object_list[start : start + self.per_page + 1])
        self.more = len(rows) > self.per_page
        return self._get_page(rows[: self.per_page], number, self)


class ReasonForm(forms.Form):
    """Why: the author reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("The author reads this."),
    )


@dataclass(frozen=True)
class Act:
    """One act of a service, offered on a row's page and on its list. `run` gets the row, the person and the form's data."""

    name: str
    label: Any
    run: Callable[[Any, Any, dict[str, Any]], Any]
    may: Callable[[Any], bool] = is_on_desk
    applies: Callable[[Any], bool] = field(default=lambda row: True)
    form: type[forms.Form] = forms.Form
    icon: str = "bolt"
    danger: bool = False
    bulk: bool = True
    confirm: Any = ""


class ServiceForm(forms.ModelForm):
    """A model form whose refusal by a service stands where it belongs, beside what was typed."""

    refusal: RuleError | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.refusal is not None:
            self.add_error(
                self.refusal.field if self.refusal.field in self.fields else None, str(self.refusal)
            )
        return cleaned


class StaffAdmin(ModelAdmin):
    """The base of every page: closed unless said otherwise, quick on long tables, acts by services."""

    may_view: Callable[[Any], bool] = staticmethod(is_on_desk)
    may_change: Callable[[Any], bool] = staticmethod(nobody)
    may_add: Callable[[Any], bool] = staticmethod(nobody)
    may_delete: Callable[[Any], bool] = staticmethod(nobody)
    acts: tuple[Act, ...] = ()

    form = ServiceForm
    paginator = InfinitePaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 0
    list_disable_select_all = True
    list_filter_submit = True
    warn_unsaved_form = True
    save_on_top = False

    # ------------------------------------------------------------- who

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_view(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_view(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_delete(request.user)

    # ------------------------------------------------------------- saving, by a service

    def save_with_service(self, request: HttpRequest, row: Any, data: dict[str, Any], *, add: bool) -> Any:
        """Call the service that makes or changes this row; returns the row."""
        raise PermissionDenied

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        # A fresh row: the form has already put what was typed on `obj`, and services compare with what is stored.
        row = self.model._default_manager.get(pk=obj.pk) if change else obj
        saved = self.save_with_service(request, row, form.cleaned_data, add=not change)
        obj.pk = saved.pk
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has set the relations; inlines are read-only."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RuleError as error:
            request.refusal = error  # type: ignore[attr-defined]
        except PermissionDenied:
            if request.method != "POST" or not self.has_view_permission(request):
                raise
            request.refusal = RuleError(_("You may not do this."))  # type: ignore[attr-defined]
        # The same page again with the refusal in it: nothing that was typed is lost.
        return super().changeform_view(request, object_id, form_url, extra_context)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return self._or_back(request, partial(super().changelist_view, request, extra_context))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        return self._or_back(request, partial(super().delete_view, request, object_id, extra_context))

    def _or_back(self, request: HttpRequest, view: Callable[[], Any]) -> Any:
        """A service's refusal becomes a message on the list."""
        try:
            return view()
        except RuleError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(self.list_url())

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, ReadOnlyInline):
            kwargs = {
                name: value for name, value in kwargs.items() if name not in ("data", "files", "save_as_new")
            }
        return kwargs

    # ------------------------------------------------------------- acts

    def acts_for(self, user: Any) -> list[Act]:
        return [act for act in self.acts if act.may(user)]

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        act = path("<path:object_id>/act/<slug:act>/", self.admin_site.admin_view(self.act_view), name=name)
        return [act, *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        for act in self.acts_for(request.user):
            if act.bulk:
                actions[f"act_{act.name}"] = (partial(_run_from_list, act), f"act_{act.name}", act.label)
        return actions

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        row = context.get("original")
        if row is not None:
            context["actions_detail"] = [
                {
                    "title": act.label,
                    "icon": act.icon,
                    "path": self.act_url(row, act),
                    "variant": ActionVariant.DANGER if act.danger else ActionVariant.DEFAULT,
                }
                for act in self.acts_for(request.user)
                if act.applies(row)
            ] + self.links_for(row)
        return super().render_change_form(request, context, *args, **kwargs)

    def links_for(self, row: Any) -> list[dict[str, Any]]:
        """Further places for this row, beside its acts."""
        return []

    def act_url(self, row: Any, act: Act) -> str:
        return reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_act",
            args=[row.pk, act.name.replace("_", "-")],
        )

    def act_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponse:
        """Ask (and take what the act needs to know), then do it: a page of its own, so that no link changes anything."""
        found = next((a for a in self.acts_for(request.user) if a.name == act.replace("-", "_")), None)
        if found is None:
            raise PermissionDenied
        if not object_id.isdigit() or len(object_id) > 18:
            object_id = "0"
        row = get_object_or_404(self.get_queryset(request), pk=object_id)
        form = found.form(request.POST if request.method == "POST" else None)
        if request.method == "POST" and (form.is_valid() or not form.fields):
            refusal = self.run(request, found, row, getattr(form, "cleaned_data", {}))
            if refusal is None:
                messages.success(request, _("%(act)s: done.") % {"act": found.label})
                return HttpResponseRedirect(self.row_url(row))
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return self.ask(request, found, [row], form, back=self.row_url(row))

    def run(self, request: HttpRequest, act: Act, row: Any, data: dict[str, Any]) -> RuleError | None:
        """Run one act on one row, all or nothing; the refusal, or None."""
        try:
            with transaction.atomic():
                act.run(row, request.user, data)
        except RuleError as refusal:
            return refusal
        except PermissionDenied:
            return RuleError(_("You may not do this."))
        self.log_change(request, row, str(act.label))
        return None

    def ask(
        self, request: HttpRequest, act: Act, rows: list[Any], form: forms.Form, *, back: str
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": act.label,
            "opts": self.opts,
            "act": act,
            "rows": rows,
            "form": form,
            "back": back,
            "media": self.media + form.media,
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "from_list": back == self.list_url(),
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/act.html", context)

    def list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def row_url(self, row: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])


def _run_from_list(act: Act, model_admin: StaffAdmin, request: HttpRequest, rows: Any) -> HttpResponse | None:
    """An act on the rows that were ticked. If it must know more, it asks first."""
    chosen = list(rows)
    form = act.form(request.POST if "confirmed" in request.POST else None)
    if form.fields and not form.is_valid():
        return model_admin.ask(request, act, chosen, form, back=model_admin.list_url())
    data = getattr(form, "cleaned_data", {})
    refused = [f"{row}: {no}" for row in chosen if (no := model_admin.run(request, act, row, data))]
    if done := len(chosen) - len(refused):
        sentence = ngettext("%(act)s: %(n)d done.", "%(act)s: %(n)d done.", done)
        messages.success(request, sentence % {"act": act.label, "n": done})
    for sentence in refused[:REFUSALS_SHOWN]:
        messages.warning(request, sentence)
    if (left := len(refused) - REFUSALS_SHOWN) > 0:
        messages.warning(request, ngettext("And %(n)d more.", "And %(n)d more.", left) % {"n": left})
    return None


class ReadOnlyAdmin(StaffAdmin):
    """Rows that only services write: to look at, never to change."""

    warn_unsaved_form = False


class ShownFormSet(PaginationInlineFormSet):
    """Rows that no form sends: whatever comes back in their name is left unread."""

    new_objects = changed_objects = deleted_objects = ()

    def is_valid(self) -> bool:
        return True


class ReadOnlyInline(TabularInline):
    """Rows beside their parent: to look at, a page at a time."""

    formset = ShownFormSet
    extra = 0
    per_page = 20
    can_delete = False
    show_change_link = True
    tab = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_on_desk(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related(*self.related)

    related: Iterable[str] = ()


def link(row: Model | None, text: Any = "") -> SafeString | str:
    """A row's name as a link to its page in the admin; a dash where there is none."""
    if row is None:
        return "–"
    words = Truncator(str(text or row)).chars(80) or f"#{row.pk}"
    try:
        url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return words
    return format_html('<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>', url, words)


def names_of(model: type[models.Model], *leave: str) -> tuple[str, ...]:
    """All columns of a model, for pages that only show: without the generated ones named in `leave`."""
    return tuple(f.name for f in model._meta.fields if f.name not in ("id", *leave))
