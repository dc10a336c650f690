"""A POST with an Idempotency-Key is done once; its repeat gets the first answer."""

import threading

import pytest
from django.db import connection

from community.models import Answer, Comment, Flag, Question
from portal.core.models import RequestKey
from tests.api import Api, is_problem
from tests.factories import make_answer, make_article, make_question

ASK = {"title": "Why?", "body": "It stays silent."}


def test_a_repeat_gets_the_first_answer_and_makes_no_second_row(cast):
    api, key = Api(cast.minji), {"idempotency-key": "one"}
    first, second = (api.post("questions/", ASK, headers=key) for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert first.status_code == 201
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Question.objects.count() == 1


def test_the_first_answer_stays_although_the_row_has_changed(cast):
    api, key = Api(cast.minji), {"idempotency-key": "one"}
    first = api.post("questions/", ASK, headers=key).json()
    api.patch(f"questions/{first['id']}/", {"title": "Changed"})
    assert api.post("questions/", ASK, headers=key).json() == first


def test_the_same_key_for_another_request_is_409(cast):
    api, key = Api(cast.minji), {"idempotency-key": "one"}
    question = api.post("questions/", ASK, headers=key).json()
    is_problem(api.post("questions/", ASK | {"title": "Else?"}, headers=key), 409)
    is_problem(api.post(f"questions/{question['id']}/comments/", ASK, headers=key), 409)
    assert (Question.objects.count(), Comment.objects.count()) == (1, 0)


def test_a_key_is_a_persons_own(cast):
    for person in (cast.minji, cast.junho):
        assert Api(person).post("questions/", ASK, headers={"idempotency-key": "one"}).status_code == 201
    assert Question.objects.count() == 2


def test_a_refusal_is_not_kept(cast):
    api, key = Api(cast.minji), {"idempotency-key": "one"}
    is_problem(api.post("questions/", {"title": ""}, headers=key), 400)
    assert not RequestKey.objects.exists()
    assert api.post("questions/", ASK, headers=key).status_code == 201


@pytest.mark.parametrize(("key", "status"), [("k" * 101, 400), ("a\x07b", 400), ("", 201), ("키", 201)])
def test_what_a_key_may_be(key, status, cast):
    response = Api(cast.minji).post("questions/", ASK, headers={"idempotency-key": key})
    assert response.status_code == status


def test_answers_without_a_body_repeat_too(cast):
    question, key = make_question(), {"idempotency-key": "w"}
    api = Api(cast.minji)
    for _ in range(2):
        response = api.post(f"questions/{question.pk}/watch/", headers=key)
        assert (response.status_code, response.content) == (204, b"")
    article = make_article()
    for _ in range(2):  # a visitor's key holds for the visit
        assert (
            Api().post(f"articles/{article.slug}/feedback/", {"helpful": True}, headers=key).status_code
            == 204
        )
    assert RequestKey.objects.count() == 2


def test_every_kind_of_post_is_repeatable(cast):
    answer = make_answer(make_question(author=cast.minji), author=cast.junho)
    calls = [
        (cast.minji, f"questions/{answer.question_id}/answers/", {"body": "Charge it."}),
        (cast.minji, f"answers/{answer.pk}/comments/", {"body": "Which one?"}),
        (cast.minji, "flags/", {"kind": "answer", "id": answer.pk, "reason": "spam"}),
        (cast.minji, f"answers/{answer.pk}/accept/", None),
        (cast.minji, "promotions/", {"answer": answer.pk}),
        (cast.kate, "articles/", {"title": "T", "body": "B"}),
    ]
    for number, (person, path, body) in enumerate(calls):
        api, key = Api(person), {"idempotency-key": f"k{number}"}
        first, second = (api.post(path, body, headers=key) for _ in range(2))
        assert first.status_code in (200, 201), first.content
        assert (first.status_code, first.json(), second["Idempotency-Replayed"]) == (
            second.status_code,
            second.json(),
            "true",
        )
    assert (Answer.objects.count(), Comment.objects.count(), Flag.objects.count()) == (2, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_post_sent_at_the_same_time_is_done_once(cast):
    api, key, answers = Api(cast.minji), {"idempotency-key": "race"}, []
    start = threading.Barrier(4)

    def send():
        one = Api()
        one.headers = dict(api.headers)
        start.wait()
        answers.append(one.post("questions/", ASK, headers=key))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Question.objects.count() == 1
