"""How much a word says: the rarer, the more. One measure for the engine's score and for our own."""

import math
from typing import Any

from whoosh.scoring import BM25F

# In a young index every word is rare or common by accident: it is judged as if there were this many entries.
FEWEST = 300


def rarity(frequency: int, count: int) -> float:
    """Of a word that stands in `frequency` of `count` entries."""
    return math.log(1 + (max(count, FEWEST) - frequency + 0.5) / (frequency + 0.5))


class Rarity(BM25F):
    """BM25 that takes a word's rarity from the whole text, in whichever field it is found."""

    def idf(self, searcher: Any, fieldname: str, text: Any) -> float:
        parent = searcher.get_parent()
        return rarity(parent.doc_frequency("text", text), parent.doc_count_all())
