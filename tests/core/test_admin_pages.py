"""Every page of the admin opens for staff, for nobody else, and asks the database no more when there are more rows."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.models import Citation, Edit, Flag, PossibleDuplicate, Promotion, Suggestion, Vote, Watch
from kb.models import ArticleFeedback, Category, ContentGap, Credit, Redirect
from portal.core.models import (
    ApiToken,
    AuditEntry,
    ConfidenceRule,
    Image,
    IndexChange,
    Notification,
    RequestKey,
    SearchQuery,
    Synonym,
)
from tests.factories import (
    make_answer,
    make_article,
    make_comment,
    make_product,
    make_question,
    make_user,
)

OURS = [model for app in ("core", "community", "kb") for model in apps.get_app_config(app).get_models()]
pytestmark = pytest.mark.django_db


def address(model: type, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def add_one_of_each(number: int) -> None:
    """A row of every model, each with its own people."""
    asker, helper = make_user(), make_user()
    product = make_product(f"product-{number}")
    question = make_question(author=asker, product=product, tags=[f"tag{number}"])
    answer = make_answer(question, author=helper, accepted=True)
    comment = make_comment(answer)
    make_comment(question)
    article = make_article(product=product, category=Category.objects.create(slug=f"c{number}", name="Care"))
    Vote.objects.create(answer=answer, voter=asker, helpful=True)
    Edit.objects.create(question=question, version=1, title="Before", body="Before", by=asker)
    Flag.objects.create(answer=answer, reporter=asker, reason="spam")
    Flag.objects.create(comment=comment, reporter=asker, reason="spam")
    Watch.objects.create(person=asker, question=question)
    Suggestion.objects.create(question=question, article=article, confidence=0.5, position=1)
    Suggestion.objects.create(question=question, answer=make_answer(), confidence=0.5, position=2)
    PossibleDuplicate.objects.create(of=question, question=make_question(), confidence=0.9)
    Citation.objects.create(answer=make_answer(), article=article)
    Promotion.objects.create(answer=answer, article=article, editor=helper)
    Credit.objects.create(article=article, person=helper, source_kind="answer", source_pk=answer.pk)
    ArticleFeedback.objects.create(article=article, person=asker, helpful=True)
    ContentGap.objects.create(text="noise", key=f"noise{number}", language="en", article=article)
    Redirect.objects.create(slug=f"old-{number}", article=article)
    ApiToken.issue(user=asker)
    Image.objects.create(file=f"images/{number}.webp", width=1, height=1, author=asker)
    Notification.objects.create(
        recipient=asker, kind="answer", dedupe_key=str(number), target_kind="community.answer", target_pk=answer.pk,
        thread_key="t", url="/", data={},
    )  # fmt: skip
    AuditEntry.objects.create(actor=helper, act="remove", target_kind="community.answer", target_pk=answer.pk)
    SearchQuery.objects.create(
        token=f"t{number}",
        surface="search",
        text="pairing",
        language="en",
        hits=1,
        shown=1,
        visit=f"v{number}",
        product=product,
    )
    IndexChange.objects.create(kind="question", object_pk=question.pk)
    ConfidenceRule.objects.create(least=0.6, by=helper)
    Synonym.objects.create(words=f"laptop = notebook {number}")
    RequestKey.objects.create(
        sender=f"user:{asker.pk}", key=str(number), fingerprint="f", created_at=timezone.now()
    )


@pytest.fixture
def staff(cast: SimpleNamespace, client: Client) -> Client:
    client.force_login(cast.hana)
    return client


def test_every_model_of_the_three_apps_has_its_pages() -> None:
    assert [model for model in OURS if not admin.site.is_registered(model)] == []


def test_nothing_else_is_in_the_admin() -> None:
    assert {model._meta.app_label for model in admin.site._registry} == {"core", "community", "kb"}


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_every_page_of_a_model_opens_for_staff(model: type, staff: Client) -> None:
    add_one_of_each(1)
    row = model._default_manager.order_by("pk").last()
    model_admin = admin.site._registry[model]

    assert staff.get(address(model, "changelist")).status_code == 200
    assert staff.get(address(model, "changelist"), {"q": "a"}).status_code == 200
    assert staff.get(address(model, "change", row.pk)).status_code == 200
    assert staff.get(address(model, "history", row.pk)).status_code == 200
    may_add = model_admin.may_add(SimpleNamespace(is_authenticated=True, has_perm=lambda name: True))
    assert staff.get(address(model, "add")).status_code == (200 if may_add else 403)
    may_delete = model_admin.may_delete(SimpleNamespace(is_authenticated=True, has_perm=lambda name: True))
    assert staff.get(address(model, "delete", row.pk)).status_code == (200 if may_delete else 403)


def test_only_rows_of_the_catalogue_can_be_deleted(staff: Client) -> None:
    deletable = {
        model.__name__
        for model, of_model in admin.site._registry.items()
        if of_model.may_delete(SimpleNamespace(is_authenticated=True, has_perm=lambda name: True))
    }
    assert deletable == {"Product", "Release", "Tag", "Category", "Synonym"}


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_every_filter_of_a_list_works(model: type, staff: Client) -> None:
    add_one_of_each(1)
    page = staff.get(address(model, "changelist"))
    for found in page.context["cl"].filter_specs:
        if not hasattr(found, "lookup_choices"):
            continue
        for choice in list(getattr(found, "lookup_choices", []))[:6]:
            wanted = {
                found.parameter_name if hasattr(found, "parameter_name") else found.lookup_kwarg: choice[0]
            }
            assert staff.get(address(model, "changelist"), wanted).status_code == 200, wanted


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
@pytest.mark.parametrize("who", ["minji", "mod", "kate", None])
def test_no_page_of_a_model_opens_without_the_role_staff(
    model: type, who: str | None, cast: SimpleNamespace, client: Client
) -> None:
    add_one_of_each(1)
    row = model._default_manager.order_by("pk").last()
    if who:
        client.force_login(getattr(cast, who))
    for page in (
        address(model, "changelist"),
        address(model, "add"),
        address(model, "change", row.pk),
        address(model, "delete", row.pk),
    ):
        assert client.get(page).status_code == 302
    assert client.get(page, follow=True).status_code == (403 if who else 200)


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_a_longer_list_asks_the_database_no_more(model: type, staff: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(address(model, "changelist")).status_code == 200
        return len(queries)

    add_one_of_each(1)
    count()  # warms what is kept between requests
    few = count()
    for number in range(2, 6):
        add_one_of_each(number)
    assert count() <= few
    assert few <= 12


def test_a_list_knows_whether_there_is_more_without_counting(staff: Client) -> None:
    IndexChange.objects.bulk_create([IndexChange(kind="answer", object_pk=n) for n in range(51)])
    with CaptureQueriesContext(connection) as queries:
        first = staff.get(address(IndexChange, "changelist"))
    assert first.context["cl"].paginator.more
    assert not any("COUNT(" in query["sql"] for query in queries)
    second = staff.get(address(IndexChange, "changelist"), {"p": 2})
    assert len(second.context["cl"].result_list) == 1
    assert not second.context["cl"].paginator.more


def test_the_front_page_counts_what_waits(staff: Client, cast: SimpleNamespace) -> None:
    late = timezone.now() - timezone.timedelta(hours=25)
    make_question(created_at=late)
    held = make_question(status="held", held_for="links")
    make_answer(make_question(created_at=late), status="held")
    Flag.objects.create(question=held, reporter=cast.minji, reason="spam")
    ContentGap.objects.create(text="noise", key="noise", language="en")

    with CaptureQueriesContext(connection) as queries:
        page = staff.get(reverse("admin:index"))

    waits = [item["n"] for item in page.context["waits"]]
    #      held flags candidates drafts late gaps mails index
    assert waits == [2, 1, 0, 0, 2, 1, 0, 0]
    assert len(queries) <= 12
    for item in [*page.context["waits"], *page.context["today"]]:
        assert staff.get(item["url"]).status_code == 200, item["url"]


def test_the_front_page_is_closed_to_whoever_is_on_no_desk(client: Client) -> None:
    client.force_login(make_user(is_staff=True))
    assert client.get(reverse("admin:index")).status_code == 403


def test_only_the_admin_may_evaluate_and_style_inline(staff: Client) -> None:
    loose = staff.get(reverse("admin:index"))["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval';" in loose + ";"
    assert "'unsafe-inline'" in loose.partition("style-src")[2].partition(";")[0]
    assert loose.count("'unsafe-inline'") == 1
    strict = staff.get(reverse("home"))["Content-Security-Policy"]
    assert "unsafe" not in strict
