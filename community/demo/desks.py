"""What waits on the demo's desks: flags, promotions, watches, suggestions, news, and searches of the last weeks."""

import random
import secrets
from datetime import datetime, timedelta
from typing import Any

from community import notifications, scoring, suggesting
from community.models import Answer, Flag, Promotion, Question, Suggestion, Watch
from community.services.promoting import draft_promotion, source_digest, source_url
from kb import services as kb_services
from kb.models import Article, ContentGap, Credit
from portal.core.models import Notification, SearchQuery, User

REJECTED = {
    "ko": "이미 같은 내용의 글이 있어요.",
    "en": "There is already an article that says this.",
}
NEWS_HOURS = 120
# Words, language, how often, state, days since somebody last looked for it.
GAPS = [
    ("수영할 때 껴도 되나요", "ko", 14, "open", 0),
    ("알렉사 연동", "ko", 9, "open", 1),
    ("카플레이로 통화", "ko", 6, "planned", 2),
    ("replace the ear tips with foam ones", "en", 8, "open", 1),
    ("Apple Home support", "en", 11, "planned", 0),
    ("mount without drilling", "en", 5, "open", 4),
    ("when to change an old battery", "en", 7, "filled", 12),
]


class Desks:
    def __init__(self, questions: list[dict[str, Any]], now: datetime) -> None:
        self.lines, self.now = questions, now
        self.people = {person.username: person for person in User.objects.all()}
        rows = Question.objects.select_related("author").exclude(external_id=None)
        self.questions = {row.external_id: row for row in rows if (row.external_id or "").startswith("demo-")}
        rows = Answer.objects.select_related("question__product", "question__release", "author").exclude(  # type: ignore[assignment]
            external_id=None
        )
        self.answers = {row.external_id: row for row in rows}
        self.random = random.Random(11)  # noqa: S311  (which searches ended how, the same way each time)

    def fill(self) -> None:
        """Everything, once: what is there already is not made again."""
        self._flag()
        self._watch()
        self._promote()
        self._suggest()
        self._tell()
        self._search()
        self._miss()

    def _flag(self) -> None:
        for line in self.lines:
            posts = [(line, {"question": self.questions.get(line["external_id"])})]
            posts += [
                (answer, {"answer": self.answers.get(answer["external_id"])}) for answer in line["answers"]
            ]
            for source, post in posts:
                for flag in source.get("flags", []):
                    Flag.objects.get_or_create(
                        **post,
                        reporter=self.people[flag["by"]],
                        defaults={"reason": flag["reason"], "note": flag["note"][:300]},
                    )

    def _watch(self) -> None:
        """Askers and answerers watch, as they would have by asking and answering here."""
        pairs = {
            (question.author_id, question.pk, question.created_at) for question in self.questions.values()
        }
        pairs |= {
            (answer.author_id, answer.question_id, answer.created_at) for answer in self.answers.values()
        }
        seen, rows = set(), []
        for person, question, when in sorted(pairs, key=lambda pair: pair[2]):
            if person and (person, question) not in seen:
                seen.add((person, question))
                rows.append(Watch(person_id=person, question_id=question, created_at=when))
        Watch.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)

    def _promote(self) -> None:
        editor = self.people["editor"]
        for line in self.lines:
            for answer in line["answers"]:
                if state := answer.get("promotion"):
                    self._promotion(self.answers[answer["external_id"]], state, answer.get("article"), editor)

    def _promotion(self, answer: Answer, state: str, article_id: str | None, editor: User) -> None:
        score, reasons = scoring.score_answer(answer)
        decided = self.now - timedelta(days=3)
        promotion, made = Promotion.objects.get_or_create(
            answer=answer,
            defaults={"score": score, "reasons": reasons, "created_at": decided - timedelta(days=1)},
        )
        if not made:
            return
        if state == "draft":
            draft_promotion(promotion=promotion, by=editor)
        elif state == "rejected":
            reason = REJECTED[answer.question.language]
            self._decide(promotion, state, decided, editor=editor, rejected_reason=reason)
        elif state == "published":
            article = Article.objects.select_related("published_revision").get(external_id=article_id)
            self._decide(
                promotion, state, article.created_at, editor=article.owner, article=article, title=article.title,
                body=article.published_revision.body if article.published_revision else "",
                source_digest=source_digest(answer), offered_at=self.now, announced_at=self.now,
            )  # fmt: skip
            if not Credit.objects.filter(article=article, source_pk=answer.pk).exists():
                kb_services.add_credit(
                    article=article, person=answer.author, kind="answer", pk=answer.pk, url=source_url(answer)
                )

    def _decide(self, promotion: Promotion, state: str, when: datetime, **values: Any) -> None:
        Promotion.objects.filter(pk=promotion.pk).update(state=state, decided_at=when, **values)

    def _suggest(self) -> None:
        """The portal's suggestions for what is still open; two askers have already said what they thought of theirs."""
        if Suggestion.objects.exists():
            return
        for question in Question.objects.public().unanswered().order_by("pk"):
            suggesting.suggest_for_question(question)
        Question.objects.filter(suggested_at=None).update(suggested_at=self.now)
        said = Suggestion.objects.filter(position__lte=1).order_by("pk").values_list("pk", flat=True)[:2]
        Suggestion.objects.filter(pk__in=list(said)[:1]).update(
            outcome=Suggestion.Outcome.NOT_HELPFUL, outcome_at=self.now
        )
        Suggestion.objects.filter(pk__in=list(said)[1:]).update(
            outcome=Suggestion.Outcome.OPENED, outcome_at=self.now
        )

    def _tell(self) -> None:
        """News of the last days in everybody's list. It counts as delivered: nobody needs a mail about the demo."""
        late = Answer.objects.public().filter(created_at__gt=self.now - timedelta(hours=NEWS_HOURS))
        mine = Answer.objects.public().filter(question__author__username="customer")
        for answer in (late | mine).select_related("question__author", "author").order_by("created_at"):
            notifications.announce_answer(answer)
            Notification.objects.filter(dedupe_key=f"answer-{answer.pk}").update(created_at=answer.created_at)
        Notification.objects.undelivered().update(delivered_at=self.now)

    def _search(self) -> None:
        """Four weeks of searches, in the words of the questions, so that the figures have something to say."""
        if SearchQuery.objects.exists():
            return
        outcomes = ["solved"] * 3 + ["left"] * 3 + ["opened"] * 3 + ["posted"] * 2 + [""] * 2
        rows = []
        for question in self.questions.values():
            for _turn in range(self.random.randint(0, 3)):
                hits, outcome = self.random.choice([0, 2, 3, 4, 5, 5]), self.random.choice(outcomes)
                words = question.title.split()
                rows.append(
                    SearchQuery(
                        token=secrets.token_urlsafe(16),
                        surface=self.random.choice(["search", "suggest", "suggest"]),
                        text=" ".join(words[: self.random.randint(2, 6)])[:300],
                        language=question.language,
                        product_id=question.product_id,
                        hits=hits,
                        shown=hits,
                        confidence=self.random.uniform(0.55, 0.97) if hits else None,
                        outcome=outcome if hits else self.random.choice(["posted", ""]),
                        visit=secrets.token_hex(16),
                        weighed_at=self.now,
                        created_at=self.now - timedelta(hours=self.random.uniform(1, 28 * 24)),
                    )
                )
        SearchQuery.objects.bulk_create(rows, batch_size=500)

    def _miss(self) -> None:
        """What people looked for and did not find: new, being written, and filled."""
        if ContentGap.objects.exists():
            return
        filled = Article.objects.published().filter(external_id="demo-kb-vac-14").first()
        for text, language, demand, status, days in GAPS:
            gap = kb_services.record_gap(text=text, language=language)
            seen = self.now - timedelta(days=days)
            ContentGap.objects.filter(pk=gap.pk).update(
                demand=demand,
                status=status,
                article=filled if status == "filled" else None,
                first_seen=seen - timedelta(days=demand),
                last_seen=seen,
            )
