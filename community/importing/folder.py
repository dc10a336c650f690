"""A folder of Markdown files as content lines: one article for each file that begins with front matter.

Of the front matter (YAML between two lines of ---) it takes title, id or external_id, lang or language, tags,
product, releases, topic, author, status, created_at or date, updated_at or lastmod. Files of one id in two
languages are translations of each other. Links from file to file lead to the articles afterwards.
"""

import json
import posixpath
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import yaml
from django.urls import reverse

from community.importing.fields import ID_MAX, LineError
from community.importing.lookups import Lookups, by_external_id
from community.importing.reading import SLUG_MAX
from kb.models import Article
from portal.core.text import heading_slug, slug_of

SUFFIXES = (".md", ".markdown")
# Names that other programs use for what a content line calls otherwise.
ALSO = {"language": "lang", "created_at": "date", "updated_at": "lastmod"}
TAKEN_OVER = ("title", "tags", "product", "releases", "topic", "author", "status", *ALSO)
_front_matter = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_first_heading = re.compile(r"\A\s*#[ \t]+(.+?)[ \t#]*\n")
_link = re.compile(r"(\]\([ \t]*<?|^ {0,3}\[[^\]\n]+\]:[ \t]*<?)([^\s()<>#:]+)(#[^\s()<>]*)?", re.MULTILINE)


def folder_files(folder: Path) -> list[Path]:
    """The Markdown files below a folder, in order; what begins with a dot is left out."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return sorted(
        path for path in found if not any(p.startswith(".") for p in path.relative_to(folder).parts)
    )


def folder_lines(folder: Path) -> Iterator[tuple[str, str | LineError]]:
    """Each file's path within the folder, and its content line or why it has none."""
    lines: dict[str, dict[str, Any] | LineError] = {}
    for path in folder_files(folder):
        name = path.relative_to(folder).as_posix().encode("utf-8", "backslashreplace").decode()
        try:
            lines[name] = _line_of(path, name)
        except LineError as reason:
            lines[name] = reason
    good = {name: line for name, line in lines.items() if not isinstance(line, LineError)}
    _name_translations(list(good.values()))
    addresses = _addresses(good)
    for name, line in lines.items():
        if isinstance(line, LineError):
            yield name, line
            continue
        line["body"] = _with_links(line["body"], name, addresses)
        line["slug"] = addresses[name]
        line.pop("id")
        yield name, json.dumps(line)


def _line_of(path: Path, name: str) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise LineError("is not UTF-8") from None
    except OSError as error:
        raise LineError(f"cannot be read: {error.strerror}") from None
    if (found := _front_matter.match(text)) is None:
        raise LineError("begins with no front matter (lines between --- and ---)")
    head, body = _values(found[1]), text[found.end() :].strip("\n")
    values: dict[str, Any] = {"kind": "article"}
    for key in TAKEN_OVER:
        value = head.get(key, head.get(ALSO.get(key, ""), None))
        if value is not None:
            values[key] = _plain(value)
    if isinstance(values.get("language"), str):
        values["language"] = re.split("[-_]", values["language"].lower())[0]
    for key in ("tags", "releases"):
        if isinstance(values.get(key), str):
            values[key] = [part.strip() for part in values[key].split(",") if part.strip()]
    heading = _first_heading.match(body)
    if heading and values.setdefault("title", heading[1]) == heading[1]:
        body = body[heading.end() :].strip("\n")  # the article's page shows its title itself
    values["body"] = body
    values["id"] = str(head.get("id") or posixpath.splitext(name)[0])
    own = f"{values['id']}-{values['language']}" if values.get("language") else values["id"]
    values["external_id"] = str(head.get("external_id") or own)
    if len(values["external_id"]) > ID_MAX:
        raise LineError(f"id has {len(values['external_id'])} characters; {ID_MAX} fit")
    return values


class _Loader(yaml.SafeLoader):
    """Plain values alone: a few lines of aliases can stand for more than fits in memory."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases are not taken")
        return super().compose_node(parent, index)


def _values(text: str) -> dict[str, Any]:
    try:
        head = yaml.load(text, _Loader)  # noqa: S506  (a safe loader)
    except yaml.MarkedYAMLError as error:
        raise LineError(f"has front matter that is not YAML: {error.problem}") from None
    except ValueError as error:  # a date that is none
        raise LineError(f"has front matter with a value that is none: {error}") from None
    except (yaml.YAMLError, RecursionError):
        raise LineError("has front matter that is not YAML") from None
    if not isinstance(head, dict):
        raise LineError("has front matter without names and values")
    return head


def _plain(value: Any) -> Any:
    """YAML reads dates and numbers where the author wrote words."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) or (isinstance(value, dict) and value):
        return value
    return str(value)


def _name_translations(lines: list[dict[str, Any]]) -> None:
    """Of the files with one id, the first is the original."""
    originals: dict[str, str] = {}
    for line in lines:
        original = originals.setdefault(line["id"], line["external_id"])
        if original != line["external_id"]:
            line["translation_of"] = original


def _addresses(lines: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Where each file's article stands, or will stand."""
    known = by_external_id(Article, [line["external_id"] for line in lines.values()])
    lookups = Lookups()
    found = {}
    for name, line in lines.items():
        if article := known.get(line["external_id"]):
            found[name] = article.slug
        else:
            title = str(line.get("title", ""))
            found[name] = lookups.free_slug(slug_of(title, fallback="article", length=SLUG_MAX))
    return found


def _with_links(body: str, name: str, addresses: dict[str, str]) -> str:
    def led(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(found[2])))
        if target not in addresses:
            return found[0]
        anchor = f"#{quote(heading_slug(unquote(found[3][1:])))}" if found[3] else ""
        return f"{found[1]}{reverse('kb:article', args=[addresses[target]])}{anchor}"

    return _link.sub(led, body)
