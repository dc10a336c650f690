"""Forms about an account."""

from typing import Any

from allauth.account.forms import LoginForm as BaseLoginForm
from allauth.account.forms import SignupForm as BaseSignupForm
from django import forms
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.core.accounts import PROFILE_FIELDS
from portal.core.models import ApiToken, Language, User
from portal.core.permissions import CUSTOMER


def _without_placeholders(form: forms.BaseForm) -> None:
    """A label stays when somebody types; words inside the field do not."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class LoginForm(BaseLoginForm):
    """User name or mail address, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("User name or mail address"), max_length=254, widget=self.fields["login"].widget
        )
        _without_placeholders(self)


class SignupForm(BaseSignupForm):
    """Name, mail and password; the language is the page's, so that mail comes in it too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)

    def custom_signup(self, request: HttpRequest, user: Any) -> None:
        """allauth calls this with the account it has just made."""
        language = (get_language() or "")[:2]
        user.language = language if language in Language.values else ""
        user.save(update_fields=["language"])
        user.groups.add(*Group.objects.filter(name=CUSTOMER))


class ProfileForm(forms.ModelForm):
    """What a person chooses about themselves."""

    class Meta:
        model = User
        fields = PROFILE_FIELDS
        widgets = {
            "display_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "bio": forms.Textarea(attrs={"rows": 3}),
            "theme": forms.RadioSelect,
            "language": forms.RadioSelect,
        }
        help_texts = {
            "display_name": _("What others see. Empty: your user name."),
            "language": "",
            "bio": _("One or two sentences on your public page."),
            "shortcuts": _("Press ? on any page to see them."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As the browser")), ("ko", "한국어"), ("en", "English")]  # type: ignore[attr-defined]


class TokenForm(forms.ModelForm):
    """The label of a new API token."""

    class Meta:
        model = ApiToken
        fields = ("label",)
        labels = {"label": _("What is it for?")}
