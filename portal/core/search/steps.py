"""The step of an article that answers: the one nearest to the words of the query."""

from dataclasses import dataclass

from django.utils.text import Truncator

from portal.core.search.excerpts import places
from portal.core.search.indexing import lines_of
from portal.core.search.lookup import Hit, Wanted
from portal.core.steps import steps_of

LENGTH = 140
# A step that holds less of what the query says is not what was asked for.
LEAST = 0.25
# What the title says is what the whole article is about: it tells little about which step is meant.
TITLE_WEIGHT = 0.25


@dataclass(frozen=True)
class FoundStep:
    """A step as a result shows it."""

    number: int
    anchor: str
    text: str


def nearest_step(wanted: list[Wanted], hit: Hit, html: str) -> FoundStep | None:
    """The step of an article's HTML that holds most of the query, or None where none holds enough.

    The index has read the text already: only where its words stand is looked at. What has changed since is no step.
    """
    steps = steps_of(html)
    title = set(hit.title_terms.split())
    said = {
        want.text: want.weight * want.idf * (TITLE_WEIGHT if want.text in title else 1)
        for want in wanted
        if not want.extra
    }
    if not steps or not said:
        return None
    marks = places(hit, said)
    best, most, at = None, LEAST * sum(said.values()), 0
    for step in steps:
        text = lines_of(step.html)
        start = hit.text.find(text, at) if text else -1
        if start < 0:
            continue
        at = start + len(text)
        held = sum(said[word] for word in {word for begin, _end, word in marks if start <= begin < at})
        if held > most + 1e-9:
            best, most = FoundStep(step.number, step.anchor, _short(text)), held
    return best


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(LENGTH, truncate="…")
