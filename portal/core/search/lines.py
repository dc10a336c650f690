"""Rendered HTML as plain lines."""

import html as entities
import re

import nh3

_BLOCK_END = re.compile(r"</(?:p|li|h\d|tr|pre|blockquote|ul|ol|table)>|<(?:br|hr)\s*/?>")
_CELL_END = re.compile(r"</t[dh]>")


def lines_of(html: str) -> str:
    """The words of rendered HTML, one block a line: where a sentence ends is still to be seen."""
    spaced = _BLOCK_END.sub("\n", _CELL_END.sub(" ", html))
    plain = entities.unescape(nh3.clean(spaced, tags=set()))
    return "\n".join(filter(None, (" ".join(line.split()) for line in plain.splitlines())))
