"""Two people do one thing at once, each on a connection of their own: one row, one winner, a clear word for the other."""

from functools import partial

import pytest
from django.core import mail

from community import tasks
from community.models import Answer, Comment, Flag, Promotion, Question, Suggestion, Vote, Watch
from community.suggesting import offer_article
from kb.models import Article, ArticleFeedback, Credit, Revision
from portal.core.mail import deliver
from portal.core.models import AuditEntry, Notification, RequestKey, Tag, User
from portal.core.search import changed
from portal.core.search.writing import flush_now
from tests.api import Api, is_problem
from tests.at_once import at_once
from tests.factories import make_answer, make_article, make_question

pytestmark = [pytest.mark.postgres, pytest.mark.services, pytest.mark.django_db(transaction=True)]

ASK = {"title": "Why does the left one stay silent?", "body": "It stays silent after the update."}


def statuses(*responses):
    return [response.status_code for response in responses]


def test_of_two_accepted_answers_the_first_one_stands(cast):
    question = make_question(author=cast.minji)
    mine, theirs = make_answer(question), make_answer(question)
    asker, moderator = Api(cast.minji), Api(cast.mod)
    first, second = at_once(
        lambda: asker.post(f"answers/{mine.pk}/accept/"),
        lambda: moderator.post(f"answers/{theirs.pk}/accept/"),
        before=Question.objects.filter(pk=question.pk),
    )
    assert first.json()["accepted_answer"] == mine.pk
    assert "accepted another answer" in is_problem(second, 409)["detail"]
    question.refresh_from_db()
    assert question.accepted_answer == mine
    # Knowing what stands there now, the moderator may still change it.
    assert moderator.post(f"answers/{theirs.pk}/accept/").json()["accepted_answer"] == theirs.pk


def test_the_same_answer_accepted_by_two_is_accepted(cast):
    question = make_question(author=cast.minji)
    answer = make_answer(question)
    asker, moderator = Api(cast.minji), Api(cast.mod)
    both = at_once(
        *(partial(api.post, f"answers/{answer.pk}/accept/") for api in (asker, moderator)),
        before=Question.objects.filter(pk=question.pk),
    )
    assert [one.json()["accepted_answer"] for one in both] == [answer.pk, answer.pk]


def test_an_answer_that_is_withdrawn_meanwhile_is_not_accepted(cast):
    answer = make_answer(make_question(author=cast.minji), author=cast.junho)
    asker, answerer = Api(cast.minji), Api(cast.junho)
    gone, accepted = at_once(
        lambda: answerer.delete(f"answers/{answer.pk}/"),
        lambda: asker.post(f"answers/{answer.pk}/accept/"),
        before=Question.objects.filter(pk=answer.question_id),
    )
    assert gone.status_code == 204
    is_problem(accepted, 403)
    assert Question.objects.get().accepted_answer is None


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_moderator_removes_the_accepted_answer_while_the_asker_chooses_another(order, cast):
    question = make_question(author=cast.minji)
    old, new = make_answer(question, accepted=True), make_answer(question)
    Flag.objects.create(answer=old, reporter=cast.junho, reason="wrong")
    asker, moderator = Api(cast.minji), Api(cast.mod)
    acts = [
        lambda: asker.post(f"answers/{new.pk}/accept/"),
        lambda: moderator.post(
            f"moderation/answer-{old.pk}/decision/", {"decision": "remove", "reason": "Dangerous"}
        ),
    ]
    done = at_once(*(acts[n] for n in order), before=Question.objects.filter(pk=question.pk))
    accepted, removed = (done[order.index(n)] for n in (0, 1))
    assert removed.status_code == 200
    assert Answer.objects.get(pk=old.pk).status == "removed"
    question.refresh_from_db()
    if order == (0, 1):
        assert question.accepted_answer == new
    else:  # the acceptance that the asker saw is gone: they are told, and choose again
        is_problem(accepted, 409)
        assert question.accepted_answer is None
        assert asker.post(f"answers/{new.pk}/accept/").status_code == 200


