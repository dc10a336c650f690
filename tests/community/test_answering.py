"""Answers, votes and acceptance on the question's page."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from community import services
from community.models import Answer, Vote
from tests.factories import make_answer, make_question


def test_an_answer_is_posted_and_linked_to(client, cast):
    question = make_question(author=cast.minji)
    client.force_login(cast.junho)
    response = client.post(
        reverse("community:answer_create", args=[question.pk]), {"body": "Hold it for **ten** seconds."}
    )
    answer = Answer.objects.get()
    assert response.url.endswith(f"#answer-{answer.pk}")
    assert "<strong>ten</strong>" in client.get(question.get_absolute_url()).content.decode()


def test_a_signed_out_answer_is_kept_through_signing_in(client, cast):
    question = make_question(author=cast.minji)
    response = client.post(
        reverse("community:answer_create", args=[question.pk]), {"body": "Charge it first."}
    )
    client.post(response.url, {"login": "junho", "password": "a-good-password-7"})
    page = client.get(question.get_absolute_url())
    assert page.context["form"]["body"].value() == "Charge it first."
    assert not Answer.objects.exists()


def test_a_closed_question_takes_no_answer(client, cast):
    question = make_question(author=cast.minji, status="closed")
    client.force_login(cast.junho)
    response = client.post(reverse("community:answer_create", args=[question.pk]), {"body": "Late."})
    assert response.status_code == 403
    assert "Late." in response.content.decode()  # nothing is lost: it can be copied
    assert not Answer.objects.exists()


def test_accepting_twice_changes_nothing_and_another_takes_its_place(cast):
    question = make_question(author=cast.minji)
    first, second = make_answer(question, author=cast.junho), make_answer(question)
    services.accept_answer(answer=first, by=cast.minji)
    solved_at = services.accept_answer(answer=first, by=cast.minji).solved_at
    assert services.accept_answer(answer=first, by=cast.minji).solved_at == solved_at
    second.refresh_from_db()  # as every page and call does: what they know is what is accepted now
    assert services.accept_answer(answer=second, by=cast.minji).accepted_answer == second


def test_only_the_asker_or_a_moderator_accepts(cast):
    answer = make_answer(make_question(author=cast.minji), author=cast.junho)
    with pytest.raises(PermissionDenied):
        services.accept_answer(answer=answer, by=cast.junho)
    assert services.accept_answer(answer=answer, by=cast.mod).is_solved


def test_the_page_says_who_accepted(client, cast):
    answer = make_answer(make_question(author=cast.minji), author=cast.junho)
    client.force_login(cast.kate)
    services.accept_answer(answer=answer, by=cast.mod)
    page = client.get(answer.question.get_absolute_url()).content.decode()
    assert "mod accepted it for the asker" in page
    services.withdraw_acceptance(question=answer.question, by=cast.minji)
    services.accept_answer(answer=answer, by=cast.minji)
    page = client.get(answer.question.get_absolute_url()).content.decode()
    assert "김민지 says this solved it" in page
    assert "for the asker" not in page


def test_a_visitor_may_press_what_takes_a_sign_in(client, cast):
    answer = make_answer(make_question(author=cast.minji), author=cast.junho)
    page = client.get(answer.question.get_absolute_url()).content.decode()
    for name, key in (("answer_vote", answer.pk), ("question_watch", answer.question_id)):
        address = reverse(f"community:{name}", args=[key])
        form = page[page.index(f'action="{address}"') :].partition("</form>")[0]
        assert "<button" in form
        assert "disabled" not in form
        assert client.post(address, {"helpful": "true", "watch": "1"}).url.startswith(
            reverse("account_login")
        )
    assert not Vote.objects.exists()


def test_acceptance_can_be_withdrawn(client, cast):
    answer = make_answer(make_question(author=cast.minji), author=cast.junho, accepted=True)
    client.force_login(cast.minji)
    client.post(reverse("community:answer_unaccept", args=[answer.pk]))
    answer.question.refresh_from_db()
    assert (answer.question.accepted_answer, answer.question.solved_at) == (None, None)


def test_a_vote_counts_once_can_change_and_be_taken_back(client, cast):
    answer = make_answer(author=cast.junho)
    client.force_login(cast.minji)
    address = reverse("community:answer_vote", args=[answer.pk])
    for helpful, rows in [("true", [True]), ("true", [True]), ("false", [False]), ("null", [])]:
        client.post(address, {"helpful": helpful})
        assert list(Vote.objects.values_list("helpful", flat=True)) == rows


def test_nobody_votes_for_themselves_or_with_nonsense(client, cast):
    answer = make_answer(author=cast.junho)
    client.force_login(cast.junho)
    assert (
        client.post(reverse("community:answer_vote", args=[answer.pk]), {"helpful": "true"}).status_code
        == 403
    )
    client.force_login(cast.minji)
    assert (
        client.post(reverse("community:answer_vote", args=[answer.pk]), {"helpful": "very"}).status_code
        == 400
    )
    assert not Vote.objects.exists()


def test_the_accepted_answer_comes_first_then_many_good_votes_beat_one(client, cast):
    question = make_question(author=cast.minji)
    one, many, accepted = make_answer(question), make_answer(question), make_answer(question, accepted=True)
    Vote.objects.create(answer=one, helpful=True)
    Vote.objects.bulk_create([Vote(answer=many, helpful=n > 0) for n in range(10)])
    rows = client.get(question.get_absolute_url()).context["rows"]
    assert [row.answer.pk for row in rows] == [accepted.pk, many.pk, one.pk]


def test_withdrawing_the_accepted_answer_leaves_the_question_unsolved(cast):
    answer = make_answer(make_question(author=cast.minji), author=cast.junho, accepted=True)
    services.withdraw_answer(answer=answer, by=cast.junho)
    answer.question.refresh_from_db()
    assert answer.question.solved_at is None


def test_a_stale_edit_of_an_answer_is_409(client, cast):
    answer = make_answer(author=cast.junho)
    services.edit_answer(answer=answer, by=cast.mod, body="their words", version=1)
    client.force_login(cast.junho)
    response = client.post(
        reverse("community:answer_edit", args=[answer.pk]), {"body": "my words", "version": 1}
    )
    assert response.status_code == 409
    assert "their words" in response.content.decode()
    assert "my words" in response.content.decode()
