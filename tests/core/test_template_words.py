"""What templates say: particles, relative times, numbers, addresses, icons."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override


def show(source: str, request=None, **context) -> str:
    return engines["django"].from_string(source).render(context, request).strip()


@pytest.mark.parametrize(
    ("word", "pair", "result"),
    [
        ("민지", "이/가", "민지가"),
        ("수민", "이/가", "수민이"),
        ("수민", "은/는", "수민은"),
        ("서울", "으로/로", "서울로"),
        ("부산", "으로/로", "부산으로"),
        ("제주", "으로/로", "제주로"),
        ("버전 3", "을/를", "버전 3을"),
        ("버전 2", "을/를", "버전 2를"),
        ("“케이스”", "을/를", "“케이스”를"),
        ("Tom", "이/가", "Tom이(가)"),
        ("", "이/가", "이(가)"),
    ],
)
def test_a_particle_fits_the_last_sound(word, pair, result):
    assert show("{{ word|josa:pair }}", word=word, pair=pair) == result


def test_a_particle_does_not_let_markup_through():
    assert show('{{ word|josa:"이/가" }}', word="<b>민지") == "&lt;b&gt;민지가"


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=1, seconds=5), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=30), "30 days ago"),
    ],
)
def test_a_moment_is_told_in_words_and_kept_exactly(age, words):
    with override("en"):
        html = show("{% ago when %}", when=timezone.now() - age)
    assert f">{words}</time>" in html
    assert 'datetime="20' in html


def test_a_moment_long_ago_is_a_date():
    with override("en"):
        assert "ago<" not in show("{% ago when %}", when=timezone.now() - timedelta(days=90))


def test_no_moment_is_nothing():
    assert show("{% ago when %}{% day when %}", when=None) == ""


def test_numbers_follow_the_reader_language():
    with override("en"):
        assert show("{{ n|number }} {{ n|compact }}", n=12345) == "12,345 12.3K"
    with override("ko"):
        assert show("{{ n|number }} {{ n|compact }}", n=12345) == "12,345 1.2만"
    assert show("{{ n|number }}", n="many") == ""


def test_a_product_is_named_in_the_reader_language():
    product = SimpleNamespace(name="Nova Buds", name_ko="노바 버즈")
    with override("ko"):
        assert show("{{ product|local_name }}", product=product) == "노바 버즈"
        assert (
            show("{{ product|local_name }}", product=SimpleNamespace(name="Nova Cam", name_ko=""))
            == "Nova Cam"
        )
    with override("en"):
        assert show("{{ product|local_name }}", product=product) == "Nova Buds"


def test_one_parameter_of_the_address_changes_and_the_cursor_goes():
    request = RequestFactory().get("/questions/", {"tag": "wifi", "state": "solved", "cursor": "abc"})
    assert show("{% query_url state='unanswered' %}", request) == "?tag=wifi&amp;state=unanswered"
    assert show("{% query_url state='' tag='' %}", request) == "?"


def test_a_form_inside_a_lone_component_carries_its_key():
    request = RequestFactory().get("/")
    html = show('{% include "components/watch.html" with url="/w/" only %}', request)
    assert 'name="csrfmiddlewaretoken" value="' in html


def test_an_unknown_icon_is_replaced_not_fatal():
    html = show("{% icon 'no-such-icon' 20 %}")
    assert html.startswith("<svg")
    assert 'aria-hidden="true"' in html


def test_searched_words_are_marked_and_the_rest_is_escaped():
    html = show("{{ text|marked:words }}", text="<i>Wifi & router</i>", words="wifi amp")
    assert html == "&lt;i&gt;<mark>Wifi</mark> &amp; router&lt;/i&gt;"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.0", "curl/8.0"),
        ("", "unknown device"),
    ],
)
def test_a_device_is_told_in_two_words(agent, words):
    with override("en"):
        assert show("{{ agent|device }}", agent=agent) == words
