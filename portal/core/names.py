"""Names in the reader's language: of products and topics, and those that Django makes of the code's own words.

Most fields carry a name of their own; the plain ones ("created at", "decided at") do not, and are seen by staff only.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Field
from django.utils.translation import get_language, gettext_lazy

APPS = ("portal", "community", "kb")


def local_name(thing: Any) -> str:
    """The name of a product or topic in the reader's language."""
    return in_language(thing, "name")


def in_language(thing: Any, field: str) -> str:
    """What a field says in the reader's language, where its row has words for both."""
    if thing is None:
        return ""
    korean = getattr(thing, f"{field}_ko", "") if (get_language() or "").startswith("ko") else ""
    return korean or getattr(thing, field, "")


def plain_names() -> Iterator[tuple[Any, str, str]]:
    """What bears a made name, which of its names that is, and the name."""
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in APPS:
            continue
        for kind in ("verbose_name", "verbose_name_plural"):
            if kind not in model._meta.original_attrs:
                yield model._meta, kind, str(getattr(model._meta, kind))
        for field in model._meta.get_fields():
            if isinstance(field, Field) and field._verbose_name is None and not field.primary_key:  # type: ignore[attr-defined]
                yield field, "verbose_name", str(field.verbose_name)


def translate_plain_names() -> None:
    """Let them be looked up in the catalogue. Migrations keep what the models say and see no change."""
    for bearer, kind, name in list(plain_names()):
        setattr(bearer, kind, gettext_lazy(name))
