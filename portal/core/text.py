"""The one door that text passes: Markdown to safe HTML, plain excerpts, digests."""

import hashlib
import html as entities
import re
from functools import lru_cache
from urllib.parse import urlsplit

import nh3
from django.conf import settings
from django.utils.html import escape, linebreaks
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from portal.core.emphasis import EmphasisBesideHangul
from portal.core.errors import RuleError

ALLOWED_TAGS = {
    "a",
    "abbr",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h2",
    "h3",
    "h4",
    "hr",
    "img",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"align"},
    "th": {"align"},
    "ol": {"start"},
    "code": {"class"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
}
_LONG_WORD = 5_000  # the renderer's cost grows faster than the word
_MANY_LINKS = 1_000  # past this, addresses stay plain text: no reader follows that many
_scheme = re.compile(r"(?:^|[^a-z0-9.+-])(https?)$", re.IGNORECASE)
_link_like = re.compile(r"://|[^\W_]\.[^\W_]|@")
_unkeepable = re.compile("[\x00\ud800-\udfff]")
_slug_chars = re.compile(r"[^\w-]+", re.UNICODE)


def heading_slug(title: str) -> str:
    """The anchor of a heading; prefixed, so that no post can take over an id of the page."""
    return "h-" + (_slug_chars.sub("-", title.lower()).strip("-") or "part")[:60]


@lru_cache(maxsize=2)
def _markdown(*, linkify: bool) -> MarkdownIt:
    md = MarkdownIt()
    md.inline = EmphasisBesideHangul()
    md.configure("commonmark", {"html": False, "linkify": linkify, "breaks": True, "maxNesting": 30})
    md.enable(["table", "strikethrough"])
    if linkify:
        md.enable("linkify")
        md.inline.ruler.at("linkify", _address)
    return md


def _address(state: StateInline, silent: bool) -> bool:
    """An address in running text becomes a link, before its signs can be taken for emphasis.

    In place of the renderer's own rule, which reads the whole paragraph again at each "://".
    """
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = _scheme.search(state.pending[-6:])
    linkify = state.md.linkify
    if scheme is None or linkify is None:
        return False
    start = state.pos - len(scheme[1])
    found = linkify.match_at_start(state.src[start : start + _LONG_WORD])
    if found is None:
        return False
    url = found.url.rstrip("*")
    href = state.md.normalizeLink(url)
    if not state.md.validateLink(href):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[1])]
        link = state.push("link_open", "a", 1)
        link.attrs = {"href": href}
        state.push("text", "", 0).content = state.md.normalizeLinkText(url)
        state.push("link_close", "a", -1)
    state.pos = start + len(url)
    return True


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "code" and name == "class":
        return value if re.fullmatch(r"language-[\w+-]{1,30}", value) else None
    if tag == "img" and name == "src":
        return value if _own_image(value) else None
    return value


def _own_image(src: str) -> bool:
    """Pictures come from this site alone: another's would tell it who reads here."""
    if src.startswith(settings.MEDIA_URL):
        return ".." not in src
    return src.startswith(settings.SITE_URL + settings.MEDIA_URL)


def _place_headings(tokens: list[Token]) -> None:
    """A post's "#" becomes h2, as the page already has its h1; each heading gets an anchor of its own."""
    taken: set[str] = set()
    repeats: dict[str, int] = {}
    for position, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(4, max(2, int(token.tag[1])))}"
        if token.type != "heading_open":
            continue
        words = tokens[position + 1].children or []
        anchor = wanted = heading_slug(
            "".join(word.content for word in words if word.type in ("text", "code_inline"))
        )
        while anchor in taken:
            repeats[wanted] = repeats.get(wanted, 0) + 1
            anchor = f"{wanted}-{repeats[wanted]}"
        taken.add(anchor)
        token.attrSet("id", anchor)


def render(markdown: str) -> str:
    """Turn a post's Markdown into HTML that is safe on any page.

    Raw HTML is shown as text, scripts and styles cannot pass, links carry rel="nofollow ugc noopener",
    and pictures are only this site's own.
    """
    if any(len(word) > _LONG_WORD for word in markdown.split()):
        return linebreaks(escape(markdown))
    md = _markdown(linkify=len(_link_like.findall(markdown)) <= _MANY_LINKS)
    tokens = md.parse(markdown)
    _place_headings(tokens)
    return nh3.clean(
        md.renderer.render(tokens, md.options, {}),
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
        strip_comments=True,
    )


def plain(html: str) -> str:
    """The words of rendered HTML, without tags, on one line."""
    spaced = re.sub(r"</(p|li|h\d|tr|td|th|pre|blockquote)>|<br\s*/?>", " ", html)
    return " ".join(entities.unescape(nh3.clean(spaced, tags=set())).split())


def excerpt(html: str, length: int = 200) -> str:
    """The first words of rendered HTML, cut at `length` characters with an ellipsis."""
    return Truncator(plain(html)).chars(length, truncate="…")


def slug_of(title: str, *, fallback: str, length: int = 80) -> str:
    """The readable part of an address: keeps Hangul, never empty."""
    return slugify(title, allow_unicode=True)[:length].strip("-") or fallback


def digest(*parts: str) -> str:
    """SHA-256 over the parts in hex: tells whether a text has changed."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def guess_language(text: str, default: str = "en") -> str:
    """ "ko" where a fair share of the letters is Hangul, "en" where they are Latin, else the default."""
    hangul = len(re.findall(r"[가-힣ㄱ-ㅎㅏ-ㅣ]", text))
    latin = len(re.findall(r"[A-Za-z]", text))
    if not hangul and not latin:
        return default
    return "ko" if hangul * 3 >= latin else "en"


def headings(html: str) -> list[tuple[int, str, str]]:
    """The contents of a rendered text: (level, anchor, words) for each h2 and h3."""
    found = re.findall(r'<h([23]) id="([^"]+)">(.*?)</h\1>', html, flags=re.DOTALL)
    return [(int(level), anchor, plain(words)) for level, anchor, words in found]


def is_local(url: str) -> bool:
    """Whether an address stays on this site (for `next=`)."""
    parts = urlsplit(url)
    return not parts.scheme and not parts.netloc and url.startswith("/") and not url.startswith(("//", "/\\"))


def can_be_kept(text: str) -> bool:
    """Whether a database and an answer can hold every character: no NUL, no half of a surrogate pair."""
    return _unkeepable.search(text) is None


def accept_text(value: str, *, field: str, limit: int, required: bool = True) -> str:
    """What somebody typed, as it will be kept: line ends made one, nothing else changed.

    Raises RuleError with one sentence for empty, too long, or characters that no database holds.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if required and not value.strip():
        raise RuleError(_("Please write something here."), field=field)
    if len(value) > limit:
        raise RuleError(
            _("This is %(n)s characters too long; %(limit)s fit.")
            % {"n": len(value) - limit, "limit": limit},
            field=field,
        )
    if not can_be_kept(value):
        raise RuleError(
            _("This holds a broken character that cannot be kept. Please retype it."), field=field
        )
    return value
