"""Accept the figures as they are now: python -m tests.search.renew_accepted [-k WHICH]. Look at the difference before it is committed."""

import json
import sys
from typing import Any

import pytest

from tests.search.sets import ACCEPTED

FILES = ["tests/search/test_quality.py", "tests/search/test_korean_queries.py"]


class Figures:
    """Collects what the tests measured, whether they liked it or not."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, float]] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call":
            self.found.update(value for name, value in report.user_properties if name == "figures")


def main() -> None:
    figures = Figures()
    pytest.main(["-q", *FILES, *sys.argv[1:]], plugins=[figures])
    if not figures.found:
        raise SystemExit("Nothing was measured; the accepted figures stay.")
    before = json.loads(ACCEPTED.read_text()) if ACCEPTED.exists() else {}
    after = dict(sorted((before | figures.found).items()))
    ACCEPTED.write_text(json.dumps(after, indent=2, ensure_ascii=False) + "\n")
    for name, values in figures.found.items():
        changes = {each: (before.get(name, {}).get(each), value) for each, value in values.items()}
        sys.stdout.write(f"{name} {changes}\n")


if __name__ == "__main__":
    main()
