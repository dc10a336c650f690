"""Real data beside the clone (../shared/data), as content lines; tests that need it are skipped where it is not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[2] / "shared" / "data"
SECURITY = DATA / "security"
HELP = DATA / "kb" / "gnome_help"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data is not beside this clone")


def thread_lines(name: str) -> Iterator[dict[str, Any]]:
    """The threads of one set as questions with answers, comments and dated votes."""
    with (DATA / "threads" / f"{name}.jsonl").open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            yield {
                "kind": "question",
                "external_id": f"{name}-{row['id']}",
                "title": row["title"],
                "body": row["body"],
                "language": "en",
                "author": row["author"],
                "created_at": row["created"] + "Z",
                "tags": row["tags"],
                "views": row["views"],
                "status": "closed" if row["closed"] else "open",
                "comments": _comments(row),
                "answers": [_answer(name, answer) for answer in row["answers"]],
            }


def _answer(name: str, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "external_id": f"{name}-{row['id']}",
        "body": row["body"],
        "author": row["author"],
        "created_at": row["created"] + "Z",
        "accepted": row["accepted"],
        "votes": [[day, way] for day, way in row["votes"] if way in ("up", "down")],
        "comments": _comments(row),
    }


def _comments(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"author": comment["author"], "created_at": comment["created"] + "Z", "body": comment["text"]}
        for comment in row["comments"]
    ]


def payloads(name: str) -> list[str]:
    """The hostile strings of one list under security/."""
    path = SECURITY / name
    text = path.read_text("utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line)["payload"] for line in text.splitlines()]
    return [row["payload"] if isinstance(row, dict) else row for row in json.loads(text)]


def written(path: Path, lines: Any) -> Path:
    """A content file of these lines; what is no object stands there as it is."""
    with path.open("wb") as file:
        for line in lines:
            raw = line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode()
            file.write(raw + b"\n")
    return path