@pytest.mark.parametrize("state", ["candidate", "draft"])
def test_two_editors_publish_one_promotion_and_one_article_is_made(state, cast):
    answer = make_answer(accepted=True)
    promotion = Promotion.objects.create(answer=answer)
    kate, hana = Api(cast.kate), Api(cast.hana)
    if state == "draft":
        kate.patch(f"promotions/{promotion.pk}/", {"title": "What if one side is silent?"})
    first, second = at_once(
        *(partial(api.post, f"promotions/{promotion.pk}/publish/") for api in (kate, hana)),
        before=Promotion.objects.filter(pk=promotion.pk),
    )
    assert first.status_code == 200
    refusal = is_problem(second, 409)
    assert (refusal["detail"], refusal["theirs"]["by"]) == ("Kate has already published this one.", "Kate")
    assert (Article.objects.count(), Revision.objects.count(), Credit.objects.count()) == (1, 1, 1)
    promotion.refresh_from_db()
    assert (promotion.state, promotion.article, promotion.editor) == (
        "published",
        Article.objects.get(),
        cast.kate,
    )


def test_one_editor_publishes_what_another_rejects(cast):
    promotion = Promotion.objects.create(answer=make_answer(accepted=True))
    kate, hana = Api(cast.kate), Api(cast.hana)
    rejected, published = at_once(
        lambda: hana.post(f"promotions/{promotion.pk}/reject/", {"reason": "Too short"}),
        lambda: kate.post(f"promotions/{promotion.pk}/publish/"),
        before=Promotion.objects.filter(pk=promotion.pk),
    )
    assert rejected.status_code == 200
    assert is_problem(published, 409)["theirs"]["state"] == "rejected"
    assert not Article.objects.exists()


@pytest.mark.parametrize(("mine", "theirs"), [("release", "remove"), ("remove", "release")])
def test_two_moderators_decide_about_one_held_question(mine, theirs, cast):
    question = make_question(status="held", held_for="links")
    path, reason = f"moderation/question-{question.pk}/decision/", "As the rules say"
    mod, hana = Api(cast.mod), Api(cast.hana)
    first, second = at_once(
        lambda: mod.post(path, {"decision": mine, "reason": reason}),
        lambda: hana.post(path, {"decision": theirs, "reason": reason}),
        before=Question.objects.filter(pk=question.pk),
    )
    assert first.status_code == 200
    assert is_problem(second, 409)["theirs"]["decision"] == mine
    assert AuditEntry.objects.get().act == mine
    question.refresh_from_db()
    assert question.status == {"release": "open", "remove": "removed"}[mine]


@pytest.mark.parametrize(
    ("mine", "theirs"), [("dismiss", "remove"), ("remove", "dismiss"), ("remove", "remove")]
)
@pytest.mark.parametrize("kind", ["answer", "comment"])
def test_two_moderators_decide_about_one_flagged_post(kind, mine, theirs, cast):
    answer = make_answer()
    post = answer if kind == "answer" else Comment.objects.create(answer=answer, body="Buy!", html="Buy!")
    flag = Flag.objects.create(reporter=cast.junho, reason="spam", **{kind: post})
    path, reason = f"moderation/{kind}-{post.pk}/decision/", "As the rules say"
    mod, hana = Api(cast.mod), Api(cast.hana)
    first, second = at_once(
        lambda: mod.post(path, {"decision": mine, "reason": reason}),
        lambda: hana.post(path, {"decision": theirs, "reason": reason}),
        before=Question.objects.filter(pk=answer.question_id),
    )
    assert first.status_code == 200
    assert is_problem(second, 409)["theirs"]["decision"] == mine
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.before["flags"]) == (mine, [flag.pk])
    post.refresh_from_db()
    assert post.status == {"dismiss": "open", "remove": "removed"}[mine]


