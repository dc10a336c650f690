"""Tags and filters that every template may use."""

import re
import uuid
import zlib
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import lucide
from babel.numbers import format_compact_decimal, format_decimal
from django import template
from django.http import QueryDict
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.core import names, steps, text

register = template.Library()

AVATAR_TONES = 8
_FALLBACK_ICON = "package"


# ----------------------------------------------------------------- pictures and names


@lru_cache(maxsize=512)
def _svg(name: str, size: int) -> SafeString:
    try:
        svg = lucide._render_icon(name, size, aria_hidden="true", **{"class": "icon"})
    except lucide.IconDoesNotExist:
        svg = lucide._render_icon(_FALLBACK_ICON, size, aria_hidden="true", **{"class": "icon"})
    return mark_safe(svg)


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """An icon of the Lucide set, hidden from screen readers: the word stands beside it."""
    return _svg(str(name), size)


@register.filter
def tone(person: Any) -> int:
    """Which of the avatar tones a person has; the same on every page."""
    return zlib.crc32(str(getattr(person, "username", "")).encode()) % AVATAR_TONES


@register.filter
def initial(person: Any) -> str:
    """The first letter of a name, for an avatar."""
    return str(getattr(person, "name", "") or "?").strip()[:1].upper() or "?"


@register.filter
def local_name(thing: Any) -> str:
    """The name of a product or topic in the reader's language."""
    return names.local_name(thing)


@register.filter
def local_summary(thing: Any) -> str:
    """The summary of a product in the reader's language."""
    return names.in_language(thing, "summary")


_BROWSERS = (("Edg/", "Edge"), ("SamsungBrowser", "Samsung Internet"), ("Whale/", "Whale"), ("Firefox/", "Firefox"),
             ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@register.filter
def device(agent: Any) -> str:
    """Browser and system out of what a browser says of itself, as far as people care: "Chrome, Windows"."""
    said = str(agent or "")
    names = [next((name for mark, name in table if mark in said), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in names if name) or said[:60] or _("unknown device")


# ----------------------------------------------------------------- time and numbers


@register.simple_tag
def ago(when: datetime | None) -> SafeString:
    """A moment as <time>: how long ago in words, the exact moment on hover; kept fresh by time.js."""
    if when is None:
        return mark_safe("")
    local = timezone.localtime(when)
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        local.isoformat(timespec="seconds"),
        date_format(local, "DATETIME_FORMAT"),
        ago_in_words(when),
    )


def ago_in_words(when: datetime) -> str:
    """ "3 days ago"; a date once that is more than a month."""
    seconds = (timezone.now() - when).total_seconds()
    if seconds < 60:
        return _("just now")
    minutes, hours, days = int(seconds // 60), int(seconds // 3600), int(seconds // 86400)
    if minutes < 60:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    if hours < 24:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    if days < 31:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    return date_format(timezone.localtime(when), "DATE_FORMAT")


@register.simple_tag
def day(when: Any) -> SafeString:
    """A date as <time>, written out."""
    if when is None:
        return mark_safe("")
    local = timezone.localtime(when) if isinstance(when, datetime) else when
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), date_format(local, "DATE_FORMAT"))


@register.filter
def number(value: Any) -> str:
    """A whole number with the separators of the reader's language."""
    return _formatted(value, format_decimal)


@register.filter
def compact(value: Any) -> str:
    """A large number in short: 1.2K, 1.2만."""
    return _formatted(value, lambda n, locale: format_compact_decimal(n, locale=locale, fraction_digits=1))


def _formatted(value: Any, formatter: Any) -> str:
    try:
        return str(formatter(int(value), locale=(get_language() or "en")[:2]))
    except (TypeError, ValueError):
        return ""


# ----------------------------------------------------------------- Korean


@register.filter
def josa(word: Any, pair: str) -> str:
    """A word with the particle that fits its last sound: {{ name|josa:"이/가" }}, {{ name|josa:"으로/로" }}.

    The pair is "after a final consonant / after a vowel". A word whose sound cannot be known gets "이(가)".
    """
    text = str(word)
    with_final, _slash, without = pair.partition("/")
    final = _final_sound(text)
    if final is None:
        return f"{text}{with_final}({without})"
    if with_final in ("으로", "으로서", "으로써") and final == "ㄹ":
        return text + without
    return text + (with_final if final else without)


