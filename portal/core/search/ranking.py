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


# Below this the portal says nothing while somebody asks. Chosen on the tune halves of judged sets.
SURE_ENOUGH = 0.5
OFFICIAL, ACCEPTED, FOREIGN = 0.06, 0.03, 0.08


def relevance(near: Nearness, *, kind: str, accepted: bool, own_language: bool) -> float:
    """How high a hit stands: what it shares with the query, then official before accepted before open."""
    score = 0.45 * near.covered + 0.25 * near.titled + 0.1 * near.title_fits + 0.2 * min(1.0, near.bm25)
    score += OFFICIAL if kind == "article" else ACCEPTED if accepted else 0.0
    return score - (0.0 if own_language else FOREIGN)


def confidence(near: Nearness, *, terms: int) -> float:
    """How sure the portal may be that a hit answers the query, from 0 to 1; `terms` is how many words told something."""
    if not terms:
        return 0.0
    shared = (
        0.5 * near.covered
        + 0.3 * near.titled
        + 0.2 * max(near.title_fits, near.covered if near.titled > 0.5 else 0.0)
    )
    return 1 / (1 + math.exp(-12 * (shared - 0.5)))
