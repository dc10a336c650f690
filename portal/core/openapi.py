"""The OpenAPI document: what the generator cannot see in the code by itself."""

from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from portal.core.endpoints import KEY_HEADER
from portal.core.problems import MEDIA_TYPE
from portal.core.serializers import ProblemSerializer


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "portal.core.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from your settings, or from `manage.py issue_token`.",
        }


class Schema(AutoSchema):
    """Every call answers refusals with a problem document; every POST takes an Idempotency-Key."""

    def get_override_parameters(self) -> list[Any]:
        if self.method != "POST":
            return []
        words = "Any text of up to 100 characters. A repeat with the same key gets the first answer; nothing is done twice."
        return [OpenApiParameter(KEY_HEADER, str, OpenApiParameter.HEADER, description=words)]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        refusal = OpenApiResponse(
            ProblemSerializer, description="Refused: 400, 401, 403, 404, 409, 413, 415 or 429."
        )
        return bodies | {"default": self._get_response_for_code(refusal, "default", [MEDIA_TYPE], direction)}

    def get_tags(self) -> list[str]:
        parts = [part for part in self.path.removeprefix("/api/v1/").split("/") if part]
        return parts[:1] or ["api"]
