"""Questions that may repeat an older one: the portal proposes, a moderator decides."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.posts import Question
from community.querysets import PossibleDuplicateQuerySet


class PossibleDuplicate(models.Model):
    """A pair of questions that the portal takes for the same; proposed once, whatever is decided."""

    class Decision(models.TextChoices):
        NONE = "", _("nothing yet")
        DUPLICATE = "duplicate", _("a duplicate")
        DISMISSED = "dismissed", _("not a duplicate")

    question = models.ForeignKey(
        Question, models.CASCADE, verbose_name=_("question"), related_name="possible_duplicates"
    )
    of = models.ForeignKey(Question, models.CASCADE, verbose_name=_("older question"), related_name="+")
    confidence = models.FloatField(_("confidence"))
    decision = models.CharField(_("decision"), max_length=9, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PossibleDuplicateQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["", "duplicate", "dismissed"]), name="possible_duplicate_decision"
            ),
            models.CheckConstraint(condition=Q(of__lt=F("question")), name="possible_duplicate_of_an_older"),
            models.UniqueConstraint(fields=["question", "of"], name="possible_duplicate_once_per_pair"),
        ]
        indexes = [
            models.Index(
                fields=["created_at", "id"], name="possible_duplicate_waiting", condition=Q(decision="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.of_id}"

    def thread(self) -> Question:
        """The question that a decision is about: the newer one."""
        return self.question
