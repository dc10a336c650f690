"""One line of a content file, checked: what is read here can be written."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from community.models import BODY_MAX, TITLE_MAX
from portal.core.errors import RuleError
from portal.core.models import Language
from portal.core.tagging import clean_tag
from portal.core.text import accept_text, guess_language

ARTICLE_BODY_MAX = 60_000
ARTICLE_TITLE_MAX = 200
ID_MAX = 120
VOTES_MAX = 1_000_000


class LineError(Exception):
    """Why a line cannot be taken: one sentence."""


@dataclass
class CommentLine:
    external_id: str
    body: str
    author: str
    created_at: datetime
    status: str = "open"


@dataclass
class AnswerLine:
    external_id: str
    body: str
    author: str
    created_at: datetime
    edited_at: datetime | None
    accepted: bool
    votes: list[tuple[datetime | None, bool]]
    comments: list[CommentLine]
    status: str = "open"


@dataclass
class QuestionLine:
    external_id: str
    title: str
    body: str
    language: str
    product: str
    release: str
    tags: list[str]
    author: str
    created_at: datetime
    edited_at: datetime | None
    solved_at: datetime | None
    views: int
    status: str
    held_for: str
    closed_reason: str
    duplicate_of: str
    answers: list[AnswerLine] = field(default_factory=list)
    comments: list[CommentLine] = field(default_factory=list)


@dataclass
class ArticleLine:
    external_id: str
    title: str
    body: str
    language: str
    product: str
    releases: list[str]
    topic: str
    tags: list[str]
    author: str
    created_at: datetime
    updated_at: datetime | None
    verified_at: datetime | None
    status: str
    views: int
    helpful: int
    unhelpful: int
    translation_of: str
    credits: list[str]


def read_line(text: str) -> ArticleLine | QuestionLine:
    """Read one line; raises LineError with the reason."""
    try:
        line = json.loads(text)
    except ValueError as error:
        raise LineError(f"is not JSON: {error}") from None
    except RecursionError:
        raise LineError("is not JSON: nested too deeply") from None
    if not isinstance(line, dict):
        raise LineError("is not an object")
    kinds = {"article": _article, "question": _question}
    if (kind := line.get("kind")) not in kinds:
        raise LineError(f'kind must be "article" or "question", not {_short(kind)}')
    return kinds[kind](_Fields(line))  # type: ignore[return-value]


class _Fields:
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
            raise self.bad(name, f"must be text, not {_short(value)}")
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
            raise self.bad(name, f"must be text, not {_short(value)}")
        if not (value := value.strip()):
            raise self.bad(name, "is missing")
        return _Fields({name: value}, self.where).text(name, limit=ID_MAX)

    def moment(self, name: str, default: datetime | None = None) -> datetime | None:
        value = self.values.get(name)
        if value is None:
            return default
        if found := _moment(value):
            return found
        raise self.bad(name, f"must be a time such as 2026-01-31T09:00:00Z, not {_short(value)}")

    def number(self, name: str) -> int:
        value = self.values.get(name)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= VOTES_MAX:
            raise self.bad(name, f"must be a number from 0 to {VOTES_MAX}, not {_short(value)}")
        return value

    def choice(self, name: str, options: tuple[str, ...]) -> str:
        value = self.values.get(name) or options[0]
        if value not in options:
            raise self.bad(name, f"must be one of {', '.join(filter(None, options))}, not {_short(value)}")
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
        return [_Fields({name: item}, self.where).text(name, limit=200) for item in value]

    def tags(self) -> list[str]:
        try:
            return list(dict.fromkeys(filter(None, map(clean_tag, self.texts("tags")))))
        except RuleError as error:
            raise self.bad("tags", f"cannot be kept: {error}") from None

    def language(self, title: str, body: str) -> str:
        if self.values.get("language") in (None, ""):
            return guess_language(f"{title} {body}")
        return self.choice("language", tuple(Language.values))


def _article(line: _Fields) -> ArticleLine:
    title = " ".join(line.text("title", limit=ARTICLE_TITLE_MAX, required=True).split())
    body = line.text("body", limit=ARTICLE_BODY_MAX, required=True)
    return ArticleLine(
        external_id=line.key(),
        title=title,
        body=body,
        language=line.language(title, body),
        product=line.text("product", limit=60),
        releases=line.texts("releases"),
        topic=line.text("topic", limit=60),
        tags=line.tags(),
        author=line.text("author", limit=60),
        created_at=line.moment("created_at", _now()) or _now(),
        updated_at=line.moment("updated_at"),
        verified_at=line.moment("verified_at"),
        status=line.choice("status", ("published", "draft", "review", "archived")),
        views=line.number("views"),
        helpful=line.number("helpful"),
        unhelpful=line.number("unhelpful"),
        translation_of=line.text("translation_of", limit=ID_MAX),
        credits=line.texts("credits"),
    )


def _question(line: _Fields) -> QuestionLine:
    title = " ".join(line.text("title", limit=2_000, required=True).split())
    if len(title) > TITLE_MAX:
        raise line.bad("title", f"has {len(title)} characters; {TITLE_MAX} fit")
    body = line.text("body", limit=BODY_MAX, required=True)
    key = line.key()
    created_at = line.moment("created_at", _now()) or _now()
    question = QuestionLine(
        external_id=key,
        title=title,
        body=body,
        language=line.language(title, body),
        product=line.text("product", limit=60),
        release=line.text("release", limit=40),
        tags=line.tags(),
        author=line.text("author", limit=60),
        created_at=created_at,
        edited_at=line.moment("edited_at"),
        solved_at=line.moment("solved_at"),
        views=line.number("views"),
        status=line.choice("status", ("open", "held", "closed", "removed")),
        held_for=line.text("held_for", limit=60),
        closed_reason=line.text("closed_reason", limit=300),
        duplicate_of=line.text("duplicate_of", limit=ID_MAX),
        comments=_comments(line, key, created_at),
    )
    for number, values in enumerate(line.objects("answers"), 1):
        question.answers.append(_answer(values, number, key, created_at))
    if sum(answer.accepted for answer in question.answers) > 1:
        raise line.bad("answers", "has more than one accepted answer")
    keys = [answer.external_id for answer in question.answers]
    if len(set(keys)) != len(keys):
        raise line.bad("answers", "names one external_id twice")
    return question


def _answer(values: dict[str, Any], number: int, question_key: str, asked_at: datetime) -> AnswerLine:
    line = _Fields(values, f"answer {number}: ")
    key = line.key(default=f"{question_key}-a{number}")
    created_at = line.moment("created_at", asked_at) or asked_at
    accepted = values.get("accepted") or False
    if not isinstance(accepted, bool):
        raise line.bad("accepted", f"must be true or false, not {_short(accepted)}")
    return AnswerLine(
        external_id=key,
        body=line.text("body", limit=BODY_MAX, required=True),
        author=line.text("author", limit=60),
        created_at=created_at,
        edited_at=line.moment("edited_at"),
        accepted=accepted,
        votes=_votes(line),
        comments=_comments(line, key, created_at),
        status=line.choice("status", ("open", "held", "removed")),
    )


def _comments(line: _Fields, post_key: str, posted_at: datetime) -> list[CommentLine]:
    found = []
    for number, values in enumerate(line.objects("comments"), 1):
        comment = _Fields(values, f"{line.where}comment {number}: ")
        found.append(
            CommentLine(
                external_id=comment.key(default=f"{post_key}-c{number}"),
                body=comment.text("body", limit=BODY_MAX, required=True),
                author=comment.text("author", limit=60),
                created_at=comment.moment("created_at", posted_at) or posted_at,
                status=comment.choice("status", ("open", "held", "removed")),
            )
        )
    return found


def _votes(line: _Fields) -> list[tuple[datetime | None, bool]]:
    """Dated votes where the line has them, else as many undated ones as it counts."""
    dated = line.values.get("votes")
    if dated is None:
        helpful, unhelpful = line.number("helpful"), line.number("unhelpful")
        return [(None, True)] * helpful + [(None, False)] * unhelpful  # type: ignore[return-value]
    if not isinstance(dated, list):
        raise line.bad("votes", 'must be a list of ["2026-01-31", "up"] pairs')
    votes: list[tuple[datetime | None, bool]] = []
    for pair in dated:
        moment = _moment(pair[0]) if isinstance(pair, list) and len(pair) == 2 else None
        if moment is None or pair[1] not in ("up", "down"):
            raise line.bad("votes", f'must hold pairs such as ["2026-01-31", "up"], not {_short(pair)}')
        votes.append((moment, pair[1] == "up"))
    return votes


def _moment(value: Any) -> datetime | None:
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


def _now() -> datetime:
    return datetime.now(tz=UTC)


def _short(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= 60 else shown[:59] + "…"
