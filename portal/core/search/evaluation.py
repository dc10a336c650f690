"""Figures of retrieval on judged queries (Järvelin and Kekäläinen's nDCG with linear gains; reciprocal rank; recall).

Of what is offered unasked there are more: how well confidence tells what has an answer from what has none, what silence
costs, and whether the promised confidence was kept.
"""

import bisect
import math
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Figures:
    """Sums over queries; `summary` makes the means."""

    answerable: int = 0
    unanswerable: int = 0
    shown: int = 0
    shown_right: int = 0
    false_show: int = 0
    ndcg: float = 0.0
    mrr: float = 0.0
    recall: dict[int, float] = field(default_factory=lambda: {1: 0.0, 3: 0.0, 5: 0.0, 10: 0.0})
    milliseconds: list[float] = field(default_factory=list)
    # Of each query, how sure the portal would have been without any threshold.
    sure_answerable: list[float] = field(default_factory=list)
    sure_unanswerable: list[float] = field(default_factory=list)
    promised: list[float] = field(default_factory=list)

    def add(
        self, ranked: Sequence[str], relevant: dict[str, int], milliseconds: float, *, best: float | None = None,
        promised: float | None = None,
    ) -> None:  # fmt: skip
        """One query: the ids found, best first, and those that are relevant (none: it should find nothing).

        `best` is the greatest confidence of all that was found, shown or not; `promised` that of the first one shown.
        """
        self.milliseconds.append(milliseconds)
        if best is not None:
            (self.sure_answerable if relevant else self.sure_unanswerable).append(best)
        if promised is not None:
            self.promised.append(promised)
        if not relevant:
            self.unanswerable += 1
            self.false_show += bool(ranked)
            return
        self.answerable += 1
        self.shown += bool(ranked)
        self.shown_right += bool(ranked) and ranked[0] in relevant
        gains = [relevant.get(name, 0) for name in ranked[:10]]
        ideal = sorted(relevant.values(), reverse=True)[:10]
        self.ndcg += _dcg(gains) / _dcg(ideal)
        self.mrr += next((1 / rank for rank, gain in enumerate(gains, start=1) if gain), 0.0)
        for depth in self.recall:
            self.recall[depth] += len(set(ranked[:depth]) & set(relevant)) / len(relevant)

    def summary(self) -> dict[str, float | int | None]:
        """The figures by name; None where there was nothing to measure."""
        queries, n, times = (
            self.answerable + self.unanswerable,
            self.answerable or 1,
            sorted(self.milliseconds),
        )
        shown_at_all = self.shown + self.false_show
        return {
            "queries": queries,
            "ndcg@10": round(self.ndcg / n, 4),
            "mrr@10": round(self.mrr / n, 4),
            **{f"recall@{depth}": round(total / n, 4) for depth, total in self.recall.items()},
            "abstained": round(1 - shown_at_all / queries, 4) if queries else None,
            "shown_precision@1": round(self.shown_right / shown_at_all, 4) if shown_at_all else None,
            "false_show": round(self.false_show / self.unanswerable, 4) if self.unanswerable else None,
            **self._silence(),
            "p50_ms": round(times[len(times) // 2], 1) if times else None,
            "p95_ms": round(times[min(len(times) - 1, int(len(times) * 0.95))], 1) if times else None,
        }

    def _silence(self) -> dict[str, float | None]:
        """What is only known where confidence was noted."""
        if not (self.sure_answerable or self.sure_unanswerable):
            return {}
        return {
            "auroc": _rounded(auroc(self.sure_answerable, self.sure_unanswerable)),
            "false_show_at_80": _rounded(false_show(self.sure_answerable, self.sure_unanswerable, keep=0.8)),
            "promised": _rounded(sum(self.promised) / len(self.promised) if self.promised else None),
        }


def auroc(answerable: Sequence[float], unanswerable: Sequence[float]) -> float | None:
    """How often an answerable query is surer than an unanswerable one; as sure counts half."""
    if not (answerable and unanswerable):
        return None
    below = sorted(unanswerable)
    wins = sum(bisect.bisect_left(below, sure) + bisect.bisect_right(below, sure) for sure in answerable) / 2
    return wins / (len(answerable) * len(below))


def false_show(answerable: Sequence[float], unanswerable: Sequence[float], *, keep: float) -> float | None:
    """The share of the unanswerable shown something at the greatest threshold that lets `keep` of the answerable through."""
    if not (answerable and unanswerable):
        return None
    threshold = sorted(answerable, reverse=True)[math.ceil(keep * len(answerable)) - 1]
    return sum(sure >= threshold for sure in unanswerable) / len(unanswerable)


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
