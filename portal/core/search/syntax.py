"""What people type into the search box, taken apart: words, phrases, what must not be there, and filters.

    battery "red light" -case tag:wifi product:nova-buds is:solved by:minji lang:ko kind:article

The Korean names do the same (태그: 제품: 상태:해결 작성자: 언어: 종류:). Whatever is not a known name with a value that
it can take is words: people paste error texts, paths and addresses, and nothing of them is an error here.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

from portal.core.errors import RuleError
from portal.core.tagging import clean_tag

LONGEST = 10_000
MOST = 8  # phrases, exclusions, tags: more says nothing more

_NAMES = {
    "tag": "tag", "태그": "tag", "product": "product", "제품": "product", "is": "state", "상태": "state",
    "by": "by", "author": "by", "작성자": "by", "글쓴이": "by", "lang": "language", "language": "language",
    "언어": "language", "kind": "kind", "종류": "kind",
}  # fmt: skip
_VALUES = {
    "state": {
        "solved": "solved", "해결": "solved", "해결됨": "solved", "unsolved": "unsolved", "미해결": "unsolved",
        "unanswered": "unanswered", "미답변": "unanswered", "답변없음": "unanswered",
    },
    "language": {
        "ko": "ko", "korean": "ko", "한국어": "ko", "en": "en", "english": "en", "영어": "en",
    },
    "kind": {
        "article": "article", "articles": "article", "글": "article", "문서": "article", "answer": "answer",
        "answers": "answer", "답변": "answer", "question": "question", "questions": "question", "질문": "question",
    },
}  # fmt: skip
# How each filter is written, and in this order.
_WRITTEN = {"tag": "tag", "product": "product", "state": "is", "by": "by", "language": "lang", "kind": "kind"}
FILTERS = tuple(_WRITTEN)

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_QUOTED = re.compile(r'(-?)(?:([^\W\d_]{1,12})[:：])?"([^"]*)"')
_NAMED = re.compile(r"([^\W\d_]{1,12})[:：](\S+)")
_EXCLUDED = re.compile(r"-([^\W\d_][^\s:：]*)")
_USERNAME = re.compile(r"[\w.@+-]{1,150}")
_SIGNS = re.compile(r"(?<!\S)-+|[:：]")


@dataclass(frozen=True, slots=True)
class Asked:
    """One search, understood. `str()` of it is how it would be typed: a filter clicked and a filter typed are one thing."""

    words: str = ""
    phrases: tuple[str, ...] = ()  # stand in the text in this order
    without: tuple[str, ...] = ()  # words and phrases that must not stand there
    tags: tuple[str, ...] = ()
    product: str = ""  # its address or name, as typed
    state: str = ""  # solved, unsolved, unanswered
    by: str = ""  # a username
    language: str = ""  # ko, en
    kind: str = ""  # article, answer, question

    @property
    def text(self) -> str:
        """All that is looked for by its words."""
        return "\n".join(filter(None, (self.words, " ".join(self.phrases))))

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """The filters as (name, value)."""
        single = ((name, getattr(self, name)) for name in FILTERS[1:])
        return (*(("tag", tag) for tag in self.tags), *((name, value) for name, value in single if value))

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but words decides what is found."""
        return bool(self.filters or self.without or self.phrases)

    def narrowed(self, **filters: str) -> Self:
        """With these filters: one more tag, or another value of what has only one. An empty value changes nothing."""
        changes: dict[str, Any] = {name: value for name, value in filters.items() if value and name != "tag"}
        if (tag := filters.get("tag", "")) and tag not in self.tags:
            changes["tags"] = (*self.tags, tag)
        return replace(self, **changes)

    def lacking(self, name: str, value: str = "") -> Self:
        """Without one filter, phrase ("phrase") or exclusion ("without")."""
        many = {"tag": "tags", "phrase": "phrases", "without": "without"}
        changes: dict[str, Any] = {name: ""}
        if name in many:
            changes = {many[name]: tuple(each for each in getattr(self, many[name]) if each != value)}
        return replace(self, **changes)

    def __str__(self) -> str:
        phrases = (f'"{phrase}"' for phrase in self.phrases)
        without = (f"-{word}" if _EXCLUDED.fullmatch(f"-{word}") else f'-"{word}"' for word in self.without)
        filters = (f"{_WRITTEN[name]}:{_as_value(value)}" for name, value in self.filters)
        return " ".join(filter(None, (self.words, *phrases, *without, *filters)))


