"""The moderation queue: a query over held posts, open flags and possible duplicates, and what is known of one entry."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Count, Exists, F, Min, OuterRef, Q, QuerySet, Value

from community.models import Answer, Comment, Flag, PossibleDuplicate, Question
from community.moderation.deciding import Decided, Post, kind_of, thread_of
from community.permissions import can_decide
from portal.core.models import AuditEntry, User

MODELS: dict[str, type[Post]] = {"question": Question, "answer": Answer, "comment": Comment}
DUPLICATE = "duplicate"  # the kind of an entry that is about two questions
COUNTED_TO = 200


@dataclass
class Entry:
    """What waits for a decision: a post that is held or carries open flags, or a question that may repeat an older one.

    In the last case `post` is the newer question, and `proposal` names both.
    """

    kind: str
    pk: int
    since: datetime
    post: Any = None
    flags: list[Flag] = field(default_factory=list)
    proposal: PossibleDuplicate | None = None

    @property
    def id(self) -> str:
        """The same for as long as the post or the pair exists: "answer-9", "duplicate-3"."""
        return f"{self.kind}-{self.pk}"

    @property
    def held(self) -> bool:
        return self.post.status == "held"

    @property
    def question(self) -> Question:
        return thread_of(self.post)

    @property
    def cursor(self) -> str:
        return f"{self.since.isoformat()}~{self.id}"


def queue(by: User, *, limit: int = 50, after: str = "") -> list[Entry]:
    """What waits, one entry per post and per pair, oldest first; at most six queries."""
    entries = waiting(by, limit=limit, after=after)
    load(entries)
    return [entry for entry in entries if entry.post is not None]


def waiting(by: User, *, limit: int = COUNTED_TO, after: str = "") -> list[Entry]:
    """Which posts wait, without the posts themselves; one query. `after` is the cursor of an entry."""
    if not can_decide(by):
        raise PermissionDenied
    mark = _mark(after)
    parts = [_after(part, kind, mark) for kind, part in _parts()]
    rows = parts[0].union(*parts[1:], all=True).order_by("since", "kind", "post_pk")[:limit]
    return [Entry(kind=row["kind"], pk=row["post_pk"], since=row["since"]) for row in rows]


def load(entries: list[Entry]) -> None:
    """Fetch the posts and open flags of these entries: a query for each kind that occurs and one for the flags."""
    _load_pairs([entry for entry in entries if entry.kind == DUPLICATE])
    entries = [entry for entry in entries if entry.kind in MODELS]
    wanted = {kind: [entry.pk for entry in entries if entry.kind == kind] for kind in MODELS}
    posts: dict[tuple[str, int], Post] = {}
    related = {
        "question": ["author", "product"],
        "answer": ["author", "question__author"],
        "comment": ["author", "question__author", "answer__question__author", "answer__author"],
    }
    for kind, pks in wanted.items():
        if pks:
            found = MODELS[kind].objects.select_related(*related[kind]).in_bulk(pks)
            posts |= {(kind, pk): post for pk, post in found.items()}
    flags: dict[tuple[str, int], list[Flag]] = {}
    on_them = (
        Q(question__in=wanted["question"]) | Q(answer__in=wanted["answer"]) | Q(comment__in=wanted["comment"])
    )
    for flag in (
        Flag.objects.filter(on_them, decided_at=None).select_related("reporter").order_by("pk")
        if entries
        else ()
    ):
        kind, pk = next((kind, pk) for kind in MODELS if (pk := getattr(flag, f"{kind}_id")))
        flags.setdefault((kind, pk), []).append(flag)
    for entry in entries:
        entry.post = posts.get((entry.kind, entry.pk))
        entry.flags = flags.get((entry.kind, entry.pk), [])


def _load_pairs(entries: list[Entry]) -> None:
    if not entries:
        return
    related = ("question__author", "question__product", "of__author", "of__product", "of__accepted_answer")
    answers = Answer.objects.public()
    pairs = PossibleDuplicate.objects.select_related(*related).annotate(
        question_answered=Exists(answers.filter(question=OuterRef("question"))),
        of_answered=Exists(answers.filter(question=OuterRef("of"))),
    )
    found = pairs.in_bulk([entry.pk for entry in entries])
    for entry in entries:
        if proposal := found.get(entry.pk):
            entry.proposal, entry.post = proposal, proposal.question


def entry_id_of(post: Decided) -> str:
    """The id of the entry of a post or a pair."""
    return f"{DUPLICATE if isinstance(post, PossibleDuplicate) else kind_of(post)}-{post.pk}"


def find_entry(by: User, entry_id: str) -> Entry | None:
    """An entry by its id, whether it still waits or not; None if there is no such post."""
    if not can_decide(by):
        raise PermissionDenied
    kind, _hyphen, number = entry_id.partition("-")
    models: dict[str, type[Decided]] = {**MODELS, DUPLICATE: PossibleDuplicate}
    if kind not in models or not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    post = models[kind].objects.values_list("created_at", flat=True).filter(pk=int(number)).first()
    if post is None:
        return None
    entry = Entry(kind=kind, pk=int(number), since=post)
    load([entry])
    return entry


def context_of(entry: Entry) -> dict[str, Any]:
    """What else is known: how much the author has written and how it stands, and earlier decisions on it. Two queries."""
    author = entry.post.author_id
    if author is None:
        return {"counts": {}, "written": 0, "decisions": []}
    mine = [
        model.objects.filter(author=author)
        .order_by()
        .values("status")
        .annotate(n=Count("pk"))
        .values_list("status", "n")
        for model in MODELS.values()
    ]
    counts: dict[str, int] = {}
    for status, n in mine[0].union(*mine[1:], all=True):
        counts[status] = counts.get(status, 0) + n
    on_mine = Q(pk__in=[])
    for kind, model in MODELS.items():
        pks = model.objects.filter(author=author).order_by().values("pk")
        on_mine |= Q(target_kind=f"community.{kind}", target_pk__in=pks)
    decisions = AuditEntry.objects.filter(on_mine).select_related("actor")[:5]
    return {"counts": counts, "written": sum(counts.values()), "decisions": list(decisions)}


def _parts() -> list[tuple[str, QuerySet[Any]]]:
    found: list[tuple[str, QuerySet[Any]]] = []
    for kind, model in MODELS.items():
        held = model.objects.held().order_by().annotate(since=F("created_at"), post_pk=F("pk"))
        found.append((kind, held))
        # A held post is an entry already, and what was taken back by its author needs no decision.
        flagged = Flag.objects.filter(decided_at=None, **{f"{kind}__isnull": False}).exclude(
            **{f"{kind}__status__in": ["held", "removed"]}
        )
        if kind == "answer":
            flagged = flagged.exclude(answer__question__status="removed")
        found.append(
            (
                kind,
                flagged.order_by()
                .annotate(post_pk=F(f"{kind}_id"))
                .values("post_pk")
                .annotate(since=Min("created_at")),
            )
        )
    pairs = PossibleDuplicate.objects.waiting().order_by()
    found.append((DUPLICATE, pairs.annotate(since=F("created_at"), post_pk=F("pk"))))
    return found


def _after(part: QuerySet[Any], kind: str, mark: tuple[datetime, str, int] | None) -> QuerySet[Any]:
    if mark is not None:
        since, last_kind, last_pk = mark
        if kind == last_kind:
            part = part.filter(Q(since__gt=since) | Q(since=since, post_pk__gt=last_pk))
        else:
            part = part.filter(**{"since__gte" if kind > last_kind else "since__gt": since})
    return part.annotate(kind=Value(kind, output_field=CharField())).values("kind", "post_pk", "since")


def _mark(cursor: str) -> tuple[datetime, str, int] | None:
    since, _tilde, entry_id = cursor.partition("~")
    kind, _hyphen, number = entry_id.partition("-")
    try:
        return datetime.fromisoformat(since), kind, int(number)
    except ValueError:
        return None