_DIGIT_FINALS = {
    "0": "ㅇ",
    "1": "ㄹ",
    "2": "",
    "3": "ㅁ",
    "4": "",
    "5": "",
    "6": "ㄱ",
    "7": "ㄹ",
    "8": "ㄹ",
    "9": "",
}


def _final_sound(text: str) -> str | None:
    """What a Korean word ends in: "" a vowel, "ㄹ" or another mark a consonant, None unknown."""
    letters = re.sub(r"[\s\"'”’)\]»」』.,!?…]+$", "", text)
    if not letters:
        return None
    last = letters[-1]
    if "가" <= last <= "힣":
        code = (ord(last) - 0xAC00) % 28
        return "" if code == 0 else "ㄹ" if code == 8 else "ㄱ"
    return _DIGIT_FINALS.get(last)


# ----------------------------------------------------------------- addresses, stored HTML, lists


@register.simple_tag(takes_context=True)
def csrf_token(context: template.Context) -> SafeString:
    """Django's own tag, but one that also works in a component included with `only`."""
    request = getattr(context, "request", None)
    if request is None:
        return mark_safe("")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


@register.inclusion_tag("components/submission.html")
def submission() -> dict[str, str]:
    """The key of a form that is written out by hand; a Django form brings its own."""
    return {"key": uuid.uuid4().hex}


@register.simple_tag(takes_context=True)
def query_url(context: template.Context, **changes: Any) -> str:
    """This page's address with some parameters changed; an empty value takes one out, and so does a new filter its place."""
    request = getattr(context, "request", None)
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop("cursor", None)
    query.pop("searched", None)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = value
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.filter
def with_query(url: str, pairs: dict[str, Any]) -> str:
    """An address with these parameters added."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(pairs)}" if pairs else url


@register.filter
def stored_html(html: Any) -> SafeString:
    """HTML that portal.core.text has rendered and stored; nothing else may pass here."""
    return mark_safe(html or "")


@register.filter
def stored_steps(html: Any) -> SafeString:
    """The same, each numbered step with its anchor."""
    return mark_safe(steps.with_anchors(html or ""))


@register.filter
def excerpt(html: Any, length: int) -> str:
    """The first words of stored HTML as plain text."""
    return text.excerpt(str(html or ""), length)


@register.filter
def marked(plain: Any, words: str = "") -> SafeString:
    """Plain text with the searched words in <mark>."""
    safe = escape(str(plain or ""))
    terms = sorted({escape(word) for word in str(words).split() if len(word) > 1}, key=len, reverse=True)[:12]
    if not terms:
        return mark_safe(safe)
    found = re.compile("(?![^&]*;)(" + "|".join(re.escape(term) for term in terms) + ")", re.IGNORECASE)
    return mark_safe(found.sub(r"<mark>\1</mark>", safe))


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """mapping[key], or nothing."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.simple_tag
def script_words() -> dict[str, str]:
    """What the scripts say, in the reader's language."""
    return {
        "copied": _("Link copied"),
        "copied_text": _("Copied"),
        "personal": _(
            "This looks like a number that only you should know. Everybody can read what you post."
        ),
        "restored": _("We kept your draft from last time."),
        "discard": _("Discard draft"),
        "uploading": _("Uploading the image…"),
        "upload_failed": _("The image was not uploaded. Your text is kept; please try again."),
        "upload_large": _("The image is larger than 5 MB. Please choose a smaller one."),
        "upload_kind": _("Only images can be added here: JPEG, PNG, WebP or GIF."),
        "preview_failed": _("The preview did not load. Your text is kept."),
        "failed": _("That did not work. Nothing was changed; please try again."),
        "offline": _("There is no connection right now. Your text is kept."),
        "link_text": _("link text"),
        "image_text": _("what the image shows"),
        "code_text": _("code"),
        "bold_text": _("bold text"),
        "italic_text": _("italic text"),
        "found_none": _("Nothing similar found"),
        "found_one": _("1 similar result"),
        "found_many": _("%(n)s similar results"),
        "cancel": _("Cancel"),
        "yes": _("Yes"),
        "just_now": _("just now"),
        "step_done": _("Step done"),
        "news_one": _("1 new answer"),
        "news_many": _("%(n)s new answers"),
    }
