"""The yardstick that the search is held against: the bm25s library over the same terms, on judged queries.

    .venv/bin/pip install bm25s
    .venv/bin/python scripts/measure_bm25.py CORPUS.jsonl QUERIES.jsonl QRELS.tsv

A corpus line has `id`, `title` and `text`. Prints nDCG@10 of whole documents by BM25 with the library's own settings.
"""

import json
import os
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import bm25s
import django

django.setup()

from portal.core.search.analysis import terms  # noqa: E402
from portal.core.search.evaluation import Figures  # noqa: E402


def words(text: str) -> list[str]:
    return [term.text for term in terms(text) if not term.extra]


def main(corpus: str, queries: str, qrels: str) -> None:
    documents = [json.loads(line) for line in Path(corpus).read_text().splitlines() if line.strip()]
    relevant: dict[str, dict[str, int]] = defaultdict(dict)
    for line in Path(qrels).read_text().splitlines():
        query, document, grade = line.split("\t")
        relevant[query][document] = int(grade)
    index = bm25s.BM25()
    index.index(
        [words(f"{each['title']}\n{each['text']}") or ["-"] for each in documents], show_progress=False
    )
    figures = Figures()
    for line in Path(queries).read_text().splitlines():
        query = json.loads(line)
        if query["id"] not in relevant:
            continue
        rows, _scores = index.retrieve([words(query["text"]) or ["-"]], k=10, show_progress=False)
        figures.add([documents[row]["id"] for row in rows[0]], relevant[query["id"]], 0.0)
    sys.stdout.write(f"{figures.summary()['ndcg@10']}  {queries}\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
