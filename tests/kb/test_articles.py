"""Writing, publishing, renaming and archiving articles, through the services and the pages."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from kb import services
from kb.models import Article, Redirect, Revision
from portal.core.errors import ConflictError, RuleError
from portal.core.models import AuditEntry, IndexChange
from tests.factories import make_article, make_product, make_user

BODY = "## 먼저\n\n충전하세요.\n\n## 다음\n\n1. 케이스를 여세요.\n2. 버튼을 10초 누르세요."


def draft(by, title="한쪽만 소리가 날 때", **fields) -> Article:
    return services.draft_article(by=by, title=title, body=BODY, **fields)


def editor_client(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_draft_becomes_readable_only_by_publishing(client, cast):
    article = draft(cast.kate)
    assert client.get(article.get_absolute_url()).status_code == 404
    assert editor_client(cast.kate).get(article.get_absolute_url()).status_code == 200

    services.publish(revision=article.revisions.get(), by=cast.kate)
    page = client.get(article.get_absolute_url())

    assert page.status_code == 200
    assert "버튼을 10초 누르세요." in page.content.decode()
    article.refresh_from_db()
    assert (article.status, article.language, article.verified_by) == ("published", "ko", cast.kate)
    assert article.published_at is not None
    assert article.review_due is not None
    assert IndexChange.objects.filter(kind="article", object_pk=article.pk).exists()
    assert (
        AuditEntry.objects.filter(act="publish_article", target_pk=article.pk, actor=cast.kate).count() == 1
    )


def test_publishing_twice_changes_nothing(cast):
    article = draft(cast.kate)
    revision = article.revisions.get()
    first = services.publish(revision=revision, by=cast.kate)
    again = services.publish(revision=revision, by=cast.hana)
    assert again.published_at == first.published_at
    assert AuditEntry.objects.filter(act="publish_article").count() == 1


@pytest.mark.parametrize("act", ["draft", "revise", "publish", "archive", "rename", "submit", "verify"])
def test_a_customer_does_none_of_the_editors_acts(cast, act):
    article = make_article()
    revision = article.revisions.get()
    acts = {
        "draft": lambda by: draft(by),
        "revise": lambda by: services.revise(article=article, body="x", title="y", based_on=revision, by=by),
        "publish": lambda by: services.publish(revision=revision, by=by),
        "archive": lambda by: services.archive(article=article, by=by),
        "rename": lambda by: services.rename(article=article, slug="other", by=by),
        "submit": lambda by: services.submit(article=article, by=by),
        "verify": lambda by: services.verify(article=article, by=by),
    }
    with pytest.raises(PermissionDenied):
        acts[act](cast.minji)


def test_addresses_keep_hangul_and_are_unique(cast):
    first, second = draft(cast.kate), draft(cast.kate)
    assert (first.slug, second.slug) == ("한쪽만-소리가-날-때", "한쪽만-소리가-날-때-2")
    assert draft(cast.kate, title="New").slug == "new-2"  # /articles/new/ is a page of its own
    assert draft(cast.kate, title="???").slug == "article"


def test_the_address_follows_the_title_until_the_first_publication(cast, client):
    article = draft(cast.kate)
    first = article.revisions.get()
    better = services.revise(article=article, body=BODY, title="이어버드 한쪽", based_on=first, by=cast.kate)
    article = services.publish(revision=better, by=cast.kate)
    assert article.slug == "이어버드-한쪽"
    later = services.revise(article=article, body=BODY, title="또 다른 제목", based_on=better, by=cast.kate)
    article = services.publish(revision=later, by=cast.kate)
    assert (article.slug, article.title) == ("이어버드-한쪽", "또 다른 제목")


def test_a_renamed_article_is_reached_by_its_old_address(cast, client):
    article = make_article(title="Pair the buds")
    old = article.get_absolute_url()
    editor_client(cast.kate).post(reverse("kb:article_rename", args=[article.slug]), {"slug": "버즈 연결"})
    article.refresh_from_db()

    assert article.slug == "버즈-연결"
    moved = client.get(old)
    assert moved.status_code == 301
    assert moved["Location"] == article.get_absolute_url()
    services.rename(article=article, slug="pair-the-buds", by=cast.kate)  # and back: no loop
    assert client.get(old).status_code == 200
    assert list(Redirect.objects.values_list("slug", flat=True)) == ["버즈-연결"]


def test_an_old_address_is_not_given_to_another_article(cast):
    article = make_article(title="Pair the buds")
    services.rename(article=article, slug="pairing", by=cast.kate)
    with pytest.raises(RuleError):
        services.rename(article=make_article(), slug="pair the buds", by=cast.kate)
    assert draft(cast.kate, title="Pair the buds").slug == "pair-the-buds-2"


def test_an_archived_article_leads_to_its_successor(cast, client):
    old, new = make_article(title="Old way"), make_article(title="New way")
    older = make_article(title="Older way")
    services.archive(article=older, by=cast.kate, successor=old)
    desk = editor_client(cast.kate)
    desk.post(reverse("kb:article_archive", args=[old.slug]), {"successor": f"/articles/{new.slug}/"})
    for gone in (old, older):
        moved = client.get(gone.get_absolute_url())
        assert (moved.status_code, moved["Location"]) == (301, new.get_absolute_url())
    services.archive(article=new, by=cast.kate)
    assert client.get(new.get_absolute_url()).status_code == 404
    assert desk.get(new.get_absolute_url()).status_code == 200


def test_a_successor_is_another_published_article(cast):
    article = make_article()
    for wrong in (article, make_article(published=False)):
        with pytest.raises(RuleError):
            services.archive(article=article, by=cast.kate, successor=wrong)
    article.refresh_from_db()
    assert article.status == "published"


def test_of_two_editors_the_second_gets_both_texts(cast):
    article = make_article(title="Title", body="Old text")
    begun = article.revisions.get()
    services.revise(article=article, body="Kate's text", title="Title", based_on=begun, by=cast.kate)
    with pytest.raises(ConflictError) as refused:
        services.revise(article=article, body="Hana's text", title="Title", based_on=begun, by=cast.hana)
    assert refused.value.theirs["body"] == "Kate's text"
    assert refused.value.theirs["by"] == "Kate"
    assert article.revisions.count() == 2


def test_the_editors_page_keeps_both_texts_and_goes_on_from_there(cast):
    article = make_article(title="Title", body="Old text")
    url = reverse("kb:article_edit", args=[article.slug])
    kate, hana = editor_client(cast.kate), editor_client(cast.hana)
    fields = {"title": "Title", "version": "1", "act": "publish"}
    assert kate.post(url, fields | {"body": "Kate's text"}).status_code == 302

    refused = hana.post(url, fields | {"body": "Hana's text"})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Kate&#x27;s text" in page
    assert "Hana&#x27;s text" in page
    assert 'name="version" value="2"' in page

    assert hana.post(url, fields | {"body": "Both texts", "version": "2"}).status_code == 302
    article.refresh_from_db()
    assert article.published_revision.body == "Both texts"
    assert [row.number for row in article.revisions.all()] == [3, 2, 1]


def test_saving_without_a_change_makes_no_revision(cast):
    article = make_article(title="Title", body="Line one\nLine two")
    product = make_product()
    fields = {
        "title": "Title",
        "body": "Line one\r\nLine two",
        "version": "1",
        "act": "save",
        "tags": "a b, 배터리",
    }
    editor_client(cast.kate).post(
        reverse("kb:article_edit", args=[article.slug]), fields | {"product": product.slug}
    )
    article.refresh_from_db()
    assert article.revisions.count() == 1
    assert article.product == product
    assert sorted(tag.name for tag in article.tags.all()) == ["a-b", "배터리"]


def test_a_new_article_is_written_handed_over_and_published_in_the_browser(cast, client):
    desk = editor_client(cast.kate)
    made = desk.post(reverse("kb:article_new"), {"title": "배터리 오래 쓰기", "body": BODY, "act": "submit"})
    article = Article.objects.get()
    assert made["Location"] == article.get_absolute_url()
    assert article.status == "review"
    assert client.get(article.get_absolute_url()).status_code == 404
    desk.post(reverse("kb:revision_publish", args=[article.slug, 1]))
    assert client.get(article.get_absolute_url()).status_code == 200


def test_a_release_of_another_product_is_refused(cast):
    buds, cam = make_product(), make_product("nova-cam")
    fields = {"title": "T", "body": BODY, "product": cam.slug, "releases": [buds.releases.first().pk]}
    page = editor_client(cast.kate).post(reverse("kb:article_new"), fields)
    assert page.status_code == 400
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("title", "body"), [("", "x"), ("x", ""), ("x" * 201, "x"), ("x", "x" * 60_001), ("a\x00", "x")]
)
def test_what_cannot_be_an_article_is_a_sentence_not_an_error(cast, title, body):
    page = editor_client(cast.kate).post(reverse("kb:article_new"), {"title": title, "body": body})
    assert page.status_code == 400
    with pytest.raises(RuleError):
        services.draft_article(by=cast.kate, title=title, body=body)
    with pytest.raises(RuleError):
        services.draft_article(by=cast.kate, title="lone \ud800 half", body="x")
    assert not Revision.objects.exists()


def test_visitors_and_customers_do_not_get_to_the_editor(cast, client):
    article = make_article()
    for name, args in (("kb:article_edit", [article.slug]), ("kb:article_new", [])):
        assert client.get(reverse(name, args=args)).status_code == 302  # to sign in
        assert editor_client(make_user()).get(reverse(name, args=args)).status_code == 403
