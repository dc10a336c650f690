"""What the search index and the vectors do not know yet."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IndexChange(models.Model):
    """The index outbox: an object whose entry may differ from the database, written with the change."""

    kind = models.CharField(max_length=10, help_text=_("article, answer or question"))
    object_pk = models.BigIntegerField()
    stage = models.PositiveSmallIntegerField(
        default=0, help_text=_("0: the words wait; 1 and more: the vectors of that encoder wait.")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["stage", "id"], name="indexchange_by_stage")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_pk}"
