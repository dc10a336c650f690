"""What evaluate_search says of a few queries whose answers are known."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from portal.core import search
from portal.core.search.evaluation import auroc, false_show
from portal.core.search.writing import flush_now
from tests.factories import make_answer, make_article, make_question
from tests.given import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(index, cast):
    earbud = make_article(
        title="Pair one silent earbud again",
        body="Hold the button of the case for ten seconds.",
        external_id="kb-1",
    )
    refund = make_article(title="Money back for a returned vacuum cleaner", body="It takes three days.")
    asked = make_question(
        title="The dock blinks purple at night", author=cast.minji, body="Since the update."
    )
    answer = make_answer(
        asked, body="Unplug the dock and plug it in again.", author=cast.junho, accepted=True
    )
    for thing in (earbud, refund, asked, answer):
        search.changed(thing._meta.model_name, thing.pk)
    flush_now()
    return [earbud, refund, asked]


@pytest.fixture
def judged(shelf, tmp_path):
    """Five queries: of an imported article, an article and a question written here, and two that nothing answers."""
    _earbud, refund, asked = shelf
    texts = [
        ("1", "Pair one silent earbud again"), ("2", "money back for a returned vacuum cleaner"),
        ("3", "the dock blinks purple at night"), ("4", "grow tomatoes on a balcony"),
        ("5", "my returned vacuum cleaner"),
    ]  # fmt: skip
    queries = written(tmp_path / "queries.jsonl", [{"id": name, "text": text} for name, text in texts])
    qrels = tmp_path / "qrels.tsv"
    qrels.write_text(
        f"1\tkb-1\t1\n2\tarticle-{refund.pk}\t1\n3\tquestion-{asked.pk}\t1\n5\tarticle-999999\t1\n"
    )
    return queries, qrels


def measured(judged, *options: str) -> dict:
    out = io.StringIO()
    call_command("evaluate_search", *map(str, judged), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_what_was_written_here_is_judged_by_its_kind_and_number(judged, shelf):
    said = measured(judged)
    assert (said["queries"], said["recall@1"]) == (5, 1.0)
    assert said["false_show"] == 0.5, "what only shares words with the refund is found, tomatoes are not"
    shelf[1].status = shelf[1].Status.ARCHIVED
    shelf[1].save()
    said = measured(judged)
    assert (said["recall@1"], said["false_show"]) == (1.0, 0.0), "nobody can find it, so nobody should"


def test_an_external_id_is_the_name_of_what_has_one(judged, shelf, tmp_path):
    own_number = tmp_path / "own.tsv"
    own_number.write_text(f"1\tarticle-{shelf[0].pk}\t1\n")
    said = measured((judged[0], own_number))
    assert (said["recall@1"], said["false_show"]) == (0.0, 0.8)


def test_silence_is_measured_without_the_threshold_and_the_promise_beside_what_came_of_it(judged, tmp_path):
    said = measured(judged, "--surface", "suggest")
    assert said["auroc"] == 1.0
    assert said["false_show_at_80"] == 0.0
    assert 0.5 <= said["promised"] <= 1.0
    faint = written(
        tmp_path / "faint.jsonl",
        [
            {"id": "3", "text": "night shift settings of my display"},
            {"id": "4", "text": "tomatoes on a balcony"},
        ],
    )
    said = measured((faint, judged[1]), "--surface", "suggest")
    assert (said["abstained"], said["promised"]) == (1.0, None)
    assert said["auroc"] == 1.0, "too faint to be shown, yet surer than of what is not here at all"
    assert "auroc" not in measured(judged), "a search shows all that it finds"


def test_the_figures_name_what_produced_them(judged):
    made = measured(judged, "--vectors", "none")["settings"]
    assert made["vectors"] == []
    assert (made["articles"], made["questions"], made["limit"]) == (2, 1, 10)
    assert made["weights"]["saturated"] == 10.0
    assert all(made["parts"].values())


def test_a_judgement_that_is_none_is_named_by_its_line(judged, tmp_path):
    bad = tmp_path / "bad.tsv"
    bad.write_text("1\tkb-1\t1\n2 kb-1 1\n")
    with pytest.raises(CommandError, match="line 2"):
        measured((judged[0], bad))


def test_the_area_counts_pairs_in_order_and_ties_half():
    assert auroc([0.9, 0.5], [0.5, 0.1]) == 3.5 / 4
    assert auroc([0.2], [0.7, 0.9]) == 0.0
    assert auroc([], [0.1]) is None


def test_what_silence_costs_is_read_where_most_of_the_answerable_keep_theirs():
    answerable = [0.9, 0.8, 0.7, 0.6, 0.1]
    assert false_show(answerable, [0.6, 0.59, 0.2, 0.95], keep=0.8) == 0.5
    assert false_show(answerable, [0.6, 0.59, 0.2, 0.05], keep=1.0) == 0.75
    assert false_show(answerable, [], keep=0.8) is None
