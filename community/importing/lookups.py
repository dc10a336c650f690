"""Who and what a content file names: found in one query for many, made where unknown."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group
from django.utils.text import slugify

from kb.models import Category
from portal.core.models import Product, Release, Tag, User
from portal.core.permissions import CUSTOMER

_username = re.compile(r"[\w.@+-]{1,60}\Z")


class Lookups:
    """Remembers people, tags, products, releases and topics for the length of one import."""

    def __init__(self) -> None:
        self.people: dict[str, User] = {}
        self.tags: dict[str, Tag] = {}
        self.products = {product.slug: product for product in Product.objects.all()}
        self.releases = {(r.product_id, r.name): r for r in Release.objects.all()}
        self.topics = {topic.slug: topic for topic in Category.objects.all()}
        self.customers, _made = Group.objects.get_or_create(name=CUSTOMER)

    def load_people(self, names: dict[str, datetime]) -> None:
        """Find these authors, or make them without a password, as old as what they wrote first."""
        missing = {name: when for name, when in names.items() if name and name not in self.people}
        self.people |= {user.username: user for user in User.objects.filter(username__in=missing)}
        named = User.objects.filter(display_name__in=[name for name in missing if not _username.match(name)])
        self.people |= {user.display_name: user for user in named.order_by("-pk")}
        for name, when in missing.items():
            if name not in self.people:
                self.people[name] = self._make_person(name, when)

    def _make_person(self, name: str, when: datetime) -> User:
        username, display_name = name, ""
        if not _username.match(name):
            username, display_name = slugify(name, allow_unicode=True)[:50] or "person", name
        base, number = username, 1
        while User.objects.filter(username__iexact=username).exists():
            number += 1
            username = f"{base}-{number}"
        user = User(username=username, display_name=display_name, date_joined=when)
        user.set_unusable_password()
        user.save()
        user.groups.add(self.customers)
        return user

    def load_tags(self, names: Iterable[str]) -> None:
        missing = [name for name in dict.fromkeys(names) if name not in self.tags]
        if not missing:
            return
        Tag.objects.bulk_create([Tag(name=name) for name in sorted(missing)], ignore_conflicts=True)
        self.tags |= {tag.name: tag for tag in Tag.objects.filter(name__in=missing)}

    def person(self, name: str) -> User | None:
        return self.people.get(name)

    def product(self, name: str) -> Product | None:
        """The product of this address, made where unknown."""
        if not name:
            return None
        slug = slugify(name)[:60] or slugify(name.encode("utf-8").hex())[:60]
        if slug not in self.products:
            self.products[slug] = Product.objects.create(slug=slug, name=name)
        return self.products[slug]

    def release(self, product: Product | None, name: str) -> Release | None:
        if product is None or not name:
            return None
        key = (product.pk, name[:40])
        if key not in self.releases:
            position = sum(1 for product_pk, _name in self.releases if product_pk == product.pk)
            self.releases[key] = Release.objects.create(product=product, name=name[:40], position=position)
        return self.releases[key]

    def topic(self, name: str) -> Category | None:
        if not (slug := slugify(name)[:60]):
            return None
        if slug not in self.topics:
            self.topics[slug] = Category.objects.create(slug=slug, name=name, position=len(self.topics))
        return self.topics[slug]
