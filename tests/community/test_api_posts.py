"""What the API does to posts: acceptance, votes, watches, duplicates, suggestions, flags and decisions."""

import pytest

from community.models import Flag, Vote, Watch
from tests.api import Api, is_problem
from tests.factories import make_answer, make_article, make_comment, make_question


def test_acceptance_is_given_twice_and_taken_back_twice_without_harm(cast):
    answer = make_answer(make_question(author=cast.minji))
    other = make_answer(answer.question)
    api = Api(cast.minji)
    for _ in range(2):
        assert api.post(f"answers/{answer.pk}/accept/").json()["accepted_answer"] == answer.pk
    # Taking back an acceptance that was never given leaves the one that was.
    assert api.delete(f"answers/{other.pk}/accept/").json()["accepted_answer"] == answer.pk
    for _ in range(2):
        taken = api.delete(f"answers/{answer.pk}/accept/").json()
        assert (taken["accepted_answer"], taken["solved_at"]) == (None, None)


def test_a_vote_is_one_row_that_changes_and_goes(cast):
    answer, api = make_answer(), Api(cast.minji)
    for helpful, counts in [(True, (1, 0)), (True, (1, 0)), (False, (0, 1)), (None, (0, 0)), (None, (0, 0))]:
        voted = api.put(f"answers/{answer.pk}/vote/", {"helpful": helpful}).json()
        assert (voted["helpful"], voted["unhelpful"]) == counts
        assert Vote.objects.count() == sum(counts)


@pytest.mark.parametrize("helpful", ["true", 1, 0, "", [], {}, "null"])
def test_a_vote_is_true_false_or_null(helpful, cast):
    is_problem(Api(cast.minji).put(f"answers/{make_answer().pk}/vote/", {"helpful": helpful}), 400)
    is_problem(Api(cast.minji).put(f"answers/{make_answer().pk}/vote/", {}), 400)


def test_watching_twice_is_one_watch(cast):
    question, api = make_question(), Api(cast.minji)
    for _ in range(2):
        assert api.post(f"questions/{question.pk}/watch/").status_code == 204
    assert Watch.objects.get().question == question
    for _ in range(2):
        assert api.delete(f"questions/{question.pk}/watch/").status_code == 204
    assert not Watch.objects.exists()


def test_a_duplicate_is_closed_and_points_to_the_older_one(cast):
    older, newer = make_question(), make_question()
    api = Api(cast.mod)
    marked = api.post(f"questions/{newer.pk}/duplicate/", {"of": older.pk}).json()
    assert (marked["status"], marked["duplicate_of"]) == ("closed", older.pk)
    is_problem(api.post(f"questions/{older.pk}/duplicate/", {"of": 10**30}), 404)
    assert api.post(f"questions/{older.pk}/duplicate/", {"of": older.pk}).status_code in (400, 409)


@pytest.mark.parametrize("kind", ["article", "answer"])
def test_the_asker_says_that_a_suggestion_solved_it(kind, cast):
    question = make_question(author=cast.minji)
    target = make_article() if kind == "article" else make_answer()
    row = question.suggestions.create(**{kind: target}, confidence=0.8, position=1)
    type(question).objects.filter(pk=question.pk).update(suggested_at=question.created_at)
    card = Api().get(f"questions/{question.pk}/suggestions/").json()
    assert card["state"] == "ready"
    [shown] = card["results"]
    assert (shown["id"], shown["kind"], shown["target"], shown["outcome"]) == (row.pk, kind, target.pk, "")
    assert shown["url"].startswith("http://testserver/")
    assert shown["title"]
    assert shown["excerpt"]
    api, path = Api(cast.minji), f"questions/{question.pk}/suggestions/{row.pk}/outcome/"
    solved = api.post(path, {"outcome": "solved"}).json()
    assert solved["solved_at"]
    assert solved[f"solved_by_{kind}"] == target.pk
    assert api.post(path, {"outcome": "not_helpful"}).json()["solved_at"] is None
    is_problem(api.post(path, {"outcome": "opened"}), 400)


@pytest.mark.parametrize("kind", ["article", "answer"])
def test_what_was_taken_away_meanwhile_cannot_have_solved_it(kind, cast):
    """The asker's page is older than the removal."""
    question = make_question(author=cast.minji)
    target = make_article() if kind == "article" else make_answer()
    row = question.suggestions.create(**{kind: target}, confidence=0.8, position=1)
    path = f"questions/{question.pk}/suggestions/{row.pk}/outcome/"
    type(target).objects.filter(pk=target.pk).update(status="archived" if kind == "article" else "removed")
    refused = is_problem(Api(cast.minji).post(path, {"outcome": "solved"}), 400)
    assert "no longer there" in refused["detail"]
    assert Api(cast.minji).get(f"questions/{question.pk}/").json()["solved_at"] is None
    assert Api(cast.minji).post(path, {"outcome": "not_helpful"}).status_code == 200


def test_a_suggestion_of_another_question_is_404(cast):
    question = make_question(author=cast.minji)
    row = make_question(author=cast.minji).suggestions.create(
        article=make_article(), confidence=0.8, position=1
    )
    is_problem(
        Api(cast.minji).post(f"questions/{question.pk}/suggestions/{row.pk}/outcome/", {"outcome": "solved"}),
        404,
    )


