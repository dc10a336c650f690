"""The portal proposes to moderators that a new question repeats an older one; they decide, and nobody else sees it."""

import pytest

from community import moderation, services, tasks
from community.models import PossibleDuplicate, Question
from portal.core.models import AuditEntry, Notification
from tests.api import Api, is_problem
from tests.factories import make_answer, make_question
from tests.search.test_finding import indexed

pytestmark = pytest.mark.django_db
TITLE = "이어버드를 케이스에 넣어도 충전이 안 돼요"
BODY = "불빛도 안 들어와요."


@pytest.fixture
def older(index, cast) -> Question:
    """Asked before by junho, answered, and among others."""
    older = make_question(
        author=cast.junho, title="케이스에 넣어도 이어버드 충전이 안 됩니다", body="불빛이 없어요."
    )
    make_answer(older, body="접점을 닦아 보세요.", accepted=True)
    others = ("지도가 사라졌어요", "Camera sends no alarm", "먼지통이 안 빠져요", "케이스 뚜껑이 헐거워요")
    indexed(older, *(make_question(title=title, body=title) for title in others))
    return older


def asked(cast, *, title: str = TITLE, **fields) -> Question:
    """minji asks, and the task looks at it."""
    question = make_question(author=cast.minji, title=title, body=BODY, **fields)
    tasks.suggest_for_question(question.pk)
    return question


def ids(person) -> list[str]:
    return [entry["id"] for entry in Api(person).get("moderation/").json()["results"]]


def state(question: Question) -> tuple:
    question.refresh_from_db()
    return question.status, question.duplicate_of_id


def test_moderators_see_both_side_by_side_and_nothing_has_happened(client, cast, older):
    question = asked(cast)
    pair = PossibleDuplicate.objects.get()
    assert (pair.question, pair.of) == (question, older)
    assert 0.6 <= pair.confidence <= 1
    assert state(question) == ("open", None)
    assert not Notification.objects.filter(kind="duplicate").exists()
    [entry] = Api(cast.mod).get("moderation/").json()["results"]
    assert (entry["id"], entry["post"], entry["of"]) == (f"duplicate-{pair.pk}", question.pk, older.pk)
    client.force_login(cast.mod)
    page = client.get("/moderation/", headers={"accept-language": "ko"}).content.decode()
    for said in ("중복일까요?", question.title, older.title, "접점을 닦아 보세요.", 'value="duplicate"'):
        assert said in page
    assert older.title in client.get("/moderation/list/").content.decode()
    assert "<strong>1</strong>" in client.get("/").content.decode()
    for person in (cast.minji, cast.kate):
        client.force_login(person)
        assert client.get(f"/moderation/duplicate-{pair.pk}/").status_code == 404
        assert (
            "중복"
            not in client.get(question.get_absolute_url(), headers={"accept-language": "ko"}).content.decode()
        )


def test_close_as_a_duplicate_goes_the_usual_way_and_is_undone(client, cast, older):
    question = asked(cast)
    pair = PossibleDuplicate.objects.get()
    client.force_login(cast.mod)
    client.post(f"/moderation/duplicate-{pair.pk}/decision/", {"decision": "duplicate"})
    assert state(question) == ("closed", older.pk)
    assert Notification.objects.get(recipient=cast.minji, kind="duplicate").url == older.get_absolute_url()
    assert ids(cast.mod) == []
    pair.refresh_from_db()
    assert pair.decision == "duplicate"
    entry = AuditEntry.objects.get(act="duplicate")
    assert client.post(f"/moderation/undo/{entry.pk}/").url == f"/moderation/duplicate-{pair.pk}/"
    assert state(question) == ("open", None)
    assert ids(cast.mod) == [f"duplicate-{pair.pk}"]


def test_not_a_duplicate_is_for_good_until_it_is_undone(client, cast, older):
    question = asked(cast)
    pair = PossibleDuplicate.objects.get()
    client.force_login(cast.mod)
    done = client.post(f"/moderation/duplicate-{pair.pk}/decision/", {"decision": "dismiss"}, follow=True)
    assert "stay two questions" in done.content.decode()
    assert state(question) == ("open", None)
    Question.objects.filter(pk=question.pk).update(suggested_at=None)
    tasks.suggest_for_question(question.pk)
    assert ids(cast.mod) == []
    assert PossibleDuplicate.objects.count() == 1
    assert not Notification.objects.filter(kind="decision").exists()
    refused = Api(cast.hana).post(f"moderation/duplicate-{pair.pk}/decision/", {"decision": "duplicate"})
    if refused.status_code != 403:  # a moderator who comes second
        is_problem(refused, 409)
    entry = AuditEntry.objects.get(act="not_duplicate")
    assert client.post(f"/moderation/undo/{entry.pk}/").url == f"/moderation/duplicate-{pair.pk}/"
    assert ids(cast.mod) == [f"duplicate-{pair.pk}"]
    assert not Notification.objects.filter(kind="decision").exists()