def test_two_questions_never_become_duplicates_of_each_other(cast):
    one, other = make_question(), make_question()
    mod, hana = Api(cast.mod), Api(cast.hana)
    first, second = at_once(
        lambda: mod.post(f"questions/{one.pk}/duplicate/", {"of": other.pk}),
        lambda: hana.post(f"questions/{other.pk}/duplicate/", {"of": one.pk}),
        before=Question.objects.filter(pk__in=[one.pk, other.pk]),
    )
    assert first.status_code == 200
    is_problem(second, 400)
    assert list(Question.objects.filter(duplicate_of__isnull=False)) == [one]


def test_the_same_post_with_one_key_is_done_once(cast):
    api, key = Api(cast.minji), {"idempotency-key": "race"}
    answers = at_once(
        *[lambda: api.post("questions/", ASK, headers=key)] * 3, before=User.objects.filter(pk=cast.minji.pk)
    )
    assert statuses(*answers) == [201, 201, 201]
    assert len({answer.content for answer in answers}) == 1
    assert ["Idempotency-Replayed" in answer for answer in answers] == [False, True, True]
    assert (Question.objects.count(), RequestKey.objects.count()) == (1, 1)


def test_one_key_for_two_requests_is_refused_for_the_second(cast):
    api, key = Api(cast.minji), {"idempotency-key": "race"}
    first, second = at_once(
        lambda: api.post("questions/", ASK, headers=key),
        lambda: api.post("questions/", ASK | {"title": "Something else?"}, headers=key),
        before=User.objects.filter(pk=cast.minji.pk),
    )
    assert first.status_code == 201
    is_problem(second, 409)
    assert Question.objects.get().title == ASK["title"]


def test_a_vote_that_comes_twice_counts_once(cast):
    answer, api = make_answer(), Api(cast.junho)
    both = at_once(
        *(partial(api.put, f"answers/{answer.pk}/vote/", {"helpful": helpful}) for helpful in (True, False)),
        before=Answer.objects.filter(pk=answer.pk),
    )
    assert statuses(*both) == [200, 200]
    assert Vote.objects.get().helpful is False  # who changes their mind has said so last
    assert (both[1].json()["helpful"], both[1].json()["unhelpful"]) == (0, 1)


@pytest.mark.parametrize(
    ("path", "body", "model"),
    [
        ("questions/{q}/watch/", None, Watch),
        ("flags/", {"kind": "answer", "id": "{a}", "reason": "spam"}, Flag),
        ("articles/{slug}/feedback/", {"helpful": True}, ArticleFeedback),
        ("promotions/", {"answer": "{a}"}, Promotion),
    ],
)
def test_what_one_person_says_twice_is_one_row(path, body, model, cast):
    answer, article = make_answer(accepted=True), make_article()
    names = {"q": answer.question_id, "a": answer.pk, "slug": article.slug}
    body = body and {name: names["a"] if value == "{a}" else value for name, value in body.items()}
    api = Api(cast.junho)
    both = at_once(
        *[lambda: api.post(path.format(**names), body)] * 2, before=User.objects.filter(pk=cast.junho.pk)
    )
    assert all(status in (200, 201, 204) for status in statuses(*both)), [one.content for one in both]
    assert model.objects.count() == 1


def test_two_posts_bring_the_same_new_tags(cast):
    asker, other = Api(cast.minji), Api(cast.junho)
    both = at_once(
        lambda: asker.post("questions/", ASK | {"tags": ["alpha", "middle", "zeta"]}),
        lambda: other.post("questions/", ASK | {"tags": ["zeta", "middle", "alpha"]}),
        before=lambda: Tag.objects.create(name="middle"),
    )
    assert statuses(*both) == [201, 201]
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["alpha", "middle", "zeta"]