@pytest.mark.parametrize("kind", ["question", "answer", "comment"])
def test_a_flag_waits_in_the_queue_until_somebody_decides(kind, cast):
    question = make_question(author=cast.minji)
    post = {"question": question, "answer": make_answer(question), "comment": make_comment(question)}[kind]
    flagged = Api(cast.junho).post("flags/", {"kind": kind, "id": post.pk, "reason": "spam", "note": "광고"})
    assert flagged.status_code == 201, flagged.content
    assert flagged.json() == {"kind": kind, "id": post.pk, "reason": "spam", "note": "광고"}
    api = Api(cast.mod)
    [entry] = api.get("moderation/").json()["results"]
    assert (entry["id"], entry["kind"], entry["post"], entry["held"]) == (
        f"{kind}-{post.pk}",
        kind,
        post.pk,
        False,
    )
    assert [(flag["reason"], flag["reporter"], flag["note"]) for flag in entry["flags"]] == [
        ("spam", "junho", "광고")
    ]
    path = f"moderation/{entry['id']}/decision/"
    assert api.post(path, {"decision": "remove", "reason": "Advertising."}).status_code == 200
    is_problem(api.post(path, {"decision": "dismiss"}), 409)
    assert api.get("moderation/").json()["results"] == []
    post.refresh_from_db()
    assert post.status == "removed"
    assert not Flag.objects.filter(decided_at=None).exists()


def test_a_held_post_is_seen_by_its_author_and_released_by_the_first_moderator(cast):
    held = make_question(author=cast.minji, status="held", held_for="links")
    assert Api(cast.minji).get(f"questions/{held.pk}/").json()["status"] == "held"
    is_problem(Api().get(f"questions/{held.pk}/"), 404)
    assert (
        Api(cast.mod).post(f"moderation/question-{held.pk}/decision/", {"decision": "release"}).status_code
        == 200
    )
    refused = is_problem(
        Api(cast.hana).post(f"moderation/question-{held.pk}/decision/", {"decision": "release"}), 409
    )
    assert refused["theirs"]["by"] == "mod"
    assert Api().get(f"questions/{held.pk}/").json()["status"] == "open"


@pytest.mark.parametrize(
    "entry", ["question-999", "nothing-1", "question-x", "x", "question-99999999999999999999"]
)
def test_an_entry_of_nothing_is_404(entry, cast):
    is_problem(Api(cast.mod).post(f"moderation/{entry}/decision/", {"decision": "release"}), 404)


def test_news_is_listed_and_read(cast):
    from portal.core.models import Notification

    for number in range(3):
        Notification.objects.create(
            recipient=cast.minji, actor=cast.junho, kind="answer", dedupe_key=f"{number}", target_kind="community.answer",
            target_pk=1, thread_key="t", url="/questions/1/", data={"title": "T", "excerpt": "E"},
        )  # fmt: skip
    api = Api(cast.minji)
    rows = api.get("notifications/").json()["results"]
    assert {
        "kind": "answer",
        "title": "T",
        "excerpt": "E",
        "url": "http://testserver/questions/1/",
        "actor": "junho",
    }.items() <= rows[0].items()
    assert api.get("me/").json()["unread"] == 3
    assert Api(cast.junho).post("notifications/read/", {}).status_code == 204
    api.post("notifications/read/", {"ids": [rows[0]["id"]]})
    assert api.get("me/").json()["unread"] == 2
    api.post("notifications/read/")
    assert api.get("me/").json()["unread"] == 0
    assert Api(cast.hana).get("me/").json()["roles"] == ["staff"]


def test_a_session_may_call_but_not_write_from_another_site(cast):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.minji)
    assert client.get("/api/v1/me/").json()["username"] == "minji"
    body = {"title": "Why?", "body": "It stays silent."}
    is_problem(client.post("/api/v1/questions/", body, content_type="application/json"), 403)


def test_a_persons_erased_name_is_null(cast):
    answer = make_answer(make_question(author=None), author=cast.junho)
    type(answer).objects.filter(pk=answer.pk).update(author=None)
    shown = Api().get(f"answers/{answer.pk}/").json()
    assert (shown["author"], shown["author_name"]) == (None, None)


def test_a_refused_draft_leaves_the_candidate_a_candidate(cast):
    answer = make_answer()
    promotion = Api(cast.junho).post("promotions/", {"answer": answer.pk}).json()
    api, path = Api(cast.kate), f"promotions/{promotion['id']}/"
    is_problem(api.patch(path, {"title": "", "tags": list("abcdef")}), 400)
    is_problem(api.patch(path, {"tags": list("abcdef")}), 400)
    assert api.get(path).json()["state"] == "candidate"
    draft = api.patch(path, {"title": "How to charge it?"}).json()
    assert (draft["state"], draft["title"]) == ("draft", "How to charge it?")
    assert draft["similar"] == []
    refused = is_problem(api.patch(path, {"title": "Late", "version": 1}), 409)
    assert (refused["theirs"]["title"], refused["yours"]["title"]) == ("How to charge it?", "Late")
    is_problem(api.post(f"{path}reject/", {"reason": ""}), 400)
    assert api.post(f"{path}reject/", {"reason": "Too special."}).json()["state"] == "rejected"
    is_problem(api.post(f"{path}publish/"), 409)
