"""What people read, collected from the code and the templates into the catalogues. No system gettext is needed."""

import io
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from portal.core.names import APPS, plain_names

KEYWORDS: dict[str, tuple | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "_n": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Korean has one form, English two.
PLURALS = {"ko": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}


def collect() -> polib.POFile:
    """Every message of the product with the places it stands in, in the order of the files."""
    catalogue = Catalog(charset="utf-8")
    for path, source in _sources():
        for line, message, comments, context in extract(
            "python", io.BytesIO(source.encode()), keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            catalogue.add(
                message, None, [(path, line)], auto_comments=comments, context=context, flags=_flags(message)
            )
    with translation.override(None):
        for _bearer, _kind, name in plain_names():
            catalogue.add(name, None, [("portal/core/names.py", 1)])
    written = io.BytesIO()
    write_po(written, catalogue, omit_header=True, width=0)
    return polib.pofile(written.getvalue().decode(), wrapwidth=0)


def renew(path: Path, language: str, found: polib.POFile) -> polib.POFile:
    """The catalogue at `path` with exactly the messages found; what was translated stays, the rest is empty."""
    before = polib.pofile(str(path)) if path.exists() else polib.POFile()
    known = {(entry.msgctxt, entry.msgid): entry for entry in before}
    renewed = polib.POFile(wrapwidth=110)
    renewed.metadata = {
        "Project-Id-Version": "haedap",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for entry in sorted(found, key=lambda each: (each.occurrences[0][0], int(each.occurrences[0][1] or 0))):
        made = polib.POEntry(
            msgid=entry.msgid, msgid_plural=entry.msgid_plural, msgctxt=entry.msgctxt, flags=entry.flags,
            comment=entry.comment,
            # Files without lines: a moved line is no news to a translator.
            occurrences=[(place, "") for place in dict.fromkeys(place for place, _line in entry.occurrences)],
        )  # fmt: skip
        old = known.get((entry.msgctxt, entry.msgid))
        if entry.msgid_plural:
            forms = 1 if language == "ko" else 2
            kept = old.msgstr_plural if old else {}
            made.msgstr_plural = {n: kept.get(n, "") for n in range(forms)}
        elif old:
            made.msgstr = old.msgstr
        renewed.append(made)
    return renewed


def path_of(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def _sources() -> Iterator[tuple[str, str]]:
    """Python as it is; templates with all but their messages blanked out, which Python's reader understands."""
    root = Path(settings.BASE_DIR)
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in (".html", ".txt"):
            name = path.relative_to(root).as_posix()
            blanked = templatize(path.read_text(encoding="utf-8"), origin=name)
            # Indentation means nothing in a template and something in Python.
            yield name, "\n".join(line.lstrip() for line in blanked.split("\n"))


def _flags(message: str | tuple[str, ...]) -> tuple[str, ...]:
    text = message if isinstance(message, str) else message[0]
    return ("python-format",) if "%(" in text else ()
