"""The site's own history as judged queries: what solved what people looked for, frozen, and nothing that is not for everyone."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from community.models import Citation, Suggestion
from portal.core import search
from portal.core.models import SearchQuery
from portal.core.search.writing import flush_now
from tests.factories import make_answer, make_article, make_question

pytestmark = pytest.mark.django_db
PARTS = ("tune", "check")


def looked_for(text: str, kind: str, pk: int, outcome: str = "solved") -> None:
    query = search.record_search(
        surface="suggest", text=text, hits=1, shown=1, sender="somebody", language="ko"
    )
    SearchQuery.objects.filter(pk=query.pk).update(outcome=outcome, opened_kind=kind, opened_pk=pk)


def judge(folder, *options: str) -> dict:
    out = io.StringIO()
    call_command("judge", str(folder), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def written(folder) -> dict[str, set[str]]:
    """The names judged right for each text, of both parts."""
    found: dict[str, set[str]] = {}
    for part in PARTS:
        rows = [json.loads(line) for line in (folder / f"queries.{part}.jsonl").read_text().splitlines()]
        texts = {row["id"]: row["text"] for row in rows}
        for line in (folder / f"qrels.{part}.tsv").read_text().splitlines():
            query, name, _grade = line.split("\t")
            found.setdefault(texts[query], set()).add(name)
    return found


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "judged"


@pytest.fixture
def history(index, cast):
    """An article, and a question whose accepted answer cites it; a question that a suggestion solved."""
    article = make_article(title="배터리가 빨리 닳을 때", body="화면 밝기를 낮추세요.")
    imported = make_article(title="환불은 언제 되나요", external_id="kb-7")
    asked = make_question(title="휴대폰이 금방 꺼져요", author=cast.minji, language="ko")
    answer = make_answer(asked, author=cast.junho, accepted=True)
    Citation.objects.create(answer=answer, article=article)
    later = make_question(title="돈은 언제 돌려받나요", author=cast.minji)
    Suggestion.objects.create(question=later, article=imported, confidence=0.8, position=1, outcome="solved")
    looked_for("배터리 광탈", "article", article.pk)
    for thing in (article, imported, asked, answer, later):
        search.changed(thing._meta.model_name, thing.pk)
    flush_now()
    return {"article": article, "imported": imported, "asked": asked, "answer": answer, "later": later}


def test_searches_suggestions_and_citations_that_solved_become_judged_queries(history, folder):
    said = judge(folder)
    name = f"article-{history['article'].pk}"
    assert written(folder) == {
        "배터리 광탈": {name}, "휴대폰이 금방 꺼져요": {name}, "돈은 언제 돌려받나요": {"kb-7"}
    }  # fmt: skip
    assert said["queries"] == said["tune"] + said["check"] == 3
    assert said["judgements"] == {"searches": 1, "suggestions": 1, "citations": 1}


def test_one_text_is_one_query_with_all_that_solved_it(history, folder):
    looked_for("  배터리   광탈 ", "answer", history["answer"].pk)
    looked_for("배터리 광탈", "article", history["article"].pk)
    assert judge(folder)["queries"] == 3
    names = {f"article-{history['article'].pk}", f"question-{history['asked'].pk}"}
    assert written(folder)["배터리 광탈"] == names


def test_nothing_hidden_and_nobody_who_can_be_reached_is_in_it(history, folder):
    looked_for("minji@example.com 계정", "article", history["imported"].pk)
    looked_for("010-1234-5678 로 전화 주세요", "article", history["imported"].pk)
    looked_for("www.example.org 사기인가요", "article", history["imported"].pk)
    looked_for("초안", "article", make_article(published=False).pk)
    looked_for("그냥 열어 봄", "article", history["imported"].pk, outcome="opened")
    hidden = make_question(title="숨긴 질문", status="held")
    Suggestion.objects.create(
        question=hidden, article=history["imported"], confidence=0.8, position=1, outcome="solved"
    )
    looked_for("숨긴 것", "question", hidden.pk)
    history["article"].status, history["article"].published_revision = "archived", None
    history["article"].save()
    judge(folder)
    assert written(folder) == {"돈은 언제 돌려받나요": {"kb-7"}}


def test_what_is_written_stays_until_it_is_renewed_on_purpose(history, folder):
    judge(folder)
    before = {file.name: file.read_text() for file in folder.iterdir()}
    assert len(before) == 4
    looked_for("폰 배터리", "article", history["article"].pk)
    with pytest.raises(CommandError, match="frozen"):
        judge(folder)
    assert {file.name: file.read_text() for file in folder.iterdir()} == before
    judge(folder, "--renew")
    assert "폰 배터리" in written(folder)
    after = "".join((folder / f"queries.{part}.jsonl").read_text() for part in PARTS)
    for name, text in before.items():
        if name.startswith("queries"):
            assert all(line in (folder / name).read_text() for line in text.splitlines()), (
                "no query changes sides"
            )
    assert after.count("\n") == 4


def test_a_site_without_history_says_so(index, db, folder):
    with pytest.raises(CommandError, match="nothing was written"):
        judge(folder / "new")
    assert not (folder / "new").exists()


@pytest.mark.parametrize("surface", ["search", "suggest"])
def test_a_title_is_not_answered_by_its_own_question(history, folder, surface):
    history["asked"].title = "배터리가 빨리 닳을 때 교환"
    history["asked"].save()
    search.changed("question", history["asked"].pk)
    SearchQuery.objects.all().delete()
    Suggestion.objects.all().delete()
    judge(folder)
    (part,) = [part for part in PARTS if (folder / f"qrels.{part}.tsv").read_text()]
    out = io.StringIO()
    files = [str(folder / f"queries.{part}.jsonl"), str(folder / f"qrels.{part}.tsv")]
    call_command("evaluate_search", *files, "--json", "--surface", surface, stdout=out)
    said = json.loads(out.getvalue())
    assert (said["queries"], said["recall@1"], said["shown_precision@1"]) == (1, 1.0, 1.0)


def test_the_history_costs_the_same_number_of_queries_however_long(
    history, folder, django_assert_max_num_queries
):
    for number in range(30):
        looked_for(f"배터리 {number}", "article", history["article"].pk)
    with django_assert_max_num_queries(6):
        judge(folder)
