"""What crawlers and link checkers are told: addresses, descriptions, and a question with its answers as data."""

from html.parser import HTMLParser

import pytest

from community import services
from tests.factories import make_answer, make_article, make_comment, make_question

VOID = {
    "meta",
    "link",
    "input",
    "img",
    "br",
    "hr",
    "path",
    "circle",
    "rect",
    "line",
    "polyline",
    "polygon",
    "ellipse",
}


class Items(HTMLParser):
    """Reads microdata (https://html.spec.whatwg.org/#microdata): items with their properties."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.top, self._open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        owner = next((item for _tag, item, _text in reversed(self._open) if item is not None), None)
        item = {"type": (given.get("itemtype") or "").rpartition("/")[2]} if "itemscope" in given else None
        text = None
        if name := given.get("itemprop"):
            value = item if item is not None else given.get("content") or given.get("href")
            text = (owner, name) if value is None else None
            if value is not None:
                owner.setdefault(name, []).append(value)
        elif item is not None:
            self.top.append(item)
        if tag not in VOID:
            self._open.append((tag, item, text))

    def handle_endtag(self, tag):
        if any(opened == tag for opened, _item, _text in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        for _tag, _item, text in self._open:
            if text:
                owner, name = text
                owner[name] = ["".join(owner.get(name, [])) + data]


def test_a_question_with_its_answers_can_be_read_as_data(client, cast):
    question = make_question(
        author=cast.minji, title="Left bud is silent", body="Since <b>Monday</b> & always."
    )
    best = make_answer(question=question, author=cast.junho, body="Link them again.")
    other = make_answer(question=question, author=cast.kate, body="Reset it.")
    make_comment(best, author=cast.minji, body="Thanks!")
    services.accept_answer(answer=best, by=cast.minji)
    services.vote(answer=best, by=cast.kate, helpful=True)

    html = client.get(question.get_absolute_url()).content.decode()
    (page,) = Items(html).top
    (asked,) = page["mainEntity"]
    (accepted,), (suggested,) = asked["acceptedAnswer"], asked["suggestedAnswer"]
    assert (page["type"], asked["type"], accepted["type"]) == ("QAPage", "Question", "Answer")
    assert asked["name"] == ["Left bud is silent"]
    assert asked["answerCount"] == ["2"]
    assert "Monday" in asked["text"][0]
    assert asked["author"][0]["name"] == ["김민지"]
    assert accepted["text"][0].strip() == "Link them again."
    assert accepted["upvoteCount"] == ["1"]
    assert accepted["url"] == [f"#answer-{best.pk}"]
    assert accepted["author"][0]["name"] == ["박준호"]
    assert accepted["comment"][0]["author"][0]["name"] == ["김민지"]
    assert suggested["text"][0].strip() == "Reset it."
    assert suggested["url"] == [f"#answer-{other.pk}"]


def test_a_description_is_plain_words(client, cast):
    question = make_question(author=cast.minji, body="Is **5 < 6** & so on?")
    html = client.get(question.get_absolute_url()).content.decode()
    assert 'content="Is 5 &lt; 6 &amp; so on?"' in html


@pytest.mark.parametrize("name", ["home", "questions", "question", "article", "search", "robots", "person"])
def test_a_page_answers_who_asks_only_for_its_head(client, cast, index, name):
    question = make_question(author=cast.minji)
    address = {
        "home": "/",
        "questions": "/questions/",
        "question": question.get_absolute_url(),
        "article": make_article().get_absolute_url(),
        "search": "/search/?q=bud",
        "robots": "/robots.txt",
        "person": "/people/minji/",
    }[name]
    answer = client.head(address)
    assert answer.status_code == 200
    assert answer.content == b""


def test_a_search_stands_under_one_address_and_its_filters_are_not_walked(client, db, index, settings):
    html = client.get("/search/?q=bud&kind=article").content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}/search/">' in html
    assert "noindex" not in html
    rules = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /search/*&" in rules
    assert "Disallow: /search/" not in rules


def test_pages_travel_compressed(client, cast):
    question = make_question(author=cast.minji, body="A long story. " * 200)
    plain = client.get(question.get_absolute_url())
    packed = client.get(question.get_absolute_url(), headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 3
