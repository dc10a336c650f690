"""One line of a content file, checked: what is read here can be written."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.text import slugify

from community.importing.fields import AHEAD, ID_MAX, Fields, LineError, moment_of, now, shown
from community.models import BODY_MAX, TITLE_MAX

Place = int | str  # the number of a line, or the path of a file
ARTICLE_BODY_MAX = 60_000
ARTICLE_TITLE_MAX = 200
SLUG_MAX = 100


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
    slug: str


Line = ArticleLine | QuestionLine


def read_lines(
    texts: Iterable[tuple[Place, str | LineError]],
) -> Iterator[tuple[Place, Line | LineError]]:
    """Each line, or why it cannot be taken; an external_id that stood before in the same file is refused."""
    first: dict[tuple[type, str], Place] = {}
    for place, text in texts:
        if isinstance(text, LineError):
            yield place, text
            continue
        try:
            line = read_line(text)
            stood = first.setdefault((type(line), line.external_id), place)
            if stood is not place:
                where = f"on line {stood}" if isinstance(stood, int) else f"in {stood}"
                raise LineError(f"external_id {shown(line.external_id)} stands {where} already")
        except LineError as reason:
            yield place, reason
        else:
            yield place, line


def read_line(text: str) -> Line:
    """Read one line; raises LineError with the reason."""
    try:
        text.encode()
        line = json.loads(text)
    except UnicodeEncodeError:
        raise LineError("is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise LineError(f"is not JSON: {error.msg} (column {error.colno})") from None
    except ValueError:
        raise LineError("is not JSON: a number has too many digits") from None
    except RecursionError:
        raise LineError("is not JSON: it is nested too deeply") from None
    if not isinstance(line, dict):
        raise LineError(f"must be an object, not {shown(line)}")
    kinds = {"article": _article, "question": _question}
    kind = line.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise LineError(f'kind must be "article" or "question", not {shown(kind)}')
    return kinds[kind](Fields(line))  # type: ignore[return-value]


def _article(line: Fields) -> ArticleLine:
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
        created_at=line.moment("created_at", now()) or now(),
        updated_at=line.moment("updated_at"),
        verified_at=line.moment("verified_at"),
        status=line.choice("status", ("published", "draft", "review", "archived")),
        views=line.number("views"),
        helpful=line.number("helpful"),
        unhelpful=line.number("unhelpful"),
        translation_of=line.text("translation_of", limit=ID_MAX),
        credits=line.texts("credits"),
        slug=slugify(line.text("slug", limit=SLUG_MAX), allow_unicode=True),
    )


def _question(line: Fields) -> QuestionLine:
    title = " ".join(line.text("title", limit=2_000, required=True).split())
    if len(title) > TITLE_MAX:
        raise line.bad("title", f"has {len(title)} characters; {TITLE_MAX} fit")
    body = line.text("body", limit=BODY_MAX, required=True)
    key = line.key()
    created_at = line.moment("created_at", now()) or now()
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
    remarks = [*question.comments, *(comment for answer in question.answers for comment in answer.comments)]
    for name, posts in (("answers", question.answers), ("comments", remarks)):
        keys = [post.external_id for post in posts]
        if len(set(keys)) != len(keys):
            raise line.bad(name, "name one external_id twice")
    return question


def _answer(values: dict[str, Any], number: int, question_key: str, asked_at: datetime) -> AnswerLine:
    line = Fields(values, f"answer {number}: ")
    key = line.key(default=f"{question_key}-a{number}")
    created_at = line.moment("created_at", asked_at) or asked_at
    accepted = values.get("accepted") or False
    if not isinstance(accepted, bool):
        raise line.bad("accepted", f"must be true or false, not {shown(accepted)}")
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


def _comments(line: Fields, post_key: str, posted_at: datetime) -> list[CommentLine]:
    found = []
    for number, values in enumerate(line.objects("comments"), 1):
        comment = Fields(values, f"{line.where}comment {number}: ")
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


def _votes(line: Fields) -> list[tuple[datetime | None, bool]]:
    """Dated votes where the line has them, else as many undated ones as it counts."""
    dated = line.values.get("votes")
    if dated is None:
        helpful, unhelpful = line.number("helpful"), line.number("unhelpful")
        return [(None, True)] * helpful + [(None, False)] * unhelpful  # type: ignore[return-value]
    if not isinstance(dated, list):
        raise line.bad("votes", 'must be a list of ["2026-01-31", "up"] pairs')
    votes: list[tuple[datetime | None, bool]] = []
    for pair in dated:
        moment = moment_of(pair[0]) if isinstance(pair, list) and len(pair) == 2 else None
        if moment is None or pair[1] not in ("up", "down"):
            raise line.bad("votes", f'must hold pairs such as ["2026-01-31", "up"], not {shown(pair)}')
        if moment > now() + AHEAD:
            raise line.bad("votes", f"hold a day in the future: {shown(pair[0])}")
        votes.append((moment, pair[1] == "up"))
    return votes
