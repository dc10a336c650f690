"""Suggestions for a posted question: what already exists and may answer it."""

from community.models import Question, Suggestion


def suggest_for_question(question: Question) -> list[Suggestion]:
    return []


def offer_article(article_pk: int) -> list[Question]:
    return []
