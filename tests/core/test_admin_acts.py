"""What staff do in the admin goes through services: audit row, index outbox, refusals as sentences, nothing on GET."""

from types import SimpleNamespace

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from community.models import Edit, Flag, Promotion, Question
from kb.models import Article, Category
from portal.core.models import ApiToken, AuditEntry, IndexChange, Tag, User
from tests.factories import make_answer, make_article, make_product, make_question, make_tags

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(cast: SimpleNamespace, client: Client) -> Client:
    client.force_login(cast.hana)
    return client


def act(model: str, pk: int, name: str) -> str:
    return reverse(f"admin:{model}_act", args=[pk, name])


def changelist(model: str) -> str:
    return reverse(f"admin:{model}_changelist")


def sentences(response: object) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def test_releasing_a_held_question_is_audited_and_indexed(staff: Client, cast: SimpleNamespace) -> None:
    question = make_question(status="held", held_for="links")
    staff.get(act("community_question", question.pk, "release"))
    question.refresh_from_db()
    assert question.status == "held"  # asking changes nothing

    staff.post(act("community_question", question.pk, "release"))

    question.refresh_from_db()
    assert question.status == "open"
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor, entry.target_pk) == ("release", cast.hana, question.pk)
    assert IndexChange.objects.filter(kind="question", object_pk=question.pk).exists()


def test_removing_asks_for_a_reason_first(staff: Client) -> None:
    answer = make_answer()
    refused = staff.post(act("community_answer", answer.pk, "remove"), {"reason": ""})
    assert refused.context["form"].errors["reason"]
    answer.refresh_from_db()
    assert answer.status == "open"

    staff.post(act("community_answer", answer.pk, "remove"), {"reason": "Shows a phone number."})

    answer.refresh_from_db()
    assert answer.status == "removed"
    assert AuditEntry.objects.get().reason == "Shows a phone number."


def test_ticked_rows_are_removed_with_one_reason_and_refusals_are_told(staff: Client) -> None:
    first, second = make_question(), make_question(status="removed")
    ticked = {"action": "act_remove", "_selected_action": [first.pk, second.pk]}
    asked = staff.post(changelist("community_question"), ticked | {"index": 0})
    assert asked.templates[0].name == "admin/act.html"
    assert not AuditEntry.objects.exists()

    done = staff.post(
        changelist("community_question"), ticked | {"confirmed": "yes", "reason": "Advertising."}
    )

    assert Question.objects.filter(status="removed").count() == 2
    assert AuditEntry.objects.count() == 1
    told = sentences(done)
    assert len(told) == 2
    assert second.title in told[1]


def test_closing_reopening_and_marking_as_duplicate(staff: Client) -> None:
    older, question = make_question(), make_question()
    staff.post(act("community_question", question.pk, "close"), {"reason": "Answered by mail."})
    staff.post(act("community_question", question.pk, "reopen"))
    staff.post(act("community_question", question.pk, "mark-duplicate"), {"of": older.pk})

    question.refresh_from_db()
    assert (question.status, question.duplicate_of) == ("closed", older)
    assert list(AuditEntry.objects.order_by("pk").values_list("act", flat=True)) == [
        "close",
        "reopen",
        "duplicate",
    ]


def test_a_duplicate_of_itself_is_refused_beside_the_field(staff: Client) -> None:
    question = make_question()
    page = staff.post(act("community_question", question.pk, "mark-duplicate"), {"of": question.pk})
    assert page.status_code == 200
    assert page.context["form"].errors["of"]


def edit(question: Question, **changes: object) -> dict[str, object]:
    return {"title": question.title, "body": question.body, "version": question.version, "tags": []} | changes


def test_editing_a_question_keeps_what_it_said_before(staff: Client, cast: SimpleNamespace) -> None:
    question = make_question(title="Before")
    (tag,) = make_tags("pairing")
    page = reverse("admin:community_question_change", args=[question.pk])

    saved = staff.post(page, edit(question, title="After", tags=[tag.pk]))

    assert saved.status_code == 302
    question.refresh_from_db()
    assert (question.title, question.version, list(question.tags.all())) == ("After", 2, [tag])
    assert Edit.objects.get().title == "Before"
    assert IndexChange.objects.filter(kind="question", object_pk=question.pk).exists()


