"""Forms whose act is a service: what every app's forms share."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms

from portal.core.errors import ConflictError, RuleError
from portal.core.names import local_name
from portal.core.once import once


class LocalNameField(forms.ModelChoiceField):
    """A choice of products or topics, each named in the reader's language."""

    def label_from_instance(self, thing: Any) -> str:
        return local_name(thing)


class ActForm(forms.Form):
    """A form whose act is a service: run it once, and show its refusal where it belongs."""

    submission = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    theirs: dict[str, Any] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = uuid.uuid4().hex

    def run(self, act: Callable[[], int], *, by: Any) -> int | None:
        """The key that `act` returned (the first one, if this was sent before), or None with the refusal shown."""
        key = self.cleaned_data.get("submission", "")
        try:
            answer, _repeat = once(sender=f"user:{by.pk}", key=key, fingerprint=self._fingerprint(), act=act)
        except ConflictError as error:
            self.theirs = error.theirs
            self.add_error(None, str(error))
        except RuleError as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))
        else:
            return answer
        return None

    def _fingerprint(self) -> str:
        return "\x1f".join(
            f"{name}={self.cleaned_data.get(name)}" for name in sorted(self.fields) if name != "version"
        )
