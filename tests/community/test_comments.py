"""Comments: added under a post, changed, taken back and flagged by those who may, from the thread itself."""

import re

import pytest
from django.urls import reverse

from community.models import Comment
from tests.factories import make_answer, make_comment, make_question


def _page(client, question):
    return client.get(question.get_absolute_url()).content.decode()


def _key(page):
    form = page[page.index('class="comment-form"') :].partition("</form>")[0]
    return re.search(r'name="submission" value="(\w+)"', form)[1]


def test_the_same_comment_form_sent_twice_comments_once(client, cast):
    question = make_question(author=cast.minji)
    client.force_login(cast.junho)
    values = {"body": "Which release is it?", "submission": _key(_page(client, question))}
    address = reverse("community:comment_add", args=["question", question.pk])
    assert client.post(address, values).url == client.post(address, values).url
    assert Comment.objects.count() == 1


def test_a_comment_offers_its_author_and_others_what_each_may_do(client, cast):
    question = make_question(author=cast.minji)
    below_question = make_comment(question, author=cast.minji)
    below_answer = make_comment(make_answer(question), author=cast.junho)
    edits = {c: reverse("community:comment_edit", args=[c.pk]) for c in (below_question, below_answer)}
    flags = {c: reverse("community:flag", args=["comment", c.pk]) for c in (below_question, below_answer)}
    client.force_login(cast.minji)
    page = _page(client, question)
    assert edits[below_question] in page
    assert flags[below_question] not in page
    assert edits[below_answer] not in page
    assert flags[below_answer] in page
    assert client.get(edits[below_question]).status_code == 200
    assert client.get(flags[below_answer]).status_code == 200


def test_a_visitor_is_offered_neither(client, cast):
    comment = make_comment(make_question(author=cast.minji))
    page = _page(client, comment.question)
    assert reverse("community:comment_edit", args=[comment.pk]) not in page
    assert reverse("community:flag", args=["comment", comment.pk]) not in page


def test_a_comment_is_changed_and_taken_back(client, cast):
    comment = make_comment(make_question(author=cast.minji), author=cast.junho)
    client.force_login(cast.junho)
    client.post(reverse("community:comment_edit", args=[comment.pk]), {"body": "I meant 3.0.", "version": 1})
    assert "I meant 3.0." in _page(client, comment.question)
    client.post(reverse("community:comment_withdraw", args=[comment.pk]))
    assert "I meant 3.0." not in _page(client, comment.question)


def test_a_comment_typed_after_the_session_ended_waits_behind_the_sign_in(client, cast):
    question = make_question(author=cast.minji)
    address = reverse("community:comment_add", args=["question", question.pk])
    response = client.post(address, {"body": "Typed for a long time."})
    back = client.post(response.url, {"login": "junho", "password": "a-good-password-7"})
    assert client.get(back.url).context["form"]["body"].value() == "Typed for a long time."
    assert not Comment.objects.exists()


@pytest.mark.parametrize("status", ["closed", "held"])
def test_a_comment_that_comes_too_late_is_refused_with_its_text(client, cast, status):
    question = make_question(author=cast.minji, status=status)
    client.force_login(cast.minji)
    address = reverse("community:comment_add", args=["question", question.pk])
    response = client.post(address, {"body": "Too late, alas."})
    assert response.status_code == 403
    assert "Too late, alas." in response.content.decode()
    assert client.get(address).url == question.get_absolute_url()
    assert not Comment.objects.exists()
