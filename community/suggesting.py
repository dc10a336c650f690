"""Suggestions for a posted question: what already exists and may answer it."""

import math
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from community import finding
from community.models import PossibleDuplicate, Question, Suggestion
from kb.models import Article
from portal.core.search import ranking, sureness
from portal.core.search.analysis import terms
from portal.core.search.lookup import look_up
from portal.core.search.words import ASKING
from portal.core.text import plain

MOST = 3
OFFERED_TO = 20
LOOKED_AT = 20
# From here on a moderator is asked. On the `tune` parts of parakqc_ko and stackfaq this proposes .56 and .25 of those
# who ask what is there, .94 and 1.00 of it rightly; of those who ask something new .09 (among 1,000 sets of sentences
# about four topics) and .004.
THE_SAME = 0.6
ALIKE = 0.5  # two titles of which the shorter one shares so much


@transaction.atomic
def suggest_for_question(question: Question) -> list[Suggestion]:
    """Write down what may answer a question and that it was looked at. Harmless to repeat.

    Only what any visitor may see is suggested, never the question's own answers.
    """
    found = finding.suggest(
        f"{question.title}\n{plain(question.html)}", by=AnonymousUser(), language=question.language,
        product=question.product, release=question.release, limit=MOST, besides=question.pk,
    )  # fmt: skip
    rows = [
        Suggestion.objects.get_or_create(
            question=question,
            **{each.kind: each.object},
            defaults={"confidence": each.confidence, "position": position},
        )[0]
        for position, each in enumerate(found, start=1)
    ]
    Question.objects.filter(pk=question.pk, suggested_at=None).update(suggested_at=timezone.now())
    return rows


def reasons_for(suggestion: Suggestion, question: Question) -> list[str]:
    """Why a suggestion stands under its question, in codes that are true now: title or text, and product."""
    thread: Any = suggestion.article or suggestion.answer.question  # type: ignore[union-attr]
    reasons = ["title" if _alike(question.title, thread.title) else "text"]
    if question.product_id and thread.product_id == question.product_id:
        reasons.append("product")
    return reasons


def _alike(one: str, other: str) -> bool:
    said = [{term.text for term in terms(title) if not term.extra} - ASKING for title in (one, other)]
    shared = len(said[0] & said[1])
    return shared >= 2 and shared >= ALIKE * min(map(len, said))


def nearest_question(question: Question) -> tuple[Question, float] | None:
    """The older public question that says most nearly the same, and how likely it is that it is the same.

    Each must say what the other says: a long story that happens to hold a short question's words is another one.
    """
    texts = (question.title, f"{question.title}\n{plain(question.html)}")
    sure: dict[int, float] = {}
    for text in texts:
        looked = look_up(text, within=finding.questions_before(question.pk), limit=LOOKED_AT)
        for hit in looked.hits:
            near = ranking.nearness(looked.wanted, hit)
            said = ranking.confidence(looked.wanted, near) * math.sqrt(near.titled * near.title_fits)
            sure[hit.pk] = max(sure.get(hit.pk, 0.0), said)
    older = Question.objects.public().filter(pk__in=sure, pk__lt=question.pk).select_related("duplicate_of")
    found = max(older, key=lambda each: (sure[each.pk], -each.pk), default=None)
    return (found.duplicate_of or found, round(sure[found.pk], 3)) if found else None


@transaction.atomic
def propose_duplicate(question: Question) -> PossibleDuplicate | None:
    """Propose to the moderators that a public question repeats an older one. Harmless to repeat, and never a pair twice."""
    if question.status != Question.Status.OPEN or question.duplicate_of_id is not None:
        return None
    found = nearest_question(question)
    if found is None or found[1] < THE_SAME:
        return None
    older, sure = found
    if not older.is_public or older.pk >= question.pk:
        return None
    return PossibleDuplicate.objects.get_or_create(
        question=question, of=older, defaults={"confidence": sure}
    )[0]


@transaction.atomic
def offer_article(article_pk: int) -> list[Question]:
    """Suggest a new article to the open, unsolved questions that it would answer. Returns those it is new to."""
    article = (
        Article.objects.published()
        .filter(pk=article_pk)
        .select_related("published_revision", "product")
        .first()
    )
    if article is None or article.published_revision is None:
        return []
    near = look_up(f"{article.title}\n{plain(article.published_revision.html)}", limit=60)
    pks = {hit.question for hit in near.hits if hit.kind == "question"}
    unsolved = Question.objects.public().filter(pk__in=pks, solved_at=None, status=Question.Status.OPEN)
    offered = []
    rule = sureness.in_force()
    for question in unsolved.exclude(suggestions__article=article).select_related("author", "product")[
        :OFFERED_TO
    ]:
        sure = rule.read(_confidence(question, article))
        if sure >= rule.least:
            _row, made = Suggestion.objects.get_or_create(
                question=question, article=article, defaults={"confidence": sure, "position": 0}
            )
            if made:  # else the question's own search has just found it
                offered.append(question)
    return offered


def _confidence(question: Question, article: Article) -> float:
    """How likely the article answers the question, from the question's side: its title by itself, and as a whole."""
    texts = (question.title, f"{question.title}\n{plain(question.html)}")
    looks = [look_up(text, within=finding.only("article", article.pk), limit=1) for text in texts]
    return max(
        (
            ranking.confidence(each.wanted, ranking.nearness(each.wanted, hit, each.families), each.families)
            for each in looks
            for hit in each.hits
        ),
        default=0.0,
    )
