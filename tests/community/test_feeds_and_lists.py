"""Every list can be read to its end and followed from outside; one's own lists only with one's own key."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from community.views import lists, people
from tests.factories import make_answer, make_article, make_question, make_tags, make_user


def _feed_of(client, address):
    """The feed that a page names, as a feed reader without a session gets it."""
    page = client.get(address)
    assert page.context["feed"].replace("&", "&amp;") in page.content.decode()
    client.logout()
    return client.get(page.context["feed"])


@pytest.mark.parametrize("state", ["mine", "watched"])
def test_ones_own_list_has_a_feed_that_needs_no_sign_in(client, cast, state):
    own = make_question(author=cast.minji, title="About my own buds")
    own.watches.create(person=cast.minji)
    make_question(title="Of somebody else")
    held = make_question(author=cast.minji, title="Held still", status="held")
    held.watches.create(person=cast.minji)
    client.force_login(cast.minji)
    text = _feed_of(client, f"/questions/?state={state}&sort=active").content.decode()
    assert "About my own buds" in text
    assert "Of somebody else" not in text
    assert "Held still" not in text


@pytest.mark.parametrize("key", ["", "x", "WzEsIngiXQ:forged"])
def test_without_the_key_there_is_no_feed_of_ones_own(client, cast, key):
    make_question(author=cast.minji)
    assert client.get("/questions/feed/", {"state": "mine", "key": key}).status_code == 404


def test_a_new_password_ends_the_key(client, cast):
    client.force_login(cast.minji)
    feed = client.get("/questions/?state=mine").context["feed"]
    assert client.get(feed).status_code == 200
    cast.minji.set_password("another-good-9-password")
    cast.minji.save()
    assert client.get(feed).status_code == 404


def test_the_feed_of_the_list_keeps_its_filters(client, cast):
    make_question(title="Tagged and open", tags=["sound"])
    make_answer(make_question(title="Tagged and solved", tags=["sound"]), accepted=True)
    text = _feed_of(client, "/questions/?tag=sound&state=solved&cursor=x").content.decode()
    assert "Tagged and solved" in text
    assert "Tagged and open" not in text


def test_a_search_has_a_feed_of_what_everybody_may_see(client, cast, index):
    make_article(title="How to clean the charging contacts")
    make_question(title="Dirty charging contacts", author=cast.minji, status="held")
    call_command("rebuild_index", noinput=True, verbosity=0)
    client.force_login(cast.minji)
    text = _feed_of(client, "/search/?q=charging+contacts").content.decode()
    assert "How to clean the charging contacts" in text
    assert "Dirty charging contacts" not in text


def _read_to_the_end(client, address):
    seen, here = [], address
    while here:
        page = client.get(here).context["page"]
        seen += [row.pk for row in page.rows]
        here = page.next_url and address.partition("?")[0] + page.next_url
    return seen


def test_everybody_who_answered_is_in_the_list_of_people_once(client, cast, monkeypatch):
    monkeypatch.setattr(people, "PEOPLE_SHOWN", 4)
    question, helpers = make_question(author=cast.minji), [make_user() for _ in range(10)]
    for number, helper in enumerate(helpers):
        make_answer(make_question(), author=helper, accepted=number == 7)
        if number % 3 == 0:
            make_answer(question, author=helper)
    seen = _read_to_the_end(client, reverse("community:people"))
    assert seen[0] == helpers[7].pk
    assert sorted(seen) == sorted(helper.pk for helper in helpers)


def test_every_tag_in_use_is_in_the_list_once(client, cast, monkeypatch):
    monkeypatch.setattr(lists, "TAGS_SHOWN", 5)
    make_tags("unused")
    used = [make_question(tags=[f"tag{n}", "often"]).tags.get(name=f"tag{n}").pk for n in range(12)]
    seen = _read_to_the_end(client, reverse("community:tags"))
    assert len(seen) == len(set(seen)) == 13
    assert set(used) < set(seen)


def test_a_profile_leads_to_every_answer_and_counts_every_article(client, cast):
    answers = [make_answer(make_question(), author=cast.junho) for _ in range(13)]
    for number, answer in enumerate(answers):
        for voter in (cast.minji, cast.mod, cast.kate)[: number % 4]:
            answer.votes.create(voter=voter, helpful=True)
        make_article().credits.create(person=cast.junho)
    address = reverse("community:person", args=["junho"])
    page = client.get(address)
    assert page.context["article_count"] == 13
    assert "?show=answers" in page.content.decode()
    seen = _read_to_the_end(client, f"{address}?show=answers")
    assert len(seen) == 13
    assert set(seen) == {answer.pk for answer in answers}


def test_a_question_begun_before_signing_in_is_named_on_the_home_page(client, cast, index):
    client.post("/questions/ask/", {"title": "Silent left bud", "body": "Since yesterday.", "tags": ""})
    client.post("/accounts/login/", {"login": "kate", "password": "a-good-password-7"})
    assert client.get("/").context["unfinished"]
    client.get("/questions/ask/")
    assert not client.get("/").context["unfinished"]
