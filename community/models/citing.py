"""What answers cite: links to this site's own articles and questions."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.posts import Answer, Question
from community.querysets import CitationQuerySet


class Citation(models.Model):
    """An answer's text links to an article or to another question (or an answer to it) of this site."""

    answer = models.ForeignKey(Answer, models.CASCADE, verbose_name=_("answer"), related_name="citations")
    article = models.ForeignKey(
        "kb.Article",
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("article"),
        related_name="citations",
    )
    question = models.ForeignKey(
        Question, models.CASCADE, null=True, blank=True, verbose_name=_("question"), related_name="citations"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [
            models.CheckConstraint(
                condition=Q(article=None) ^ Q(question=None), name="citation_of_one_thing"
            ),
            models.UniqueConstraint(fields=["answer", "article"], name="citation_once_per_article"),
            models.UniqueConstraint(fields=["answer", "question"], name="citation_once_per_question"),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.article_id or self.question_id}"
