"""Words that this site takes for one another when somebody searches."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Synonym(models.Model):
    """Words for one thing, kept by editors. They widen a search; nothing is indexed anew."""

    words = models.TextField(
        _("words"),
        help_text=_("Two or more, with commas or equals signs between them: laptop = notebook = 노트북"),
    )
    one_way = models.BooleanField(
        _("one way only"),
        default=False,
        help_text=_("Who searches for the first word finds the others too, but not the other way round."),
    )
    language = models.CharField(
        _("language of the search"),
        max_length=2,
        blank=True,
        choices=[("", _("Both")), ("ko", _("Korean")), ("en", _("English"))],
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["words"]
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        constraints = [
            models.CheckConstraint(condition=Q(language__in=["", "ko", "en"]), name="synonym_language_known"),
            models.CheckConstraint(condition=~Q(words=""), name="synonym_has_words"),
        ]

    def __str__(self) -> str:
        return self.words[:80]

    @property
    def listed(self) -> list[str]:
        """The words one by one, in the order they were written."""
        return [word for word in self.words.split(" = ") if word]
