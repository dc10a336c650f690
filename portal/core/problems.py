"""Errors of the API as application/problem+json: one shape for every refusal, and no details of a crash."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from portal.core.errors import ConflictError, RuleError, TooFast

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


def titles() -> dict[int, str]:
    """What each status means, in the reader's language."""
    return {
        400: _("This request cannot be taken as it is."),
        401: _("Please sign in."),
        403: _("This is not yours to do."),
        404: _("There is nothing here."),
        405: _("This address does not take this method."),
        409: _("Somebody else was first."),
        413: _("This is more than is taken at once."),
        415: _("This content type is not taken; send application/json."),
        429: _("That is a lot in a short time."),
        500: _("Something went wrong on our side. Please try again."),
    }


def body_of(
    status: int, detail: str = "", errors: dict[str, list[str]] | None = None, **more: Any
) -> dict[str, Any]:
    """The members of a problem document."""
    title = titles().get(status, detail)
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or title,
        "errors": errors or {},
        **more,
    }


def problem(error: Exception, context: dict[str, Any]) -> Response:
    """Answer any exception of an API view (REST_FRAMEWORK["EXCEPTION_HANDLER"])."""
    if isinstance(error, RuleError):
        status, body, headers = _refusal(error, context)
    elif isinstance(error, exceptions.APIException):
        status, body, headers = _framework(error)
    elif isinstance(error, Http404):
        status, body, headers = 404, body_of(404), {}
    elif isinstance(error, PermissionDenied):
        status, body, headers = 403, body_of(403, str(error)), {}
    elif isinstance(error, RequestDataTooBig):
        status, body, headers = 413, body_of(413), {}
    elif isinstance(error, DjangoValidationError):
        status, body, headers = 400, body_of(400, errors={"": [str(text) for text in error.messages]}), {}
    elif isinstance(error, IntegrityError):  # two requests raced for what may exist once
        log.warning("The database refused a row.", exc_info=error)
        status, body, headers = 409, body_of(409), {}
    else:
        status, body, headers = _crash(error, context)
    _roll_back()
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def _refusal(error: RuleError, context: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str]]:
    sentence = str(error)
    errors = {error.field: [sentence]} if error.field else {}
    if isinstance(error, ConflictError):
        more = {"theirs": error.theirs, "yours": _sent(context, error.theirs)} if error.theirs else {}
        return 409, body_of(409, sentence, errors, **more), {}
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooFast) else {}
    return error.status, body_of(error.status, sentence, errors), headers


def _sent(context: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """What the loser of a race sent, so that both texts are in one answer."""
    data = getattr(context.get("request"), "data", None)
    return {name: data[name] for name in theirs if name in data} if isinstance(data, dict) else {}


def _framework(error: exceptions.APIException) -> tuple[int, dict[str, Any], dict[str, str]]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, exceptions.ValidationError):
        errors = flat(error.detail)
        first = next((text for texts in errors.values() for text in texts), "")
        return 400, body_of(400, first, errors), headers
    return error.status_code, body_of(error.status_code, force_str(error.detail)), headers


def flat(detail: Any) -> dict[str, list[str]]:
    """Nested validation errors as {field: [sentence]}; what concerns no field stands under ""."""
    if not isinstance(detail, dict):
        return {"": _sentences(detail)}
    return {
        "" if name == "non_field_errors" else str(name): _sentences(value) for name, value in detail.items()
    }


def _sentences(detail: Any) -> list[str]:
    if isinstance(detail, dict):
        parts = list(detail.values())
    elif isinstance(detail, (list, tuple)):
        parts = list(detail)
    else:
        return [force_str(detail)]
    return list(dict.fromkeys(sentence for part in parts for sentence in _sentences(part)))


def _crash(error: Exception, context: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str]]:
    # The log and the signal get all of it, the client nothing.
    log.error("An API call failed.", exc_info=error)
    request = getattr(context.get("request"), "_request", None)
    got_request_exception.send(sender=problem, request=request)
    return 500, body_of(500), {}


def _roll_back() -> None:
    if (
        transaction.get_connection().in_atomic_block
        and transaction.get_connection().settings_dict["ATOMIC_REQUESTS"]
    ):
        transaction.set_rollback(True)


def not_found(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
    """The answer of an address under /api/ that nothing stands at."""
    return JsonResponse(body_of(404), status=404, content_type=MEDIA_TYPE)
