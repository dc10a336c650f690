"""What the promotion desk shows, in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import QueryDict

from community import drafting, scoring
from community.models import Promotion
from community.services import promoting
from portal.core.models import User
from portal.core.paging import Page, keyset

ORDERS = {
    "candidate": ("score", "pk"),
    "draft": ("score", "pk"),
    "published": ("decided_at", "pk"),
    "rejected": ("decided_at", "pk"),
}


@dataclass(frozen=True)
class DeskRow:
    """A promotion with its reasons in words."""

    promotion: Promotion
    reasons: list[str]


def reasons_of(promotion: Promotion) -> list[str]:
    """Why it is proposed, in the reader's language, strongest first."""
    return [words for reason in promotion.reasons if (words := scoring.reason_in_words(reason))]


def state_of(query: QueryDict) -> str:
    """The state that an address asks for; candidates if it names none."""
    state = query.get("state", "")
    return state if state in ORDERS else "candidate"


def desk(query: QueryDict) -> tuple[Page, list[DeskRow]]:
    """One page of one state, best or newest first."""
    state = state_of(query)
    page = keyset(Promotion.objects.for_desk().filter(state=state), query, order=ORDERS[state])
    return page, [DeskRow(promotion, reasons_of(promotion)) for promotion in page.rows]


def counts() -> dict[str, int]:
    """How many there are of each state."""
    return dict(Promotion.objects.order_by().values_list("state").annotate(Count("pk")))


def sheet(promotion: Promotion, by: User) -> dict[str, Any]:
    """Everything beside the form on one promotion's page."""
    answer, question = promotion.answer, promotion.answer.question
    waiting = promotion.state in (Promotion.State.CANDIDATE, Promotion.State.DRAFT)
    title = promotion.title or drafting.title_of(question)
    return {
        "promotion": promotion,
        "answer": answer,
        "question": question,
        "waiting": waiting,
        "readable": answer.is_public and question.is_public,
        "reasons": reasons_of(promotion),
        "hidden": drafting.personal_data(f"{question.title}\n{question.body}\n{answer.body}"),
        "source_changed": promoting.source_changed(promotion),
        "similar": promoting.similar_articles(
            title=title, language=question.language, by=by, besides=promotion.article_id
        )
        if waiting
        else [],
        "after": promoting.next_waiting(besides=promotion.pk) if waiting else None,
    }
