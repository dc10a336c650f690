"""Texts made to keep a program busy: what reads them takes longer with their length, and no worse."""

import time

import pytest

from community.moderation.patterns import has_contact, has_link
from kb.diff import diff_lines
from portal.core.search.analysis import terms
from portal.core.text import plain, render

SHORT, LONG = 2_000, 30_000  # the longest question has 30,000 characters
# Fifteen times the text. In proportion to its square it would be 225 times the work.
MOST = 70

PIECES = {
    "one letter": "w",
    "digits": "1",
    "hyphens": "a-",
    "dots": "a.",
    "underscores": "a_",
    "numbers": "010-",
    "at signs": "a@",
    "hosts": "a@b.",
    "schemes": "http:// ",
    "addresses": "http://a.example/c ",
    "bare hosts": "a.com ",
    "links": "[a](b) ",
    "brackets": "[",
    "images": "![",
    "references": "[x]: y\n",
    "stars": "*a ",
    "stars inside": "**x*y",
    "backticks": "`",
    "quotes": ">",
    "nested lists": "- ",
    "same headings": "## a\n\n",
    "headings": "# a\n",
    "table": "|c|d|\n",
    "angle": "<a ",
    "entities": "&#x",
    "phrase in one sign": "ﷺ",
    "combining": "a\u0301\u0301",
    "messenger": "카톡 ",
    "messenger and spaces": "카톡 id" + " " * 200,
    "hangul": "안녕 하세요 ",
    "letters alone": "ㅋㅎ",
    "spaces": " ",
    "lines": "\n",
}
READERS = {
    "rendered": lambda text: plain(render(text)),
    "screened for links": has_link,
    "screened for contact": has_contact,
    "indexed": terms,
    "compared": lambda text: diff_lines(text, text[: len(text) // 2] + "x" + text[len(text) // 2 :]),
}


def _cost(read, text):
    started = time.process_time()
    read(text)
    return max(time.process_time() - started, 0.001)


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_the_work_grows_with_the_text_and_not_with_its_square(read, piece):
    short, long = (("|a|b|\n|-|-|\n" * (piece[0] == "|")) + piece * (n // len(piece)) for n in (SHORT, LONG))
    read(short + "!")  # what is loaded once is not counted
    base = _cost(read, short)
    # Somebody else's work on the machine can make one measurement worse, never better.
    assert any(_cost(read, f"{long}{attempt}") <= MOST * base for attempt in range(3))


def test_a_page_of_addresses_stays_readable_and_a_few_are_links():
    assert render("See http://a.example/_x_ and b.com.").count("<a ") == 2
    many = render("http://a.example/c " * 1_500)
    assert "<a " not in many
    assert many.count("http://a.example/c") == 1_500


def test_every_heading_has_an_anchor_of_its_own():
    html = render("# Same\n\n## Same\n\n###### Same\n\n## Same 1\n\n##\n")
    assert html.count("<h2 id=") == 4
    assert [part.split('"')[0] for part in html.split('id="')[1:]] == [
        "h-same", "h-same-1", "h-same-2", "h-same-1-1", "h-part",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "mail a.b_c@mail.example now",
        "._x@mail.example",
        "a" * 3_000 + "@mail.example",
        "카톡   id :   minji99",
    ],
)
def test_contact_data_is_still_seen_in_odd_places(text):
    assert has_contact(text)