def test_an_edit_of_an_older_version_is_refused_and_kept_on_the_page(
    staff: Client, cast: SimpleNamespace
) -> None:
    question = make_question(title="Now", version=3)
    page = reverse("admin:community_question_change", args=[question.pk])

    refused = staff.post(page, edit(question, title="Mine", version=2))

    assert refused.status_code == 200
    form = refused.context["adminform"].form
    assert form.non_field_errors()
    assert form["title"].value() == "Mine"
    question.refresh_from_db()
    assert question.title == "Now"


def test_a_release_of_another_product_is_refused_beside_the_field(staff: Client) -> None:
    buds, camera = make_product("nova-buds"), make_product("nova-cam")
    question = make_question(product=buds)
    page = reverse("admin:community_question_change", args=[question.pk])
    refused = staff.post(page, edit(question, product=buds.pk, release=camera.releases.first().pk))
    assert refused.context["adminform"].form.errors["release"]


def test_deciding_a_flag_decides_its_post(staff: Client, cast: SimpleNamespace) -> None:
    answer = make_answer()
    flag = Flag.objects.create(answer=answer, reporter=cast.minji, reason="spam")
    staff.post(act("community_flag", flag.pk, "dismiss"))
    flag.refresh_from_db()
    assert flag.decided_at
    again = staff.post(act("community_flag", flag.pk, "dismiss"))
    assert again.context["form"].non_field_errors()


def test_a_decision_is_undone_from_its_audit_row(staff: Client) -> None:
    question = make_question()
    staff.post(act("community_question", question.pk, "close"), {"reason": "No."})
    staff.post(act("core_auditentry", AuditEntry.objects.get().pk, "undo"))
    question.refresh_from_db()
    assert question.status == "open"


def test_an_answer_becomes_an_article_through_the_promotion_acts(staff: Client) -> None:
    answer = make_answer(accepted=True)
    staff.post(act("community_answer", answer.pk, "nominate"))
    promotion = Promotion.objects.get()
    staff.post(act("community_promotion", promotion.pk, "draft"))
    staff.post(act("community_promotion", promotion.pk, "publish"))
    promotion.refresh_from_db()
    assert promotion.state == "published"
    assert promotion.article.credits.get().person == answer.author


def test_an_article_is_drafted_described_published_and_archived(staff: Client, cast: SimpleNamespace) -> None:
    product, topic = make_product(), Category.objects.create(slug="care", name="Care")
    new = {"title": "How to clean it", "body": "Use a dry cloth.", "language": "en", "product": product.pk}
    staff.post(reverse("admin:kb_article_add"), new)
    article = Article.objects.get()
    assert (article.owner, article.status, article.revisions.get().body) == (
        cast.hana,
        "draft",
        "Use a dry cloth.",
    )

    staff.post(
        reverse("admin:kb_article_change", args=[article.pk]), {"product": product.pk, "category": topic.pk}
    )
    staff.post(act("kb_article", article.pk, "publish"))
    article.refresh_from_db()
    assert (article.status, article.category) == ("published", topic)

    staff.post(act("kb_article", article.pk, "archive"), {"successor": ""})
    article.refresh_from_db()
    assert article.status == "archived"
    assert IndexChange.objects.filter(kind="article", object_pk=article.pk).exists()
    assert set(AuditEntry.objects.values_list("act", flat=True)) == {"publish_article", "archive_article"}


def test_a_renamed_tag_is_cleaned_and_what_carries_it_is_indexed_anew(staff: Client) -> None:
    (tag,) = make_tags("pairing")
    question, article = make_question(tags=["pairing"]), make_article(tags=["pairing"])
    staff.post(reverse("admin:core_tag_change", args=[tag.pk]), {"name": "Blue Tooth"})
    tag.refresh_from_db()
    assert tag.name == "blue-tooth"
    assert set(IndexChange.objects.values_list("kind", "object_pk")) == {
        ("question", question.pk),
        ("article", article.pk),
    }


def test_a_tag_that_somebody_watches_can_be_deleted(staff: Client, cast: SimpleNamespace) -> None:
    (tag,) = make_tags("pairing")
    cast.minji.watches.create(tag=tag)
    staff.post(reverse("admin:core_tag_delete", args=[tag.pk]), {"post": "yes"})
    assert not Tag.objects.exists()
    assert AuditEntry.objects.get().act == "delete_entry"


def test_a_product_with_articles_is_not_deleted(staff: Client) -> None:
    product = make_product()
    make_article(product=product)
    assert staff.post(
        reverse("admin:core_product_delete", args=[product.pk]), {"post": "yes"}
    ).status_code in (200, 302)
    ticked = {"action": "delete_selected", "_selected_action": [product.pk], "post": "yes"}
    assert staff.post(changelist("core_product"), ticked).status_code in (200, 302)
    product.refresh_from_db()


