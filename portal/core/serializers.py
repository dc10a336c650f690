"""Fields and shapes that every part of the API shares."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.core.models import Notification, Product, Release, User
from portal.core.permissions import CUSTOMER, EDITOR, MODERATOR, STAFF

ID_MAX = 2**63 - 1


class Text(serializers.CharField):
    """Text as it was typed: never trimmed, never made out of a number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"trim_whitespace": False} | options))

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        value = str(super().to_internal_value(data))
        if not self.allow_blank and not value.strip():
            self.fail("blank")
        return value


class RowSerializer(serializers.ModelSerializer[Any]):
    """A model's row; limits and validators are the model fields' own."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.CharField: Text,
        models.TextField: Text,
    }


class Address(serializers.Field[Any, Any, str, Any]):
    """The page of a row, as a whole address."""

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {"source": "*", "read_only": True}
        super().__init__(**(defaults | options))

    def to_representation(self, value: Any) -> str:
        return settings.SITE_URL + value.get_absolute_url()


extend_schema_field(OpenApiTypes.URI)(Address)


def whole(url: str) -> str:
    """An address of this site with its host."""
    return url if url.startswith("http") or not url else settings.SITE_URL + url


def username_of(**options: Any) -> serializers.SlugRelatedField[Any]:
    """A person by username; null once the account is erased."""
    return serializers.SlugRelatedField(slug_field="username", read_only=True, **options)


class Key(serializers.IntegerField):
    """The id of a row in the body of a request."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"min_value": 1} | options))

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, (float, str)):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Truth(serializers.BooleanField):
    """true or false and nothing that looks like it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=str(data)[:60])
        return data


class ProductField(serializers.SlugRelatedField[Product]):
    """A product by its slug."""

    default_error_messages = {"does_not_exist": _("There is no product “{value}”.")}

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {"slug_field": "slug", "required": False, "allow_null": True}
        if not options.get("read_only"):
            defaults["queryset"] = Product.objects.all()
        super().__init__(**(defaults | options))

    def to_internal_value(self, data: Any) -> Product:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Names(serializers.ListField):
    """Tags, releases and the like by name."""

    child = Text(max_length=200)

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"required": False, "max_length": 50} | options))

    def to_representation(self, value: Any) -> list[str]:
        rows: Iterable[Any] = value.all() if hasattr(value, "all") else value
        return [row if isinstance(row, str) else row.name for row in rows]


def releases_named(names: Iterable[str], product: Product | None, *, field: str) -> list[Release]:
    """The releases of a product with these names, or a field error."""
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return []
    found = (
        {release.name: release for release in Release.objects.filter(product=product, name__in=wanted)}
        if product
        else {}
    )
    if unknown := [name for name in wanted if name not in found]:
        sentence = _("This product has no release of the name %(name)s.") % {"name": unknown[0][:60]}
        raise serializers.ValidationError({field: [sentence]})
    return [found[name] for name in wanted]


class ProblemSerializer(serializers.Serializer[Any]):
    """A refusal, as application/problem+json."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # type: ignore[assignment]
    theirs = serializers.DictField(required=False, help_text="With 409: what is there now.")
    yours = serializers.DictField(required=False, help_text="With 409: what you sent.")


class MeSerializer(RowSerializer):
    """Whoever the token belongs to."""

    name = serializers.CharField(read_only=True)
    url = Address()
    roles = serializers.SerializerMethodField()
    unread = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "username", "name", "email", "language", "roles", "url", "unread", "date_joined"]
        read_only_fields = fields

    def get_roles(self, person: User) -> list[str]:
        held = set(person.groups.values_list("name", flat=True))
        return [role for role in (CUSTOMER, MODERATOR, EDITOR, STAFF) if role in held]

    def get_unread(self, person: User) -> int:
        return Notification.objects.for_person(person).unread().count()


class NotificationSerializer(RowSerializer):
    """One piece of news for one person."""

    title = serializers.SerializerMethodField()
    excerpt = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    actor = username_of()

    class Meta:
        model = Notification
        fields = ["id", "kind", "title", "excerpt", "url", "actor", "created_at", "read_at"]
        read_only_fields = fields

    def get_title(self, row: Notification) -> str:
        return str(row.data.get("title", ""))

    def get_excerpt(self, row: Notification) -> str:
        return str(row.data.get("excerpt", ""))

    def get_url(self, row: Notification) -> str:
        return whole(row.url)


class ReadSerializer(serializers.Serializer[Any]):
    """Which news was read; without `ids`, all of it."""

    ids = serializers.ListField(child=Key(), required=False, max_length=500)
