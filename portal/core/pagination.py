"""Cursors for the API: {"next", "previous", "results"}, stable while rows come and go."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from portal.core.paging import Page, keyset

SIZE = 20
SIZE_MAX = 100


class Keyset(BasePagination):
    """Pages by the fields of the view's `order`, largest first; the last of them is unique."""

    page: Page
    request: Request

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        order = getattr(view, "order", ("pk",))
        self.request = request
        self.page = keyset(queryset, request.query_params, order=order, size=size_of(request))
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "next": self._address(self.page.next_url),
                "previous": self._address(self.page.previous_url),
                "results": data,
            }
        )

    def _address(self, query: str) -> str | None:
        return self.request.build_absolute_uri(query) if query else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}, "description": "From `next` or `previous`."},
            {
                "name": "limit", "in": "query", "required": False,
                "schema": {"type": "integer", "minimum": 1, "maximum": SIZE_MAX, "default": SIZE},
            },
        ]  # fmt: skip


def size_of(request: Request, *, default: int = SIZE, most: int = SIZE_MAX) -> int:
    """How many rows a request asks for with `limit`."""
    raw = request.query_params.get("limit") or str(default)
    if not raw.isascii() or not raw.isdecimal() or len(raw) > 4 or not 1 <= int(raw) <= most:
        raise ValidationError({"limit": [_("A number from 1 to %(n)d.") % {"n": most}]})
    return int(raw)


class EntryPages(Keyset):
    """Pages of what is not one queryset: the view gives a function of `limit` and `after`, its entries have a `cursor`."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request, size = request, size_of(request)
        found = queryset(limit=size + 1, after=request.query_params.get("cursor", "")[:200])
        more, rows = len(found) > size, found[:size]
        query = request.query_params.copy()
        if more:
            query["cursor"] = rows[-1].cursor
        self.page = Page(rows=rows, next_url="?" + query.urlencode() if more else "", previous_url="")
        return rows
