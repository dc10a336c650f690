"""The confidence as this site has found it to be: learnt from judged outcomes, and shown from where staff want it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.errors import RuleError
from portal.core.models import AuditEntry, ConfidenceRule, User
from portal.core.permissions import can_set_confidence
from portal.core.search.kept import Kept
from portal.core.search.ranking import SURE_ENOUGH

LEAST, MOST = 0.3, 0.95  # that staff may ask for
FEWEST = 40  # outcomes: with fewer, chance would teach
FEWEST_OF_A_KIND = 8
# What was known before counts as so many outcomes that say "leave it as it is".
PRIOR = 20.0


@dataclass(frozen=True)
class Rule:
    """How a confidence is read, and from which one on something is shown."""

    least: float = SURE_ENOUGH
    offset: float = 0.0
    slope: float = 1.0

    def read(self, confidence: float) -> float:
        """The probability that something with this confidence is right here."""
        if self.offset == 0.0 and self.slope == 1.0:
            return confidence
        return _probability(self.offset + self.slope * _odds(confidence))

    def unread(self, probability: float) -> float:
        """The confidence that is read as this probability."""
        return _probability((_odds(probability) - self.offset) / self.slope)


def _newest() -> Rule:
    row = ConfidenceRule.objects.first()
    return Rule(row.least, row.offset, row.slope) if row else Rule()


_kept = Kept("confidence-rule", _newest)


def in_force() -> Rule:
    """The rule that holds now."""
    return _kept.get()


def renew() -> None:
    """Tell every process that another rule holds; to be called once it is committed."""
    _kept.renew()


def hold(*, rule: Rule, learnt_from: int = 0, by: User | None = None) -> ConfidenceRule:
    """Write down the rule that is to hold from now on; call `renew` after the commit."""
    return ConfidenceRule.objects.create(
        least=rule.least, offset=rule.offset, slope=rule.slope, learnt_from=learnt_from, by=by
    )


def learnt(outcomes: Sequence[tuple[float, bool]], least: float) -> Rule | None:
    """The rule that fits outcomes, each a confidence before any rule and whether it was right; None if they are too few.

    Logistic regression on the log-odds (Platt 1999) by Newton's steps, held to "as it is" by a prior.
    """
    right = sum(good for _confidence, good in outcomes)
    if len(outcomes) < FEWEST or min(right, len(outcomes) - right) < FEWEST_OF_A_KIND:
        return None
    offset, slope = 0.0, 1.0
    for _step in range(50):
        g0, g1 = PRIOR / 4 * offset, PRIOR * (slope - 1.0)
        h00, h01, h11 = PRIOR / 4, 0.0, PRIOR
        for confidence, good in outcomes:
            x = _odds(confidence)
            p = _probability(offset + slope * x)
            g0, g1 = g0 + p - good, g1 + (p - good) * x
            weight = p * (1 - p)
            h00, h01, h11 = h00 + weight, h01 + weight * x, h11 + weight * x * x
        determinant = h00 * h11 - h01 * h01
        d0, d1 = (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant
        offset, slope = offset - d0, max(0.05, slope - d1)
        if abs(d0) + abs(d1) < 1e-6:
            break
    return Rule(least, offset, slope)


def _odds(probability: float) -> float:
    held = min(1 - 1e-6, max(1e-6, probability))
    return math.log(held / (1 - held))


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, odds))))


@transaction.atomic
def set_least(*, least: float, by: User) -> ConfidenceRule:
    """Show suggestions from this confidence on; what was learnt stays."""
    if not can_set_confidence(by):
        raise PermissionDenied
    if not LEAST <= least <= MOST:
        raise RuleError(
            _("Choose a confidence between %(least)s and %(most)s.") % {"least": LEAST, "most": MOST}
        )
    before = in_force()
    row = hold(rule=replace(before, least=round(least, 2)), by=by)
    AuditEntry.objects.create(
        actor=by, act="set_confidence", target_kind="confidencerule", target_pk=row.pk, target_title=str(row),
        before={"least": before.least},
    )  # fmt: skip
    transaction.on_commit(renew)
    return row


def newest_lesson() -> int:
    """From how many outcomes the confidence has learnt; 0 if it never has."""
    lesson = ConfidenceRule.objects.filter(learnt_from__gt=0).values_list("learnt_from", flat=True).first()
    return lesson or 0
