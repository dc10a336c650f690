"""How near a hit is to a query, and how sure the portal may be that it answers it. Two things, judged apart."""

import math
from typing import NamedTuple

from portal.core.search.lookup import Hit, Wanted
from portal.core.search.words import ASKING


class Nearness(NamedTuple):
    """What a hit and a query share, each from 0 to about 1."""

    bm25: float  # the engine's score against the most these words could give
    covered: float  # share of what the query says that stands in the text
    titled: float  # share of it that stands in the title
    title_fits: float  # share of the title that the query says


def nearness(wanted: list[Wanted], hit: Hit) -> Nearness:
    """Measure one hit. Terms weigh by their rarity; second readings of the same characters count only for bm25."""
    most = sum(want.weight * want.idf for want in wanted) or 1.0
    whole = sum(want.weight * want.idf for want in wanted if not want.extra) or 1.0
    covered = titled = 0.0
    for want in wanted:
        if want.extra:
            continue
        padded = f" {want.text} "
        if padded in hit.text_terms:
            covered += want.weight * want.idf
        if padded in hit.title_terms:
            titled += want.weight * want.idf
    said = {want.text for want in wanted}
    title = {term for term in hit.title_terms.split() if term not in ASKING}
    fits = len(title & said) / len(title) if title else 0.0
    return Nearness(hit.bm25 / most, covered / whole, titled / whole, fits)


# Fitted on the `tune` parts of public judged queries (welfare, FAQ threads, desktop help, assistants' intents, Korean
# paraphrases): the order on its own, the confidence by logistic regression of "the first one is right".
TITLE_SHARE = 0.1
_BASE, _BM25, _COVERED, _MASS, _TITLE = -11.45, 9.05, 1.77, 1.89, 1.10
# Under this nothing is offered to somebody who asks.
SURE_ENOUGH = 0.5
# And under this share of the first one's confidence nothing stands beside it. Where one thing is the answer (`tune` of
# welfare_ko, stackfaq) 3 of 277 such were right; where many say the same (banking77) half were, and the first is enough.
BESIDE_THE_FIRST = 0.8


def saturated(bm25: float) -> float:
    """More of the same words counts less and less."""
    return bm25 / (bm25 + 1.0)


def order(near: Nearness) -> float:
    """What results are sorted by."""
    return saturated(near.bm25) + TITLE_SHARE * near.title_fits


def confidence(wanted: list[Wanted], near: Nearness) -> float:
    """How likely it is that this answers the query, 0 to 1. Few or common words never give much."""
    mass = math.log1p(sum(want.weight * want.idf for want in wanted if not want.extra))
    line = (
        _BASE
        + _BM25 * saturated(near.bm25)
        + _COVERED * near.covered
        + _MASS * mass
        + _TITLE * near.titled * near.title_fits
    )
    return 1 / (1 + math.exp(-line))