# ----------------------------------------------------------------- people


def role(name: str) -> int:
    from django.contrib.auth.models import Group

    return Group.objects.get(name=name).pk


def test_a_new_member_of_staff_gets_an_account_without_a_password(staff: Client) -> None:
    new = {"username": "yuna", "email": "yuna@example.com", "display_name": "유나", "groups": [role("staff")]}
    staff.post(reverse("admin:core_user_add"), new)
    yuna = User.objects.get(username="yuna")
    assert (yuna.is_staff, yuna.is_superuser, yuna.has_usable_password()) == (True, False, False)
    assert AuditEntry.objects.get().act == "add_person"


def test_roles_decide_who_enters_the_admin(staff: Client, cast: SimpleNamespace, client: Client) -> None:
    page = reverse("admin:core_user_change", args=[cast.minji.pk])
    staff.post(page, {"display_name": "김민지", "groups": [role("staff")]})
    cast.minji.refresh_from_db()
    assert cast.minji.is_staff
    staff.post(page, {"display_name": "김민지", "groups": [role("customer")]})
    cast.minji.refresh_from_db()
    assert not cast.minji.is_staff


def test_nobody_takes_the_role_staff_from_themselves(staff: Client, cast: SimpleNamespace) -> None:
    page = reverse("admin:core_user_change", args=[cast.hana.pk])
    refused = staff.post(page, {"display_name": "하나", "groups": [role("customer")]})
    assert refused.context["adminform"].form.errors["groups"]
    cast.hana.refresh_from_db()
    assert cast.hana.is_staff


def test_staff_do_not_touch_a_superuser_nor_make_one(staff: Client, cast: SimpleNamespace) -> None:
    root = User.objects.create_superuser("root", "root@example.com", "a-good-password-7")
    page = reverse("admin:core_user_change", args=[root.pk])
    assert staff.post(page, {"display_name": "Mine", "is_superuser": "on"}).status_code == 403
    refused = staff.post(act("core_user", root.pk, "deactivate"), {"reason": "Because."})
    assert refused.context["form"].non_field_errors()
    staff.post(
        reverse("admin:core_user_change", args=[cast.minji.pk]),
        {"display_name": "Minji", "is_superuser": "on", "is_staff": "on"},
    )
    root.refresh_from_db()
    cast.minji.refresh_from_db()
    assert root.is_active
    assert (cast.minji.is_superuser, cast.minji.is_staff, cast.minji.display_name) == (False, False, "Minji")


def test_a_shut_account_is_out_everywhere_and_its_tokens_end(staff: Client, cast: SimpleNamespace) -> None:
    row, _token = ApiToken.issue(user=cast.minji)
    minji = Client()
    minji.force_login(cast.minji)
    assert minji.get(reverse("settings")).status_code == 200

    staff.post(act("core_user", cast.minji.pk, "deactivate"), {"reason": "Asked to leave."})

    row.refresh_from_db()
    assert row.revoked_at
    assert minji.get(reverse("settings")).status_code == 302
    staff.post(act("core_user", cast.minji.pk, "activate"))
    cast.minji.refresh_from_db()
    assert cast.minji.is_active


def test_a_token_is_revoked_once(staff: Client, cast: SimpleNamespace) -> None:
    row, _token = ApiToken.issue(user=cast.minji)
    staff.post(act("core_apitoken", row.pk, "revoke"))
    row.refresh_from_db()
    assert row.revoked_at
    assert staff.post(act("core_apitoken", row.pk, "revoke")).context["form"].non_field_errors()


@pytest.mark.parametrize("pk", ["0", "999999", "x", "9" * 30])
def test_an_act_on_no_row_is_not_found(staff: Client, pk: str) -> None:
    assert staff.get(act("community_question", pk, "release")).status_code == 404  # type: ignore[arg-type]


def test_an_unknown_act_is_refused(staff: Client) -> None:
    assert staff.post(act("community_question", make_question().pk, "erase")).status_code == 403


def test_a_moderator_with_a_desk_does_not_run_acts_of_editors(client: Client, cast: SimpleNamespace) -> None:
    User.objects.filter(pk=cast.mod.pk).update(is_staff=True)
    client.force_login(cast.mod)
    article = make_article(published=False)
    assert client.get(changelist("kb_article")).status_code == 200
    assert client.post(act("kb_article", article.pk, "publish")).status_code == 403
    assert client.get(changelist("core_apitoken")).status_code == 403
