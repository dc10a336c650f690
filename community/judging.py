"""What judged queries and results have in common: the names by which things are judged, and what they were measured with."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.db.models import Q

from community.finding import Found
from community.models import Question
from kb.models import Article
from portal.core.search import lookup, meaning, ranking, spaces, sureness
from portal.core.vocabulary import Synonym

_OWN_QUESTION = re.compile(r"question-[0-9]{1,18}")
_PARTS = ("kiwipiepy", "kiwipiepy-model", "whoosh-ng")


def judged_name(found: Found) -> str:
    """What a result is judged as: an article as itself, an answer as its question."""
    row = found.object.question if found.kind == "answer" else found.object
    return name_of(row)


def name_of(row: Article | Question) -> str:
    """Its external_id; of what was written here, its kind and number."""
    return row.external_id or f"{row._meta.model_name}-{row.pk}"


def present(names: Iterable[str]) -> set[str]:
    """Which of these names a visitor could find here: what the site does not hold nobody can find."""
    names = set(names)
    numbers: dict[str, set[int]] = defaultdict(set)
    for name in names:
        kind, _dash, number = name.rpartition("-")
        if number.isascii() and number.isdigit() and len(number) < 19:
            numbers[kind].add(int(number))
    public: dict[str, Any] = {"article": Article.objects.published(), "question": Question.objects.public()}
    found: set[str] = set()
    for kind, rows in public.items():
        found.update(
            rows.exclude(external_id=None).exclude(external_id="").values_list("external_id", flat=True)
        )
        own = rows.filter(pk__in=numbers[kind], external_id=None)
        found.update(f"{kind}-{pk}" for pk in own.values_list("pk", flat=True))
    return names & found


def questions_named(names: Iterable[str]) -> dict[str, int]:
    """The numbers of the questions that have these names."""
    names = set(names)
    own = {int(name.removeprefix("question-")) for name in names if _OWN_QUESTION.fullmatch(name)}
    rows = Question.objects.filter(Q(external_id__in=names) | Q(pk__in=own, external_id=None))
    return {name_of(row): row.pk for row in rows.only("pk", "external_id")}


def measured_with(*, limit: int) -> dict[str, Any]:
    """All that decides what is found: settings, weights, models, the versions of what reads the words, and how much there is."""
    answering = [] if meaning.is_words_alone() else spaces.answering()
    identities = [encoder.identity for encoder, _space in answering]
    families = [identity.partition("-")[0] for identity in identities]
    return {
        "limit": limit,
        "confidence": asdict(sureness.in_force()),
        "beside_the_first": ranking.BESIDE_THE_FIRST,
        "about": ranking.ABOUT,
        "by_meaning": ranking.BY_MEANING,
        "candidates": lookup.CANDIDATES,
        "most_terms": lookup.MOST_TERMS,
        "meant": lookup.MEANT,
        "longest_meant": lookup.LONGEST_MEANT,
        "body_weight": lookup.BODY_WEIGHT,
        "extra_weight": lookup.EXTRA_WEIGHT,
        "title_boost": lookup.TITLE_BOOST,
        "vectors": identities,
        "weights": asdict(ranking.weights(families)),
        "synonyms": Synonym.objects.count(),
        "articles": Article.objects.published().count(),
        "questions": Question.objects.public().count(),
        "parts": {name: _version(name) for name in _PARTS},
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
