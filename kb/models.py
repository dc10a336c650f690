"""The knowledge base: maintained articles, their unchangeable revisions, readers' verdicts and what is missing."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kb.querysets import ArticleQuerySet
from portal.core.models import Language


class Category(models.Model):
    """A topic that articles are shelved under."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_ko = models.CharField(_("name in Korean"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name


class Article(models.Model):
    """A maintained page of the knowledge base. Its text is its published revision's."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEW = "review", _("in review")
        PUBLISHED = "published", _("published")
        ARCHIVED = "archived", _("archived")

    slug = models.SlugField(_("address"), max_length=120, unique=True, allow_unicode=True)
    external_id = models.CharField(max_length=120, unique=True, null=True, blank=True)  # noqa: DJ001 (null = none; unique)
    # Copies of the published revision's, so that lists and search need no join; set by publish() alone.
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    product = models.ForeignKey(
        "core.Product",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("product"),
        related_name="articles",
    )
    releases = models.ManyToManyField(
        "core.Release", blank=True, verbose_name=_("applies to"), related_name="articles"
    )
    category = models.ForeignKey(
        Category, models.SET_NULL, null=True, blank=True, verbose_name=_("topic"), related_name="articles"
    )
    tags = models.ManyToManyField("core.Tag", blank=True, verbose_name=_("tags"), related_name="articles")
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    published_revision = models.ForeignKey(
        "kb.Revision", models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("owner"),
        related_name="owned_articles",
    )
    translation_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("translation of"),
        related_name="translations",
    )
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    views = models.PositiveIntegerField(_("views"), default=0)
    verified_at = models.DateTimeField(_("verified on"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    review_due = models.DateField(_("review due"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "review", "published", "archived"]),
                name="article_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_revision__isnull=False),
                name="article_published_has_revision",
            ),
        ]
        indexes = [models.Index(fields=["status", "-id"], name="article_by_status")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("kb:article", args=[self.slug])


class Revision(models.Model):
    """An unchangeable version of an article's text, numbered from 1."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("body"))
    html = models.TextField(editable=False)
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=_("author"),
        related_name="revisions",
    )
    based_on = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    # The outbox of the news about it: null while published = who watches the article has not been told.
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["article", "-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_number_from_one"),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="revision_to_announce",
                condition=Q(announced_at=None, published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Credit(models.Model):
    """A person whose words an article grew from. The name survives the account."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="credits")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="credits"
    )
    # Where the words stand, as "answer" and its key: this app knows no other product model.
    source_kind = models.CharField(max_length=10, blank=True)
    source_pk = models.BigIntegerField(null=True, blank=True)
    source_url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("credit")
        verbose_name_plural = _("credits")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "source_kind", "source_pk"],
                condition=Q(source_pk__isnull=False),
                name="credit_once_per_source",
            )
        ]

    def __str__(self) -> str:
        return str(self.person or _("a former member"))


class ArticleFeedback(models.Model):
    """One reader's verdict on an article: a person's or a visit's, once."""

    class Reason(models.TextChoices):
        NONE = "", _("no reason given")
        UNCLEAR = "unclear", _("hard to follow")
        WRONG = "wrong", _("did not work")
        OUTDATED = "outdated", _("out of date")
        MISSING = "missing", _("my case is missing")

    article = models.ForeignKey(Article, models.CASCADE, related_name="feedback")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    visit = models.CharField(max_length=32, editable=False, blank=True)
    helpful = models.BooleanField(_("helpful"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("verdict on an article")
        verbose_name_plural = _("verdicts on articles")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "person"],
                condition=Q(person__isnull=False),
                name="feedback_once_per_person",
            ),
            models.UniqueConstraint(
                fields=["article", "visit"],
                condition=Q(person__isnull=True) & ~Q(visit=""),
                name="feedback_once_per_visit",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["", "unclear", "wrong", "outdated", "missing"]),
                name="feedback_reason_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{'+' if self.helpful else '-'} {self.article_id}"


class ContentGap(models.Model):
    """A need with no good article, in the words people used."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        PLANNED = "planned", _("planned")
        FILLED = "filled", _("filled")

    text = models.CharField(_("words"), max_length=300)
    key = models.CharField(
        max_length=300, help_text=_("The words' terms, sorted: the same need typed twice is one gap.")
    )
    language = models.CharField(max_length=2, choices=Language.choices)
    status = models.CharField(_("state"), max_length=8, choices=Status.choices, default=Status.OPEN)
    demand = models.PositiveIntegerField(_("demand"), default=1)
    article = models.ForeignKey(Article, models.SET_NULL, null=True, blank=True, related_name="gaps")
    first_seen = models.DateTimeField(_("first seen"), default=timezone.now)
    last_seen = models.DateTimeField(_("last seen"), default=timezone.now)

    class Meta:
        ordering = ["-demand", "-last_seen"]
        verbose_name = _("content gap")
        verbose_name_plural = _("content gaps")
        constraints = [
            models.UniqueConstraint(fields=["key", "language"], name="gap_once_per_need"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "planned", "filled"]), name="gap_status_known"
            ),
            models.CheckConstraint(condition=Q(first_seen__lte=F("last_seen")), name="gap_seen_in_order"),
        ]

    def __str__(self) -> str:
        return self.text


class Redirect(models.Model):
    """The old address of a renamed or merged article."""

    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="redirects")

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")

    def __str__(self) -> str:
        return self.slug
