"""Release, remove, dismiss and undo: the first moderator wins, the author hears why, and everything follows."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from community import moderation, notifications, services
from community.models import Answer, Flag, Watch
from portal.core.errors import ConflictError, RuleError
from portal.core.models import AuditEntry, IndexChange, Notification
from tests.factories import make_answer, make_comment, make_question, make_user

pytestmark = pytest.mark.django_db


def held_answer(**fields):
    return make_answer(status="held", held_for="links", **fields)


def changed(kind):
    return set(IndexChange.objects.filter(kind=kind).values_list("object_pk", flat=True))


def test_releasing_makes_public_tells_the_author_and_does_what_posting_does(
    cast, django_capture_on_commit_callbacks
):
    watcher, answer = make_user(), held_answer(author=cast.minji)
    Watch.objects.create(person=watcher, question=answer.question)
    with django_capture_on_commit_callbacks() as callbacks:
        moderation.release(post=answer, by=cast.mod)
    answer.refresh_from_db()
    assert (answer.status, answer.held_for) == ("open", "")
    assert answer.pk in changed("answer")
    note = Notification.objects.get(recipient=cast.minji)
    assert (note.kind, note.data["act"]) == ("decision", "release")
    assert note.url.endswith(f"#answer-{answer.pk}")
    tasks = [callback.args[0].name for callback in callbacks if getattr(callback, "args", None)]
    assert "community.announce_answer" in tasks
    assert AuditEntry.objects.get(act="release").actor == cast.mod


def test_a_second_moderator_reads_who_decided_and_when(cast):
    answer = held_answer()
    moderation.release(post=answer, by=cast.mod)
    seen_before = Answer(pk=answer.pk, question=answer.question, status="held", held_for="links")
    for act in (moderation.release, moderation.dismiss):
        with pytest.raises(ConflictError) as refusal:
            act(post=seen_before, by=cast.hana)
        assert "mod" in str(refusal.value)
        assert str(timezone.localtime().year) in str(refusal.value)
        assert refusal.value.theirs["decision"] == "release"
    with pytest.raises(ConflictError):
        moderation.decide(post=seen_before, decision="remove", by=cast.hana, reason="Advertising")
    assert Answer.objects.get(pk=answer.pk).status == "open"
    assert AuditEntry.objects.count() == 1


def test_removing_takes_news_index_and_acceptance_along_and_undo_brings_them_back(cast):
    watcher, answer = make_user(), make_answer(author=cast.minji, accepted=True)
    question = answer.question
    Watch.objects.create(person=watcher, question=question)
    assert notifications.announce_answer(answer) == 1
    services.flag(post=answer, by=cast.junho, reason="spam")
    entry = moderation.decide(post=answer, decision="remove", by=cast.mod, reason="Advertising")
    question.refresh_from_db()
    assert Answer.objects.get(pk=answer.pk).status == "removed"
    assert (question.accepted_answer, question.solved_at) == (None, None)
    assert not Notification.objects.for_person(watcher).exists()
    assert Notification.objects.get(recipient=watcher).data == {}
    assert Notification.objects.get(recipient=cast.minji).data["reason"] == "Advertising"
    assert Flag.objects.get().decided_at is not None
    assert (answer.pk in changed("answer"), question.pk in changed("question")) == (True, True)

    moderation.undo(entry=entry, by=cast.hana)
    question.refresh_from_db()
    answer.refresh_from_db()
    assert (answer.status, question.accepted_answer_id) == ("open", answer.pk)
    assert question.solved_at is not None
    assert Flag.objects.get().decided_at is None
    assert [e.id for e in moderation.queue(cast.mod)] == [f"answer-{answer.pk}"]
    notifications.announce_answer(answer)
    assert Notification.objects.for_person(watcher).get().data["title"] == question.title
    with pytest.raises(ConflictError):
        moderation.undo(entry=entry, by=cast.mod)


def test_removing_a_question_takes_its_thread_from_search_and_news(cast):
    watcher, answer = make_user(), make_answer()
    question = answer.question
    Watch.objects.create(person=watcher, question=question)
    notifications.announce_answer(answer)
    moderation.remove(post=question, by=cast.mod, reason="Shows an address")
    assert changed("question") == {question.pk}
    assert changed("answer") == {answer.pk}
    assert not Notification.objects.for_person(watcher).exists()
    assert Notification.objects.get(recipient=question.author).url == "/notifications/"


def test_dismissing_settles_all_open_flags_of_a_post_at_once(cast):
    comment = make_comment(make_question(), author=cast.minji)
    for by in (cast.junho, cast.kate):
        services.flag(post=comment, by=by, reason="offensive")
    assert len(moderation.queue(cast.mod)) == 1
    moderation.dismiss(post=comment, by=cast.mod)
    assert moderation.queue(cast.mod) == []
    assert not Notification.objects.exists()
    moderation.undo(entry=AuditEntry.objects.get(), by=cast.mod)
    assert len(moderation.queue(cast.mod)[0].flags) == 2


def test_undo_leaves_a_flag_alone_that_was_raised_anew(cast):
    comment = make_comment(make_question())
    services.flag(post=comment, by=cast.junho, reason="offensive")
    entry = moderation.dismiss(post=comment, by=cast.mod)
    services.flag(post=comment, by=cast.junho, reason="spam")
    moderation.undo(entry=entry, by=cast.mod)
    assert [flag.reason for flag in moderation.queue(cast.mod)[0].flags] == ["spam"]


def test_undo_is_refused_once_somebody_decided_anew(cast):
    answer = held_answer()
    first = moderation.release(post=answer, by=cast.mod)
    moderation.remove(post=answer, by=cast.hana, reason="Advertising")
    with pytest.raises(ConflictError):
        moderation.undo(entry=first, by=cast.mod)
    assert AuditEntry.objects.get(pk=first.pk).undone_at is None


def test_a_held_post_is_released_or_removed_but_not_dismissed(cast):
    answer = held_answer()
    with pytest.raises(RuleError):
        moderation.dismiss(post=answer, by=cast.mod)
    with pytest.raises(RuleError) as refusal:
        moderation.decide(post=answer, decision="remove", by=cast.mod, reason=" ")
    assert refusal.value.field == "reason"


@pytest.mark.parametrize("who", ["minji", "kate"])
def test_only_moderators_decide(cast, who):
    answer, by = held_answer(author=cast.minji), getattr(cast, who)
    entry = moderation.release(post=answer, by=cast.mod)
    for act in (
        lambda: moderation.release(post=answer, by=by),
        lambda: moderation.remove(post=answer, by=by, reason="No"),
        lambda: moderation.dismiss(post=answer, by=by),
        lambda: moderation.undo(entry=entry, by=by),
        lambda: moderation.close_question(question=answer.question, by=by, reason="No"),
        lambda: moderation.queue(by),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_the_queue_is_oldest_first_and_pages_without_gaps(cast):
    question = make_question()
    wanted = []
    for n in range(9):
        moment = timezone.now() - timezone.timedelta(minutes=n // 3)
        if n % 3 == 0:
            post = make_question(status="held", held_for="links", created_at=moment)
        elif n % 3 == 1:
            post = held_answer(question=question, created_at=moment)
        else:
            post = make_comment(question)
            services.flag(post=post, by=cast.junho, reason="spam")
            Flag.objects.filter(comment=post).update(created_at=moment)
        wanted.append(f"{type(post).__name__.lower()}-{post.pk}")
    whole = [entry.id for entry in moderation.queue(cast.mod)]
    assert sorted(whole) == sorted(wanted)
    sinces = [entry.since for entry in moderation.queue(cast.mod)]
    assert sinces == sorted(sinces)
    paged, after = [], ""
    while page := moderation.queue(cast.mod, limit=2, after=after):
        paged += [entry.id for entry in page]
        after = page[-1].cursor
    assert paged == whole


def test_what_its_author_took_back_leaves_the_queue(cast):
    answer = make_answer(author=cast.minji)
    services.flag(post=answer, by=cast.junho, reason="spam")
    services.withdraw_answer(answer=answer, by=cast.minji)
    assert moderation.queue(cast.mod) == []


def test_closing_tells_the_asker_and_can_be_undone(cast):
    question = make_question(author=cast.minji)
    entry = moderation.close_question(question=question, by=cast.mod, reason="Answered in the manual")
    question.refresh_from_db()
    assert (question.status, question.closed_reason) == ("closed", "Answered in the manual")
    assert Notification.objects.get(recipient=cast.minji).data["reason"] == "Answered in the manual"
    with pytest.raises(ConflictError):
        moderation.close_question(question=question, by=cast.hana, reason="Again")
    moderation.undo(entry=entry, by=cast.mod)
    question.refresh_from_db()
    assert (question.status, question.closed_reason) == ("open", "")


def test_a_duplicate_points_to_the_oldest_and_never_in_a_circle(cast):
    first, second, third = make_question(), make_question(), make_question(author=cast.minji)
    moderation.mark_duplicate(question=second, of=first, by=cast.mod)
    second.refresh_from_db()
    moderation.mark_duplicate(question=third, of=second, by=cast.mod)
    third.refresh_from_db()
    assert (third.duplicate_of, third.status) == (first, "closed")
    note = Notification.objects.get(recipient=cast.minji)
    assert (note.kind, note.url) == ("duplicate", first.get_absolute_url())
    for of in (first, second, third):
        with pytest.raises(RuleError):
            moderation.mark_duplicate(question=first, of=of, by=cast.mod)


def test_duplicates_of_a_duplicate_follow_it_and_come_back_with_undo(cast):
    first, second, third = make_question(), make_question(), make_question()
    moderation.mark_duplicate(question=third, of=second, by=cast.mod)
    moderation.mark_duplicate(question=second, of=first, by=cast.mod)
    third.refresh_from_db()
    assert third.duplicate_of == first
    moderation.undo(entry=AuditEntry.objects.filter(act="duplicate").first(), by=cast.mod)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.status, second.duplicate_of, third.duplicate_of) == ("open", None, second)


def test_a_hidden_question_is_no_original(cast):
    question, hidden = make_question(), make_question(status="removed")
    with pytest.raises(RuleError):
        moderation.mark_duplicate(question=question, of=hidden, by=cast.mod)


def test_reopening_lets_answers_in_again(cast):
    question = make_question(status="closed", closed_reason="Off")
    moderation.reopen_question(question=question, by=cast.mod)
    services.answer_question(question=question, by=cast.junho, body="Here you are.")
    with pytest.raises(ConflictError):
        moderation.reopen_question(question=question, by=cast.mod)
