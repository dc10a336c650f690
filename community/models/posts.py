"""Questions, answers and comments, and what they said before."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.querysets import AnswerQuerySet, CommentQuerySet, QuestionQuerySet
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
