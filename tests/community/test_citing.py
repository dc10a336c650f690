"""What an answer links to on this site is known as what it cites, for as long as it does."""

import json

import pytest
from django.core.management import call_command

from community import moderation, services
from community.models import Answer, Citation, Suggestion
from kb import services as kb_services
from tests.api import Api
from tests.factories import make_answer, make_article, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(cast):
    return {
        "article": make_article(title="이어버드 다시 묶기"),
        "older": make_answer(make_question(title="An older one"), accepted=True),
        "question": make_question(author=cast.minji),
    }


def link(thing, host="http://testserver") -> str:
    return f"[this]({host}{thing.get_absolute_url()})"


def cited() -> list[tuple]:
    return sorted((row.article_id or 0, row.question_id or 0) for row in Citation.objects.all())


def test_an_answer_cites_what_it_links_to_and_an_edit_changes_that(cast, things):
    body = f"See {link(things['article'])} and {link(things['older'], host='')} and again {link(things['article'])}."
    api = Api(cast.junho)
    pk = api.post(f"questions/{things['question'].pk}/answers/", {"body": body}).json()["id"]
    wanted = sorted([(things["article"].pk, 0), (0, things["older"].question_id)])
    assert cited() == wanted
    api.patch(f"answers/{pk}/", {"body": f"{body} For sure."})
    assert cited() == wanted
    api.patch(f"answers/{pk}/", {"body": f"Rather {link(things['article'])}."})
    assert cited() == [(things["article"].pk, 0)]
    api.patch(f"answers/{pk}/", {"body": "Never mind."})
    assert cited() == []


def test_other_sites_hidden_things_and_the_answers_own_question_are_not_cited(cast, things):
    draft, hidden = make_article(published=False), make_question(status="removed")
    links = [
        link(things["article"], host="https://evil.example"), link(draft), link(hidden), link(things["question"]),
        "http://testserver/articles/", link(things["article"], host="https://testserver.evil.example"), link(things["article"], host="ftp://testserver"), "[x](/questions/1e9/)",
        f"`{link(things['article'])}`",
    ]  # fmt: skip
    services.answer_question(question=things["question"], by=cast.mod, body="\n\n".join(links))
    assert cited() == []


def test_an_old_address_cites_the_article_that_it_leads_to(cast, things):
    old = things["article"].get_absolute_url()
    kb_services.rename(article=things["article"], slug="pairing-again", by=cast.kate)
    services.answer_question(question=things["question"], by=cast.junho, body=f"[x]({old}#s-1)")
    assert cited() == [(things["article"].pk, 0)]


@pytest.mark.parametrize("kind", ["article", "answer"])
def test_a_suggestion_counts_as_cited_while_the_answer_that_cites_it_is_accepted(cast, things, kind):
    question = things["question"]
    target = things["article"] if kind == "article" else things["older"]
    row = question.suggestions.create(**{kind: target}, confidence=0.9, position=1)
    make_question().suggestions.create(**{kind: target}, confidence=0.9, position=1)  # nobody cites it there
    answer = services.answer_question(question=question, by=cast.junho, body=f"Like {link(target)}.")
    assert list(Suggestion.objects.cited()) == []
    services.accept_answer(answer=answer, by=cast.minji)
    assert list(Suggestion.objects.cited()) == [row]
    assert Citation.objects.that_solved().count() == 1
    Answer.objects.filter(pk=answer.pk).update(status="held")  # as an edit that brings in a link does
    assert list(Suggestion.objects.cited()) == []
    assert Citation.objects.that_solved().count() == 0
    Answer.objects.filter(pk=answer.pk).update(status="open")
    entry = moderation.remove(post=answer, by=cast.mod, reason="Rude")
    assert list(Suggestion.objects.cited()) == []
    assert Citation.objects.that_solved().count() == 0
    moderation.undo(entry=entry, by=cast.mod)
    assert list(Suggestion.objects.cited()) == [row]
    services.withdraw_acceptance(question=question, by=cast.minji)
    assert list(Suggestion.objects.cited()) == []


def test_what_was_imported_cites_too(things, tmp_path):
    line = {
        "kind": "question", "external_id": "q-1", "title": "How?", "body": "How does it work?",
        "answers": [{"external_id": f"a-{n}", "body": f"{n}: {link(things['article'])}"} for n in range(3)],
    }  # fmt: skip
    path = tmp_path / "content.jsonl"
    path.write_text(json.dumps(line))
    call_command("import_content", str(path), verbosity=0)
    assert cited() == [(things["article"].pk, 0)] * 3


def test_many_answers_are_read_in_as_many_queries_as_one(things, django_assert_num_queries):
    from community.citing import note_citations

    answers = [make_answer(body=f"{n} {link(things['article'])} {link(things['older'])}") for n in range(8)]
    with django_assert_num_queries(4):
        note_citations(answers[:1])
    with django_assert_num_queries(4):
        note_citations(answers[1:])
    assert Citation.objects.count() == 16
