"""The list, the page, its history and its feed, as readers see them."""

import pytest
from django.test import Client
from django.urls import reverse

from kb import services
from kb.diff import diff_lines
from kb.models import Article, Category, Credit
from tests.factories import make_article, make_product, make_tags


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_list_shows_published_articles_by_product_topic_and_tag(client, cast):
    buds, cam = make_product(), make_product("nova-cam")
    sound = Category.objects.create(slug="sound", name="Sound", name_ko="소리")
    make_article(title="Buds and sound", product=buds, category=sound, tags=["noise"])
    make_article(title="Cam at night", product=cam)
    make_article(title="Still a draft", published=False, product=buds)

    def titles(query: str, by: Client = client) -> set[str]:
        return {article.title for article in by.get(f"/articles/{query}").context["page"].rows}

    assert titles("") == {"Buds and sound", "Cam at night"}
    assert titles("?product=nova-cam") == {"Cam at night"}
    assert titles("?topic=sound") == {"Buds and sound"}
    assert titles("?tag=noise") == {"Buds and sound"}
    assert titles("?state=draft") == {"Buds and sound", "Cam at night"}  # not for readers
    assert titles("?state=draft", signed_in(cast.kate)) == {"Still a draft"}
    assert titles("?product=nobody&cursor=nonsense") == set()


def test_the_empty_list_leads_to_asking(client, db):
    page = client.get("/articles/").content.decode()
    assert reverse("community:ask") in page


def test_the_list_goes_on_without_gaps_or_doubles(client, db):
    made = {make_article().pk for _ in range(45)}
    seen, url = [], "/articles/"
    while url:
        page = client.get(url).context["page"]
        seen += [article.pk for article in page.rows]
        url = page.next_url and f"/articles/{page.next_url}"
    assert (len(seen), set(seen)) == (45, made)


@pytest.mark.parametrize("who", ["visitor", "minji", "kate"])
def test_list_page_queries_do_not_grow_with_the_rows(who, cast, django_assert_max_num_queries):
    client = Client() if who == "visitor" else signed_in(getattr(cast, who))
    counts = []
    for wanted in (3, 30):
        while Article.objects.count() < wanted:
            make_article(product=make_product(), author=cast.kate, tags=["a", "b"])
        client.get("/articles/")
        with django_assert_max_num_queries(12) as taken:
            assert client.get("/articles/").status_code == 200
        counts.append(len(taken))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["visitor", "minji", "kate"])
def test_article_page_queries_do_not_grow_with_what_hangs_on_it(who, cast, django_assert_max_num_queries):
    client = Client() if who == "visitor" else signed_in(getattr(cast, who))
    article = make_article(product=make_product(), tags=["a"])
    counts = []
    for wanted in (3, 30):
        while article.revisions.count() < wanted:
            latest = article.revisions.latest("number")
            services.revise(
                article=article, title="T", body=f"{latest.number}", based_on=latest, by=cast.kate
            )
            Credit.objects.create(article=article, person=cast.minji)
            article.tags.add(*make_tags(f"t{latest.number}"))
            make_article(translation_of=article, language="ko")
        client.get(article.get_absolute_url())
        with django_assert_max_num_queries(12) as taken:
            assert client.get(article.get_absolute_url()).status_code == 200
        counts.append(len(taken))
    assert counts[0] == counts[1]


def test_the_page_says_who_verified_what_it_applies_to_and_where_it_came_from(client, cast):
    buds = make_product()
    article = make_article(title="Pair them", product=buds, author=cast.kate)
    article.releases.add(buds.releases.get(name="3.0"))
    services.add_credit(article=article, person=cast.minji, kind="answer", pk=7, url="/questions/3/#answer-7")
    page = client.get(article.get_absolute_url()).content.decode()
    assert "by Kate" in page
    assert "Nova Buds 3.0" in page
    assert "김민지" in page
    assert 'href="/questions/3/#answer-7"' in page
    assert f"{reverse('community:ask')}?product=nova-buds&amp;title=Pair%20them" in page
    assert 'href="#h-before-you-start"' in page or "h-before-you-start" in page
    assert "data-steps=" in page


def test_the_print_view_has_the_text_and_nothing_to_press(client, db):
    page = client.get(f"{make_article().get_absolute_url()}?print").content.decode()
    assert "Hold the button for ten seconds." in page
    assert "topbar" not in page


def test_readers_compare_published_revisions_and_editors_all(client, cast):
    article = make_article(title="버튼", body="버튼을 3초 누르세요.\n끝이에요.")
    first = article.revisions.get()
    services.revise(
        article=article, title="버튼", body="버튼을 10초 누르세요.\n끝이에요.", based_on=first, by=cast.kate
    )
    url = reverse("kb:article_history", args=[article.slug])

    assert [row.number for row in client.get(url).context["revisions"]] == [1]
    page = signed_in(cast.kate).get(f"{url}?from=1&to=2")
    lines = [(line.kind, line.text) for line in page.context["comparison"].body]
    assert lines == [
        ("removed", "버튼을 3초 누르세요."),
        ("added", "버튼을 10초 누르세요."),
        ("same", "끝이에요."),
    ]
    assert "<b>10</b>" in page.content.decode()
    assert client.get(f"{url}?from=x&to=-1").status_code == 200


def test_a_changed_particle_shows_alone():
    removed, added = diff_lines("버튼을 눌러요", "버튼은 눌러요")
    assert [(part.text, part.changed) for part in removed.parts] == [
        ("버튼", False),
        ("을", True),
        (" 눌러요", False),
    ]
    assert [(part.text, part.changed) for part in added.parts] == [
        ("버튼", False),
        ("은", True),
        (" 눌러요", False),
    ]


def test_lines_without_anything_in_common_are_not_picked_apart():
    removed, added = diff_lines("Charge the case first", "전혀 다른 문장이에요")
    assert len(removed.parts) == len(added.parts) == 1


def test_long_unchanged_stretches_are_left_out():
    old = "\n".join(f"line {number}" for number in range(30))
    lines = diff_lines(old, old.replace("line 15", "line fifteen"))
    assert [line.kind for line in lines] == ["gap", "same", "same", "removed", "added", "same", "same", "gap"]
    assert lines[0].skipped == 13
    assert diff_lines(old, old) == []


def test_the_feed_carries_what_is_published(client, db):
    make_article(title="배터리 오래 쓰기", language="ko")
    make_article(title="Hidden draft", published=False)
    feed = client.get("/articles/feed/?language=ko&state=draft")
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert "배터리 오래 쓰기" in feed.content.decode()
    assert "Hidden draft" not in feed.content.decode()


def test_only_what_is_published_is_called_official(client, cast):
    client.force_login(cast.kate)
    for published in (True, False):
        page = client.get(make_article(published=published).get_absolute_url()).content.decode()
        assert ("Official article" in page) is published
