"""The community: questions, answers, comments, and what people and the portal do with them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.querysets import AnswerQuerySet, CommentQuerySet, PromotionQuerySet, QuestionQuerySet
from portal.core.models import Language

TITLE_MAX = 150
BODY_MAX = 30_000
COMMENT_MAX = 1_000


class Post(models.Model):
    """What questions, answers and comments share: an author, Markdown, its HTML, and who may see it."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        HELD = "held", _("waiting for a moderator")
        REMOVED = "removed", _("removed")

    body = models.TextField(_("body"))
    html = models.TextField(editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=_("author"),
        related_name="%(class)ss",
    )
    status = models.CharField(_("state"), max_length=8, choices=Status.choices, default=Status.OPEN)
    held_for = models.CharField(_("held because"), max_length=60, blank=True)
    external_id = models.CharField(max_length=120, unique=True, null=True, blank=True)  # noqa: DJ001 (null = none; unique)
    version = models.PositiveIntegerField(
        default=1, help_text=_("Grows with each edit; an editor says which one they saw.")
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        return self.status == self.Status.OPEN


class Question(Post):
    """A person's problem, in their words."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        HELD = "held", _("waiting for a moderator")
        CLOSED = "closed", _("closed")
        REMOVED = "removed", _("removed")

    status = models.CharField(_("state"), max_length=8, choices=Status.choices, default=Status.OPEN)
    title = models.CharField(_("title"), max_length=TITLE_MAX)
    slug = models.SlugField(max_length=80, allow_unicode=True, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    product = models.ForeignKey(
        "core.Product",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("product"),
        related_name="questions",
    )
    release = models.ForeignKey(
        "core.Release",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("release"),
        related_name="questions",
    )
    tags = models.ManyToManyField("core.Tag", blank=True, verbose_name=_("tags"), related_name="questions")
    accepted_answer = models.OneToOneField(
        "community.Answer",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("accepted answer"),
        related_name="accepted_for",
    )
    # A moderator who accepted it for the asker; null = the asker did.
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    # Solved by something that already existed: an article, or an answer to another question.
    solved_by_article = models.ForeignKey(
        "kb.Article", models.SET_NULL, null=True, blank=True, related_name="solved_questions"
    )
    solved_by_answer = models.ForeignKey(
        "community.Answer", models.SET_NULL, null=True, blank=True, related_name="solved_elsewhere"
    )
    solved_at = models.DateTimeField(_("solved"), null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("duplicate of"),
        related_name="duplicates",
    )
    closed_reason = models.CharField(_("closed because"), max_length=300, blank=True)
    views = models.PositiveIntegerField(_("views"), default=0)
    active_at = models.DateTimeField(_("last activity"), default=timezone.now)
    # The outbox of the suggestion task: null = still to do.
    suggested_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The outbox of the news about acceptance: null while solved by an answer = not yet told.
    acceptance_announced_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["open", "held", "closed", "removed"]), name="question_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(duplicate_of=models.F("pk")), name="question_not_its_own_duplicate"
            ),
            models.CheckConstraint(
                condition=Q(solved_at__isnull=False)
                | Q(accepted_answer=None, solved_by_article=None, solved_by_answer=None),
                name="question_solved_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="question_newest"),
            models.Index(fields=["status", "-active_at", "-id"], name="question_active"),
            models.Index(fields=["id"], name="question_to_suggest", condition=Q(suggested_at=None)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("community:question", args=[self.pk, self.slug])

    @property
    def is_public(self) -> bool:
        return self.status in (self.Status.OPEN, self.Status.CLOSED)

    @property
    def is_solved(self) -> bool:
        return self.solved_at is not None


class Answer(Post):
    """A proposed solution to one question."""

    question = models.ForeignKey(Question, models.CASCADE, verbose_name=_("question"), related_name="answers")
    # The outbox of the promotion task: when its chances last changed, and when they were last looked at.
    chances_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    considered_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The outbox of the news about it: null while public = watchers have not been told.
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["open", "held", "removed"]), name="answer_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["question", "status", "id"], name="answer_by_question"),
            models.Index(
                fields=["id"], name="answer_to_consider", condition=Q(chances_changed_at__isnull=False)
            ),
            models.Index(fields=["created_at"], name="answer_to_announce", condition=Q(announced_at=None)),
        ]

    def __str__(self) -> str:
        return f"{_('Answer')} {self.pk}"

    def get_absolute_url(self) -> str:
        """Its place on the question's page; needs the question loaded."""
        return f"{self.question.get_absolute_url()}#answer-{self.pk}"


class Comment(Post):
    """A short remark on a question or an answer that asks or clarifies; never a solution."""

    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="comments")
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, blank=True, related_name="comments")
    announced_at = models.DateTimeField(null=True, blank=True, editable=False, help_text=_("As an answer's."))

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["open", "held", "removed"]), name="comment_status_known"
            ),
            models.CheckConstraint(condition=Q(question=None) ^ Q(answer=None), name="comment_on_one_post"),
        ]

    def __str__(self) -> str:
        return f"{_('Comment')} {self.pk}"

    def thread(self) -> Question:
        """The question it stands under, directly or below an answer."""
        found = self.question or (self.answer and self.answer.question)
        assert found is not None  # the constraint says so  # noqa: S101
        return found  # type: ignore[return-value]


