"""The sentence that matched, plain and as safe HTML with the matching words marked."""

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.core.search.lookup import Hit, Wanted

LENGTH = 200
_SENTENCE_END = re.compile(r"(?<=[.!?…。])\s+|\n+")


def matching_sentence(wanted: list[Wanted], hit: Hit) -> tuple[str, SafeString]:
    """The best stretch of the body, by how much of the query it holds; its first words if only the title matched."""
    start = _body_start(hit.text)
    said = {want.text: want.weight * want.idf for want in wanted}
    marks = [mark for mark in places(hit, said) if mark[0] >= start]
    left, right = _window(hit.text, start, marks, said)
    return _shown(hit.text, left, right, marks)


def places(hit: Hit, said: dict[str, float]) -> list[tuple[int, int, str]]:
    """Where the words that were said stand in a hit's text: (start, end, word)."""
    spans = (span.split(",") for span in hit.spans.split())
    return [
        (int(place[0]), int(place[1]), word)
        for word, place in zip(hit.text_terms.split(), spans, strict=True)
        if word in said
    ]


def _body_start(text: str) -> int:
    """Behind the lines of title and labels."""
    title = text.find("\n")
    labels = text.find("\n", title + 1) if title >= 0 else -1
    return labels + 1 if labels >= 0 else len(text)


def _window(
    text: str, start: int, marks: list[tuple[int, int, str]], said: dict[str, float]
) -> tuple[int, int]:
    ends = [found.end() for found in _SENTENCE_END.finditer(text, start)]
    bounds = list(zip([start, *ends], [*ends, len(text)], strict=True))
    best, most, at = bounds[0], -1.0, 0
    for left, right in bounds:
        words = set()
        while at < len(marks) and marks[at][0] < right:
            words.add(marks[at][2])
            at += 1
        held = sum(said[word] for word in words)
        if held > most + 1e-9:
            best, most = (left, right), held
    left, right = best
    if right - left > LENGTH:  # a sentence without end: start a little before its first match
        first = next((mark[0] for mark in marks if left <= mark[0] < right), left)
        left = max(left, first - LENGTH // 4)
        right = min(right, left + LENGTH)
    else:
        right = max([right, *(end for end in [*ends, len(text)] if right < end <= left + LENGTH)])
    return left, right


def _shown(text: str, left: int, right: int, marks: list[tuple[int, int, str]]) -> tuple[str, SafeString]:
    before = "…" if left > _body_start(text) and text[left - 1] not in "\n \t" else ""
    after = "…" if right < len(text) and not _ends_well(text[left:right]) else ""
    html, at = format_html("{}", before), left
    for begin, end, _word in sorted(marks, key=lambda mark: (mark[0], -mark[1])):
        if begin < at or end > right:
            continue
        html += format_html("{}<mark>{}</mark>", _flat(text[at:begin]), text[begin:end])
        at = end
    html += format_html("{}{}", _flat(text[at:right]).rstrip(), after)
    return f"{before}{_flat(text[left:right]).strip()}{after}", html


def _ends_well(piece: str) -> bool:
    """A whole sentence needs no mark that there is more."""
    return piece.endswith("\n") or piece.rstrip()[-1:] in ".!?…。"


def _flat(piece: str) -> str:
    return piece.replace("\n", " ")
