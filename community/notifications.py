"""Who hears of what: finds the people and writes their notifications; mail is the kernel's business.

Everyone is told once per event (the dedupe key) and only of what is public. Whoever watches a question or one of its
tags hears of its answers; asking and answering watch by default, so unwatching is all it takes to hear no more.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from community.models import Answer, Comment, Promotion, Question, Suggestion
from kb.models import Article, Revision
from portal.core import notify
from portal.core.models import AuditEntry, Notification, User
from portal.core.text import excerpt

Kind = Notification.Kind
EXCERPT = 200


def announce_answer(answer: Answer) -> int:
    """A new answer: for those who watch its question or one of its tags."""
    question = answer.question
    if not (answer.is_public and question.is_public):
        return 0
    return notify.notify(
        recipients=_watchers(question, tags=True),
        kind=Kind.ANSWER,
        dedupe_key=f"answer-{answer.pk}",
        target=("community.answer", answer.pk),
        thread_key=thread_key(question),
        url=answer.get_absolute_url(),
        data=_words_of(answer, question),
        actor=answer.author,
    )


def announce_comment(comment: Comment) -> int:
    """A new comment: for those who watch the question it stands under."""
    question = comment.thread()
    above = comment.answer or question
    if not (comment.is_public and above.is_public and question.is_public):
        return 0
    return notify.notify(
        recipients=_watchers(question),
        kind=Kind.COMMENT,
        dedupe_key=f"comment-{comment.pk}",
        target=("community.comment", comment.pk),
        thread_key=thread_key(question),
        url=f"{question.get_absolute_url()}#comment-{comment.pk}",
        data=_words_of(comment, question),
        actor=comment.author,
    )


def announce_acceptance(question: Question) -> int:
    """An answer was accepted: for whoever wrote it, unless they asked themselves."""
    answer = question.accepted_answer
    if (
        answer is None
        or not (answer.is_public and question.is_public)
        or answer.author_id == question.author_id
    ):
        return 0
    return notify.notify(
        recipients=_one(answer.author),
        kind=Kind.ACCEPTED,
        dedupe_key=f"accepted-{answer.pk}",
        target=("community.answer", answer.pk),
        thread_key=thread_key(question),
        url=f"{question.get_absolute_url()}#answer-{answer.pk}",
        data=_words_of(answer, question),
    )


def announce_suggestions(question: Question) -> int:
    """The portal found what may already solve a question: for whoever asked."""
    waiting = Suggestion.objects.filter(question=question, outcome="").select_related(
        "article", "answer__question"
    )
    items = [item for suggestion in waiting.order_by("position") if (item := _suggested(suggestion))]
    if not items or not question.is_public:
        return 0
    return notify.notify(
        recipients=_one(question.author),
        kind=Kind.SUGGESTIONS,
        dedupe_key=f"suggestions-{question.pk}",
        target=("community.question", question.pk),
        thread_key=thread_key(question),
        url=f"{question.get_absolute_url()}#suggestions",
        data={"title": question.title, "excerpt": items[0]["title"], "items": items},
    )


def announce_article(promotion: Promotion) -> int:
    """An answer became an article: for whoever wrote the answer, and for whoever asked."""
    article, question = promotion.article, promotion.answer.question
    if article is None or article.status != Article.Status.PUBLISHED:
        return 0
    shared: dict[str, Any] = {
        "target": ("kb.article", article.pk),
        "thread_key": thread_key(question),
        "url": article.get_absolute_url(),
        "data": {"title": question.title, "article": article.title, "excerpt": _opening(article)},
    }
    told = notify.notify(
        recipients=_one(promotion.answer.author),
        kind=Kind.ARTICLE_CREDIT,
        dedupe_key=f"credit-{article.pk}",
        **shared,
    )
    if question.author_id != promotion.answer.author_id:
        told += notify.notify(
            recipients=_one(question.author),
            kind=Kind.ARTICLE_MADE,
            dedupe_key=f"article-made-{article.pk}",
            **shared,
        )
    return told


def announce_offer(question: Question, article: Article) -> int:
    """A new article may solve an open question: for whoever asked it."""
    if not question.is_public or article.status != Article.Status.PUBLISHED:
        return 0
    return notify.notify(
        recipients=_one(question.author),
        kind=Kind.ARTICLE_OFFER,
        dedupe_key=f"offer-{question.pk}-{article.pk}",
        target=("kb.article", article.pk),
        thread_key=thread_key(question),
        url=f"{question.get_absolute_url()}#suggestions",
        data={"title": question.title, "article": article.title, "excerpt": _opening(article)},
    )


def announce_revision(revision: Revision) -> int:
    """An article reads differently now: for those who watch it, except whoever published it."""
    article = revision.article
    if article.status != Article.Status.PUBLISHED or article.published_revision_id != revision.pk:
        return 0
    return notify.notify(
        recipients=User.objects.filter(watches__article=article, is_active=True),
        kind=Kind.ARTICLE_CHANGED,
        dedupe_key=f"revision-{revision.pk}",
        target=("kb.article", article.pk),
        thread_key=f"article-{article.pk}",
        url=article.get_absolute_url(),
        data={
            "title": article.title,
            "excerpt": excerpt(revision.html, EXCERPT),
            "note_text": revision.note,
            "language": article.language,
        },
        actor=revision.reviewed_by,
    )


def announce_decision(
    *, post: Question | Answer | Comment, act: str, reason: str, by: User, entry: AuditEntry | None = None
) -> int:
    """A moderator decided on a post: for whoever wrote it, with the reason. Who decided is not named to them."""
    question = (
        post if isinstance(post, Question) else post.question if isinstance(post, Answer) else post.thread()
    )
    kind = type(post).__name__.lower()
    if post.author_id == by.pk:
        return 0
    return notify.notify(
        recipients=_one(post.author),
        kind=Kind.DECISION,
        dedupe_key=_decision_key(entry) if entry else f"decision-{act}-{kind}-{post.pk}",
        target=(f"community.{kind}", post.pk),
        thread_key=thread_key(question),
        url=_place_of(post, question, removed=act == "remove"),
        data=_words_of(post, question) | {"act": act, "reason": reason, "post": kind},
    )


def take_back_decision(entry: AuditEntry) -> int:
    """An undone decision is no news any more."""
    return notify.withdraw(dedupe_key=_decision_key(entry))


def announce_duplicate(question: Question, *, by: User | None = None, entry: AuditEntry | None = None) -> int:
    """A question was closed in favour of an older one: for whoever asked, with where to read on."""
    original = question.duplicate_of
    if original is None or (by is not None and question.author_id == by.pk):
        return 0
    return notify.notify(
        recipients=_one(question.author),
        kind=Kind.DUPLICATE,
        dedupe_key=_decision_key(entry) if entry else f"duplicate-{question.pk}-{original.pk}",
        target=("community.question", question.pk),
        thread_key=thread_key(question),
        url=original.get_absolute_url(),
        data={
            "title": question.title,
            "original": original.title,
            "excerpt": excerpt(original.html, EXCERPT),
        },
    )


def thread_key(question: Question) -> str:
    """All mail about one question is one thread."""
    return f"question-{question.pk}"


def _place_of(post: Question | Answer | Comment, question: Question, *, removed: bool) -> str:
    """Where the author can look: what was removed has no place any more, so the thread, or their notifications."""
    if isinstance(post, Question):
        return reverse("community:notifications") if removed else question.get_absolute_url()
    anchor = "" if removed else f"#{type(post).__name__.lower()}-{post.pk}"
    return question.get_absolute_url() + anchor


def _watchers(question: Question, *, tags: bool = False) -> QuerySet[User]:
    watched = Q(watches__question=question)
    if tags:
        watched |= Q(watches__tag__in=question.tags.all())
    return User.objects.filter(watched, is_active=True).distinct()


def _one(person: User | None) -> list[User]:
    return [person] if person is not None else []


def _words_of(post: Question | Answer | Comment, question: Question) -> dict[str, Any]:
    return {
        "title": question.title,
        "excerpt": excerpt(post.html, EXCERPT),
        "html": post.html,
        "text": post.body,
        "language": question.language,
    }


def _opening(article: Article) -> str:
    return excerpt(article.published_revision.html, EXCERPT) if article.published_revision else ""


def _suggested(suggestion: Suggestion) -> dict[str, str] | None:
    target = suggestion.article or suggestion.answer
    if target is None or not suggestion.can_be_read:
        return None
    kind, titled = ("article", target) if isinstance(target, Article) else ("answer", target.question)
    return {"kind": kind, "title": titled.title, "url": target.get_absolute_url()}


def _decision_key(entry: AuditEntry) -> str:
    return f"decision-{entry.pk}"
