"""axe finds nothing on any page people use, whoever they are, in both languages, light and dark, narrow and wide.

The check visits each place once and takes language, theme and width in turn; under `soak` it takes all of them.
"""

from itertools import product

import pytest

from tests.browser.places import PLACES, Place

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.xdist_group("demo")]

RULES = {
    "runOnly": [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
    ],
    "rules": {"target-size": {"enabled": True}},  # off unless asked for
    "resultTypes": ["violations"],
}
EVERY_WAY = [
    {"language": language, "dark": dark, "width": width}
    for language, dark, width in product(("ko", "en"), (False, True), (390, 1280))
]
PAIRS = [(place, EVERY_WAY[n % len(EVERY_WAY)]) for n, place in enumerate(PLACES)]
OTHERS = [(place, way) for way in EVERY_WAY for place in PLACES if (place, way) not in PAIRS]


def _name(value: Place | dict) -> str:
    if isinstance(value, Place):
        return value.name
    return f"{value['language']}-{'dark' if value['dark'] else 'light'}-{value['width']}"


def _visit(look, demo, place: Place, way: dict):
    page = look(place.who, reduced_motion="reduce", **way)
    page.goto(place.address.format(**demo.at))
    if place.act:
        place.act(page)
    return page


def _violations(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{page.url}: {v['id']}: {n['target']} {n.get('failureSummary', '')}"
        for v in found
        for n in v["nodes"]
    ]


def _is_fine(look, demo, place: Place, way: dict) -> None:
    page = _visit(look, demo, place, way)
    page.evaluate("scrollTo(0, 0)")  # scrolled, the bar would lie over some target or other
    assert page.locator("html").get_attribute("lang") == way["language"]
    faults = _violations(page)
    assert not faults, "\n".join(faults)
    # 320 px is what a reader has at 400 % zoom.
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


@pytest.mark.parametrize(("place", "way"), PAIRS, ids=_name)
def test_axe_finds_nothing(look, demo, place, way):
    _is_fine(look, demo, place, way)


@pytest.mark.soak
@pytest.mark.parametrize(("place", "way"), OTHERS, ids=_name)
def test_axe_finds_nothing_in_any_other_way(look, demo, place, way):
    _is_fine(look, demo, place, way)
