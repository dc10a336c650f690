"""The shared kernel's data: people, the catalogue, news for one person, audit, searches and the index outbox."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.confidence import ConfidenceRule as ConfidenceRule
from portal.core.outbox import IndexChange as IndexChange
from portal.core.vocabulary import Synonym as Synonym


class Language(models.TextChoices):
    KO = "ko", _("Korean")
    EN = "en", _("English")


class User(AbstractUser):
    """Anyone with an account. Roles are groups; what a role may do is a declared permission."""

    display_name = models.CharField(_("name"), max_length=60, blank=True)
    bio = models.CharField(_("about me"), max_length=300, blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language.choices,
        blank=True,
        help_text=_("Empty: the browser decides."),
    )
    mail_on_answer = models.BooleanField(_("mail me about answers to what I watch"), default=True)
    mail_on_comment = models.BooleanField(_("mail me about comments"), default=True)
    mail_on_article = models.BooleanField(
        _("mail me about articles I watch or that came from what I wrote"), default=True
    )
    mail_on_decision = models.BooleanField(_("mail me about decisions on my posts"), default=True)
    watch_on_ask = models.BooleanField(_("watch the questions I ask"), default=True)
    watch_on_answer = models.BooleanField(_("watch the questions I answer"), default=True)
    shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    theme = models.CharField(
        _("appearance"),
        max_length=5,
        blank=True,
        choices=[("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    first_name = None  # type: ignore[assignment]  # one name, never split
    last_name = None  # type: ignore[assignment]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        permissions = [
            ("moderate", "Decide on held and flagged posts"),
            ("edit_articles", "Write, promote and publish articles"),
            ("answer_officially", "Answer as a member of staff"),
            ("see_insights", "Read the figures"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(language__in=["", "ko", "en"]), name="user_language_known"),
            models.CheckConstraint(condition=Q(theme__in=["", "light", "dark"]), name="user_theme_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What others see: the chosen name, else the username."""
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("community:person", args=[self.username])


