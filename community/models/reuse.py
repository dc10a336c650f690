"""What makes the next question unnecessary: suggestions of what exists, and answers on their way to articles."""

from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.posts import Answer, Question
from community.querysets import PromotionQuerySet, SuggestionQuerySet


class Suggestion(models.Model):
    """An article or an answer that may already solve a posted question, found by the portal."""

    class Outcome(models.TextChoices):
        NONE = "", _("nothing yet")
        OPENED = "opened", _("opened")
        SOLVED = "solved", _("solved it")
        NOT_HELPFUL = "not_helpful", _("not it")

    question = models.ForeignKey(Question, models.CASCADE, related_name="suggestions")
    article = models.ForeignKey(
        "kb.Article", models.CASCADE, null=True, blank=True, related_name="suggestions"
    )
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, blank=True, related_name="suggestions")
    confidence = models.FloatField(_("confidence"))
    position = models.PositiveSmallIntegerField()
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    # Kept beside the outcome: saying "not it" after opening it tells more than saying so unread.
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SuggestionQuerySet.as_manager()

    # Why it is suggested, in codes that suggesting.reasons_for() gives to whoever shows it.
    reasons: Sequence[str] = ()

    class Meta:
        ordering = ["question", "position"]
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = [
            models.CheckConstraint(
                condition=Q(article=None) ^ Q(answer=None), name="suggestion_of_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "opened", "solved", "not_helpful"]),
                name="suggestion_outcome_known",
            ),
            models.UniqueConstraint(fields=["question", "article"], name="suggestion_once_per_article"),
            models.UniqueConstraint(fields=["question", "answer"], name="suggestion_once_per_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.article_id or self.answer_id}"

    @property
    def can_be_read(self) -> bool:
        """Whether anybody can still read what is suggested."""
        if self.article is not None:
            return self.article.status == "published"
        return self.answer is not None and self.answer.is_public and self.answer.question.is_public


class Promotion(models.Model):
    """An answer on its way to an article, with the link kept both ways."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("candidate")
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("rejected")

    answer = models.OneToOneField(Answer, models.CASCADE, related_name="promotion")
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.CANDIDATE)
    score = models.FloatField(_("score"), default=0)
    reasons = models.JSONField(
        default=list, help_text='[{"code": "accepted", "points": 3, "n": 1}, …]: words are made when shown'
    )
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    body = models.TextField(_("body"), blank=True)
    # What the article will be about; carried over from the question when the draft is made.
    product = models.ForeignKey(
        "core.Product", models.SET_NULL, null=True, blank=True, verbose_name=_("product"), related_name="+"
    )
    category = models.ForeignKey(
        "kb.Category", models.SET_NULL, null=True, blank=True, verbose_name=_("topic"), related_name="+"
    )
    releases = models.ManyToManyField(
        "core.Release", blank=True, verbose_name=_("applies to"), related_name="+"
    )
    tags = models.ManyToManyField("core.Tag", blank=True, verbose_name=_("tags"), related_name="+")
    version = models.PositiveIntegerField(default=1)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    article = models.ForeignKey(
        "kb.Article", models.SET_NULL, null=True, blank=True, related_name="promotions"
    )
    # SHA-256 of question and answer text as the draft was made: a difference means that the source has changed.
    source_digest = models.CharField(max_length=64, blank=True)
    rejected_reason = models.CharField(_("rejected because"), max_length=300, blank=True)
    # The outbox of the offer to other open questions: null while published = still to do.
    offered_at = models.DateTimeField(null=True, blank=True, editable=False)
    announced_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("Likewise, for the news.")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = PromotionQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["candidate", "draft", "published", "rejected"]),
                name="promotion_state_known",
            ),
        ]
        indexes = [models.Index(fields=["state", "-score", "id"], name="promotion_best_first")]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.state}"
