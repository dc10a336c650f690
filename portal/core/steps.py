"""The numbered steps of a rendered text: what they say, their numbers, and an anchor for each."""

import re
from dataclasses import dataclass

# A whole tag with its quoted values: what stands inside a value is never taken for a tag.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>')
_START = re.compile(r'\bstart="(\d{1,6})"')
_ANCHOR = re.compile(r'\bid="h-([^"]+)"')
FEWEST = 2  # one numbered line is no procedure


@dataclass(frozen=True)
class Step:
    """One step: its number as the reader sees it, its anchor on the page, its HTML and where its <li> ends."""

    number: int
    anchor: str
    html: str
    tag_end: int


def steps_of(html: str) -> list[Step]:
    """The steps of every numbered list that does not stand inside another list, in order.

    An anchor is made of the heading above and the number: what changes in other parts of the text does not move it.
    """
    if "<ol" not in html:
        return []
    found: list[Step] = []
    taken: set[str] = set()
    open_lists: list[str] = []
    heading, number, begun = "", 1, 0
    listed: list[tuple[int, int, int]] = []  # number, start and end of what a step says
    for tag in _TAG.finditer(html):
        closes, name, said = tag[1] == "/", tag[2], tag[3]
        if name in ("h2", "h3", "h4") and not closes and (anchor := _ANCHOR.search(said)):
            heading = anchor[1]
        elif name in ("ol", "ul") and not closes:
            open_lists.append(name)
            if open_lists == ["ol"]:
                listed, number = [], int(start[1]) if (start := _START.search(said)) else 1
        elif name in ("ol", "ul") and open_lists:
            if open_lists == ["ol"] and len(listed) >= FEWEST:
                found += [
                    Step(n, _anchor(heading, n, taken), html[start_at:end], start_at)
                    for n, start_at, end in listed
                ]
            open_lists.pop()
        elif name == "li" and open_lists == ["ol"]:
            if closes:
                listed.append((number, begun, tag.start()))
                number += 1
            else:
                begun = tag.end()
    return found


def _anchor(heading: str, number: int, taken: set[str]) -> str:
    """Prefixed like a heading's, so that no text can take over an id of the page."""
    wanted = anchor = f"s-{heading}-{number}" if heading else f"s-{number}"
    repeat = 1
    while anchor in taken:
        anchor, repeat = f"{wanted}-{repeat}", repeat + 1
    taken.add(anchor)
    return anchor


def with_anchors(html: str) -> str:
    """The same HTML, its steps with their anchors. Done when shown, so that it holds for what was rendered long ago."""
    parts, at = [], 0
    for step in steps_of(html):
        parts += [html[at : step.tag_end - 1], f' id="{step.anchor}">']
        at = step.tag_end
    return "".join([*parts, html[at:]])
