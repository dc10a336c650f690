"""When a search finds nothing: what it would find with one thing less, and how many."""

from dataclasses import dataclass, replace
from typing import Any

from community import finding
from community.narrowing import Scope, scope_of
from portal.core.search.syntax import Asked

MOST_SHOWN = 4
MOST_WORDS = 6  # of a longer search no single word is in the way


@dataclass(frozen=True)
class Nearest:
    """One search nearby. `dropped` is (what it lacks, its value): ("tag", "wifi"), ("word", "red"), ("filters", "")."""

    asked: Asked
    dropped: tuple[str, str]
    count: int


def nearest(scope: Scope, by: Any) -> list[Nearest]:
    """The searches with one thing less that do find something for this reader; filters go before words."""
    tried = [(dropped, asked) for dropped, asked in _variations(scope.asked) if asked.text]
    if scope.unknown:
        known = scope.asked
        for name, value in scope.unknown:
            known = known.lacking(name, value)
        tried = [(dropped, asked) for dropped, asked in tried if not set(asked.filters) & set(scope.unknown)]
        scope = scope_of(known, by)
    scopes = [scope.varied(asked) for _dropped, asked in tried]
    counts = finding.count_each(scopes, by)
    found = [
        Nearest(asked, dropped, count) for (dropped, asked), count in zip(tried, counts, strict=True) if count
    ]
    found.sort(key=lambda each: (each.dropped[0] == "word", -each.count))
    return found[:MOST_SHOWN]


def _variations(asked: Asked) -> list[tuple[tuple[str, str], Asked]]:
    """Each thing by itself, and all filters at once."""
    less: list[tuple[tuple[str, str], Asked]] = [
        ((name, value), asked.lacking(name, value)) for name, value in asked.filters
    ]
    if len(less) > 1:
        less.append((("filters", ""), Asked(asked.words, asked.phrases, asked.without)))
    for phrase in asked.phrases:
        loose = asked.lacking("phrase", phrase)
        less.append((("phrase", phrase), replace(loose, words=f"{loose.words} {phrase}".strip())))
    less += [(("without", word), asked.lacking("without", word)) for word in asked.without]
    words = asked.words.split()
    if len(words) + len(asked.phrases) >= 2 and len(words) <= MOST_WORDS:
        less += [
            (("word", word), replace(asked, words=" ".join(words[:at] + words[at + 1 :])))
            for at, word in enumerate(words)
        ]
    return less