def parse(text: str) -> Asked:
    """Understand what was typed. Never refuses anything."""
    found = _Found()
    for line in unicodedata.normalize("NFC", _UNSAFE.sub(" ", text[:LONGEST])).splitlines():
        found.lines.append([])
        for minus, name, value, quoted in _pieces(re.sub("[“”„]", '"', line)):
            found.take(minus, name, value, quoted)
    return found.asked()


class _Found:
    """What the pieces of a text come to, one after the other."""

    def __init__(self) -> None:
        self.lines: list[list[str]] = []
        self.phrases: list[str] = []
        self.without: list[str] = []
        self.tags: list[str] = []
        self.single: dict[str, str] = {}

    def take(self, minus: bool, name: str, value: str, quoted: bool) -> None:
        kind = "" if minus else _NAMES.get(name.casefold(), "")
        if kind and (usable := _usable(kind, value)):
            if kind == "tag":
                _add(self.tags, usable)
            else:
                self.single[kind] = usable
        elif not quoted:
            word = f"{name}:{value}" if name else value
            _add(self.without, value) if minus and not name else self.lines[-1].append(word)
        else:
            if name:  # not a name that is known: `error:"no route"`
                self.lines[-1].append(f"{'-' * minus}{name}:")
            if re.search(r"\w", value):
                _add(self.without if minus and not name else self.phrases, " ".join(value.split()))

    def asked(self) -> Asked:
        words = "\n".join(filter(None, (" ".join(line) for line in self.lines)))
        if not (words or self.phrases or self.tags or self.single):
            # Nothing but what should be absent would be nearly everything: `-rf` alone is looked for instead.
            return Asked(words=" ".join(_SIGNS.sub(" ", " ".join(self.without)).split()))
        return Asked(
            words=words,
            phrases=tuple(self.phrases),
            without=tuple(self.without),
            tags=tuple(self.tags),
            **self.single,
        )


def _pieces(line: str) -> Iterator[tuple[bool, str, str, bool]]:
    """(minus, name before a colon, value, whether it stood in quotes), from left to right."""
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
        elif match := _QUOTED.match(line, at):
            yield bool(match[1]), match[2] or "", match[3], True
            at = match.end()
        else:
            end = at + 1
            while end < len(line) and not line[end].isspace():
                end += 1
            # A quotation mark that has no other half says nothing.
            if word := line[at:end].replace('"', ""):
                yield _bare(word)
            at = end


def _bare(word: str) -> tuple[bool, str, str, bool]:
    if match := _EXCLUDED.fullmatch(word):
        return True, "", match[1], False
    if (match := _NAMED.fullmatch(word)) and _usable(_NAMES.get(match[1].casefold(), ""), match[2]):
        return False, match[1], match[2], False
    return False, "", word, False


def _usable(kind: str, value: str) -> str:
    """The value as it is kept, or nothing if this filter cannot take it."""
    value = " ".join(value.split()).strip(" ,;.@")
    if not kind:
        return ""
    if kind in _VALUES:
        return _VALUES[kind].get(value.casefold().replace(" ", ""), "")
    if kind == "by":
        return value if _USERNAME.fullmatch(value) and re.search(r"\w", value) else ""
    if kind == "tag":
        try:
            return clean_tag(value)
        except RuleError:
            return ""
    return value.lower() if len(value) <= 80 and re.search(r"\w", value) else ""


def _as_value(value: str) -> str:
    return f'"{value}"' if " " in value else value


def _add(to: list[str], value: str) -> None:
    if value not in to and len(to) < MOST:
        to.append(value)
