"""A client of the API with one person's token."""

import json
from typing import Any

from django.test import Client

from portal.core.models import ApiToken, User

ROOT = "/api/v1/"


class Api:
    """Calls addresses under /api/v1/ as somebody, or as a visitor."""

    def __init__(self, person: User | None = None) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers: dict[str, str] = {}
        if person is not None:
            self.headers["authorization"] = f"Bearer {ApiToken.issue(user=person)[1]}"

    def call(
        self, method: str, path: str, data: Any = None, *, raw: bytes | None = None, **options: Any
    ) -> Any:
        headers = self.headers | options.pop("headers", {})
        body = raw if raw is not None else b"" if data is None else json.dumps(data).encode()
        kind = options.pop("content_type", "application/json")
        address = path if path.startswith(("/", "http")) else ROOT + path
        return self.client.generic(method, address, body, content_type=kind, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self.call("GET", path, **options)

    def post(self, path: str, data: Any = None, **options: Any) -> Any:
        return self.call("POST", path, data, **options)

    def put(self, path: str, data: Any = None, **options: Any) -> Any:
        return self.call("PUT", path, data, **options)

    def patch(self, path: str, data: Any = None, **options: Any) -> Any:
        return self.call("PATCH", path, data, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self.call("DELETE", path, **options)


def is_problem(response: Any, status: int) -> dict[str, Any]:
    """The problem document of a refusal, once its shape is right."""
    assert response.status_code == status, (response.status_code, response.content[:300])
    assert response["Content-Type"].split(";")[0] == "application/problem+json"
    body = json.loads(response.content)
    assert {"type", "title", "status", "detail", "errors"} <= set(body)
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert all(isinstance(texts, list) for texts in body["errors"].values())
    return body
