"""What somebody may have meant: the other keyboard, first consonants alone, a slip of one or two letters.

Only words of the index are proposed, and the index holds only what a visitor may read. Whoever shows a proposal has
to search with it first: a word may be left there for a moment of a text that was taken away.
"""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from whoosh import query as q
from whoosh.searching import Searcher

from portal.core.search.analysis import terms
from portal.core.search.hangul import (
    as_initials,
    composed,
    distance,
    initials_of,
    is_jamo,
    is_syllable,
    keys_of,
)
from portal.core.search.indexing import backend

MOST_PROPOSED = 6
MOST_TOKENS = 8  # a longer text is no slip of the finger
LONGEST_TOKEN = 40
WORDS_KEPT = 50_000  # the most frequent words of the index
FRESH = 60.0  # seconds that a list of words serves while the index grows on
PER_INITIALS = 4
LOOKED_INTO = 10  # texts, to see how a word is written
_PARTICLES = (
    "에서는", "으로는", "에서", "에게", "까지", "부터", "으로", "이랑", "하고", "은", "는", "이", "가", "을", "를", "에", "의",
    "도", "만", "로", "와", "과", "랑",
)  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """Other words for a search. `new` are those that stand in the place of what was typed."""

    words: str
    new: tuple[str, ...]
    is_slip: bool = False  # the same keys on the other keyboard: no guess


@dataclass(frozen=True)
class _Words:
    """The words of the index by what they are looked up with, most frequent first."""

    spelled: list[tuple[str, int, str]] = field(default_factory=list)  # keys, which letters, the word
    initials: dict[str, list[str]] = field(default_factory=dict)


def reread(text: str) -> str | None:
    """The text as it was meant, where its words were typed on the other keyboard and say something here; else None.

    Cheap enough for every letter that is typed.
    """
    proposals = backend().read(lambda searcher: _slips(searcher, text))
    return proposals[0].words if len(proposals) == 1 else None


def proposals(text: str) -> list[Proposal]:
    """What may have been meant, the likeliest first."""
    tokens = text.split()
    if not tokens or len(tokens) > MOST_TOKENS or any(len(token) > LONGEST_TOKEN for token in tokens):
        return []

    def look(searcher: Searcher) -> list[Proposal]:
        slips = _slips(searcher, text)
        known = _known_words(searcher)
        guesses = _guesses(searcher, tokens, known)
        unlike = {slip.words for slip in slips}
        return [*slips, *(guess for guess in guesses if guess.words not in unlike)][:MOST_PROPOSED]

    return backend().read(look)


# ----------------------------------------------------------------- the other keyboard


def _slips(searcher: Searcher, text: str) -> list[Proposal]:
    """The readings of the same keys: as they were typed and, with Caps Lock on, as they were not."""
    tokens = text.split()
    if not tokens or len(tokens) > MOST_TOKENS:
        return []
    found: dict[str, Proposal] = {}
    for fold in (False, True):
        typed = [token.lower() if fold else token for token in tokens]
        read = [_other_keyboard(searcher, token) for token in typed]
        if any(read):
            # Beside such a word a short one was typed on the same keyboard.
            read = [
                other or _other_keyboard(searcher, token, shortest=1)
                for other, token in zip(read, typed, strict=True)
            ]
            words = " ".join(other or token for other, token in zip(read, tokens, strict=True))
            found.setdefault(words, Proposal(words, tuple(filter(None, read)), is_slip=True))
    # A double consonant that Caps Lock makes single leaves a word unread: no second reading, a worse one.
    most = max((len(proposal.new) for proposal in found.values()), default=0)
    return [proposal for proposal in found.values() if len(proposal.new) == most]


def _other_keyboard(searcher: Searcher, token: str, shortest: int = 4) -> str:
    """What the keys of a word say on the other keyboard, if it says nothing here and that does.

    One syllable counts only of `shortest` keys and more: fewer are soon struck by chance.
    """
    if len(token) > LONGEST_TOKEN:
        return ""
    if token.isascii() and token.isalpha():
        other = composed(token)
        clear = all(map(is_syllable, other)) and (len(other) > 1 or len(token) >= shortest)
    else:
        other = keys_of(token)
        clear = all(is_jamo(letter) or is_syllable(letter) for letter in token) and len(other) > 2
        other = other.lower() if clear else ""
        if as_initials(token):
            return ""
    return (
        other if clear and _says_something(searcher, other) and not _says_something(searcher, token) else ""
    )


def _says_something(searcher: Searcher, token: str) -> bool:
    """Whether every word in it stands in the index; words that are never indexed do not count against it."""
    found = [term.text for term in terms(token) if not term.extra]
    reader = searcher.reader()
    return bool(found) and all(reader.doc_frequency("text", word) for word in found)


