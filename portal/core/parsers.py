"""What the API takes: JSON of a bounded size and depth, holding only text that can be kept."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import BaseParser

from portal.core.errors import TooLarge
from portal.core.text import can_be_kept

DEPTH_MAX = 20


class BoundedJson(BaseParser):
    """Refuses what the framework's own parser lets through to the views.

    A body over the limit is never read to its end; NUL, lone surrogates, NaN and deep nesting are 400 here,
    with the field named, because no database and no answer can hold them.
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: Any = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge(
                _("%(n)d MB are the most that can be sent at once.") % {"n": limit // 1024 // 1024}
            )
        try:
            data = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("This is not JSON that can be read.")) from error
        _check(data)
        return data


def _refuse_constant(word: str) -> None:
    raise ValueError(word)


def _check(data: Any) -> None:
    """Walk the whole document once, without recursion."""
    broken: dict[str, list[str]] = {}
    waiting: list[tuple[Any, str, int]] = [(data, "", 0)]
    while waiting:
        value, field, depth = waiting.pop()
        if depth > DEPTH_MAX:
            raise ParseError(_("This JSON is nested too deeply."))
        if isinstance(value, str) and not can_be_kept(value):
            broken[field] = [_("This holds a broken character that cannot be kept. Please retype it.")]
        elif isinstance(value, list):
            waiting += [(item, field, depth + 1) for item in value]
        elif isinstance(value, dict):
            if not all(map(can_be_kept, value)):
                raise ParseError(_("A field's name holds a broken character."))
            waiting += [(item, field or name, depth + 1) for name, item in value.items()]
    if broken:
        raise ValidationError(broken)
