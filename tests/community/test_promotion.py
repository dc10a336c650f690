"""From an answer to an article: scoring, nominating, drafting, publishing once, rejecting."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils import timezone, translation

from community import moderation, schedule, scoring, services, tasks
from community.models import Answer, Promotion, Vote
from community.services import promoting
from kb.models import Article, Credit
from portal.core.errors import ConflictError, RuleError
from portal.core.models import AuditEntry, IndexChange, Notification
from tests.factories import make_answer, make_product, make_question, make_user

STEPS = (
    "1. Put both earbuds into the case.\n2. Hold the button for ten seconds.\n3. Wait for the white light."
)


def accepted(**fields) -> Answer:
    fields.setdefault("body", STEPS)
    return make_answer(make_question(**fields.pop("question", {})), accepted=True, **fields)


def candidate(answer: Answer | None = None) -> Promotion:
    found = scoring.consider_answer((answer or accepted()).pk)
    assert found is not None
    return found


def helpful(answer: Answer, times: int, *, verdict: bool = True) -> None:
    for _ in range(times):
        Vote.objects.create(answer=answer, voter=make_user(), helpful=verdict)


# ----------------------------------------------------------------- the score


def test_an_accepted_answer_becomes_a_candidate_with_its_reasons(db):
    found = candidate()
    assert found.state == "candidate"
    assert found.score >= scoring.THRESHOLD
    assert {"code": "accepted", "points": 3.0, "n": 1} in found.reasons
    assert [reason["code"] for reason in found.reasons] == ["accepted", "steps"]


def test_an_answer_nobody_speaks_for_does_not(db):
    assert scoring.consider_answer(make_answer(body=STEPS).pk) is None
    assert scoring.consider_answer(make_answer(accepted=True, body="ok").pk) is None
    assert scoring.consider_answer(10**9) is None


def test_votes_alone_can_carry_a_well_made_answer(db):
    answer = make_answer(
        body=STEPS + "\n\n" + "Because the two lose each other when one of them runs flat. " * 3
    )
    helpful(answer, 2)
    assert scoring.consider_answer(answer.pk) is None
    helpful(answer, 6)
    assert scoring.consider_answer(answer.pk).reasons[0]["code"] == "helpful"


def test_a_candidate_that_lost_its_merit_is_withdrawn(db):
    answer = accepted()
    candidate(answer)
    services.withdraw_acceptance(question=answer.question, by=answer.question.author)
    assert scoring.consider_answer(answer.pk) is None
    assert not Promotion.objects.exists()


def test_what_readers_find_wrong_is_no_candidate_though_accepted(db):
    answer = accepted()
    helpful(answer, 4, verdict=False)
    assert scoring.consider_answer(answer.pk) is None


def test_the_same_problem_elsewhere_and_the_answerers_record_count(db):
    answer = accepted()
    before = candidate(answer).score
    for _ in range(2):
        make_question(duplicate_of=answer.question)
    make_question(solved_by_answer=answer, solved_at=timezone.now())
    make_question(duplicate_of=answer.question, status="removed")
    make_answer(author=answer.author, accepted=True)
    answer.question.views = 1000
    answer.question.save()
    now = candidate(answer)
    words = {reason["code"]: reason["n"] for reason in now.reasons}
    assert (words["repeated"], words["record"], words["seen"]) == (3, 1, 1000)
    assert now.score == round(before + 3 + 0.2 + 1.5, 2)


def test_being_asked_again_is_weighed_and_so_is_its_undoing(cast):
    older = make_question()
    answer = make_answer(older, accepted=True)
    again = make_question(author=cast.minji)

    def reasons():
        """Why, after the next sweep: what changed is a moment old by then."""
        changed = Answer.objects.exclude(chances_changed_at=None)
        changed.update(chances_changed_at=F("chances_changed_at") - 2 * schedule.GRACE)
        schedule.sweep_promotions()
        return [reason["code"] for reason in Promotion.objects.get(answer=answer).reasons]

    scoring.consider_answer(answer.pk)
    assert "repeated" not in reasons()
    moderation.mark_duplicate(question=again, of=older, by=cast.mod)
    entry = AuditEntry.objects.get(act="duplicate")
    assert "repeated" in reasons()
    moderation.undo(entry=entry, by=cast.mod)
    assert "repeated" not in reasons()


@pytest.mark.parametrize("state", ["draft", "published", "rejected"])
def test_what_an_editor_has_touched_keeps_its_state(db, state):
    answer = accepted()
    found = candidate(answer)
    Promotion.objects.filter(pk=found.pk).update(state=state, score=0)
    services.withdraw_acceptance(question=answer.question, by=answer.question.author)
    after = scoring.consider_answer(answer.pk)
    assert after.state == state
    assert 0 < after.score < scoring.THRESHOLD


def test_a_removed_source_withdraws_even_a_nominated_candidate(cast):
    answer = accepted()
    services.nominate_answer(answer=answer, by=cast.minji)
    Answer.objects.filter(pk=answer.pk).update(status="removed")
    assert scoring.consider_answer(answer.pk) is None


def test_the_mark_is_cleared_only_if_nothing_happened_meanwhile(db, monkeypatch):
    answer = accepted(chances_changed_at=timezone.now())
    real = scoring.score_answer

    def votes_come_in(seen: Answer):
        Answer.objects.filter(pk=answer.pk).update(chances_changed_at=timezone.now())
        return real(seen)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(scoring, "score_answer", votes_come_in)
        tasks.consider_answer(answer.pk)
    answer.refresh_from_db()
    assert answer.chances_changed_at is not None
    tasks.consider_answer(answer.pk)
    answer.refresh_from_db()
    assert answer.chances_changed_at is None
    assert answer.considered_at is not None
    assert Promotion.objects.count() == 1


def test_reasons_are_said_in_words_and_numbers(db):
    with translation.override("en"):
        assert scoring.reason_in_words({"code": "helpful", "n": 1}) == "1 person found it helpful"
        assert scoring.reason_in_words({"code": "helpful", "n": 7}) == "7 people found it helpful"
        assert scoring.reason_in_words({"code": "seen", "n": 1340}) == "Seen 1,340 times"
        assert scoring.reason_in_words({"code": "of tomorrow"}) == ""


# ----------------------------------------------------------------- nominating


def test_anyone_signed_in_nominates_and_the_candidate_stays(cast):
    answer = make_answer(body="short but right")
    found = services.nominate_answer(answer=answer, by=cast.minji)
    again = services.nominate_answer(answer=answer, by=cast.junho)
    assert found.pk == again.pk
    assert again.nominated_by == cast.minji
    assert scoring.consider_answer(answer.pk) == found


def test_a_held_answer_or_a_rejected_one_is_not_nominated(cast):
    with pytest.raises(PermissionDenied):
        services.nominate_answer(answer=make_answer(status="held"), by=cast.minji)
    answer = accepted()
    services.reject_promotion(promotion=candidate(answer), by=cast.kate, reason="Out of date")
    with pytest.raises(RuleError):
        services.nominate_answer(answer=answer, by=cast.minji)


# ----------------------------------------------------------------- drafting


def test_a_korean_draft_reads_as_an_article(cast):
    buds = make_product(name="Nova Buds", name_ko="노바 버즈")
    question = make_question(
        title="[급] 한쪽만 소리가 안 나요 ㅠㅠ",
        body="안녕하세요. 업데이트 후에 왼쪽만 안 들려요. 제 번호는 010-1234-5678이에요. 감사합니다!",
        product=buds,
        release=buds.releases.get(name="3.0"),
        tags=["연결"],
    )
    answer = make_answer(
        question, body="# 다시 묶기\n\n1. 케이스에 넣으세요.\n2. 10초 누르세요.", accepted=True
    )
    draft = services.draft_promotion(promotion=candidate(answer), by=cast.kate)
    assert draft.title == "한쪽만 소리가 안 나요, 어떻게 해야 하나요?"
    assert draft.body == (
        "## 이런 문제예요\n\n업데이트 후에 왼쪽만 안 들려요. 제 번호는 (개인 정보 가림)이에요.\n\n"
        "## 이렇게 해결해요\n\n### 다시 묶기\n\n1. 케이스에 넣으세요.\n2. 10초 누르세요.\n\n"
        "## 이런 경우에 해당해요\n\n- 제품: 노바 버즈\n- 버전: 3.0\n"
    )
    assert draft.product == buds
    assert [release.name for release in draft.releases.all()] == ["3.0"]
    assert [tag.name for tag in draft.tags.all()] == ["연결"]


def test_an_english_draft_reads_as_an_article(cast):
    question = make_question(
        title="Help: why does only one earbud play",
        body="Hi all, only the left one plays. Write me: me@example.com\n\n```\n# E-12\n```\n\nThanks in advance!",
    )
    draft = services.draft_promotion(
        promotion=candidate(make_answer(question, body=STEPS, accepted=True)), by=cast.kate
    )
    assert draft.title == "why does only one earbud play?"
    assert draft.body == (
        "## The problem\n\nonly the left one plays. Write me: (personal data hidden)\n\n```\n# E-12\n```\n\n"
        f"## The solution\n\n{STEPS}\n\n## Where it applies\n\n- Not about one product.\n"
    )


@pytest.mark.parametrize(
    ("given", "language", "title"),
    [
        ("배터리 교체 방법", "ko", "배터리 교체 방법?"),
        ("펌웨어를 되돌릴 수 있나요", "ko", "펌웨어를 되돌릴 수 있나요?"),
        ("전원이 안 켜짐", "ko", "전원이 안 켜짐, 어떻게 해야 하나요?"),
        ("Error C-101 at night, please help me", "en", "Error C-101 at night: what can I do?"),
        ("Can I use 5 GHz?", "en", "Can I use 5 GHz?"),
        ("???", "en", "???"),
    ],
)
def test_titles_become_questions_a_customer_would_type(db, given, language, title):
    from community.drafting import title_of

    assert title_of(make_question(title=given, language=language)) == title


def test_of_two_editors_the_second_keeps_both_drafts(cast):
    found = candidate()
    texts = {"title": "T", "product": None, "tags": [], "version": found.version}
    services.revise_draft(promotion=found, by=cast.kate, body="Kate's", **texts)
    with pytest.raises(ConflictError) as refused:
        services.revise_draft(promotion=found, by=cast.hana, body="Hana's", **texts)
    assert refused.value.theirs == {"title": "T", "body": "Kate's", "version": 2, "by": "Kate"}
    assert Promotion.objects.get().body == "Kate's"


def test_a_changed_source_shows(cast):
    answer = accepted()
    draft = services.draft_promotion(promotion=candidate(answer), by=cast.kate)
    assert not services.source_changed(Promotion.objects.get(pk=draft.pk))
    services.edit_answer(answer=answer, by=answer.author, body="Something else entirely.")
    assert services.source_changed(Promotion.objects.get(pk=draft.pk))


# ----------------------------------------------------------------- publishing


def test_publishing_makes_the_article_its_credit_the_links_and_the_news(
    cast, django_capture_on_commit_callbacks
):
    buds = make_product()
    answer = accepted(
        author=cast.minji, question={"author": cast.junho, "product": buds, "tags": ["pairing"]}
    )
    found = candidate(answer)
    draft = services.revise_draft(
        promotion=found, by=cast.kate, title="Why does one earbud play?", body="## Do\n\n1. This.",
        product=buds, tags=["pairing", "sound"], version=1, releases=buds.releases.all(),
    )  # fmt: skip
    article = services.publish_promotion(promotion=draft, by=cast.kate)

    assert (article.status, article.title, article.product) == (
        "published",
        "Why does one earbud play?",
        buds,
    )
    assert [(row.number, row.body) for row in article.revisions.all()] == [(1, "## Do\n\n1. This.")]
    assert sorted(tag.name for tag in article.tags.all()) == ["pairing", "sound"]
    assert article.releases.count() == 2
    credit = Credit.objects.get()
    assert (credit.article, credit.person, credit.source_kind, credit.source_pk) == (
        article,
        cast.minji,
        "answer",
        answer.pk,
    )
    assert credit.source_url == f"/questions/{answer.question_id}/#answer-{answer.pk}"
    published = Promotion.objects.get()
    assert (published.state, published.article, published.editor) == ("published", article, cast.kate)
    assert published.decided_at is not None
    assert IndexChange.objects.filter(kind="article", object_pk=article.pk).exists()
    assert AuditEntry.objects.filter(act="publish_promotion", actor=cast.kate).count() == 1

    tasks.announce_article(published.pk)
    tasks.announce_article(published.pk)
    told = {(row.recipient, row.kind) for row in Notification.objects.all()}
    assert told == {(cast.minji, "article_credit"), (cast.junho, "article_made")}
    assert Notification.objects.count() == 2


def test_a_candidate_is_published_as_its_draft_would_be(cast):
    answer = accepted()
    article = services.publish_promotion(promotion=candidate(answer), by=cast.kate)
    assert "## The solution" in article.published_revision.body
    assert article.language == answer.question.language


def test_two_editors_cannot_publish_twice(cast):
    first = services.draft_promotion(promotion=candidate(), by=cast.kate)
    second = Promotion.objects.get(pk=first.pk)  # both have the page open
    services.publish_promotion(promotion=first, by=cast.kate)
    with pytest.raises(ConflictError) as refused:
        services.publish_promotion(promotion=second, by=cast.hana)
    assert "Kate" in str(refused.value)
    assert Article.objects.count() == Credit.objects.count() == 1
    with pytest.raises(ConflictError):
        services.reject_promotion(promotion=second, by=cast.hana, reason="no")


@pytest.mark.parametrize("gone", ["answer", "question"])
def test_a_source_that_is_no_longer_public_is_not_published(cast, gone):
    draft = services.draft_promotion(promotion=candidate(), by=cast.kate)
    source = draft.answer if gone == "answer" else draft.answer.question
    type(source).objects.filter(pk=source.pk).update(status="removed")
    with pytest.raises(RuleError):
        services.publish_promotion(promotion=draft, by=cast.kate)
    assert not Article.objects.exists()
    assert Promotion.objects.get().state == "draft"


def test_a_rejected_one_says_why_and_stays_rejected(cast):
    found = candidate()
    with pytest.raises(RuleError):
        services.reject_promotion(promotion=found, by=cast.kate, reason="  ")
    services.reject_promotion(promotion=found, by=cast.kate, reason="Only for release 2.0")
    for act in (services.draft_promotion, services.publish_promotion):
        with pytest.raises(ConflictError):
            act(promotion=Promotion.objects.get(), by=cast.hana)
    assert Promotion.objects.get().rejected_reason == "Only for release 2.0"


def test_customers_and_moderators_do_not_promote(cast):
    found = candidate()
    for person in (cast.minji, cast.mod):
        for act in (
            lambda by: services.draft_promotion(promotion=found, by=by),
            lambda by: services.revise_draft(
                promotion=found, by=by, title="T", body="B", product=None, tags=[]
            ),
            lambda by: services.publish_promotion(promotion=found, by=by),
            lambda by: services.reject_promotion(promotion=found, by=by, reason="no"),
        ):
            with pytest.raises(PermissionDenied):
                act(person)
    assert Promotion.objects.get().state == "candidate"


def test_the_address_of_the_source_needs_no_title(db):
    assert promoting.source_url(accepted(question={"title": "가" * 150})).isascii()


def test_news_of_an_article_with_the_longest_korean_address_is_kept_whole(cast):
    answer = accepted(author=cast.minji, question={"title": "가" * 150})
    article = services.publish_promotion(promotion=candidate(answer), by=cast.kate)
    tasks.announce_article(Promotion.objects.get().pk)
    news = Notification.objects.get(recipient=cast.minji)
    assert news.url == article.get_absolute_url()
    news.full_clean(exclude=["actor"])


@pytest.mark.parametrize("act", ["draft", "publish", "reject"])
def test_a_candidate_that_went_while_an_editor_looked_is_said_to_be_gone(cast, index, act):
    seen = services.nominate_answer(answer=make_answer(), by=cast.junho)
    Promotion.objects.filter(pk=seen.pk).delete()
    acts = {
        "draft": lambda: services.draft_promotion(promotion=seen, by=cast.kate),
        "publish": lambda: services.publish_promotion(promotion=seen, by=cast.kate),
        "reject": lambda: services.reject_promotion(promotion=seen, by=cast.kate, reason="No."),
    }
    with pytest.raises(ConflictError, match="withdrawn meanwhile"):
        acts[act]()
    assert not Promotion.objects.exists()
