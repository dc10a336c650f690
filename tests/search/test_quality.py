"""What is found for real judged queries is no worse than what was accepted (accepted.json, renewed on purpose alone)."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.core.search import meaning
from tests.search.sets import ACCEPTED, RETRIEVAL, article_lines, fallen, load, measure, part

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not RETRIEVAL.exists(), reason="../shared/data/retrieval is not beside this clone"),
]

FOUND = ("ndcg@10", "mrr@10", "recall@5")
SILENT = ("auroc", "false_show_at_80", "shown_precision@1")
DOCUMENTS = 400  # with vectors: reading a whole set for meaning takes minutes

Judge = Callable[[str, dict], None]


@pytest.fixture
def judge(record_property) -> Judge:
    """Hold figures against what was accepted under this name, and hand them to whoever renews that."""

    def judged(name: str, figures: dict) -> None:
        record_property("figures", (name, figures))
        accepted = json.loads(ACCEPTED.read_text())
        assert name in accepted, f"{name} has no accepted figures: python -m tests.search.renew_accepted"
        assert accepted[name].keys() == figures.keys()
        assert not fallen(figures, accepted[name])

    return judged


@pytest.fixture
def vectors(index, settings, monkeypatch) -> Iterator[None]:
    """A site that reads with the models in the process, and waits for them however busy the machine is."""
    settings.EMBEDDINGS_URL = ""
    monkeypatch.setattr(meaning, "SECONDS", 30.0)
    meaning.forget()
    yield
    meaning.forget()


@pytest.mark.parametrize("name", ["welfare_ko", "stackfaq", "gnome_ko"])
def test_words_alone_find_what_they_did(index, tmp_path, judge, name):
    load(article_lines(name), tmp_path)
    folder = RETRIEVAL / name
    said = measure(folder / "queries.check.jsonl", folder / "qrels.check.tsv", "--vectors", "none")
    assert said["settings"]["vectors"] == []
    judge(f"{name} words", {figure: said[figure] for figure in FOUND})


@pytest.mark.xdist_group("models")
def test_words_and_meaning_find_what_they_did(vectors, tmp_path, judge):
    kept, queries, qrels = part("parakqc_ko", DOCUMENTS, tmp_path)
    load(article_lines("parakqc_ko", kept), tmp_path)
    said = measure(queries, qrels)
    assert len(said["settings"]["vectors"]) == 2
    judge("parakqc_ko", {figure: said[figure] for figure in FOUND})
    alone = measure(queries, qrels, "--vectors", "none")
    assert said["ndcg@10"] > alone["ndcg@10"]


@pytest.mark.xdist_group("models")
def test_silence_is_kept_where_it_was(vectors, tmp_path: Path, judge):
    kept, queries, qrels = part("clinc150_abstain", DOCUMENTS, tmp_path)
    load(article_lines("clinc150_abstain", kept), tmp_path)
    said = measure(queries, qrels, "--surface", "suggest")
    judge("clinc150_abstain suggest", {figure: said[figure] for figure in SILENT})
