"""Whether an answer deserves to become an article: a score with its reasons, and the row that keeps it."""

import math
import re
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Answer, Promotion, Question
from portal.core.text import plain

# From this score on an answer waits for an editor. An accepted answer reaches it alone, unless readers or its
# own brevity speak against it; one that nobody accepted needs several helpful votes and a good shape.
THRESHOLD = 3.0

ACCEPTED = 3.0
VOTES = 3.5
NOT_HELPFUL = -2.0
REPEATED_MOST = 3.0
SEEN_MOST = 1.5
RECORD_MOST = 1.0
STEPS = 1.0
LENGTH = 0.5
BRIEF = -1.0
# Characters of plain text; a Korean syllable says about as much as two Latin letters.
BRIEF_UNDER = {"ko": 12, "en": 24}
LONG_FROM = {"ko": 80, "en": 160}

Reason = dict[str, Any]


def score_answer(answer: Answer) -> tuple[float, list[Reason]]:
    """The score and its reasons as codes and numbers, strongest first. Needs the question loaded."""
    question = answer.question
    reasons = [
        *_acceptance(answer, question),
        *_votes(answer),
        *_repetition(answer, question),
        *_views(question),
        *_shape(answer, question.language),
        *_record(answer),
    ]
    reasons.sort(key=lambda reason: -abs(reason["points"]))
    return round(sum(reason["points"] for reason in reasons), 2), reasons


def _reason(code: str, points: float, n: int, **more: int) -> Reason:
    return {"code": code, "points": round(points, 2), "n": n, **more}


def _acceptance(answer: Answer, question: Question) -> list[Reason]:
    return [_reason("accepted", ACCEPTED, 1)] if question.accepted_answer_id == answer.pk else []


def _votes(answer: Answer) -> list[Reason]:
    counted = Answer.objects.with_votes().get(pk=answer.pk)
    helpful, unhelpful = counted.helpful, counted.unhelpful
    if unhelpful > helpful:
        return [_reason("unhelpful", NOT_HELPFUL, unhelpful, of=helpful + unhelpful)]
    if helpful == 0:
        return []
    # Wilson's lower bound: three good votes say less than thirty.
    return [_reason("helpful", VOTES * counted.vote_score, helpful, of=helpful + unhelpful)]


def _repetition(answer: Answer, question: Question) -> list[Reason]:
    same_problem = Q(duplicate_of=question) | Q(solved_by_answer=answer)
    times = Question.objects.public().filter(same_problem).exclude(pk=question.pk).distinct().count()
    return [_reason("repeated", min(REPEATED_MOST, float(times)), times)] if times else []


def _views(question: Question) -> list[Reason]:
    if question.views < 10:
        return []
    return [_reason("seen", min(SEEN_MOST, math.log10(question.views) / 2), question.views)]


def _shape(answer: Answer, language: str) -> list[Reason]:
    length = len(plain(answer.html))
    steps = len(re.findall(r"<li>", answer.html))
    found = []
    if length < BRIEF_UNDER.get(language, BRIEF_UNDER["en"]):
        found.append(_reason("brief", BRIEF, length))
    elif length >= LONG_FROM.get(language, LONG_FROM["en"]):
        found.append(_reason("length", LENGTH, length))
    if steps >= 2:
        found.append(_reason("steps", STEPS, steps))
    return found


def _record(answer: Answer) -> list[Reason]:
    if answer.author_id is None:
        return []
    others = (
        Question.objects.public()
        .filter(accepted_answer__author=answer.author_id)
        .exclude(pk=answer.question_id)
    )
    times = others.count()
    return [_reason("record", min(RECORD_MOST, times / 5), times)] if times else []


@transaction.atomic
def consider_answer(answer_pk: int) -> Promotion | None:
    """Make, update or withdraw an answer's candidate row, by what is true now; harmless to repeat.

    What an editor has taken up, published or rejected keeps its state: only its score follows. A candidate
    that somebody nominated stays although its score is low, but never once the public cannot read it.
    """
    answer = Answer.objects.select_related("question").filter(pk=answer_pk).first()
    if answer is None:
        return None
    seen = answer.chances_changed_at
    score, reasons = score_answer(answer)
    promotion = _keep(answer, score, reasons)
    # Cleared only if nothing happened meanwhile: else the next run looks again.
    Answer.objects.filter(pk=answer.pk, chances_changed_at=seen).update(
        chances_changed_at=None, considered_at=timezone.now()
    )
    return promotion


def _keep(answer: Answer, score: float, reasons: list[Reason]) -> Promotion | None:
    readable = answer.is_public and answer.question.is_public
    candidates = Promotion.objects.filter(answer=answer, state=Promotion.State.CANDIDATE)
    if not readable:
        candidates.delete()
    elif score < THRESHOLD:
        candidates.filter(nominated_by=None).delete()
    else:
        Promotion.objects.get_or_create(answer=answer, defaults={"score": score, "reasons": reasons})
    Promotion.objects.filter(answer=answer).update(score=score, reasons=reasons)
    return Promotion.objects.filter(answer=answer).first()


def mark_offered(promotion: Promotion) -> None:
    """Note that the article was offered to the open questions it would answer."""
    Promotion.objects.filter(pk=promotion.pk, offered_at=None).update(offered_at=timezone.now())


def reason_in_words(reason: Reason) -> str:
    """One reason as a sentence in the reader's language; an unknown code says nothing."""
    n = int(reason.get("n", 0))
    words = {
        "accepted": lambda: _("The asker accepted it"),
        "helpful": lambda: ngettext("%(n)s person found it helpful", "%(n)s people found it helpful", n),
        "unhelpful": lambda: ngettext(
            "%(n)s person found it not helpful", "%(n)s people found it not helpful", n
        ),
        "repeated": lambda: ngettext(
            "%(n)s other person had the same problem", "%(n)s other people had the same problem", n
        ),
        "seen": lambda: ngettext("Seen %(n)s time", "Seen %(n)s times", n),
        "brief": lambda: _("Very short"),
        "length": lambda: _("Explains it at length"),
        "steps": lambda: ngettext("Gives %(n)s step", "Gives %(n)s steps", n),
        "record": lambda: ngettext(
            "The answerer solved %(n)s other question", "The answerer solved %(n)s other questions", n
        ),
    }.get(reason.get("code", ""))
    return words() % {"n": formats.number_format(n, use_l10n=True, force_grouping=True)} if words else ""
