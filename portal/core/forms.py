"""Forms about an account."""

from allauth.account.forms import SignupForm as BaseSignupForm


class SignupForm(BaseSignupForm):
    """Name, mail and password; the language is the page's."""
