"""Pages that hold hostile text, in a real browser: nothing of it runs, nothing of it is fetched from elsewhere."""

import json
from urllib.parse import quote

import pytest

from tests.given import needs_data, payloads, written
from tests.site import served

pytestmark = [pytest.mark.browser, pytest.mark.services, needs_data]
XSS = ("xss.jsonl", "xss_bleach.jsonl", "xss_dompurify.json")
A_POST = 25_000
# Everything that the payloads call to show that they ran.
MARKERS = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print"]) {
  window[name] = (...words) => { window.ran.push(name + ":" + words.join()); };
}
document.addEventListener("securitypolicyviolation", (event) => {
  window.ran.push("policy:" + event.effectiveDirective + ":" + event.blockedURI);
});
"""


@pytest.fixture(scope="module")
def site():
    """A site of its own: no other test should meet this content."""
    with served() as site:
        yield site


def posts():
    """All payloads, in turns as words, code, link target, alt text and title, as bodies that a post may have."""
    ways = [
        "{}",
        "`{}`",
        "[words]({})",
        "[words](<{}>)",
        "![{}](/media/images/x.webp)",
        "![alt]({})",
        "<{}>",
        "# {}",
    ]
    body = ""
    everything = [payload for name in XSS for payload in payloads(name) if "\0" not in payload]
    for number, payload in enumerate(everything):
        part = ways[number % len(ways)].replace("{}", payload) + "\n\n"
        if len(body) + len(part) > A_POST and body:
            yield body
            body = ""
        body += part[:A_POST]
    yield body


def test_nothing_runs_on_pages_full_of_it(site, visit, tmp_path):
    titles = [p for name in XSS for p in payloads(name) if p.strip() and len(" ".join(p.split())) <= 150]
    lines = []
    for number, body in enumerate(posts()):
        title = titles[number * 31 % len(titles)]
        line = {
            "external_id": f"x-{number}",
            "title": title,
            "author": title[:60],
            "language": "en",
            "tags": [],
        }
        if number % 3 == 0:
            lines.append({"kind": "article", "body": body, **line})
            continue
        answers = [{"body": body, "author": title[:60], "comments": [{"body": body, "author": title[:60]}]}]
        lines.append({"kind": "question", "body": body, "answers": answers, **line})
    lines = [
        line
        for line in lines
        if not any("\ud800" <= c <= "\udfff" for c in json.dumps(line, ensure_ascii=False))
    ]
    site.manage("import_content", str(written(tmp_path / "x.jsonl", lines)))

    page = visit()
    dialogs, elsewhere = [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((site.url, "data:")) else elsewhere.append(request.url)
        ),
    )
    page.add_init_script(MARKERS)
    found = site.manage(
        "shell", "-v0", "-c",
        "from kb.models import *; from community.models import *; import itertools\n"
        "for o in itertools.chain(Article.objects.filter(external_id__startswith='x-'),"
        " Question.objects.filter(external_id__startswith='x-')): print(o.get_absolute_url())",
    )  # fmt: skip
    addresses = [*found.split(), "/", "/questions/", "/articles/", "/people/"]
    assert len(addresses) == len(lines) + 4
    searches = titles[::300]
    for number, address in enumerate(addresses):
        assert page.goto(address, wait_until="load").status == 200
        if number % 5 == 0:  # what waits for a key, a pointer or the focus
            page.evaluate(
                "document.querySelectorAll('main *').forEach((e) => { e.dispatchEvent(new Event('mouseover')); e.focus?.(); })"
            )
        assert not page.evaluate("window.ran.filter((what) => !what.startsWith('policy:img-src'))"), address
    for words in searches:
        page.goto(f"/search/?q={quote(words)}", wait_until="load")
        assert not page.evaluate("window.ran.filter((what) => !what.startsWith('policy:img-src'))"), words
    assert not dialogs
    assert not elsewhere
    page.goto("/")
    page.evaluate("window.alert('seen')")  # the marker itself sees
    assert page.evaluate("window.ran") == ["alert:seen"]
