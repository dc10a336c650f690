"""Text into terms, the same for every engine: Korean by morphemes, English by stems, codes and versions whole."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from whoosh.analysis import Analyzer, Token
from whoosh.lang.porter import stem as porter

from portal.core.search.words import ALIASES, ENGLISH_STOP, KOREAN_STOP, SLANG

# Raised when texts make other terms than before, or the index holds other things of them: an index of another version is
# written anew while it answers.
VERSION = 2
LONGEST_TERM = 64
# Past this much text of one object nothing new is learnt, and the tokenizer's time grows with it.
LONGEST_TEXT = 40_000


class Term(NamedTuple):
    """One term and the characters of the original text that it stands for."""

    text: str
    start: int
    end: int
    # A second reading of characters that other terms cover already: a code's parts, a compound noun as one word.
    extra: bool = False


_HANGUL = re.compile(r"[가-힣]")
_JAMO = re.compile(r"[ㄱ-ㆎ]+")
# Letters and digits of other scripts than Hangul; within a word the marks that codes, versions and paths carry.
_WORD = re.compile(r"[^\W_가-힣ㄱ-ㆎᄀ-ᇿ]+(?:[-_.:/@'’+&][^\W_가-힣ㄱ-ㆎᄀ-ᇿ]+)*(?:\+\+|#)?")
_PARTS = re.compile(r"[-_.:/@'’+&#]+")
_VERSION = re.compile(r"\d+(?:\.\d+){1,4}")
_CLUSTER = re.compile(r"[ㄱ-ㆎ]|[ᄀ-ᅟ]+[ᅠ-ᆧ]+[ᆨ-ᇿ]*|.[\u0300-\u036f\u3099\u309a]*", re.DOTALL)
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_KEPT_TAGS = {"NNG", "NNP", "NNB", "NR", "XR", "VV", "VA", "VCN", "MAG", "SH"}
_NOUN_TAGS = {"NNG", "NNP", "XR", "XPN", "XSN"}

_kiwi: Any = None
_kiwi_lock = threading.Lock()


def kiwi() -> Any:
    """The Korean analyser of this process; loaded on first use, some 300 MB, shared by what is forked after."""
    global _kiwi
    if _kiwi is None:
        with _kiwi_lock:
            if _kiwi is None:
                from kiwipiepy import Kiwi  # noqa: PLC0415  (a second and 300 MB: only for who needs it)

                loaded = Kiwi(load_multi_dict=False, load_typo_dict=False)
                for word in SLANG:
                    loaded.add_user_word(word, "NNG")
                _kiwi = loaded
    return _kiwi


def warm() -> None:
    """Load what the first query would wait for; call it before forking workers."""
    terms("준비가 되었습니다 ready")


def normalised(text: str) -> tuple[str, list[int] | None]:
    """The text in NFKC with its unsafe characters blanked, and where each character came from (None: same place).

    Single Hangul letters stay as people type them (NFKC would turn them into halves of syllables).
    """
    text = _UNSAFE.sub(" ", text)
    if text.isascii() or (unicodedata.is_normalized("NFKC", text)):
        return text, None
    out: list[str] = []
    origin: list[int] = []
    for match in _CLUSTER.finditer(text):
        cluster = match.group()
        whole = cluster if "ㄱ" <= cluster <= "ㆎ" else unicodedata.normalize("NFKC", cluster)
        out.append(whole)
        origin.extend([match.start()] * len(whole))
    origin.append(len(text))
    return "".join(out), None if origin == list(range(len(text) + 1)) else origin


def terms(text: str) -> tuple[Term, ...]:
    """All terms of a text in order, with exact offsets into it."""
    if len(text) <= 400:
        return _short(text)
    return _long(text[:LONGEST_TEXT])


def _analysed(text: str) -> tuple[Term, ...]:
    clean, origin = normalised(text)
    found = [*_words(clean), *_jamo(clean)]
    if _HANGUL.search(clean):
        found += _korean(clean)
    found.sort(key=lambda term: (term.start, term.extra, term.end))
    if origin is not None:
        found = [
            Term(t.text, origin[t.start], _end(origin, t.end), t.extra) for t in found if t.start < len(clean)
        ]
    return tuple(found)


_short = lru_cache(maxsize=512)(_analysed)  # queries and titles come again and again
_long = lru_cache(maxsize=4)(_analysed)  # the writer reads each text twice in a row


def _end(origin: list[int], end: int) -> int:
    """Where the original characters of a span stop: at the first that came from beyond it."""
    last = origin[min(end, len(origin) - 1) - 1]
    while end < len(origin) and origin[end] <= last:
        end += 1
    return origin[min(end, len(origin) - 1)]


def _words(text: str) -> Iterator[Term]:
    """Latin and other words: stemmed; what carries digits or marks is also kept whole."""
    for match in _WORD.finditer(text):
        word, start, end = match.group().lower(), match.start(), match.end()
        if len(word) > LONGEST_TERM:
            continue
        if word.isalpha():
            if word not in ENGLISH_STOP:
                yield Term(stem(word), start, end)
            continue
        yield from _coded(word, start, end)


def _coded(word: str, start: int, end: int) -> Iterator[Term]:
    bare = word.replace("'s", "").replace("’s", "").replace("'", "").replace("’", "")
    if bare.isalpha() or bare in ALIASES:
        if bare not in ENGLISH_STOP:
            yield Term(stem(bare), start, end)
        return
    if _VERSION.fullmatch(bare):
        yield Term(bare, start, end)
        numbers = bare.split(".")
        for depth in range(2, len(numbers)):
            yield Term(".".join(numbers[:depth]), start, end, extra=True)
        return
    # E-104, e_104 and E104 are one code; c++ and c# keep what makes them.
    whole = bare if bare.endswith(("++", "#")) else _PARTS.sub("", bare)
    parts = [part for part in _PARTS.split(bare) if part]
    has_digit = any(ch.isdigit() for ch in bare)
    if len(parts) == 1 or has_digit:
        yield Term(stem(whole) if whole.isalpha() else whole, start, end)
    if len(parts) > 1:
        for part in parts:
            if len(part) > 1 and part not in ENGLISH_STOP:
                yield Term(stem(part) if part.isalpha() else part, start, end, extra=has_digit)


def _jamo(text: str) -> Iterator[Term]:
    for match in _JAMO.finditer(text):
        yield Term(match.group()[:8], match.start(), match.end())


def _korean(text: str) -> Iterator[Term]:
    """Nouns, verbs in their base form, adverbs; particles and endings go, compounds stay as one word too."""
    nouns: list[Any] = []
    for token in kiwi().tokenize(text):
        tag = token.tag.split("-")[0]
        if nouns and (tag not in _NOUN_TAGS or nouns[-1].end != token.start):
            yield from _compound(nouns)
            nouns = []
        if tag in _NOUN_TAGS:
            nouns.append(token)
        if tag == "VX" and token.form == "않":
            yield Term("안", token.start, token.end)  # the long negation says what the short one says
        if tag == "IC" and len(token.form) > 1:
            tag = "NNG"  # a greeting is a word too, a sigh is none
        if tag not in _KEPT_TAGS or not _HANGUL.search(token.form) and tag != "SH":
            continue
        form = token.form + "다" if tag in ("VV", "VA", "VCN") else token.form
        if form in KOREAN_STOP or len(form) > LONGEST_TERM:
            continue
        for position, word in enumerate(ALIASES.get(form, (form,))):
            yield Term(word, token.start, token.end, extra=position > 0)
    yield from _compound(nouns)


def _compound(nouns: list[Any]) -> Iterator[Term]:
    if 2 <= len(nouns) <= 4:
        word = "".join(noun.form for noun in nouns)
        for alias in ALIASES.get(word, (word,)):
            yield Term(alias, nouns[0].start, nouns[-1].end, extra=True)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """An English word's stem; the same for words that are spelt two ways."""
    return porter(ALIASES.get(word, (word,))[0])


class TermAnalyzer(Analyzer):
    """The same terms for Whoosh. Holds nothing, so that the schema stays small when it is stored."""

    def __call__(
        self, value: str, positions: bool = False, chars: bool = False, keeporiginal: bool = False,
        removestops: bool = True, start_pos: int = 0, start_char: int = 0, mode: str = "", **kwargs: Any,
    ) -> Iterator[Token]:  # fmt: skip
        token = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        token.boost, token.stopped = 1.0, False
        position, read = start_pos - 1, 0
        for term in terms(value):
            if not term.extra or position < start_pos:
                position += 1
            if "\n" in value[read : term.start]:
                position += 1  # no phrase goes on from one line to the next
            read = max(read, term.end)
            token.text = term.text
            if keeporiginal:
                token.original = value[term.start : term.end]
            if positions:
                token.pos = position
            if chars:
                token.startchar, token.endchar = start_char + term.start, start_char + term.end
            yield token
