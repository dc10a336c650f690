"""The reading limit of the API; what is posted is limited in portal.core.limits by each act."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from portal.core import limits


class ReaderThrottle(BaseThrottle):
    """Counts each call for the person and for the address; the refusal says when to try again."""

    def allow_request(self, request: Request, view: Any) -> bool:
        limits.take("read", by=request.user)
        return True
