"""What a report is made of: a period, figures with their trend, a table, and the plot that shows the same numbers."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SHOWN = 20  # rows of a list; its table holds no more
PERIODS = (7, 30, 90)
DEFAULT_DAYS = 30


@dataclass(frozen=True)
class Period:
    """The last `days` days, today included, by the site's clock; and as many before them, for the trend."""

    days: int
    now: datetime

    @classmethod
    def read(cls, wanted: str) -> "Period":
        """The period of an address; whatever is not offered is the usual one."""
        days = int(wanted) if wanted in {str(days) for days in PERIODS} else DEFAULT_DAYS
        return cls(days=days, now=timezone.now())

    @property
    def since(self) -> datetime:
        midnight = timezone.localtime(self.now).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight - timedelta(days=self.days - 1)

    @property
    def before(self) -> datetime:
        return self.since - timedelta(days=self.days)

    @property
    def dates(self) -> list[date]:
        first = timezone.localtime(self.since).date()
        return [first + timedelta(days=n) for n in range(self.days)]


@dataclass(frozen=True)
class Figure:
    """One number. `unit` says how it is written: a count, a share (0 to 1) or a duration in seconds."""

    label: str
    value: float | None
    unit: str = "count"
    before: float | None = None
    compared: bool = False

    @property
    def words(self) -> str:
        return write(self.value, self.unit)

    @property
    def trend(self) -> str:
        """What it was in the period before, in words; "" where that says nothing."""
        if not self.compared or self.value is None:
            return ""
        if self.before is None:
            return _("nothing to compare with")
        return _("%(before)s in the period before") % {"before": write(self.before, self.unit)}

    @property
    def direction(self) -> str:
        if not self.compared or self.value is None or self.before is None or self.value == self.before:
            return ""
        return "up" if self.value > self.before else "down"


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere."""

    text: str
    url: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Bar:
    """One bar of a plot: its label and the parts it is stacked of, largest unit first."""

    label: str
    parts: tuple[float, ...]
    words: str = ""


@dataclass
class Report:
    """One question about the portal, answered from rows."""

    slug: str
    title: str
    definition: str
    figures: list[Figure]
    columns: list[str]
    rows: list[list[Any]]
    units: list[str] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    series: list[str] = field(default_factory=list)
    lying: bool = False
    empty: str = ""

    @property
    def headline(self) -> Figure:
        return self.figures[0]

    @property
    def cells(self) -> list[list[dict[str, Any]]]:
        """The rows as the page shows them: words, and an address where there is one."""
        units = self.units or ["text"] * len(self.columns)
        return [
            [
                {"words": write(cell, unit), "url": getattr(cell, "url", ""), "number": unit != "text"}
                for cell, unit in zip(row, units, strict=True)
            ]
            for row in self.rows
        ]

    @property
    def heads(self) -> list[dict[str, Any]]:
        units = self.units or ["text"] * len(self.columns)
        return [{"words": c, "number": u != "text"} for c, u in zip(self.columns, units, strict=True)]


def write(value: Any, unit: str) -> str:
    """A value as a person reads it."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if unit == "share":
        return f"{round(value * 100)}%"
    if unit == "duration":
        return duration(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def duration(seconds: float) -> str:
    """A length of time in its two largest units."""
    minutes = round(seconds / 60)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    days, hours = divmod(hours, 24)
    return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}


def share(part: float, whole: float) -> float | None:
    """A part of a whole; None where there is no whole."""
    return part / whole if whole else None
