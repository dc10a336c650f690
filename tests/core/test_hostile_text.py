"""Hostile strings as Markdown, as names and as addresses: what comes out holds nothing that runs or leads astray."""

import csv
import io
import json
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client

from portal.core.text import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, is_local, render
from tests.factories import make_user
from tests.given import SECURITY, needs_data, payloads

pytestmark = needs_data
XSS = ("xss.jsonl", "xss_bleach.jsonl", "xss_dompurify.json")
# Where a post can put somebody's words.
WAYS = ["{}", "`{}`", "```\n{}\n```", "    {}", "[words]({})", "[words](<{}>)", "![{}](/media/x.webp)", "![alt]({})", "# {}", "> - {}",
        "|{}|b|\n|-|-|\n|{}|d|", "[x]\n\n[x]: {}", "[words](/a \"{}\")", "<{}>", "**{}**", "https://a.example/{}", "```{}\ncode\n```"]  # fmt: skip


class Seen(HTMLParser):
    """What a browser would make of it: every element with its attributes."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.found, self.odd = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, attrs))

    def handle_comment(self, data):
        self.odd.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def is_harmless(html):
    """Only what is allowed, and only addresses that open a page."""
    seen = Seen(html)
    assert not seen.odd
    for tag, attrs in seen.found:
        assert tag in ALLOWED_TAGS
        for name, value in attrs:
            assert name in ALLOWED_ATTRIBUTES.get(tag, set()) or (tag, name) == ("a", "rel"), (tag, name)
            if name == "href":
                assert urlsplit(value.strip()).scheme.lower() in ("", "http", "https", "mailto"), value
            if name == "src":
                assert value.startswith(("/media/", "http://testserver/media/")), value
                assert ".." not in value
            if name == "id":
                assert value.startswith("h-")
            if name == "class":
                assert value.startswith("language-")
        if tag == "a" and dict(attrs).get("href"):
            assert {"nofollow", "ugc", "noopener"} <= set(dict(attrs)["rel"].split())


@pytest.mark.parametrize("name", XSS)
def test_no_element_or_attribute_outside_the_list_survives(name):
    for number, payload in enumerate(payloads(name)):
        # As it stands, and in two of the other places by turns: each place meets some six hundred of them.
        for way in {WAYS[0], WAYS[number % len(WAYS)], WAYS[(number * 7 + 3) % len(WAYS)]}:
            is_harmless(render(way.replace("{}", payload)))


@pytest.mark.soak
@pytest.mark.parametrize("way", WAYS)
def test_every_string_is_harmless_in_every_place(way):
    for payload in (payload for name in XSS for payload in payloads(name)):
        is_harmless(render(way.replace("{}", payload)))


def test_the_check_itself_sees_what_is_wrong():
    for wrong in ("<script>x</script>", "<p onclick=x>", "<a href='javascript:x' rel='nofollow ugc noopener'>", "<!-- x -->",
                  "<img src='https://a.example/x'>", "<h2 id='main'>", "<a href='/x'>"):  # fmt: skip
        with pytest.raises((AssertionError, KeyError)):
            is_harmless(wrong)


def test_the_markdown_examples_are_rendered_the_same_each_time():
    examples = json.loads((SECURITY / "commonmark" / "commonmark-0.31.2.json").read_text("utf-8"))
    assert len(examples) == 652
    for example in examples:
        text = example["markdown"].replace("→", "\t")
        html = render(text)
        is_harmless(html)
        assert render(text) == html
        assert render(text.replace("\n", "\r\n")) == html


@pytest.mark.parametrize("name", ["ssrf_urls.jsonl", "path_traversal.jsonl", "open_redirect.jsonl"])
def test_addresses_to_inner_networks_and_files_are_never_fetched_and_open_no_picture(name, socket_disabled):
    for payload in payloads(name):
        for way in ("[words]({})", "![alt]({})", "![alt](<{}>)", "{}"):
            is_harmless(render(way.replace("{}", payload)))


@pytest.mark.django_db
def test_path_traversal_reads_no_file(settings):
    settings.DEBUG = False
    client = Client(raise_request_exception=False)
    for payload in payloads("path_traversal.jsonl")[::16]:
        for before in ("/media/images/", "/media/", "/static/", "/articles/", "/people/", "/insights/"):
            for each in {quote(payload, safe="/%\\."), quote(payload, safe="")}:
                answer = client.get(f"{before}{each}")
                assert answer.status_code in (400, 301, 302, 404), (before, payload, answer.status_code)


@pytest.mark.django_db
def test_no_table_for_a_spreadsheet_begins_a_cell_with_a_formula(cast):
    from kb.models import ContentGap

    given = payloads("csv_injection.jsonl")
    for number, payload in enumerate([*given, *(f" \t{payload}" for payload in given)]):
        ContentGap.objects.create(text=payload, key=f"x{number}", language="en")
    client = Client()
    client.force_login(cast.kate)
    table = client.get("/insights/gaps.csv", {"days": "90"}).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert len(cells) > 2 * len(given)
    assert not [
        cell
        for cell in cells
        if cell.lstrip().startswith(("=", "+", "-", "@")) and not cell.lstrip("-").isdigit()
    ]


def leads_away(address):
    """As a browser reads it: backslashes are slashes, and control characters are not there."""
    seen = "".join(letter for letter in address.strip() if letter > " ").replace("\\", "/")
    return bool(urlsplit(seen).scheme or urlsplit(seen).netloc) or seen.startswith("//")


@pytest.mark.django_db
def test_no_next_leads_to_another_site(cast):
    client = Client()
    client.force_login(cast.minji)
    fresh = Client()
    make_user("door", password="a-good-password-7")
    given = [
        *payloads("open_redirect.jsonl"),
        "/\t/evil.example",
        "/\\evil.example",
        "\x00//evil",
        "///evil.example",
        "/ok/",
    ]
    for number, payload in enumerate(given):
        assert not (is_local(payload) and leads_away(payload)), payload
        if number % 4:
            continue
        answers = [
            client.post("/language/", {"language": "en", "next": payload}),
            client.post("/appearance/", {"theme": "dark", "next": payload}),
            client.post(f"/language/?next={quote(payload)}", {"language": "en"}),
            client.post("/language/", {"language": "en"}, headers={"referer": payload.replace("\n", "").replace("\r", "")}),
        ]  # fmt: skip
        for answer in answers:
            assert not leads_away(answer.headers.get("Location", "")), payload
    for payload in payloads("open_redirect.jsonl")[::30]:
        fresh.post("/accounts/logout/", {"next": payload})
        answer = fresh.post(
            f"/accounts/login/?next={quote(payload)}",
            {"login": "door", "password": "a-good-password-7", "next": payload},
        )
        assert answer.status_code < 500
        assert not leads_away(answer.headers.get("Location", "")), payload