# ----------------------------------------------------------------- words that are like it


def _guesses(searcher: Searcher, tokens: list[str], known: _Words) -> list[Proposal]:
    options = [_options(searcher, token, known) for token in tokens]
    if not any(options):
        return []
    found = []
    for rank in range(max(map(len, options))):
        # The best for every word; then the next best for each, the others being at their best.
        chosen = [each[min(rank, len(each) - 1)] if each else "" for each in options]
        words = " ".join(new or token for new, token in zip(chosen, tokens, strict=True))
        found.append(Proposal(words, tuple(filter(None, chosen))))
    return found


def _options(searcher: Searcher, token: str, known: _Words) -> list[str]:
    """The words that one word may have been meant to be."""
    if initials := as_initials(token):
        return known.initials.get(initials, [])
    if not (token.isalpha() and len(token) > 1) or _says_something(searcher, token):
        return []
    for word in _bare(token):
        if near := _near(word, known):
            return [written for each in near if (written := _as_written(searcher, each))]
    return []


def _bare(token: str) -> list[str]:
    """A word as it is, and without the particle that it may end in."""
    if not is_syllable(token[-1]):
        found = [term.text for term in terms(token) if not term.extra]
        return found[:1]  # an English word is compared by its stem
    cut = (token.removesuffix(particle) for particle in _PARTICLES if token.endswith(particle))
    return [token, *(stem for stem in islice(cut, 2) if len(stem) > 1)]


def _near(word: str, known: _Words) -> list[str]:
    """The words of the index at the least distance, most frequent first."""
    keys = keys_of(word.lower())
    most = 0 if len(keys) < 3 else 1 if len(keys) < 6 else 2
    letters = _letters_of(keys)
    is_korean = is_syllable(word[0])
    best: dict[int, list[str]] = defaultdict(list)
    for other, other_letters, term in known.spelled:
        # Each slip changes two letters of the set at the most: cheap to rule out nearly all.
        if (letters ^ other_letters).bit_count() > 2 * most or is_syllable(term[0]) != is_korean:
            continue
        if (apart := distance(keys, other, most)) <= most and term != word:
            best[apart].append(term)
    return [term for apart in sorted(best) for term in best[apart]][:2]


def _as_written(searcher: Searcher, term: str) -> str:
    """A stem as some text writes it: "batteri" is shown as "battery". Nothing if only its translations stand there."""
    if not term.isascii():
        return term
    for place in islice(q.Term("text", term).docs(searcher), LOOKED_INTO):
        stored = searcher.stored_fields(place)
        for word, span in zip(stored["text_terms"].split(), stored["spans"].split(), strict=True):
            if word == term:
                start, _comma, end = span.partition(",")
                written = str(stored["text"][int(start) : int(end)]).lower()
                if written.isascii():
                    return written
    return ""


# ----------------------------------------------------------------- the words of the index

_lock = threading.Lock()
_kept: tuple[tuple[Any, ...], float, _Words] | None = None


def _known_words(searcher: Searcher) -> _Words:
    """The words of the index as it is, or as it was a minute ago."""
    global _kept
    place = str(backend().store.live())
    state = (place, searcher.reader().generation(), searcher.doc_count_all())
    with _lock:
        if _kept is not None:
            kept_state, read_at, words = _kept
            if kept_state == state or (kept_state[0] == place and time.monotonic() - read_at < FRESH):
                return words
        words = _read_words(searcher)
        _kept = (state, time.monotonic(), words)
        return words


def _read_words(searcher: Searcher) -> _Words:
    counted = [
        (info.doc_frequency(), word)
        for raw, info in searcher.reader().iter_field("text")
        if (word := raw.decode("utf-8", "replace")).isalpha() and 1 < len(word) <= LONGEST_TOKEN
    ]
    counted.sort(key=lambda pair: (-pair[0], pair[1]))
    initials: dict[str, list[str]] = defaultdict(list)
    spelled = []
    for _frequency, word in counted[:WORDS_KEPT]:
        if all(map(is_syllable, word)):
            names = initials[initials_of(word)]
            # Verbs stand there in their base form: nobody types the initials of that.
            if len(names) < PER_INITIALS and not (word.endswith("다") and len(word) > 2):
                names.append(word)
        elif not word.isascii():
            continue
        keys = keys_of(word)
        spelled.append((keys, _letters_of(keys), word))
    return _Words(spelled, dict(initials))


def _letters_of(keys: str) -> int:
    """Which letters a spelling has, as bits."""
    bits = 0
    for key in keys:
        bits |= 1 << (ord(key) & 63)
    return bits
