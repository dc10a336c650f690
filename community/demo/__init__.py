"""The made-up company "Nova" (노바): what `seed_demo` puts into an empty site. The texts are in portal/core/demo."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps

PASSWORD = "haedap-demo"  # noqa: S105  (public on purpose: seed_demo refuses to run in production)
ACCOUNTS = ("customer", "moderator", "editor", "staff")


def lines(pattern: str) -> Iterator[dict[str, Any]]:
    """The objects of the demo files whose name matches."""
    folder = Path(apps.get_app_config("core").path) / "demo"
    for file in sorted(folder.glob(pattern)):
        with file.open(encoding="utf-8") as opened:
            for line in opened:
                if line.strip():
                    yield json.loads(line)
