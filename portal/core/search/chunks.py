"""A text in pieces that an encoder reads whole, each behind the title and the headings that it stands under."""

import re
from collections.abc import Iterator

from portal.core.search.lines import lines_of

# Of one piece. A Hangul syllable counts two: it says about as much as two Latin letters.
FULL = 700
# Past this many pieces of one text nothing new is learnt, and each costs.
MOST = 60
# Raised when pieces are cut differently, so that old vectors are not taken for new ones.
CUT = 1

_HANGUL = re.compile(r"[가-힣ㄱ-ㆎ]")
_SENTENCE_END = re.compile(r"(?<=[.!?…。])\s+")
_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.DOTALL)


def pieces(title: str, html: str) -> list[str]:
    """The title by itself, then the body cut at its blocks. A body that only repeats the title adds nothing."""
    title = " ".join(title.split())
    cut = [title] if title else []
    for path, lines in _sections(html):
        head = " › ".join(filter(None, [title, *path]))
        for body in _packed(lines):
            if body != title:
                cut.append(f"{head}\n{body}" if head else body)
            if len(cut) >= MOST:
                return cut
    return cut


def weight(text: str) -> int:
    return len(text) + len(_HANGUL.findall(text))


def _sections(html: str) -> Iterator[tuple[list[str], list[str]]]:
    """The lines between headings, with the headings above them, outermost first."""
    path: list[tuple[int, str]] = []
    at = 0
    for heading in _HEADING.finditer(html):
        yield [name for _level, name in path], lines_of(html[at : heading.start()]).split("\n")
        level = int(heading[1])
        path = [*(outer for outer in path if outer[0] < level), (level, lines_of(heading[2]))]
        at = heading.end()
    yield [name for _level, name in path], lines_of(html[at:]).split("\n")


def _packed(lines: list[str]) -> Iterator[str]:
    """Lines put together while they fit."""
    kept: list[str] = []
    filled = 0
    for unit in _units(lines):
        if kept and filled + weight(unit) > FULL:
            yield "\n".join(kept)
            kept, filled = [], 0
        kept.append(unit)
        filled += weight(unit) + 1
    if kept:
        yield "\n".join(kept)


def _units(lines: list[str]) -> Iterator[str]:
    """Lines, or sentences of a long one, or stretches of a sentence without end: none past FULL."""
    for line in filter(None, lines):
        if weight(line) <= FULL:
            yield line
            continue
        for sentence in _SENTENCE_END.split(line):
            while weight(sentence) > FULL:
                longest = FULL // 2 if _HANGUL.search(sentence) else FULL
                space = sentence.rfind(" ", longest // 2, longest)
                cut = space if space > 0 else longest
                yield sentence[:cut]
                sentence = sentence[cut:].lstrip()
            if sentence:
                yield sentence
