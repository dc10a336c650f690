"""Lists of questions: which ones, in which order, and what the filters in an address mean."""

from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from community.models import Question, Watch
from portal.core.models import Language, Product, Tag, User
from portal.core.paging import Page, keyset

STATES = ("unanswered", "unsolved", "solved")
OWN_STATES = ("mine", "watched")
ORDERS = {"new": ("pk",), "active": ("active_at", "pk")}


def filtered(query: QueryDict, user: Any) -> QuerySet[Question]:
    """The questions that an address asks for and this reader may see; unknown values mean "no filter"."""
    rows = Question.objects.visible_to(user).exclude(status=Question.Status.REMOVED)
    state = query.get("state", "")
    if state in STATES:
        rows = getattr(rows, state)()
    if state == "mine" and user.is_authenticated:
        rows = rows.filter(author=user)
    if state == "watched" and user.is_authenticated:
        rows = rows.filter(
            pk__in=Watch.objects.filter(person=user, question__isnull=False).values("question")
        )
    if product := query.get("product", "")[:60]:
        rows = rows.filter(product__slug=product)
    if tag := query.get("tag", "")[:40]:
        rows = rows.filter(tags__name=tag)
    if author := query.get("author", "")[:150]:
        rows = rows.filter(author__username=author)
    if (language := query.get("language", "")) in Language.values:
        rows = rows.filter(language=language)
    return rows


def page_of(rows: QuerySet[Question], query: QueryDict, *, size: int = 20) -> Page:
    """One page of question rows in the order that the address asks for."""
    order = ORDERS.get(query.get("sort", ""), ORDERS["new"])
    return keyset(rows.for_rows(), query, order=order, size=size)  # type: ignore[attr-defined]


def feed_key(person: User) -> str:
    """What lets a feed reader, which cannot sign in, read a person's own lists; a new password ends it."""
    return Signer(salt="feed").sign_object([person.pk, person.get_session_auth_hash()[:16]])


def reader_of(key: str) -> User | None:
    """Whose key this is; None if nobody's or no longer."""
    try:
        pk, mark = Signer(salt="feed").unsign_object(key)
    except BadSignature:
        return None
    person = User.objects.filter(pk=pk, is_active=True).first()
    return person if person and person.get_session_auth_hash()[:16] == mark else None


def people_who_helped() -> QuerySet[User]:
    """Adds `answer_count` and `accepted_count`: public answers, and how many of them solved a question."""
    shown = Q(answers__status="open", answers__question__status__in=["open", "closed"])
    counted = User.objects.filter(is_active=True).annotate(
        answer_count=Count("answers", filter=shown, distinct=True),
        accepted_count=Count("answers", filter=shown & Q(answers__accepted_for__isnull=False), distinct=True),
    )
    return counted.filter(answer_count__gt=0)


def products_with_counts() -> QuerySet[Product]:
    """Adds `question_count` and `article_count`: what a visitor would find."""
    public = Q(questions__status__in=["open", "closed"])
    return Product.objects.annotate(
        question_count=Count("questions", filter=public, distinct=True),
        article_count=Count("articles", filter=Q(articles__status="published"), distinct=True),
    )


def tags_with_counts() -> QuerySet[Tag]:
    """The tags in use, with `question_count`."""
    public = Q(questions__status__in=["open", "closed"])
    counted = Tag.objects.annotate(question_count=Count("questions", filter=public, distinct=True))
    return counted.filter(question_count__gt=0)
