"""What people type into the community's pages. Limits are the model's; rules are the services'."""

import re
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from community.drafting import draft_from
from community.models import BODY_MAX, COMMENT_MAX, TITLE_MAX, Answer, Flag, Promotion, Question
from kb import services as kb_services
from kb.forms import AboutForm
from portal.core.act_forms import ActForm, LocalNameField
from portal.core.models import Product, Release
from portal.core.names import local_name


class QuestionForm(ActForm):
    title = forms.CharField(
        label=_("What is the problem?"),
        max_length=TITLE_MAX,
        strip=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "placeholder": _("In one sentence, as you would say it to a friend"),
                "enterkeyhint": "next",
            }
        ),
    )
    body = forms.CharField(
        label=_("Tell us more"),
        max_length=BODY_MAX,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 8, "placeholder": _("What you did, what you expected and what happened instead")}
        ),
    )
    product = LocalNameField(
        label=_("Product"),
        queryset=Product.objects.all(),
        required=False,
        to_field_name="slug",
        empty_label=_("Not about one product"),
        widget=forms.Select(attrs={"data-chips": True}),
    )
    release = forms.ModelChoiceField(
        label=_("Release"),
        queryset=Release.objects.select_related("product"),
        required=False,
        empty_label=_("I do not know"),
        widget=forms.Select(attrs={"data-chips": True}),
    )
    tags = forms.CharField(
        label=_("Tags"),
        max_length=250,
        required=False,
        help_text=_("Up to five, with commas between them."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "known-tags"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [("", _("I do not know"))]
        grouped: dict[str, list[tuple[str, str]]] = {}
        for release in self.fields["release"].queryset:  # type: ignore[attr-defined]
            grouped.setdefault(local_name(release.product), []).append((str(release.pk), release.name))
        self.fields["release"].choices = choices + list(grouped.items())  # type: ignore[attr-defined]

    @classmethod
    def of(cls, question: Question, *, typed: dict[str, Any]) -> "QuestionForm":
        """The form filled from a question, for editing it, and over that what was typed before a sign-in."""
        return cls(
            initial={
                "title": question.title,
                "body": question.body,
                "product": question.product and question.product.slug,
                "release": question.release_id,
                "tags": ", ".join(tag.name for tag in question.tags.all()),
                "version": question.version,
            }
            | typed
        )

    def values(self) -> dict[str, Any]:
        """What the services take."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "body": data["body"],
            "product": data["product"],
            "release": data["release"],
            "tags": [name for name in data["tags"].split(",") if name.strip()],
        }


class AnswerForm(ActForm):
    body = forms.CharField(
        label=_("Your answer"),
        max_length=BODY_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": _("What solves it, step by step")}),
    )

    @classmethod
    def of(cls, answer: Answer, *, typed: dict[str, Any]) -> "AnswerForm":
        """The form filled from an answer, for editing it, and over that what was typed before a sign-in."""
        return cls(initial={"body": answer.body, "version": answer.version} | typed)


class CommentForm(ActForm):
    body = forms.CharField(
        label=_("Your comment"), max_length=COMMENT_MAX, strip=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class VoteForm(forms.Form):
    """ "true", "false", or "null" to take a vote back."""

    helpful = forms.ChoiceField(choices=[("true", ""), ("false", ""), ("null", "")])

    def value(self) -> bool | None:
        return {"true": True, "false": False}.get(self.cleaned_data["helpful"])


class DraftForm(AboutForm):
    """A promotion's draft; `version` is the draft that the editor began from."""

    title = forms.CharField(
        label=_("Title"),
        max_length=kb_services.TITLE_MAX,
        help_text=_("As a customer would type it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=kb_services.BODY_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18}),
    )
    field_order = ["title", "body", "product", "releases", "category", "tags"]

    @classmethod
    def of(cls, promotion: Promotion, *, typed: dict[str, Any] | None = None) -> "DraftForm":
        """The form filled from the draft (a candidate: from what its draft will be), and over that what was typed."""
        if promotion.state == Promotion.State.CANDIDATE:
            draft = draft_from(promotion.answer)
            values: dict[str, Any] = {
                "title": draft.title,
                "body": draft.body,
                "product": draft.product and draft.product.slug,
            }
            values |= {"releases": [release.pk for release in draft.releases], "tags": ", ".join(draft.tags)}
        else:
            values = {
                "title": promotion.title,
                "body": promotion.body,
                "product": promotion.product and promotion.product.slug,
                "releases": [release.pk for release in promotion.releases.all()],
                "category": promotion.category and promotion.category.slug,
                "tags": ", ".join(tag.name for tag in promotion.tags.all()),
            }
        return cls(initial=values | {"version": promotion.version} | (typed or {}))

    def values(self) -> dict[str, Any]:
        """What the services take."""
        data = self.cleaned_data
        return {"title": data["title"], "body": data["body"], "version": data["version"], **self.about()}


class RejectForm(ActForm):
    reason = forms.CharField(
        label=_("Why not"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FlagForm(ActForm):
    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=Flag.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What should the moderators know?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecisionForm(forms.Form):
    """One decision on the desk: what is chosen under "why" is for a removal, the note goes with any."""

    decision = forms.ChoiceField(
        choices=[("release", ""), ("remove", ""), ("dismiss", ""), ("duplicate", "")]
    )
    why = forms.ChoiceField(
        label=_("Why, if you remove it"), choices=[("", "—"), *Flag.Reason.choices], required=False
    )
    note = forms.CharField(
        label=_("A sentence for the author"),
        max_length=400,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def reason(self, language: str) -> str:
        """The words the author will read, in the author's language."""
        parts = [self.cleaned_data["note"]]
        if self.cleaned_data["decision"] == "remove" and self.cleaned_data["why"]:
            with translation.override(language or None):
                label = str(Flag.Reason(self.cleaned_data["why"]).label)
            parts.insert(0, label[:1].upper() + label[1:])
        return ". ".join(part for part in parts if part)


class CloseForm(ActForm):
    reason = forms.CharField(
        label=_("Why is it closed?"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class DuplicateForm(ActForm):
    of = forms.CharField(
        label=_("Which question was asked before?"),
        max_length=500,
        help_text=_("Its number, or the address of its page."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_of(self) -> int:
        found = re.search(r"(?:^|questions/)#?([0-9]{1,18})(?:/|$)", self.cleaned_data["of"].strip())
        if found is None:
            raise forms.ValidationError(_("This is no question's number or address."))
        return int(found[1])
