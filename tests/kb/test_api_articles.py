"""Articles through the API: drafts, revisions, publication, archive, verdicts and gaps."""

import pytest

from kb.models import Article, ArticleFeedback
from kb.services import record_gap
from tests.api import Api, is_problem
from tests.factories import make_article, make_product


def test_an_article_is_drafted_revised_published_and_archived(cast):
    make_product("nova-buds")
    editor, reader = Api(cast.kate), Api()
    draft = editor.post(
        "articles/",
        {
            "title": "How to pair", "body": "Open the *case*.", "product": "nova-buds", "releases": ["2.0", "3.0"],
            "tags": ["pairing"], "external_id": "kb-1", "language": "en",
        },
    )  # fmt: skip
    assert draft.status_code == 201, draft.content
    made = draft.json()
    assert (made["state"], made["revision"], made["external_id"]) == ("draft", 1, "kb-1")
    assert (sorted(made["releases"]), made["tags"], made["product"]) == (
        ["2.0", "3.0"],
        ["pairing"],
        "nova-buds",
    )
    path = f"articles/{made['slug']}/"
    is_problem(reader.get(path), 404)

    revised = editor.post(
        path + "revisions/",
        {"title": "How to pair again", "body": "Close it.", "note": "clearer", "based_on": 1},
    )
    assert revised.status_code == 201, revised.content
    assert (revised.json()["number"], revised.json()["based_on"], revised.json()["note"]) == (2, 1, "clearer")
    published = editor.post(path + "revisions/2/publish/").json()
    assert (published["state"], published["revision"], published["body"]) == ("published", 2, "Close it.")
    assert published["verified_at"]
    assert published["review_due"]
    # The address followed the title; the old one still leads there.
    assert reader.get(path).json()["slug"] == published["slug"] == "how-to-pair-again"
    path = f"articles/{published['slug']}/"
    assert [row["number"] for row in reader.get(path + "revisions/").json()["results"]] == [2]
    assert [row["number"] for row in editor.get(path + "revisions/").json()["results"]] == [2, 1]

    other = make_article()
    archived = editor.post(path + "archive/", {"successor": other.slug}).json()
    assert archived["state"] == "archived"
    assert reader.get(path).json()["slug"] == other.slug


def test_readers_see_the_published_text_while_a_newer_one_is_written(cast):
    article = make_article(body="Old.")
    Api(cast.kate).post(f"articles/{article.slug}/revisions/", {"title": article.title, "body": "New."})
    for api in (Api(), Api(cast.kate)):
        shown = api.get(f"articles/{article.slug}/").json()
        assert (shown["body"], shown["revision"]) == ("Old.", 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"releases": ["9.9"], "product": "nova-buds"}, "releases"),
        ({"releases": ["2.0"]}, "releases"),
        ({"product": "nothing"}, "product"),
        ({"language": "fr"}, "language"),
        ({"tags": list("abcdef")}, "tags"),
        ({"category": "nothing"}, "category"),
        ({"translation_of": "nothing"}, "translation_of"),
        ({"title": "t" * 201}, "title"),
        ({"body": "b" * 60_001}, "body"),
        ({"external_id": "e" * 121}, "external_id"),
    ],
)
def test_a_bad_article_names_its_field(changes, field, cast):
    make_product("nova-buds")
    refused = is_problem(Api(cast.kate).post("articles/", {"title": "T", "body": "B"} | changes), 400)
    assert list(refused["errors"]) == [field]
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("path", "body"),
    [("revisions/9/publish/", None), ("revisions/", {"title": "T", "body": "B", "based_on": 9})],
)
def test_a_revision_that_is_not_there_is_404(path, body, cast):
    is_problem(Api(cast.kate).post(f"articles/{make_article().slug}/{path}", body), 404)


def test_a_verdict_counts_once_for_each_reader(cast):
    article = make_article()
    path = f"articles/{article.slug}/feedback/"
    for api in (Api(), Api(cast.minji)):
        for helpful in (True, False):
            assert (
                api.post(
                    path, {"helpful": helpful, "reason": "unclear", "comment": "그림이 없어요"}
                ).status_code
                == 204
            )
    assert ArticleFeedback.objects.count() == 2
    shown = Api().get(f"articles/{article.slug}/").json()
    assert (shown["helpful"], shown["unhelpful"]) == (0, 2)
    assert set(is_problem(Api().post(path, {"helpful": "yes", "reason": "?", "comment": "c" * 501}), 400)["errors"]) == {
        "helpful", "reason", "comment",
    }  # fmt: skip


def test_a_gap_is_planned_and_filled_with_its_proof(cast):
    gap, editor = record_gap(text="swap the battery", language="en"), Api(cast.kate)
    [row] = editor.get("gaps/?state=open").json()["results"]
    assert (row["queries"], row["demand"], row["proof"]) == (["swap the battery"], 1, None)
    assert editor.patch(f"gaps/{gap.pk}/", {"state": "planned"}).json()["state"] == "planned"
    assert list(is_problem(editor.patch(f"gaps/{gap.pk}/", {"state": "filled"}), 400)["errors"]) == [
        "article"
    ]
    is_problem(editor.patch(f"gaps/{gap.pk}/", {"state": "lost"}), 400)
    article = make_article()
    filled = editor.patch(f"gaps/{gap.pk}/", {"state": "filled", "article": article.slug}).json()
    assert (filled["article"], filled["proof"]) == (
        article.slug,
        f"http://testserver{article.get_absolute_url()}",
    )
    assert editor.get("gaps/?state=open").json()["results"] == []