class Edit(models.Model):
    """What a question or an answer said before one edit."""

    question = models.ForeignKey(Question, models.CASCADE, null=True, related_name="edits")
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, related_name="edits")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_MAX, blank=True)
    body = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("Who replaced it."),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-version"]
        verbose_name = _("edit")
        verbose_name_plural = _("edits")
        constraints = [
            models.CheckConstraint(condition=Q(question=None) ^ Q(answer=None), name="edit_on_one_post"),
            models.UniqueConstraint(fields=["question", "version"], name="edit_once_per_question_version"),
            models.UniqueConstraint(fields=["answer", "version"], name="edit_once_per_answer_version"),
        ]

    def __str__(self) -> str:
        return f"{self.version}"


class Vote(models.Model):
    """One person's "helpful" or "not helpful" on an answer."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="votes")
    helpful = models.BooleanField(_("helpful"))
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "voter"], condition=Q(voter__isnull=False), name="vote_once_per_person"
            ),
        ]
        indexes = [models.Index(fields=["answer", "helpful"], name="vote_by_answer")]

    def __str__(self) -> str:
        return "+" if self.helpful else "-"


class Flag(models.Model):
    """One person's report of one post, with a reason."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("advertising or spam")
        OFFENSIVE = "offensive", _("offensive")
        PERSONAL = "personal", _("shows personal data")
        OFF_TOPIC = "off_topic", _("not about this product")
        WRONG = "wrong", _("wrong or dangerous advice")
        OTHER = "other", _("something else")

    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="flags")
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, blank=True, related_name="flags")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="flags")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="flags")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=False, answer=None, comment=None)
                | Q(question=None, answer__isnull=False, comment=None)
                | Q(question=None, answer=None, comment__isnull=False),
                name="flag_on_one_post",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["spam", "offensive", "personal", "off_topic", "wrong", "other"]),
                name="flag_reason_known",
            ),
            models.UniqueConstraint(
                fields=["question", "reporter"], condition=Q(decided_at=None), name="flag_once_on_question"
            ),
            models.UniqueConstraint(
                fields=["answer", "reporter"], condition=Q(decided_at=None), name="flag_once_on_answer"
            ),
            models.UniqueConstraint(
                fields=["comment", "reporter"], condition=Q(decided_at=None), name="flag_once_on_comment"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Watch(models.Model):
    """A person's wish to hear of news on a question, a tag or an article."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches")
    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="watches")
    tag = models.ForeignKey("core.Tag", models.CASCADE, null=True, blank=True, related_name="watches")
    article = models.ForeignKey("kb.Article", models.CASCADE, null=True, blank=True, related_name="watches")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=False, tag=None, article=None)
                | Q(question=None, tag__isnull=False, article=None)
                | Q(question=None, tag=None, article__isnull=False),
                name="watch_on_one_thing",
            ),
            models.UniqueConstraint(fields=["person", "question"], name="watch_once_per_question"),
            models.UniqueConstraint(fields=["person", "tag"], name="watch_once_per_tag"),
            models.UniqueConstraint(fields=["person", "article"], name="watch_once_per_article"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"


class Suggestion(models.Model):
    """An article or an answer that may already solve a posted question, found by the portal."""

    class Outcome(models.TextChoices):
        NONE = "", _("nothing yet")
        OPENED = "opened", _("opened")
        SOLVED = "solved", _("solved it")
        NOT_HELPFUL = "not_helpful", _("not it")

    question = models.ForeignKey(Question, models.CASCADE, related_name="suggestions")
    article = models.ForeignKey(
        "kb.Article", models.CASCADE, null=True, blank=True, related_name="suggestions"
    )
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, blank=True, related_name="suggestions")
    confidence = models.FloatField(_("confidence"))
    position = models.PositiveSmallIntegerField()
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["question", "position"]
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = [
            models.CheckConstraint(
                condition=Q(article=None) ^ Q(answer=None), name="suggestion_of_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "opened", "solved", "not_helpful"]),
                name="suggestion_outcome_known",
            ),
            models.UniqueConstraint(fields=["question", "article"], name="suggestion_once_per_article"),
            models.UniqueConstraint(fields=["question", "answer"], name="suggestion_once_per_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.article_id or self.answer_id}"

    @property
    def can_be_read(self) -> bool:
        """Whether anybody can still read what is suggested."""
        if self.article is not None:
            return self.article.status == "published"
        return self.answer is not None and self.answer.is_public and self.answer.question.is_public


class Promotion(models.Model):
    """An answer on its way to an article, with the link kept both ways."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("candidate")
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("rejected")

    answer = models.OneToOneField(Answer, models.CASCADE, related_name="promotion")
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.CANDIDATE)
    score = models.FloatField(_("score"), default=0)
    reasons = models.JSONField(
        default=list, help_text='[{"code": "accepted", "points": 3, "n": 1}, …]: words are made when shown'
    )
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    body = models.TextField(_("body"), blank=True)
    # What the article will be about; carried over from the question when the draft is made.
    product = models.ForeignKey(
        "core.Product", models.SET_NULL, null=True, blank=True, verbose_name=_("product"), related_name="+"
    )
    category = models.ForeignKey(
        "kb.Category", models.SET_NULL, null=True, blank=True, verbose_name=_("topic"), related_name="+"
    )
    releases = models.ManyToManyField(
        "core.Release", blank=True, verbose_name=_("applies to"), related_name="+"
    )
    tags = models.ManyToManyField("core.Tag", blank=True, verbose_name=_("tags"), related_name="+")
    version = models.PositiveIntegerField(default=1)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    article = models.ForeignKey(
        "kb.Article", models.SET_NULL, null=True, blank=True, related_name="promotions"
    )
    # SHA-256 of question and answer text as the draft was made: a difference means that the source has changed.
    source_digest = models.CharField(max_length=64, blank=True)
    rejected_reason = models.CharField(_("rejected because"), max_length=300, blank=True)
    # The outbox of the offer to other open questions: null while published = still to do.
    offered_at = models.DateTimeField(null=True, blank=True, editable=False)
    announced_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("Likewise, for the news.")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = PromotionQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["candidate", "draft", "published", "rejected"]),
                name="promotion_state_known",
            ),
        ]
        indexes = [models.Index(fields=["state", "-score", "id"], name="promotion_best_first")]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.state}"
