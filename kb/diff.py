"""The difference of two texts, line by line and word by word; Korean words by syllable. Pure Python."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 2
# Past these sizes the fine comparison costs more than it tells.
WORDS_MOST = 1_500
LINES_MOST = 4_000
ALIKE = 0.4

_HANGUL = re.compile(r"[가-힣]")
# Hangul apart from digits and Latin, so that "10초" against "12초" differs in its number alone.
_TOKENS = re.compile(r"\s+|[가-힣]+|[^\W가-힣]+|[^\s\w]", re.UNICODE)


@dataclass(frozen=True)
class Part:
    """A stretch of a line: unchanged, or what makes the difference."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a difference. `kind` is same, added, removed or gap (`skipped` lines left out)."""

    kind: str
    parts: tuple[Part, ...] = ()
    skipped: int = 0

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


def diff_lines(old: str, new: str, *, context: int = CONTEXT) -> list[Line]:
    """What changed from old to new, with some unchanged lines around it; empty if nothing did."""
    if old == new:
        return []
    before, after = old.split("\n"), new.split("\n")
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > LINES_MOST)
    lines: list[Line] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            lines.extend(_whole("same", before[i1:i2]))
        else:
            lines.extend(_replaced(before[i1:i2], after[j1:j2]))
    return list(_folded(lines, context))


def _whole(kind: str, texts: Iterable[str]) -> Iterator[Line]:
    for text in texts:
        yield Line(kind, (Part(text),))


def _replaced(before: list[str], after: list[str]) -> Iterator[Line]:
    """Pairs of like lines show their words; what has no like is removed or added whole."""
    for old, new in zip(before, after, strict=False):
        yield from _pair(old, new)
    yield from _whole("removed", before[len(after) :])
    yield from _whole("added", after[len(before) :])


def _pair(old: str, new: str) -> Iterator[Line]:
    left, right = compare_words(old, new)
    yield Line("removed", left)
    yield Line("added", right)


def compare_words(old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Both lines with their differing words marked; unmarked if they have too little in common."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if max(len(before), len(after)) > WORDS_MOST:
        return (Part(old),), (Part(new),)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    left: list[Part] = []
    right: list[Part] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            left.append(Part("".join(before[i1:i2])))
            right.append(Part("".join(after[j1:j2])))
        elif i2 - i1 == j2 - j1:
            for one, other in zip(before[i1:i2], after[j1:j2], strict=True):
                _compare_word(one, other, left, right)
        else:
            left.append(Part("".join(before[i1:i2]), changed=True))
            right.append(Part("".join(after[j1:j2]), changed=True))
    kept = sum(len(part.text) for part in left if not part.changed)
    if kept < ALIKE * max(len(old), len(new)):
        return (Part(old),), (Part(new),)
    return _joined(left), _joined(right)


def _compare_word(old: str, new: str, left: list[Part], right: list[Part]) -> None:
    """A Korean word keeps the syllables that both begin or end with, so that a changed particle shows alone."""
    if not (_HANGUL.search(old) and _HANGUL.search(new)):
        left.append(Part(old, changed=True))
        right.append(Part(new, changed=True))
        return
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    for word, parts in ((old, left), (new, right)):
        parts.append(Part(word[:start]))
        parts.append(Part(word[start : len(word) - end], changed=True))
        parts.append(Part(word[len(word) - end :] if end else ""))


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _joined(parts: list[Part]) -> tuple[Part, ...]:
    """Neighbours of one kind as one part, empty ones left out."""
    joined: list[Part] = []
    for part in parts:
        if not part.text:
            continue
        if joined and joined[-1].changed == part.changed:
            joined[-1] = Part(joined[-1].text + part.text, part.changed)
        else:
            joined.append(part)
    return tuple(joined)


def _folded(lines: list[Line], context: int) -> Iterator[Line]:
    """Unchanged lines far from any change become one gap."""
    near: set[int] = set()
    for at, line in enumerate(lines):
        if line.kind != "same":
            near.update(range(at - context, at + context + 1))
    skipped = 0
    for at, line in enumerate(lines):
        if at in near:
            if skipped:
                yield Line("gap", skipped=skipped)
                skipped = 0
            yield line
        else:
            skipped += 1
    if skipped:
        yield Line("gap", skipped=skipped)
