"""The demo's articles and questions as lines of a content file: times made absolute, votes spread over them."""

import json
import random
from datetime import datetime, timedelta
from typing import Any

from community.demo import lines

# The demo customer's own: one waits for an answer, one for a decision, one is solved.
CUSTOMER_QUESTIONS = 3


class Threads:
    """Turns relative times into absolute ones; the same day gives the same content."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.random = random.Random(7)  # noqa: S311  (spreads votes over time, the same way each time)
        self.questions = list(lines("questions_*.jsonl"))
        self.articles = list(lines("articles_*.jsonl"))
        self._give_the_customer_some()

    def import_lines(self) -> list[tuple[int, str]]:
        """Older first, so that a duplicate finds its original."""
        self.questions.sort(key=lambda line: -line["hours_ago"])
        rows = [self._article(line) for line in self.articles]
        rows += [self._question(line) for line in self.questions]
        return [(number, json.dumps(row, ensure_ascii=False)) for number, row in enumerate(rows, 1)]

    def _give_the_customer_some(self) -> None:
        korean = [line for line in self.questions if line["language"] == "ko" and not line.get("state")]
        korean.sort(key=lambda line: line["hours_ago"])
        plain = [line for line in korean if not line.get("duplicate_of") and not line.get("flags")]
        chosen = [
            next(line for line in plain if not line["answers"]),
            next(line for line in plain if line["answers"] and not _accepted(line)),
            next(line for line in plain if _accepted(line)),
        ]
        for line in chosen:
            line["author"] = "customer"

    def _article(self, line: dict[str, Any]) -> dict[str, Any]:
        pair = line.get("pair", "")
        return {
            **{name: line[name] for name in ("kind", "external_id", "title", "body", "language", "product")},
            **{name: line[name] for name in ("releases", "topic", "tags", "author", "helpful", "unhelpful")},
            "created_at": self._ago(line["hours_ago"]),
            "verified_at": self._ago(line["verified_hours_ago"]),
            "views": line["helpful"] * 11 + line["unhelpful"] * 7 + 20,
            "translation_of": pair if pair < line["external_id"] else "",
        }

    def _question(self, line: dict[str, Any]) -> dict[str, Any]:
        asked = line["hours_ago"]
        state = "closed" if line.get("duplicate_of") else line.get("state", "open")
        return {
            **{name: line[name] for name in ("kind", "external_id", "title", "body", "language", "product")},
            **{name: line[name] for name in ("release", "tags", "author", "views")},
            "created_at": self._ago(asked),
            "status": state,
            "held_for": "contact" if state == "held" else "",
            "closed_reason": ""
            if line.get("duplicate_of") or state != "closed"
            else _reason(line["language"]),
            "duplicate_of": line.get("duplicate_of") or "",
            "comments": [self._comment(comment, asked) for comment in line["comments"]],
            "answers": [self._answer(answer, asked) for answer in line["answers"]],
        }

    def _answer(self, line: dict[str, Any], asked: float) -> dict[str, Any]:
        answered = max(0.1, asked - line["hours_after"])
        return {
            "external_id": line["external_id"],
            "body": line["body"],
            "author": line["author"],
            "created_at": self._ago(answered),
            "accepted": bool(line.get("accepted")),
            "votes": self._votes(answered, line["helpful"], line["unhelpful"]),
            "comments": [self._comment(comment, asked) for comment in line["comments"]],
        }

    def _comment(self, line: dict[str, Any], asked: float) -> dict[str, Any]:
        when = self._ago(max(0.05, asked - line["hours_after"]))
        return {"body": line["body"], "author": line["author"], "created_at": when}

    def _votes(self, answered: float, helpful: int, unhelpful: int) -> list[list[str]]:
        words = ["up"] * helpful + ["down"] * unhelpful
        # Most votes come soon after the answer.
        return [[self._ago(answered * (1 - self.random.random() ** 2)), word] for word in words]

    def _ago(self, hours: float) -> str:
        return (self.now - timedelta(hours=hours)).isoformat()


def _accepted(line: dict[str, Any]) -> bool:
    return any(answer.get("accepted") for answer in line["answers"])


def _reason(language: str) -> str:
    if language == "ko":
        return "제품 사용에 관한 질문이 아니에요."
    return "This is not a question about using the product."
