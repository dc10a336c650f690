"""How a confidence is read on this site, and from which one on something is shown: rules, the newest of which holds."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ConfidenceRule(models.Model):
    """One setting of the confidence; what held before stays readable."""

    least = models.FloatField(
        _("least confidence shown"), validators=[MinValueValidator(0.3), MaxValueValidator(0.95)]
    )
    # A confidence p is read as the probability whose log-odds are offset + slope x the log-odds of p (Platt's scaling).
    offset = models.FloatField(_("offset"), default=0.0)
    slope = models.FloatField(_("slope"), default=1.0)
    learnt_from = models.PositiveIntegerField(_("outcomes it was learnt from"), default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("confidence rule")
        verbose_name_plural = _("confidence rules")
        constraints = [
            models.CheckConstraint(condition=Q(least__gte=0.3, least__lte=0.95), name="confidencerule_least"),
            models.CheckConstraint(condition=Q(slope__gt=0), name="confidencerule_slope"),
        ]

    def __str__(self) -> str:
        return f"{self.least:.2f}"
