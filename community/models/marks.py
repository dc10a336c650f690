"""What people say about posts: votes, flags, and what they watch."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.posts import Answer, Comment, Question


class Vote(models.Model):
    """One person's "helpful" or "not helpful" on an answer."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="votes")
    helpful = models.BooleanField(_("helpful"))
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "voter"], condition=Q(voter__isnull=False), name="vote_once_per_person"
            ),
        ]
        indexes = [models.Index(fields=["answer", "helpful"], name="vote_by_answer")]

    def __str__(self) -> str:
        return "+" if self.helpful else "-"


class Flag(models.Model):
    """One person's report of one post, with a reason."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("advertising or spam")
        OFFENSIVE = "offensive", _("offensive")
        PERSONAL = "personal", _("shows personal data")
        OFF_TOPIC = "off_topic", _("not about this product")
        WRONG = "wrong", _("wrong or dangerous advice")
        OTHER = "other", _("something else")

    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="flags")
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, blank=True, related_name="flags")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="flags")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="flags")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=False, answer=None, comment=None)
                | Q(question=None, answer__isnull=False, comment=None)
                | Q(question=None, answer=None, comment__isnull=False),
                name="flag_on_one_post",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["spam", "offensive", "personal", "off_topic", "wrong", "other"]),
                name="flag_reason_known",
            ),
            models.UniqueConstraint(
                fields=["question", "reporter"], condition=Q(decided_at=None), name="flag_once_on_question"
            ),
            models.UniqueConstraint(
                fields=["answer", "reporter"], condition=Q(decided_at=None), name="flag_once_on_answer"
            ),
            models.UniqueConstraint(
                fields=["comment", "reporter"], condition=Q(decided_at=None), name="flag_once_on_comment"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Watch(models.Model):
    """A person's wish to hear of news on a question, a tag or an article."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches")
    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="watches")
    tag = models.ForeignKey("core.Tag", models.CASCADE, null=True, blank=True, related_name="watches")
    article = models.ForeignKey("kb.Article", models.CASCADE, null=True, blank=True, related_name="watches")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=False, tag=None, article=None)
                | Q(question=None, tag__isnull=False, article=None)
                | Q(question=None, tag=None, article__isnull=False),
                name="watch_on_one_thing",
            ),
            models.UniqueConstraint(fields=["person", "question"], name="watch_once_per_question"),
            models.UniqueConstraint(fields=["person", "tag"], name="watch_once_per_tag"),
            models.UniqueConstraint(fields=["person", "article"], name="watch_once_per_article"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"
