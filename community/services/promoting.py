"""Promotion: from an answer to a draft to a published article, with the link kept both ways."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from community import drafting, finding, scoring, tasks
from community.models import Answer, Promotion
from community.permissions import can_edit_promotion, can_nominate_answer
from kb import services as kb_services
from kb.models import Article, Category
from portal.core import limits, realtime
from portal.core.errors import ConflictError, RuleError
from portal.core.models import AuditEntry, Product, Release, User
from portal.core.queue import enqueue
from portal.core.tagging import find_tags
from portal.core.text import accept_text, digest

REASON_MAX = 300
SIMILAR_SHOWN = 3
State = Promotion.State
KEEP: Any = object()  # "as it is", where None has a meaning


@transaction.atomic
def nominate_answer(*, answer: Answer, by: User) -> Promotion:
    """Say that an answer deserves to be an article. Twice is harmless; what an editor rejected stays rejected."""
    if not can_nominate_answer(by, answer):
        raise PermissionDenied
    limits.take("nominate", by=by)
    score, reasons = scoring.score_answer(answer)
    promotion, _made = Promotion.objects.select_for_update(no_key=True).get_or_create(
        answer=answer, defaults={"score": score, "reasons": reasons, "nominated_by": by}
    )
    if promotion.state == State.REJECTED:
        raise RuleError(_("An editor has looked at this answer and decided not to make an article of it."))
    Promotion.objects.filter(pk=promotion.pk, nominated_by=None).update(nominated_by=by)
    promotion.refresh_from_db()
    return promotion


@transaction.atomic
def draft_promotion(*, promotion: Promotion, by: User) -> Promotion:
    """Make the draft from the question and the answer; a draft that exists is left as it is."""
    if not can_edit_promotion(by, promotion):
        raise PermissionDenied
    answer = _source(promotion)
    draft = drafting.draft_from(answer)
    made = Promotion.objects.filter(pk=promotion.pk, state=State.CANDIDATE).update(
        state=State.DRAFT,
        title=draft.title,
        body=draft.body,
        product=draft.product,
        editor=by,
        source_digest=source_digest(answer),
    )
    _look_again(promotion)
    if made:
        promotion.releases.set(draft.releases)
        promotion.tags.set(find_tags(draft.tags))
    elif promotion.state != State.DRAFT:
        raise _already_decided(promotion)
    return promotion


@transaction.atomic
def revise_draft(
    *,
    promotion: Promotion,
    by: User,
    title: str,
    body: str,
    product: Product | None,
    tags: Iterable[str],
    version: int | None = None,
    category: Category | None = KEEP,
    releases: Iterable[Release] = KEEP,
) -> Promotion:
    """Save the editor's text, unless another editor saved a newer one; a candidate becomes a draft by it.

    The ConflictError's `theirs` holds what is there now. `version` None means "whatever is there now".
    """
    promotion = draft_promotion(promotion=promotion, by=by)
    title = " ".join(accept_text(title, field="title", limit=2_000).split())
    title = accept_text(title, field="title", limit=kb_services.TITLE_MAX)
    body = accept_text(body, field="body", limit=kb_services.BODY_MAX)
    values: dict[str, Any] = {"title": title, "body": body, "product": product, "editor": by}
    if category is not KEEP:
        values["category"] = category
    drafts = Promotion.objects.filter(pk=promotion.pk, state=State.DRAFT)
    seen = promotion.version if version is None else version
    if not drafts.filter(version=seen).update(**values, version=seen + 1):
        raise _newer_draft(Promotion.objects.get(pk=promotion.pk))
    kept = promotion.releases.all() if releases is KEEP else releases
    # A product that was changed takes its releases along.
    promotion.releases.set([release for release in kept if product and release.product_id == product.pk])
    promotion.tags.set(find_tags(tags))
    promotion.refresh_from_db()
    return promotion


@transaction.atomic
def publish_promotion(*, promotion: Promotion, by: User) -> Article:
    """Make the draft an article: revision 1, credit to the answerer, links both ways, news to those concerned.

    All of it or nothing. Of two editors the first wins; the other hears who it was (409).
    """
    if not can_edit_promotion(by, promotion):
        raise PermissionDenied
    answer = _source(promotion)
    if promotion.state == State.CANDIDATE:
        promotion = draft_promotion(promotion=promotion, by=by)
    won = Promotion.objects.filter(pk=promotion.pk, state=State.DRAFT).update(
        state=State.PUBLISHED, editor=by, decided_at=timezone.now(), announced_at=None, offered_at=None
    )
    _look_again(promotion)
    if not won:
        raise _already_decided(promotion)
    article = kb_services.draft_article(
        by=by,
        title=promotion.title,
        body=promotion.body,
        language=answer.question.language,
        product=promotion.product,
        releases=promotion.releases.all(),
        category=promotion.category,
        tags=[tag.name for tag in promotion.tags.all()],
    )
    article = kb_services.publish(revision=article.revisions.get(number=1), by=by)
    kb_services.add_credit(
        article=article, person=answer.author, kind="answer", pk=answer.pk, url=source_url(answer)
    )
    Promotion.objects.filter(pk=promotion.pk).update(article=article)
    promotion.article = article
    _audit("publish_promotion", promotion, by)
    realtime.announce(realtime.question_group(answer.question_id), "article.published", article.pk)
    enqueue(tasks.announce_article, promotion.pk)
    enqueue(tasks.offer_article, promotion.pk)
    return article


@transaction.atomic
def reject_promotion(*, promotion: Promotion, by: User, reason: str) -> Promotion:
    """Decide against an article, with a reason; the portal will not propose this answer again."""
    if not can_edit_promotion(by, promotion):
        raise PermissionDenied
    reason = accept_text(reason, field="reason", limit=REASON_MAX).strip()
    waiting = Promotion.objects.filter(pk=promotion.pk, state__in=[State.CANDIDATE, State.DRAFT])
    rejected = waiting.update(
        state=State.REJECTED, rejected_reason=reason, editor=by, decided_at=timezone.now()
    )
    _look_again(promotion)
    if not rejected:
        raise _already_decided(promotion)
    _audit("reject_promotion", promotion, by, reason=reason)
    return promotion


def source_changed(promotion: Promotion) -> bool:
    """Whether question or answer says something else than when the draft was made. Needs both loaded."""
    return bool(promotion.source_digest) and promotion.source_digest != source_digest(promotion.answer)


def source_digest(answer: Answer) -> str:
    """What tells whether the source of a draft has changed."""
    return digest(answer.question.title, answer.question.body, answer.body)


def source_url(answer: Answer) -> str:
    """An address of the answer that no new title changes."""
    return f"{reverse('community:question_short', args=[answer.question_id])}#answer-{answer.pk}"


def similar_articles(*, title: str, language: str, by: User, besides: int | None = None) -> list[Any]:
    """Articles that may already say it, best first."""
    page = finding.find(title, by=by, kinds=("article",), language=language, limit=SIMILAR_SHOWN + 1)
    return [found for found in page.results if found.object.pk != besides][:SIMILAR_SHOWN]


def next_waiting(*, besides: int) -> Promotion | None:
    """The best promotion that still waits for a decision."""
    return Promotion.objects.waiting().exclude(pk=besides).order_by("-score", "pk").first()


def _source(promotion: Promotion) -> Answer:
    """The answer with its question, or a refusal if the public can no longer read them."""
    related = ("author", "question__product", "question__release")
    answer = Answer.objects.select_related(*related).get(pk=promotion.answer_id)
    if not (answer.is_public and answer.question.is_public):
        raise RuleError(_("The answer or its question is no longer public, so no article can be made of it."))
    return answer


def _look_again(promotion: Promotion) -> None:
    """What the row says now. A candidate goes by itself when what spoke for it does."""
    try:
        promotion.refresh_from_db()
    except Promotion.DoesNotExist:
        raise ConflictError(_("This candidate was withdrawn meanwhile: less speaks for it now.")) from None


def _already_decided(promotion: Promotion) -> ConflictError:
    who = str(promotion.editor or _("Another editor"))
    words = {
        State.PUBLISHED: _("%(who)s has already published this one."),
        State.REJECTED: _("%(who)s has already rejected this one."),
    }
    sentence = words.get(State(promotion.state), _("%(who)s has already decided this one."))
    return ConflictError(sentence % {"who": who}, theirs={"state": promotion.state, "by": who})


def _newer_draft(now: Promotion) -> ConflictError:
    if now.state != State.DRAFT:
        return _already_decided(now)
    return ConflictError(
        _("Another editor saved a newer draft while you were writing. Your text is kept below."),
        theirs={"title": now.title, "body": now.body, "version": now.version, "by": str(now.editor or "")},
    )


def _audit(act: str, promotion: Promotion, by: User, *, reason: str = "") -> None:
    AuditEntry.objects.create(
        actor=by,
        act=act,
        target_kind="community.promotion",
        target_pk=promotion.pk,
        target_title=promotion.title[:200],
        reason=reason,
    )
