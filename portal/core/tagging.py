"""Tags as they are typed and as they are kept: lower case, no spaces, five at the most."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.core.errors import RuleError
from portal.core.models import Tag
from portal.core.text import accept_text

TAGS_MAX = 5
TAG_LENGTH = 40


def find_tags(names: Iterable[str]) -> list[Tag]:
    """The tags of these names, made where they are new."""
    wanted = list(dict.fromkeys(name for raw in names if (name := clean_tag(raw))))
    if len(wanted) > TAGS_MAX:
        raise RuleError(_("%(n)d tags are the most there can be.") % {"n": TAGS_MAX}, field="tags")
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=wanted)}
    if missing := [name for name in wanted if name not in known]:
        # In one order for everybody: two posts that bring the same new tags must not wait for each other.
        Tag.objects.bulk_create([Tag(name=name) for name in sorted(missing)], ignore_conflicts=True)
        known = {tag.name: tag for tag in Tag.objects.filter(name__in=wanted)}
    return [known[name] for name in wanted]


def clean_tag(raw: str) -> str:
    """One tag as it is kept; refuses what is longer than a word should be."""
    raw = accept_text(str(raw), field="tags", limit=200, required=False)
    name = re.sub(r"[^\w.+#-]+", "-", raw.strip().lstrip("#").lower(), flags=re.UNICODE).strip("-.")
    if len(name) > TAG_LENGTH:
        raise RuleError(_("A tag has 40 letters at the most."), field="tags")
    return name
