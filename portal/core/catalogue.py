"""Products, releases, tags, topics and synonyms: kept by staff. What is found by their names is put into the index anew."""

import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from portal.core import search
from portal.core.errors import RuleError
from portal.core.models import AuditEntry, Synonym, Tag, User
from portal.core.permissions import is_editor
from portal.core.search import synonyms
from portal.core.tagging import clean_tag
from portal.core.text import accept_text

SYNONYMS_MAX = 12
SYNONYM_LENGTH = 60
SYNONYMS_LENGTH = 100_000  # past that it is no list of words
_BETWEEN = re.compile(r"[,=;、，\n\r]+")


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
    if isinstance(entry, Synonym):
        _check_synonym(entry)
        transaction.on_commit(synonyms.renew)
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
    if isinstance(entry, Synonym):
        transaction.on_commit(synonyms.renew)
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


def _check_synonym(synonym: Synonym) -> None:
    """Two words at least, each only once whatever its ending, and few enough to be read by whoever comes after."""
    typed = accept_text(synonym.words, field="words", limit=SYNONYMS_LENGTH, required=False)
    words = [word for raw in _BETWEEN.split(typed) if (word := " ".join(raw.split()))]
    if len(words) < 2:
        raise _refused(_("Write two words or more, with commas between them."))
    if len(words) > SYNONYMS_MAX:
        raise _refused(_("%(n)d words are the most that can stand for one thing.") % {"n": SYNONYMS_MAX})
    seen: dict[frozenset[str], str] = {}
    for word in words:
        if len(word) > SYNONYM_LENGTH:
            raise _refused(_("“%(word)s…” is longer than a word should be.") % {"word": word[:20]})
        said = frozenset(synonyms.terms_of(word))
        if not said:
            raise _refused(
                _("“%(word)s” is not searched: it needs letters that say something.") % {"word": word}
            )
        if said in seen:
            raise _refused(
                _("“%(word)s” and “%(other)s” are the same word to the search.")
                % {"word": word, "other": seen[said]}
            )
        seen[said] = word
    synonym.words = " = ".join(words)


def _refused(sentence: str) -> RuleError:
    return RuleError(sentence, field="words")


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
