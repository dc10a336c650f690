"""Products, releases, tags and topics: kept by staff. What is found by their names is put into the index anew."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from portal.core import search
from portal.core.errors import RuleError
from portal.core.models import AuditEntry, Tag, User
from portal.core.permissions import is_editor
from portal.core.tagging import clean_tag


def can_keep_catalogue(user: Any) -> bool:
    """Editors: the catalogue is what articles are shelved by."""
    return is_editor(user)


@transaction.atomic
def save_entry(*, entry: Model, by: User) -> Model:
    """Add or change a row of the catalogue."""
    if not can_keep_catalogue(by):
        raise PermissionDenied
    act = "change_entry" if entry.pk else "add_entry"
    if isinstance(entry, Tag):
        _check_tag(entry)
    if entry.pk:
        _note_index(entry)
    entry.save()
    _audit(act, entry, by)
    return entry


@transaction.atomic
def delete_entry(*, entry: Model, by: User) -> None:
    """Delete a row of the catalogue. What named it stays, without it; what stands only by it is refused."""
    if not can_keep_catalogue(by):
        raise PermissionDenied
    _note_index(entry)
    _audit("delete_entry", entry, by)
    try:
        entry.delete()
    except ProtectedError as error:
        raise RuleError(_("Articles still name it: give them another one first.")) from error


def _check_tag(tag: Tag) -> None:
    name = clean_tag(tag.name)
    if not name:
        raise RuleError(_("A tag needs letters or digits."), field="name")
    if Tag.objects.filter(name=name).exclude(pk=tag.pk).exists():
        raise RuleError(_("There is a tag of this name already."), field="name")
    tag.name = name


def _note_index(entry: Model) -> None:
    """All that is found and names this row, whichever app it is of."""
    for relation in entry._meta.related_objects:
        model = relation.related_model
        if model._meta.model_name in search.KINDS:
            named = model._default_manager.filter(**{relation.field.name: entry.pk})
            search.changed_many(str(model._meta.model_name), list(named.values_list("pk", flat=True)))


def _audit(act: str, entry: Model, by: User) -> None:
    AuditEntry.objects.create(
        actor=by,
        act=act,
        target_kind=entry._meta.label_lower,
        target_pk=entry.pk,
        target_title=str(entry)[:200],
    )
