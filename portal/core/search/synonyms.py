"""Synonyms at query time: what a search says in other words, with less weight."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from portal.core.search.analysis import terms
from portal.core.search.kept import Kept
from portal.core.vocabulary import Synonym

if TYPE_CHECKING:  # lookup.py asks this module
    from portal.core.search.lookup import Lookup

WEIGHT = 0.6  # of a synonym, against what was typed
MOST_APPLIED = 8


class Rule(NamedTuple):
    """Who says all of `said` may mean all of `meant`, in searches of this language (empty: of any)."""

    said: tuple[str, ...]
    meant: tuple[str, ...]
    language: str


def terms_of(words: str) -> tuple[str, ...]:
    """What a synonym is compared by: its terms, so that no ending and no spelling of a compound keeps it apart."""
    return tuple(dict.fromkeys(term.text for term in terms(words) if not term.extra))


def expand(words: Iterable[tuple[str, float, bool]], language: str = "") -> list[tuple[str, float, bool]]:
    """The terms that a search of these weighted terms may be widened by; second readings all of them."""
    found = {word: weight for word, weight, _extra in words}
    added: dict[str, float] = {}
    for rule in _applied(found, language):
        weight = WEIGHT * min(found[word] for word in rule.said)
        for word in rule.meant:
            if word not in found:
                added[word] = max(weight, added.get(word, 0.0))
    return [(word, weight, True) for word, weight in added.items()]


def readings(looked: "Lookup") -> list["Lookup"]:
    """What was found, judged by what was typed; and what only a synonym found, judged as if that had been typed."""
    wanted = {want.text: want for want in looked.wanted}
    typed = {want.text for want in looked.wanted if not want.extra}
    rules = [
        rule
        for rule in _applied(typed, None)
        if any(word not in typed for word in rule.meant) and all(word in wanted for word in rule.meant)
    ]
    if not rules:
        return [looked]
    widened = {word for rule in rules for word in rule.meant if wanted[word].extra}
    left = list(looked.hits)
    found = []
    for rule in rules:
        mine = [hit for hit in left if _holds(hit, rule.meant) and not _holds(hit, rule.said)]
        if not mine:
            continue
        taken = {id(hit) for hit in mine}
        left = [hit for hit in left if id(hit) not in taken]
        weight = min(wanted[word].weight for word in rule.said)
        kept = [want for want in looked.wanted if want.text not in widened and want.text not in rule.said]
        instead = [
            replace(wanted[word], weight=weight, extra=False) for word in rule.meant if word in widened
        ]
        found.append(replace(looked, wanted=[*instead, *kept], hits=mine))
    own = [want for want in looked.wanted if want.text not in widened]
    return [replace(looked, wanted=own, hits=left), *found]


def _holds(hit: Any, words: tuple[str, ...]) -> bool:
    return all(f" {word} " in hit.text_terms for word in words)


def _applied(words: Iterable[str], language: str | None) -> list[Rule]:
    """The rules whose first side is said whole; None is any language."""
    said = set(words)
    return [
        rule
        for rule in _rules()
        if said.issuperset(rule.said) and (language is None or rule.language in ("", language))
    ][:MOST_APPLIED]


# ----------------------------------------------------------------- what this process knows of them


def renew() -> None:
    """Tell every process that the synonyms have changed. To be called once the change is committed."""
    _kept.renew()


def _rules() -> list[Rule]:
    return _kept.get()


def rules_of(row: Synonym) -> list[Rule]:
    """Every pair of a row that leads from one word to another."""
    groups = [group for word in row.listed if (group := terms_of(word))]
    sources = groups[:1] if row.one_way else groups
    return [
        Rule(said, meant, row.language) for said in sources for meant in groups if set(said) != set(meant)
    ]


_kept = Kept("synonyms", lambda: [rule for row in Synonym.objects.all() for rule in rules_of(row)])
