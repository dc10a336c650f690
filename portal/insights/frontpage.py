"""The admin's front page: what waits, and what today brought. Each number leads to its rows."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Answer, Comment, Flag, Promotion, Question
from kb.models import ContentGap
from portal.core.admin_base import is_on_desk
from portal.core.models import IndexChange, Notification, SearchQuery, User

A_DAY = timedelta(hours=24)
A_MINUTE = timedelta(minutes=1)


def fill(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Put the numbers into the page. Whoever is on no desk is turned away."""
    if not is_on_desk(request.user):
        raise PermissionDenied
    counts = _counts()
    context |= {"waits": _waits(counts), "today": _today(counts)}
    return context


def _counts() -> dict[str, int]:
    """All numbers of the page in one query: each is a count of its own table."""
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    new = {"created_at__gte": midnight}
    answered = Exists(Answer.objects.public().filter(question=OuterRef("pk")))
    searches = SearchQuery.objects.filter(**new).exclude(visit="")
    parts: dict[str, QuerySet[Any]] = {
        "held_questions": Question.objects.held(),
        "held_answers": Answer.objects.held(),
        "held_comments": Comment.objects.held(),
        "flags": Flag.objects.filter(decided_at=None),
        "candidates": Promotion.objects.filter(state="candidate"),
        "drafts": Promotion.objects.filter(state="draft"),
        "late": Question.objects.filter(~answered, status="open", created_at__lt=now - A_DAY),
        "mails": Notification.objects.undelivered().filter(created_at__lt=now - A_MINUTE),
        "index": IndexChange.objects.filter(stage=0),
        "gaps": ContentGap.objects.filter(status="open"),
        "questions": Question.objects.public().filter(**new),
        "answers": Answer.objects.public().filter(**new),
        "solved": Question.objects.public().filter(solved_at__gte=midnight),
        "people": User.objects.filter(date_joined__gte=midnight),
        "searches": searches,
        "said": searches.filter(outcome="solved"),
    }
    rows = [_count(name, part) for name, part in parts.items()]
    return dict(rows[0].union(*rows[1:], all=True).values_list("name", "n"))


def _count(name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    one = Value(1, output_field=IntegerField())
    counted = (
        rows.order_by().annotate(name=Value(name), one=one).values("one", "name").annotate(n=Count("pk"))
    )
    return counted.values("name", "n")


def _list(model: str, query: str = "") -> str:
    return reverse(f"admin:{model}_changelist") + query


def _waits(counts: dict[str, int]) -> list[dict[str, Any]]:
    held = counts.get("held_questions", 0) + counts.get("held_answers", 0) + counts.get("held_comments", 0)
    shown = [
        (_("Held posts"), held, reverse("community:moderation"), "gavel"),
        (_("Open flags"), counts.get("flags", 0), _list("community_flag", "?decided=no"), "flag"),
        (_("Candidates for articles"), counts.get("candidates", 0), _list("community_promotion", "?state__exact=candidate"), "star"),
        (_("Drafts of articles"), counts.get("drafts", 0), _list("community_promotion", "?state__exact=draft"), "edit_note"),
        (_("Unanswered for over 24 hours"), counts.get("late", 0), _list("community_question", "?answers=late"), "schedule"),
        (_("Open content gaps"), counts.get("gaps", 0), _list("kb_contentgap", "?status__exact=open"), "search_off"),
        (_("News not delivered for a minute"), counts.get("mails", 0), _list("core_notification", "?delivery=waiting"), "mail"),
        (_("Waiting for the index"), counts.get("index", 0), _list("core_indexchange"), "sync"),
    ]  # fmt: skip
    return [{"label": label, "n": n, "url": url, "icon": icon} for label, n, url, icon in shown]


def _today(counts: dict[str, int]) -> list[dict[str, Any]]:
    shown = [
        (_("Questions"), "questions", _list("community_question")),
        (_("Answers"), "answers", _list("community_answer")),
        (_("Solved"), "solved", _list("community_question", "?answers=solved")),
        (_("New people"), "people", _list("core_user")),
        (_("Searches"), "searches", _list("core_searchquery")),
        (_("Solved without asking"), "said", _list("core_searchquery", "?outcome__exact=solved")),
    ]
    return [{"label": label, "n": counts.get(name, 0), "url": url} for label, name, url in shown]
