"""A suggestion as words for an answer: a link to it, and the sentence in it that fits the question."""

import re

from community import finding
from community.models import Suggestion
from portal.core.search import excerpts
from portal.core.search.indexing import lines_of
from portal.core.search.lookup import look_up
from portal.core.serializers import whole
from portal.core.text import excerpt, plain

_MEANS_SOMETHING = re.compile(r"([\\`*_~\[\]<>&|])")
OPENING = 160


def quotation(suggestion: Suggestion) -> str:
    """Markdown that cites what is suggested, with the sentence nearest to the question.

    The suggestion needs its question, and its article's published revision or its answer's question, loaded.
    """
    article, answer = suggestion.article, suggestion.answer
    if article is not None:
        kind, pk, title, place = "article", article.pk, article.title, article.get_absolute_url()
        html = article.published_revision.html if article.published_revision else ""
    elif answer is not None:
        kind, pk, title, place = "answer", answer.pk, answer.question.title, answer.get_absolute_url()
        html = answer.html
    else:
        return ""
    return f"[{_literal(title)}]({whole(place)})\n\n> {_literal(_sentence(suggestion, kind, pk, html))}\n\n"


def _sentence(suggestion: Suggestion, kind: str, pk: int, html: str) -> str:
    """What the text says now: the index may still know what it said before."""
    question = suggestion.question
    looked = look_up(f"{question.title}\n{plain(question.html)}", within=finding.only(kind, pk), limit=1)
    now = " ".join(lines_of(html).split())
    for hit in looked.hits:
        found = excerpts.matching_sentence(looked.wanted, hit)[0]
        if found.strip("…") and found.strip("…") in now:
            return found
    return excerpt(html, OPENING)


def _literal(text: str) -> str:
    """Words that Markdown shows as they are."""
    return _MEANS_SOMETHING.sub(r"\\\1", " ".join(text.split()))