def test_of_two_revisions_of_one_article_both_texts_are_kept(cast):
    article = make_article()
    kate, hana = Api(cast.kate), Api(cast.hana)
    path = f"articles/{article.slug}/revisions/"
    mine, theirs = ({"title": article.title, "body": who, "based_on": 1} for who in ("Kate's.", "Hana's."))
    first, second = at_once(
        lambda: kate.post(path, mine),
        lambda: hana.post(path, theirs),
        before=Article.objects.filter(pk=article.pk),
    )
    assert (first.status_code, first.json()["number"]) == (201, 2)
    refusal = is_problem(second, 409)
    assert (refusal["theirs"]["body"], refusal["theirs"]["by"]) == ("Kate's.", "Kate")
    assert refusal["yours"]["body"] == "Hana's."
    assert list(article.revisions.values_list("number", flat=True)) == [2, 1]


def test_of_two_edits_of_one_question_both_texts_are_kept(cast):
    question = make_question(author=cast.minji)
    asker, moderator = Api(cast.minji), Api(cast.mod)
    first, second = at_once(
        lambda: asker.patch(f"questions/{question.pk}/", {"body": "Mine.", "version": 1}),
        lambda: moderator.patch(f"questions/{question.pk}/", {"body": "Clearer.", "version": 1}),
        before=Question.objects.filter(pk=question.pk),
    )
    assert (first.status_code, first.json()["version"]) == (200, 2)
    refusal = is_problem(second, 409)
    assert (refusal["theirs"]["body"], refusal["yours"]["body"]) == ("Mine.", "Clearer.")
    assert question.edits.count() == 1


def test_two_articles_of_one_title_get_two_addresses(cast):
    kate, hana = Api(cast.kate), Api(cast.hana)
    body = {"title": "One side is silent", "body": "Charge it."}
    both = at_once(
        lambda: kate.post("articles/", body),
        lambda: hana.post("articles/", body),
        before=lambda: Article.objects.create(slug="one-side-is-silent", title="Never there", language="en"),
    )
    assert statuses(*both) == [201, 201]
    assert {one.json()["slug"] for one in both} == {"one-side-is-silent", "one-side-is-silent-2"}


def test_a_notification_claimed_twice_is_one_mail(cast):
    Watch.objects.create(person=cast.minji, question=(answer := make_answer()).question)
    tasks.announce_answer(answer.pk)
    note = Notification.objects.get(recipient=cast.minji)
    at_once(*[lambda: deliver(note.pk)] * 3, before=Notification.objects.filter(pk=note.pk))
    assert ["minji@example.com" in str(message.message()["To"]) for message in mail.outbox] == [True]
    note.refresh_from_db()
    assert (note.attempts, note.delivered_at is not None) == (1, True)


def test_an_answer_announced_by_two_workers_is_one_piece_of_news(cast):
    answer = make_answer()
    for person in (cast.minji, cast.kate):
        Watch.objects.create(person=person, question=answer.question)
    at_once(*[lambda: tasks.announce_answer(answer.pk)] * 2, before=User.objects.filter(pk=cast.minji.pk))
    assert sorted(Notification.objects.values_list("recipient__username", flat=True)) == ["kate", "minji"]


def test_two_workers_consider_one_answer_and_one_candidate_waits(cast):
    answer = make_answer(
        accepted=True, body="1. Put both into the case.\n2. Hold the button for ten seconds."
    )
    at_once(*[lambda: tasks.consider_answer(answer.pk)] * 2, before=Answer.objects.filter(pk=answer.pk))
    assert Promotion.objects.get().state == "candidate"


def test_an_article_that_is_offered_twice_is_suggested_once(cast, index):
    title = "The left earbud stays silent after the update"
    question = make_question(title=title, body="Only the right one plays.")
    article = make_article(title=title, body="Put both earbuds into the case and hold the button.")
    changed("question", question.pk)
    changed("article", article.pk)
    flush_now()
    both = at_once(*[lambda: offer_article(article.pk)] * 2, before=Question.objects.filter(pk=question.pk))
    assert [len(offered) for offered in both] == [1, 0]
    assert Suggestion.objects.count() == 1