def test_the_api_decides_and_refuses_what_makes_no_sense(cast, older):
    question = asked(cast)
    api, path = Api(cast.mod), f"moderation/duplicate-{PossibleDuplicate.objects.get().pk}/decision/"
    for decision in ("release", "remove"):
        assert "duplicate" in is_problem(api.post(path, {"decision": decision, "reason": "x"}), 400)["detail"]
    held = make_answer(status="held")
    is_problem(api.post(f"moderation/answer-{held.pk}/decision/", {"decision": "duplicate"}), 400)
    is_problem(Api(cast.minji).post(path, {"decision": "duplicate"}), 403)
    assert state(question) == ("open", None)
    assert api.post(path, {"decision": "duplicate"}).json()["of"] == older.pk
    assert state(question) == ("closed", older.pk)
    assert "mod" in is_problem(api.post(path, {"decision": "duplicate"}), 409)["detail"]


def test_marking_it_from_its_own_page_settles_the_proposal_too(cast, older):
    question = asked(cast)
    moderation.mark_duplicate(question=question, of=older, by=cast.mod)
    assert PossibleDuplicate.objects.get().decision == "duplicate"


@pytest.mark.parametrize("which", ["newer", "older"])
@pytest.mark.parametrize("status", ["held", "removed"])
def test_what_is_not_public_is_never_proposed(cast, older, which, status):
    if which == "older":
        Question.objects.filter(pk=older.pk).update(status=status)  # and nobody told the index
        asked(cast)
    else:
        asked(cast, status=status)
    assert not PossibleDuplicate.objects.exists()


@pytest.mark.parametrize("which", ["question", "of"])
def test_what_is_taken_from_view_leaves_the_desk_and_comes_back_with_it(cast, older, which):
    asked(cast)
    pair = PossibleDuplicate.objects.get()
    entry = moderation.remove(post=getattr(pair, which), by=cast.mod, reason="Rude")
    assert ids(cast.mod) == []
    with pytest.raises(Exception, match="already decided|Nothing waits"):
        moderation.confirm_duplicate(proposal=pair, by=cast.mod)
    assert state(pair.question)[1] is None
    moderation.undo(entry=entry, by=cast.mod)
    assert ids(cast.mod) == [f"duplicate-{pair.pk}"]


def test_a_released_question_is_looked_at_then(cast, older):
    question = asked(cast, status="held", held_for="links")
    assert not PossibleDuplicate.objects.exists()
    moderation.release(post=question, by=cast.mod)
    tasks.suggest_for_question(question.pk)
    assert PossibleDuplicate.objects.get().question == question


@pytest.mark.parametrize(
    "title",
    [
        "이어버드를 케이스에 넣으면 소리가 나요",
        "케이스가 안 닫혀요",
        "이어버드 충전이 얼마나 걸리나요, 그리고 다른 회사 케이스에 넣어 두어도 되는지 궁금합니다",
        "Camera pictures are blurry at night",
    ],
)
def test_what_only_shares_words_is_not_proposed(cast, older, title):
    asked(cast, title=title)
    assert not PossibleDuplicate.objects.exists()


def test_a_hidden_one_does_not_stand_before_one_that_can_be_read(cast, older):
    hidden = make_question(title=f"{TITLE} 불빛도", body=BODY)
    indexed(hidden)
    Question.objects.filter(pk=hidden.pk).update(status="removed")
    asked(cast, title=f"{TITLE} 불빛도")
    assert PossibleDuplicate.objects.get().of == older


def test_the_original_of_a_duplicate_is_proposed(cast, older):
    copy = make_question(title="배터리가 하나도 채워지지 않네요", body=BODY)
    indexed(copy)
    moderation.mark_duplicate(question=copy, of=older, by=cast.mod)
    asked(cast, title="배터리가 하나도 안 채워지네요")
    assert PossibleDuplicate.objects.get().of == older


def test_an_older_question_is_never_proposed_as_the_copy_of_a_newer(cast, older):
    question = asked(cast)
    indexed(question)
    Question.objects.filter(pk=older.pk).update(suggested_at=None)
    tasks.suggest_for_question(older.pk)
    assert [(row.question, row.of) for row in PossibleDuplicate.objects.all()] == [(question, older)]


def test_the_desk_takes_as_many_queries_for_five_pairs_as_for_one(cast, django_assert_num_queries):
    def pair() -> None:
        of = make_question()
        PossibleDuplicate.objects.create(of=of, question=make_question(), confidence=0.9)

    pair()
    moderation.waiting(cast.mod)  # who is a moderator is asked once
    with django_assert_num_queries(2):
        moderation.queue(cast.mod)
    for _ in range(4):
        pair()
    with django_assert_num_queries(2):
        assert len(moderation.queue(cast.mod)) == 5
    whole = [entry.id for entry in moderation.queue(cast.mod)]
    paged, after = [], ""
    while page := moderation.queue(cast.mod, limit=2, after=after):
        paged += [entry.id for entry in page]
        after = page[-1].cursor
    assert paged == whole


def test_asking_alone_is_enough(cast, older):
    question = services.ask_question(by=cast.minji, title=TITLE, body=BODY)
    tasks.suggest_for_question(question.pk)
    assert PossibleDuplicate.objects.get().question == question
