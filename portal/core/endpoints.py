"""What every call of the API shares: bounded JSON in, JSON out, and a POST that can be repeated."""

import json
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from portal.core.errors import RuleError
from portal.core.once import once
from portal.core.permissions import is_editor, is_moderator
from portal.core.search import visit_of
from portal.core.visits import sender_of

KEY_HEADER = "Idempotency-Key"

__all__ = ["AllowAny", "Endpoint", "IsAuthenticated", "IsEditor", "IsModerator", "extend_schema"]


class AlwaysJson(BaseContentNegotiation):
    """There is one format, whatever a client says it accepts."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        sent = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == sent), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class IsModerator(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return is_moderator(request.user)


class IsEditor(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return is_editor(request.user)


class SentInPieces(Request):
    """A request whose body may come without a Content-Length, which the framework takes for no body at all."""

    def _load_stream(self) -> None:
        super()._load_stream()  # type: ignore[misc]
        if self._stream is None and "chunked" in self._request.headers.get("Transfer-Encoding", "").lower():
            self._stream = self._request


class Endpoint(GenericAPIView):
    """A call: fetch what the reader may see, call a service, answer."""

    content_negotiation_class = AlwaysJson

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            # Here and not in each view, so that no POST can forget it.
            self.post: Callable[..., Response] = _Once(self.post)  # type: ignore[has-type]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        return SentInPieces(
            request,
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )

    def checked(self, serializer_class: Any, instance: Any = None, **options: Any) -> dict[str, Any]:
        """The body of the request as the serializer takes it, or 400 with its field errors."""
        serializer = serializer_class(
            instance, data=self.request.data, context=self.get_serializer_context(), **options
        )
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def asked(self, serializer_class: Any) -> dict[str, Any]:
        """The query of the address as the serializer takes it, or 400 with its field errors."""
        serializer = serializer_class(data=self.request.query_params.dict())
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def listed(self, rows: QuerySet[Any], serializer_class: Any = None) -> Response:
        """One page of rows."""
        serializer_class = serializer_class or self.get_serializer_class()
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(
            serializer_class(page, many=True, context=self.get_serializer_context()).data
        )

    def shown(self, row: Any, serializer_class: Any = None, status: int = 200) -> Response:
        """One row."""
        serializer_class = serializer_class or self.get_serializer_class()
        return Response(serializer_class(row, context=self.get_serializer_context()).data, status=status)


class _Once:
    """A POST that runs once for each Idempotency-Key; a repeat gets the first answer, status and body."""

    def __init__(self, post: Callable[..., Response]) -> None:
        self.post = post

    def __call__(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = _key_of(request)
        if not key:
            return self.post(request, *args, **kwargs)
        answer, repeat = once(
            sender=_sender(request),
            key=key,
            fingerprint=f"{request.method} {request.path} {json.dumps(request.data, sort_keys=True)}",
            act=lambda: _kept(self.post(request, *args, **kwargs)),
        )
        headers = {"Idempotency-Replayed": "true"} if repeat else {}
        return Response(json.loads(answer["body"]), status=answer["status"], headers=headers)


def _key_of(request: Request) -> str:
    key = request.headers.get(KEY_HEADER, "").strip()
    if not key.isprintable():
        raise RuleError(_("An Idempotency-Key is made of printable characters."))
    return key


def _sender(request: Request) -> str:
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"visit:{visit_of(sender_of(request._request))}"


def _kept(response: Response) -> dict[str, Any]:
    """An answer as the database keeps it. The body is text: PostgreSQL would put its members in another order."""
    body = b"null" if response.data is None else JSONRenderer().render(response.data)
    return {"status": response.status_code, "body": body.decode()}
