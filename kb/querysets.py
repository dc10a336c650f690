"""The words that reads of the knowledge base are made of."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, Q, Value, When

from portal.core.permissions import is_editor

if TYPE_CHECKING:
    from kb.models import Article  # noqa: F401


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, user: Any) -> Self:
        """Published articles; editors also see drafts and archived ones."""
        return self if is_editor(user) else self.published()

    def published(self) -> Self:
        return self.filter(status=self.model.Status.PUBLISHED)

    def for_display(self) -> Self:
        """With everything an article row or page names, in one query."""
        return self.select_related("product", "published_revision", "owner")

    def with_feedback(self) -> Self:
        """Adds `helpful` and `unhelpful`: how many readers said so."""
        return self.annotate(
            helpful=Count("feedback", filter=Q(feedback__helpful=True), distinct=True),
            unhelpful=Count("feedback", filter=Q(feedback__helpful=False), distinct=True),
        )

    def ranked(self, pks: list[int]) -> Self:
        """Only these, in this order."""
        order = Case(*[When(pk=pk, then=Value(n)) for n, pk in enumerate(pks)], default=Value(len(pks)))
        return self.filter(pk__in=pks).order_by(order)
