"""What people type into the pages of the knowledge base."""

from typing import Any
from urllib.parse import unquote

from django import forms
from django.utils.translation import gettext_lazy as _

from kb.models import Article, ArticleFeedback, Category, Revision
from kb.services import BODY_MAX, COMMENT_MAX, NOTE_MAX, TITLE_MAX
from portal.core.act_forms import ActForm, LocalNameField
from portal.core.models import Language, Product, Release
from portal.core.names import local_name


class ReleasesField(forms.ModelMultipleChoiceField):
    """Releases, each named with its product."""

    def label_from_instance(self, release: Any) -> str:
        return f"{local_name(release.product)} {release.name}"

    def _check_values(self, value: Any) -> Any:
        try:
            return super()._check_values(value)  # type: ignore[misc]
        except OverflowError:  # a number that no key is
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value[0]}
            ) from None


class AboutForm(ActForm):
    """What an article is about; a promotion's draft asks the same."""

    product = LocalNameField(
        label=_("Product"),
        queryset=Product.objects.all(),
        required=False,
        to_field_name="slug",
        empty_label=_("Not about one product"),
    )
    releases = ReleasesField(
        label=_("Applies to"),
        queryset=Release.objects.select_related("product"),
        required=False,
        help_text=_("None chosen means every release."),
        widget=forms.CheckboxSelectMultiple,
    )
    category = LocalNameField(
        label=_("Topic"),
        queryset=Category.objects.all(),
        required=False,
        to_field_name="slug",
        empty_label=_("No topic"),
    )
    tags = forms.CharField(
        label=_("Tags"),
        max_length=250,
        required=False,
        help_text=_("Up to five, with commas between them."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def about(self) -> dict[str, Any]:
        """What the services take about the article."""
        data = self.cleaned_data
        return {
            "product": data["product"],
            "releases": list(data["releases"]),
            "category": data["category"],
            "tags": [name for name in data["tags"].split(",") if name.strip()],
        }


class ArticleForm(AboutForm):
    """An article's text; `version` is the number of the revision that the editor began from."""

    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_MAX,
        help_text=_("As a customer would type it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    body = forms.CharField(
        label=_("Text"), max_length=BODY_MAX, strip=False, widget=forms.Textarea(attrs={"rows": 20})
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As the text says")), *Language.choices], required=False
    )
    note = forms.CharField(
        label=_("What changed"),
        max_length=NOTE_MAX,
        required=False,
        help_text=_("One line for the history."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    act = forms.ChoiceField(
        choices=[("save", ""), ("submit", ""), ("publish", "")], required=False, widget=forms.HiddenInput
    )
    field_order = ["title", "body", "product", "releases", "category", "tags", "language", "note"]

    def clean_body(self) -> str:
        """Browsers send line ends of two characters."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")

    @classmethod
    def of(cls, article: Article, latest: Revision, *, typed: dict[str, Any]) -> "ArticleForm":
        """The form filled from an article's newest revision, and over that what was typed before a sign-in."""
        return cls(
            initial={
                "title": latest.title,
                "body": latest.body,
                "product": article.product and article.product.slug,
                "releases": [release.pk for release in article.releases.all()],
                "category": article.category and article.category.slug,
                "tags": ", ".join(tag.name for tag in article.tags.all()),
                "language": article.language,
                "version": latest.number,
            }
            | typed
        )


class FeedbackForm(forms.Form):
    helpful = forms.TypedChoiceField(
        choices=[("true", ""), ("false", "")], coerce=lambda value: value == "true"
    )
    reason = forms.ChoiceField(
        label=_("What was wrong?"),
        choices=ArticleFeedback.Reason.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("Anything else?"),
        max_length=COMMENT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ArchiveForm(ActForm):
    successor = forms.CharField(label=_("Leads to"), max_length=400, required=False)

    def clean_successor(self) -> Article | None:
        """The article at this address."""
        if not (words := self.cleaned_data["successor"].strip().strip("/")):
            return None
        found = Article.objects.published().filter(slug=unquote(words.rsplit("/", 1)[-1])).first()
        if found is None:
            raise forms.ValidationError(_("No published article has this address."))
        return found


class RenameForm(ActForm):
    slug = forms.CharField(label=_("Address"), max_length=300)
