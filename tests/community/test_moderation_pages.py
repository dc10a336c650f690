"""The moderation desk, its list, the page to flag, and the forms beside a question."""

from urllib.parse import urlencode

import pytest

from community import services
from community.models import Answer, Flag
from portal.core.models import AuditEntry
from tests.factories import make_answer, make_comment, make_question, make_user

pytestmark = pytest.mark.django_db


def fill(n, cast):
    for _ in range(n):
        make_question(status="held", held_for="links")
        make_answer(status="held", held_for="contact")
        comment = make_comment(make_question())
        services.flag(post=comment, by=cast.junho, reason="spam")


@pytest.mark.parametrize("who", ["minji", "kate"])
def test_the_desk_does_not_exist_for_others(client, cast, who):
    client.force_login(getattr(cast, who))
    answer = make_answer(status="held")
    pages = ["/moderation/", "/moderation/list/", f"/moderation/answer-{answer.pk}/"]
    assert [client.get(page).status_code for page in pages] == [404] * 3
    assert (
        client.post(f"/moderation/answer-{answer.pk}/decision/", {"decision": "release"}).status_code == 404
    )


def test_whoever_is_signed_out_signs_in_and_comes_back_to_the_entry(client, cast):
    answer = make_answer(status="held")
    entry = f"/moderation/answer-{answer.pk}/"
    for page in ("/moderation/?after=answer-7", entry):
        assert client.get(page)["Location"] == f"/accounts/login/?{urlencode({'next': page}, safe='/')}"
    for act, back in (
        (f"{entry}decision/", entry),
        ("/moderation/undo/7/", "/moderation/"),
        (f"/moderation/questions/{answer.question_id}/reopen/", f"/questions/{answer.question_id}/"),
    ):
        assert client.post(act, {"decision": "release"})["Location"] == f"/accounts/login/?next={back}"
    assert Answer.objects.get(pk=answer.pk).status == "held"


def test_the_desk_shows_the_oldest_entry_with_its_context_and_goes_on_by_itself(client, cast):
    client.force_login(cast.mod)
    first = make_answer(status="held", held_for="links", author=cast.minji, body="Buy at evil.com")
    second = make_question(status="held", held_for="fast")
    page = client.get("/moderation/").content.decode()
    assert f'data-entry="answer-{first.pk}"' in page
    assert "Buy at" in page
    assert first.question.title in page
    assert 'data-key="r"' in page
    done = client.post(f"/moderation/answer-{first.pk}/decision/", {"decision": "release"}, follow=True)
    page = done.content.decode()
    assert f'data-entry="question-{second.pk}"' in page
    assert 'data-key="u"' in page
    assert Answer.objects.get(pk=first.pk).status == "open"


def test_later_shows_the_next_entry(client, cast):
    client.force_login(cast.mod)
    first, second = make_question(status="held"), make_question(status="held")
    page = client.get(f"/moderation/?after=question-{first.pk}").content.decode()
    assert f'data-entry="question-{second.pk}"' in page


def test_removing_needs_a_reason_and_the_author_reads_it_in_their_language(client, cast):
    client.force_login(cast.mod)
    answer = make_answer(author=cast.minji, status="held", held_for="links")
    refused = client.post(f"/moderation/answer-{answer.pk}/decision/", {"decision": "remove"})
    assert refused.status_code == 400
    client.post(
        f"/moderation/answer-{answer.pk}/decision/",
        {"decision": "remove", "why": "spam", "note": "한 번만요"},
    )
    reason = AuditEntry.objects.get().reason
    assert reason.endswith(". 한 번만요")


def test_the_second_moderator_gets_409_and_reads_who_was_first(client, cast):
    answer = make_answer(status="held", held_for="links")
    for person, status in ((cast.mod, 302), (cast.hana, 409)):
        client.force_login(person)
        done = client.post(
            f"/moderation/answer-{answer.pk}/decision/", {"decision": "release"}, HTTP_ACCEPT_LANGUAGE="en"
        )
        assert done.status_code == status
    assert "mod" in done.context["form"].non_field_errors()[0]


def test_undo_shows_the_entry_again_and_works_once(client, cast):
    client.force_login(cast.mod)
    answer = make_answer(status="held", held_for="links")
    client.post(f"/moderation/answer-{answer.pk}/decision/", {"decision": "release"})
    entry = AuditEntry.objects.get()
    assert client.get(f"/moderation/undo/{entry.pk}/").status_code == 405
    done = client.post(f"/moderation/undo/{entry.pk}/")
    assert done["Location"] == f"/moderation/answer-{answer.pk}/"
    assert Answer.objects.get(pk=answer.pk).status == "held"
    assert client.post(f"/moderation/undo/{entry.pk}/").status_code == 409


@pytest.mark.parametrize("path", ["/moderation/", "/moderation/list/"])
def test_the_queries_of_the_desk_do_not_grow(client, cast, path, django_assert_max_num_queries):
    client.force_login(cast.mod)
    fill(1, cast)
    client.get(path)
    with django_assert_max_num_queries(12) as few:
        client.get(path)
    fill(8, cast)
    with django_assert_max_num_queries(12) as many:
        client.get(path)
    assert len(few) == len(many)


@pytest.mark.parametrize(
    "entry_id", ["answer-0", "answer-x", "topic-1", "answer-99999999999999999999", "-", "answer-１"]
)
def test_an_entry_that_is_none_is_not_found(client, cast, entry_id):
    client.force_login(cast.mod)
    assert client.get(f"/moderation/{entry_id}/").status_code == 404


def test_flagging_works_as_a_plain_page(client, cast):
    answer = make_answer(author=cast.minji)
    page = f"/flag/answer/{answer.pk}/"
    assert client.get(page).status_code == 302
    client.force_login(cast.junho)
    assert 'name="reason"' in client.get(page).content.decode()
    assert client.post(page, {}).status_code == 400
    assert (
        client.post(page, {"reason": "spam", "note": "Again"})["Location"]
        == answer.question.get_absolute_url()
    )
    assert Flag.objects.get().reporter == cast.junho
    client.force_login(cast.minji)
    assert client.get(page).status_code == 404
    assert client.get(f"/flag/topic/{answer.pk}/").status_code == 404


def test_a_hidden_post_cannot_be_flagged(client, cast):
    client.force_login(cast.junho)
    comment = make_comment(make_answer(make_question(status="removed")))
    held = make_answer(status="held")
    assert client.get(f"/flag/comment/{comment.pk}/").status_code == 404
    assert client.get(f"/flag/answer/{held.pk}/").status_code == 404


def test_closing_reopening_and_duplicates_have_their_pages(client, cast):
    client.force_login(cast.mod)
    question, older = make_question(), make_question()
    base = f"/moderation/questions/{question.pk}"
    assert client.get(f"{base}/close/").status_code == 200
    assert client.post(f"{base}/close/", {"reason": ""}).status_code == 400
    assert client.post(f"{base}/close/", {"reason": "Off"}).status_code == 302
    assert client.post(f"{base}/close/", {"reason": "Off"}).status_code == 409
    assert client.post(f"{base}/reopen/").status_code == 302
    assert client.post(f"{base}/duplicate/", {"of": "nothing"}).status_code == 400
    url = f"http://testserver{older.get_absolute_url()}"
    assert client.post(f"{base}/duplicate/", {"of": url}).status_code == 302
    question.refresh_from_db()
    assert (question.duplicate_of, question.status) == (older, "closed")
    client.force_login(make_user())
    assert client.get(f"{base}/close/").status_code == 404
