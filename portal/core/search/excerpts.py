"""The sentence of an entry that says most of what was looked for."""

import re

from django.utils.html import escape

from portal.core.search.lookup import Hit

LENGTH = 220
_SENTENCE = re.compile(r"[^\n.!?。]+(?:[.!?。]+(?=\s|$)|[.](?=\S)[^\n.!?。]*)*\s*|\n")


def matching_sentence(hit: Hit, wanted: set[str]) -> tuple[str, str]:
    """Plain, and as safe HTML with the words looked for in <mark>; the opening words where none stands out."""
    body = hit.text.find("\n", hit.text.find("\n") + 1) + 1 or 0
    spans = _spans(hit, wanted, body)
    best, most = (body, len(hit.text)), -1
    for sentence in _SENTENCE.finditer(hit.text, body):
        if not sentence.group().strip():
            continue
        said = len({word for start, _end, word in spans if sentence.start() <= start < sentence.end()})
        if said > most:
            best, most = sentence.span(), said
    start, end = best
    first = next((at for at, _end, _word in spans if start <= at < end), start)
    if first - start > LENGTH // 2:
        start = first - LENGTH // 4
    end = min(end, start + LENGTH)
    return " ".join(hit.text[start:end].split()), _marked(hit.text, start, end, spans)


def _spans(hit: Hit, wanted: set[str], body: int) -> list[tuple[int, int, str]]:
    """Where the words looked for stand in the body."""
    found = []
    for word, span in zip(hit.text_terms.split(), hit.spans.split(), strict=False):
        if word in wanted:
            start, _comma, end = span.partition(",")
            if int(start) >= body:
                found.append((int(start), int(end), word))
    return sorted(found)


def _marked(text: str, start: int, end: int, spans: list[tuple[int, int, str]]) -> str:
    parts, at = [], start
    for first, last, _word in spans:
        if first < at or last > end:
            continue
        parts += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
        at = last
    return "".join([*parts, escape(text[at:end])]).strip()
