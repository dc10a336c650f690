"""The search page: what it understood can be taken off, what is clicked is what is typed, and an empty page helps on."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.core import search
from portal.core.models import SearchQuery
from portal.core.search.writing import flush_now
from tests.factories import make_answer, make_article, make_product, make_question


@pytest.fixture
def shelf(index, cast):
    product = make_product(name_ko="노바 버즈")
    things = [
        make_article(title="Charge the battery", body="A red light means it is empty.", product=product, tags=["light"]),
        make_article(title="배터리를 충전하는 방법", body="빨간 불이면 비어 있어요.", tags=["light"]),
        make_question(title="The battery is empty", author=cast.minji, product=product, tags=["light", "wifi"]),
        make_question(title="Battery of the camera", author=cast.junho, tags=["camera"]),
    ]  # fmt: skip
    answer = make_answer(things[2], author=cast.junho, body="Wait until the light goes out.", accepted=True)
    for thing in (*things, answer):
        search.changed(thing._meta.model_name, thing.pk)
    flush_now()


def links(client, typed, **more) -> dict[str, str]:
    """What each link of the results says, and what stands in the box behind it."""
    page = client.get("/search/", {"q": typed, **more}, headers={"X-Search": "typing"}).content.decode()
    found = re.findall(r'<a[^>]*href="(\?[^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {
        " ".join(html.unescape(re.sub(r"<[^>]+>", " ", words)).split()): parse_qs(
            urlsplit(html.unescape(address)).query, keep_blank_values=True
        )["q"][0]
        for address, words in found
    }


def test_what_was_understood_can_be_taken_off_one_by_one(client, shelf):
    found = links(client, 'battery "goes out" tag:light product:"노바 버즈" is:solved by:junho lang:en')
    off = {label.removesuffix(" Remove this filter"): to for label, to in found.items() if "Remove" in label}
    assert list(off) == ["“goes out”", "#light", "Nova Buds", "Solved", "박준호", "English"]
    assert off["#light"] == 'battery "goes out" product:nova-buds is:solved by:junho lang:en'
    assert off["“goes out”"] == "battery tag:light product:nova-buds is:solved by:junho lang:en"


def test_a_facet_clicked_is_an_operator_typed(client, shelf):
    found = links(client, "battery")
    assert found["Articles 2"] == "battery kind:article"
    assert found["Nova Buds 2"] == "battery product:nova-buds"
    assert found["#camera 1"] == "battery tag:camera"
    assert found["Not solved yet 1"] == "battery is:unsolved"
    clicked = client.get("/search/", {"q": found["Nova Buds 2"]}).content.decode()
    assert 'value="battery product:nova-buds"' in clicked
    assert "Battery of the camera" not in clicked
    assert links(client, found["Nova Buds 2"])["Nova Buds 2"] == "battery"  # and again takes it off


def test_filters_beside_the_words_come_into_the_box(client, shelf):
    page = client.get("/search/", {"q": "battery", "product": "nova-buds", "solved": "1"}).content.decode()
    assert 'value="battery product:nova-buds is:solved"' in page
    assert "Battery of the camera" not in page


def test_what_somebody_typed_stands_in_the_box_as_they_typed_it(client, shelf):
    page = client.get("/search/", {"q": "배터리   태그:light"}).content.decode()
    assert 'value="배터리   태그:light"' in page


@pytest.mark.parametrize(
    ("typed", "said"), [("tag:nope", "#nope"), ("product:nope x", "nope"), ("battery by:nope", "@nope")]
)
def test_a_name_that_is_not_here_is_said_not_to_be(client, shelf, typed, said):
    page = client.get("/search/", {"q": typed}).content.decode()
    assert f"There is no {said} on this site." in html.unescape(page)


def test_an_empty_page_offers_what_is_near_with_how_many(client, shelf):
    assert links(client, "empty lang:ko")["Without the filter Korean 2 results"] == "empty"
    assert links(client, "empty tag:nope")["Without the filter #nope 2 results"] == "empty"
    assert links(client, "empty by:nope")["Without the filter @nope 2 results"] == "empty"
    assert links(client, '"goes wait"')["“goes wait” without the quotation marks 1 result"] == "goes wait"
    near = links(client, "empty -charge -wait")
    assert near["With “wait” too 1 result"] == "empty -charge"


def test_what_is_near_counts_only_what_the_reader_may_see(client, shelf):
    from community.models import Question

    Question.objects.filter(title="The battery is empty").update(status="held")
    assert links(client, "empty lang:ko")["Without the filter Korean 1 result"] == "empty"


def test_the_empty_page_leads_to_asking_with_the_words_alone(client, shelf):
    page = client.get("/search/", {"q": 'zzzz "qq qq" tag:light'}).content.decode()
    onward = re.search(r'class="button primary"\s+href="([^"]*ask[^"]*)"', page)[1]
    form = client.get(html.unescape(onward)).content.decode()
    assert "zzzz" in form
    assert "tag:light" not in form


def test_the_part_while_typing_writes_nothing_down_and_the_rested_one_does(client, shelf):
    typing = client.get("/search/", {"q": "battery"}, headers={"X-Search": "typing"})
    assert "X-Search" in typing["Vary"]
    assert "<html" not in typing.content.decode()
    assert not SearchQuery.objects.exists()
    rested = client.get("/search/", {"q": "battery"}, headers={"X-Search": "rested"}).content.decode()
    token = SearchQuery.objects.get().token
    assert f'data-click-url="/search/{token}/click/"' in rested


def test_only_a_search_of_nothing_but_words_can_be_a_need(client, shelf):
    for typed in ("zzzz", "zzzz tag:light", 'zzzz "qq"', "zzzz -x"):
        client.get("/search/", {"q": typed})
    narrowed = SearchQuery.objects.exclude(weighed_at=None).values_list("text", flat=True)
    assert sorted(narrowed) == ['zzzz "qq"', "zzzz -x", "zzzz tag:light"]


def test_an_empty_page_costs_the_same_queries_for_few_words_and_for_many(
    client, shelf, django_assert_num_queries
):
    client.get("/search/", {"q": "battery"})
    with django_assert_num_queries(3):
        client.get("/search/", {"q": "red empty lang:ko"}, headers={"X-Search": "typing"})
    with django_assert_num_queries(3):
        typed = "red empty wait lang:ko kind:question is:solved -lid -x"
        client.get("/search/", {"q": typed}, headers={"X-Search": "typing"})