class ApiToken(models.Model):
    """A key to the API: shown once, kept only as a hash, revocable."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    label = models.CharField(_("label"), max_length=60, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=8, editable=False, help_text=_("Its last characters."))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_on = models.DateField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.label or self.user} …{self.hint}"

    @staticmethod
    def digest_of(token: str) -> str:
        """The stored form of a token: SHA-256 in hex (tokens are 256 random bits, so no salt is needed)."""
        return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

    @classmethod
    def issue(cls, *, user: User, label: str = "") -> tuple[Self, str]:
        """Make a token; returns the row and the token itself, which is never readable again."""
        token = "hd_" + secrets.token_urlsafe(32)
        row = cls.objects.create(user=user, label=label, digest=cls.digest_of(token), hint=token[-4:])
        return row, token


class Product(models.Model):
    """A fixed catalogue entry that a question or an article is about."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_ko = models.CharField(_("name in Korean"), max_length=80, blank=True)
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    summary_ko = models.CharField(_("summary in Korean"), max_length=200, blank=True)
    icon = models.CharField(
        _("icon"), max_length=40, default="package", help_text=_("A name from the Lucide set.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("community:product", args=[self.slug])


class Release(models.Model):
    """A version of a product that people name when they ask."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="releases")
    name = models.CharField(_("name"), max_length=40)
    released_on = models.DateField(_("released on"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["product", "-position", "-name"]
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="release_once_per_product")]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A free label on questions and articles; lower case, no spaces."""

    name = models.CharField(_("name"), max_length=40, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("community:tag", args=[self.name])


def _image_path(image: "Image", filename: str) -> str:
    return f"images/{image.token[:2]}/{image.token}.webp"


def new_image_token() -> str:
    """The unguessable part of a picture's address."""
    return secrets.token_hex(16)


class Image(models.Model):
    """A picture somebody put into a post: re-encoded, without metadata."""

    token = models.CharField(max_length=32, unique=True, default=new_image_token, editable=False)
    file = models.FileField(upload_to=_image_path, validators=[FileExtensionValidator(["webp"])])
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="images")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.token[:8]


class NotificationQuerySet(models.QuerySet["Notification"]):
    def for_person(self, user: Any) -> Self:
        """A person's news that still stands, newest first."""
        return self.filter(recipient=user, withdrawn_at=None).order_by("-pk")

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def undelivered(self) -> Self:
        return self.filter(delivered_at=None, withdrawn_at=None)

    def due(self) -> Self:
        """Undelivered, and not in the hands of a worker or waiting out a failure."""
        return self.undelivered().filter(Q(retry_at=None) | Q(retry_at__lte=timezone.now()))

    def claim(self, pk: int, *, lease: timedelta) -> bool:
        """Take one that is due for a while; False if another worker has it. A claim that was lost runs out."""
        return bool(
            self.due().filter(pk=pk).update(retry_at=timezone.now() + lease, attempts=F("attempts") + 1)
        )


class Notification(models.Model):
    """One piece of news for one person, delivered once."""

    class Kind(models.TextChoices):
        ANSWER = "answer", _("new answer")
        COMMENT = "comment", _("new comment")
        ACCEPTED = "accepted", _("your answer was accepted")
        SUGGESTIONS = "suggestions", _("answers that may already exist")
        ARTICLE_CREDIT = "article_credit", _("your answer became an article")
        ARTICLE_MADE = "article_made", _("an article was made from your question")
        ARTICLE_OFFER = "article_offer", _("a new article may answer your question")
        ARTICLE_CHANGED = "article_changed", _("an article that you watch has changed")
        DECISION = "decision", _("a decision on your post")
        DUPLICATE = "duplicate", _("your question was answered elsewhere")

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    dedupe_key = models.CharField(max_length=120)
    # What it is about, as "community.answer" and its key: the kernel knows no product model.
    target_kind = models.CharField(max_length=40)
    target_pk = models.BigIntegerField()
    thread_key = models.CharField(max_length=60, help_text=_("Mails with the same key are one thread."))
    url = models.CharField(
        max_length=1000, help_text=_("Hangul takes nine characters a syllable in an address.")
    )
    data = models.JSONField(
        default=dict, help_text=_("title, excerpt, html, reason: what the templates need")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    retry_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("Until then a worker has it, or it waits out a failure."),
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "dedupe_key"], name="notification_once_per_event"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notification_by_person"),
            models.Index(
                fields=["id"],
                name="notification_undelivered",
                condition=Q(delivered_at=None, withdrawn_at=None),
            ),
            models.Index(fields=["target_kind", "target_pk"], name="notification_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class AuditEntry(models.Model):
    """What somebody with power did, to what and why. Written by services, never changed."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    act = models.CharField(_("act"), max_length=40)
    target_kind = models.CharField(max_length=40)
    target_pk = models.BigIntegerField()
    target_title = models.CharField(max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    before = models.JSONField(default=dict, blank=True, help_text=_("What undo puts back."))
    undone_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [models.Index(fields=["target_kind", "target_pk"], name="audit_by_target")]

    def __str__(self) -> str:
        return f"{self.act} {self.target_kind} {self.target_pk}"


class SearchQuery(models.Model):
    """One search as typed, with what was found and opened; without the person's name."""

    class Surface(models.TextChoices):
        SEARCH = "search", _("search page")
        SUGGEST = "suggest", _("while asking")

    class Outcome(models.TextChoices):
        NONE = "", _("nothing yet")
        OPENED = "opened", _("opened something")
        SOLVED = "solved", _("said it was solved")
        LEFT = "left", _("opened something and left without asking")
        POSTED = "posted", _("asked anyway")

    token = models.CharField(max_length=22, unique=True, editable=False, help_text=_("The public query_id."))
    surface = models.CharField(max_length=8, choices=Surface.choices)
    text = models.CharField(pgettext_lazy("search", "words"), max_length=300)
    language = models.CharField(max_length=2, choices=Language.choices)
    product = models.ForeignKey(Product, models.SET_NULL, null=True, blank=True, related_name="+")
    hits = models.PositiveIntegerField(_("found"))
    shown = models.PositiveIntegerField(_("shown"))
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    opened_kind = models.CharField(max_length=10, blank=True)
    opened_pk = models.BigIntegerField(null=True, blank=True)
    opened_position = models.PositiveSmallIntegerField(null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices, blank=True)
    # A keyed hash of the session and the day: joins one visit, names nobody.
    visit = models.CharField(max_length=32, editable=False)
    weighed_at = models.DateTimeField(null=True, editable=False, help_text="When gaps were looked for in it.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("search query")
        verbose_name_plural = _("search queries")
        constraints = [
            models.CheckConstraint(
                condition=Q(surface__in=["search", "suggest"]), name="searchquery_surface"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "opened", "solved", "left", "posted"]),
                name="searchquery_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["visit", "-id"], name="searchquery_by_visit"),
            models.Index(fields=["created_at"], name="searchquery_by_age"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class RequestKey(models.Model):
    """One act sent with a key of the sender's choosing: a repeat gets the first answer back."""

    sender = models.CharField(max_length=40, help_text=_("user:7, or visit:… for a visitor"))
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(
        max_length=64, help_text=_("Of the request, so that a key is not reused for another.")
    )
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "key"], name="requestkey_once")]

    def __str__(self) -> str:
        return f"{self.sender} {self.key[:20]}"
