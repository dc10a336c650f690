"""How near a hit is to a query, and how sure the portal may be that it answers it. Two things, judged apart.

Every weight here was fitted on the `tune` parts of public judged queries (welfare, FAQ threads, desktop help, assistants'
intents, Korean paraphrases, both languages across): the order by the likelihood of the right ones among all, the
confidence by logistic regression of "the first one is right". How: docs/search.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from portal.core.search.lookup import Hit, Wanted
from portal.core.search.meaning import Near
from portal.core.search.words import ASKING


class Nearness(NamedTuple):
    """What a hit and a query share: by the words, each from 0 to about 1, and by what each encoder says."""

    bm25: float  # the engine's score against the most these words could give
    covered: float  # share of what the query says that stands in the text
    titled: float  # share of it that stands in the title
    title_fits: float  # share of the title that the query says
    near: tuple[Near, ...] = ()


def nearness(wanted: list[Wanted], hit: Hit, families: Sequence[str] = ()) -> Nearness:
    """Measure one hit. Terms weigh by their rarity; second readings of the same characters count only for bm25.

    `families` name the encoders that `hit.near` is from; where one has not read the entry yet, what is usual for entries
    that share these words stands in.
    """
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
    words = Nearness(hit.bm25 / most, covered / whole, titled / whole, fits)
    if not families:
        return words
    return words._replace(
        near=tuple(known or _usual(words, family) for known, family in zip(hit.near, families, strict=True))
    )


# What an encoder says of entries that share words with a query: from nothing in common, by the saturated score, by a
# title that says the same (least squares over the first twenty by words).
_USUAL = {"use": ((0.16, 0.87), (0.47, 1.65), (0.38, 3.45)), "e5": ((0.83, 0.89), (0.04, 1.47), (0.09, 4.06))}


def _usual(words: Nearness, family: str) -> Near:
    base, by_score, by_title = _USUAL.get(family, _USUAL["use"])
    score, title = saturated(words.bm25), words.covered * words.title_fits
    cosine, z = (b + s * score + t * title for b, s, t in zip(base, by_score, by_title, strict=True))
    return Near(cosine, z)


@dataclass(frozen=True)
class Weights:
    """Of one set of encoders: what counts for the order, and for the confidence."""

    saturated: float
    title_fits: float
    covered: float
    titled: float
    sure_base: float
    sure_saturated: float
    sure_covered: float
    sure_title: float
    sure_mass: float
    z: tuple[float, ...] = ()
    cosine: tuple[float, ...] = ()
    sure_z: tuple[float, ...] = ()
    sure_cosine: tuple[float, ...] = ()
    spread: int = 1  # among how many encoders the weights of meaning are shared


WORDS = Weights(10.0, 1.0, 0.0, 0.0, -11.45, 9.05, 1.77, 1.10, 1.89)
WEIGHTS: dict[tuple[str, ...], Weights] = {
    (): WORDS,
    ("use",): Weights(
        6.83, 1.09, 1.49, -0.47, -7.13, -0.77, 2.63, 1.91, 0.83, z=(0.467,), cosine=(11.25,), sure_z=(0.582,),
        sure_cosine=(2.99,),
    ),
    ("use", "e5"): Weights(
        3.72, 0.424, 1.158, -0.97, -21.18, -2.57, 2.85, 0.37, 0.475, z=(0.346, 1.205), cosine=(7.62, 0.0),
        sure_z=(0.413, 0.37), sure_cosine=(2.93, 17.63),
    ),
}  # fmt: skip
# A server's model is unknown: its cosines say nothing by themselves, how far they stand out does.
_UNKNOWN = Weights(
    3.49, 0.606, 0.996, -1.246, -9.0, 3.0, 2.6, 1.5, 0.8, z=(2.5,), cosine=(0.0,), sure_z=(0.9,), sure_cosine=(0.0,)
)  # fmt: skip
# Under this nothing is offered to somebody who asks.
SURE_ENOUGH = 0.5
# And under this share of the first one's confidence nothing stands beside it. Where one thing is the answer (`tune` of
# welfare_ko, stackfaq) 3 of 277 such were right; where many say the same (banking77) half were, and the first is enough.
BESIDE_THE_FIRST = 0.8
# Logits that make one unit of order, so that what breaks ties (finding.py) means the same with and without vectors.
_UNIT = 10.0
# A site whose best is less sure than this has nothing to the query but words in common: of the right ones of `tune` all
# are surer, of typed nonsense next to nothing.
ABOUT = 0.15
# So many results stand for their meaning alone. There is no end of what is a little nearer than the rest.
BY_MEANING = 15


def weights(families: Sequence[str]) -> Weights:
    """Those fitted for these encoders; of others, equal shares."""
    if known := WEIGHTS.get(tuple(families)):
        return known
    share = len(families)
    return replace(
        _UNKNOWN, z=_UNKNOWN.z * share, cosine=_UNKNOWN.cosine * share,
        sure_z=_UNKNOWN.sure_z * share, sure_cosine=_UNKNOWN.sure_cosine * share, spread=share,
    )  # fmt: skip


def saturated(bm25: float) -> float:
    """More of the same words counts less and less."""
    return bm25 / (bm25 + 1.0)


def parts(near: Nearness, families: Sequence[str] = ()) -> dict[str, float]:
    """What a result's order is the sum of, by name; staff see it."""
    by = weights(families)
    found = {
        "words": by.saturated * saturated(near.bm25) + by.covered * near.covered,
        "title": by.title_fits * near.title_fits + by.titled * near.titled,
    }
    for family, each, z, cosine in zip(families, near.near, by.z, by.cosine, strict=True):
        found[family] = (z * each.z + cosine * each.cosine) / by.spread
    return {name: value / _UNIT for name, value in found.items()}


def order(near: Nearness, families: Sequence[str] = ()) -> float:
    """What results are sorted by."""
    return sum(parts(near, families).values())


def confidence(wanted: list[Wanted], near: Nearness, families: Sequence[str] = ()) -> float:
    """How likely it is that this answers the query, 0 to 1. Few or common words never give much."""
    by = weights(families)
    mass = math.log1p(sum(want.weight * want.idf for want in wanted if not want.extra))
    line = (
        by.sure_base
        + by.sure_saturated * saturated(near.bm25)
        + by.sure_covered * near.covered
        + by.sure_title * near.titled * near.title_fits
        + by.sure_mass * mass
    )
    for each, z, cosine in zip(near.near, by.sure_z, by.sure_cosine, strict=True):
        line += (z * each.z + cosine * each.cosine) / by.spread
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, line))))


def is_about(wanted: list[Wanted], near: Nearness, families: Sequence[str]) -> bool:
    """Whether the nearest of all has to do with the query at all, or is only nearer than the others."""
    return confidence(wanted, near, families) >= ABOUT
