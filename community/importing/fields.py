"""Typed reading of what one object of a content file holds, each refusal one plain sentence."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from portal.core.errors import RuleError
from portal.core.models import Language
from portal.core.tagging import clean_tag
from portal.core.text import accept_text, guess_language

ID_MAX = 120
VOTES_MAX = 1_000_000
# A day, because a time without its zone may be that much ahead of ours.
AHEAD = timedelta(days=1)


class LineError(Exception):
    """Why a line cannot be taken: one sentence."""


class Fields:
    """Typed reading of an object's fields; `where` names the object in a refusal."""

    def __init__(self, values: dict[str, Any], where: str = "") -> None:
        self.values, self.where = values, where

    def bad(self, name: str, reason: str) -> LineError:
        return LineError(f"{self.where}{name} {reason}")

    def text(self, name: str, *, limit: int, required: bool = False) -> str:
        value = self.values.get(name)
        if value is None:
            value = ""
        if not isinstance(value, str):
            raise self.bad(name, f"must be text, not {shown(value)}")
        if required and not value.strip():
            raise self.bad(name, "is missing")
        try:
            return accept_text(value, field=name, limit=limit, required=False)
        except RuleError:
            if len(value) > limit:
                raise self.bad(name, f"has {len(value)} characters; {limit} fit") from None
            raise self.bad(name, "holds a character that no database keeps") from None

    def key(self, name: str = "external_id", default: str = "") -> str:
        value = self.values.get(name, default)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is None or value == "":
            value = default
        if not isinstance(value, str):
            raise self.bad(name, f"must be text, not {shown(value)}")
        if not (value := value.strip()):
            raise self.bad(name, "is missing")
        return Fields({name: value}, self.where).text(name, limit=ID_MAX)

    def moment(self, name: str, default: datetime | None = None) -> datetime | None:
        value = self.values.get(name)
        if value is None:
            return default
        if found := moment_of(value):
            if found > now() + AHEAD:
                raise self.bad(name, f"lies in the future: {shown(value)}")
            return found
        raise self.bad(name, f"must be a time such as 2026-01-31T09:00:00Z, not {shown(value)}")

    def number(self, name: str) -> int:
        value = self.values.get(name)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= VOTES_MAX:
            raise self.bad(name, f"must be a number from 0 to {VOTES_MAX}, not {shown(value)}")
        return value

    def choice(self, name: str, options: tuple[str, ...]) -> str:
        value = self.values.get(name) or options[0]
        if value not in options:
            raise self.bad(name, f"must be one of {', '.join(options)}, not {shown(value)}")
        return value

    def objects(self, name: str) -> list[dict[str, Any]]:
        value = self.values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.bad(name, "must be a list of objects")
        return value

    def texts(self, name: str) -> list[str]:
        value = self.values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.bad(name, "must be a list of texts")
        return [Fields({name: item}, self.where).text(name, limit=200) for item in value]

    def tags(self) -> list[str]:
        try:
            return list(dict.fromkeys(filter(None, map(clean_tag, self.texts("tags")))))
        except RuleError as error:
            raise self.bad("tags", f"cannot be kept: {error}") from None

    def language(self, title: str, body: str) -> str:
        if self.values.get("language") in (None, ""):
            return guess_language(f"{title} {body}")
        return self.choice("language", tuple(Language.values))


def moment_of(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = parse_datetime(value)
        if found is None and (day := parse_date(value)):
            found = _noon(day)
    except ValueError:
        return None
    if found is None:
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None


def _noon(day: date) -> datetime:
    # Noon is on that day in every time zone people are likely to look from.
    return datetime.combine(day, time(12), tzinfo=UTC)


def now() -> datetime:
    return datetime.now(tz=UTC)


def shown(value: Any) -> str:
    """A value in a refusal: short, and in characters that every terminal takes."""
    words = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace").decode()
    return words if len(words) <= 60 else words[:59] + "…"
