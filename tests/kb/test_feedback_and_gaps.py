"""What readers say of an article, and what nobody could find."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from kb import services
from kb.models import Article, ArticleFeedback, ContentGap
from portal.core.errors import RuleError
from tests.factories import make_article


def verdict(client: Client, article: Article, **fields):
    return client.post(f"{article.get_absolute_url()}feedback/", fields)


def test_a_visitor_says_it_once_and_may_change_their_mind(client, db):
    article = make_article()
    assert verdict(client, article, helpful="true").status_code == 302
    assert verdict(client, article, helpful="false").status_code == 302
    assert (
        verdict(client, article, helpful="false", reason="outdated", comment="Since 3.0").status_code == 302
    )
    row = ArticleFeedback.objects.get()
    assert (row.helpful, row.reason, row.comment, row.person) == (False, "outdated", "Since 3.0", None)
    page = client.get(article.get_absolute_url()).content.decode()
    assert 'value="outdated" checked' in page

    other = Client(HTTP_USER_AGENT="another browser")
    assert "checked" not in other.get(article.get_absolute_url()).content.decode()
    verdict(other, article, helpful="true")
    assert ArticleFeedback.objects.count() == 2


def test_a_person_says_it_once_wherever_they_are(cast, db):
    article = make_article()
    for agent in ("phone", "desk"):
        client = Client(HTTP_USER_AGENT=agent)
        client.force_login(cast.minji)
        verdict(client, article, helpful="true")
    assert ArticleFeedback.objects.get().person == cast.minji


def test_a_script_gets_the_part_alone(client, db):
    article = make_article()
    part = client.post(
        f"{article.get_absolute_url()}feedback/", {"helpful": "false"}, headers={"HX-Request": "true"}
    )
    words = part.content.decode()
    assert part.status_code == 200
    assert "<html" not in words
    assert 'name="reason"' in words


@pytest.mark.parametrize("fields", [{}, {"helpful": "maybe"}, {"helpful": "false", "reason": "bored"}])
def test_nonsense_is_refused_and_nothing_kept(client, db, fields):
    assert verdict(client, make_article(), **fields).status_code == 400
    assert not ArticleFeedback.objects.exists()


def test_a_draft_takes_no_verdict(client, cast):
    article = make_article(published=False)
    assert verdict(client, article, helpful="true").status_code == 404
    with pytest.raises(PermissionDenied):
        services.give_feedback(article=article, by=cast.kate, visit="", helpful=True)


def test_reading_changes_nothing(client, db):
    article = make_article()
    assert client.get(f"{article.get_absolute_url()}feedback/").status_code == 405
    client.get(article.get_absolute_url())
    assert "sessionid" not in client.cookies
    assert not ArticleFeedback.objects.exists()


def test_the_same_need_is_one_gap_however_it_is_typed(db):
    first = services.record_gap(text="Battery swelling of the case", language="en")
    again = services.record_gap(text="  swelling of the CASE battery", language="en")
    other = services.record_gap(text="케이스 배터리가 부풀었어요", language="ko")
    assert first.pk == again.pk != other.pk
    assert again.demand == 2
    assert again.text == "Battery swelling of the case"
    assert ContentGap.objects.count() == 2


def test_a_gap_needs_words(db):
    for text in ("", "   ", "a\x00"):
        with pytest.raises(RuleError):
            services.record_gap(text=text, language="ko")
