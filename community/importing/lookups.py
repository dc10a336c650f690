"""Who and what a content file names: found in one query for many, made where unknown."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db.models.functions import Lower
from django.utils.text import slugify

from kb.models import Article, Category, Redirect
from kb.services import TAKEN_SLUGS
from portal.core.models import Product, Release, Tag, User
from portal.core.permissions import CUSTOMER

_username = re.compile(r"[\w.@+-]{1,60}\Z")


def by_external_id(model: Any, keys: list[str]) -> dict[str, Any]:
    """The rows of one kind that have these keys."""
    found: dict[str, Any] = {}
    for start in range(0, len(keys), 500):
        rows = model.objects.filter(external_id__in=keys[start : start + 500])
        found |= {row.external_id: row for row in rows}
    return found


def _free(wanted: str, taken: set[str], look: Callable[[list[str]], set[str]] = lambda names: set()) -> str:
    """The wanted name, else with the first free number behind it; it is taken from then on."""
    number, name = 1, wanted
    while name.lower() in taken:
        number += 1
        name = f"{wanted}-{number}"
        taken |= look([name.lower()])
    taken.add(name.lower())
    return name


def _taken(names: Iterable[str]) -> set[str]:
    """Which of these user names exist, in whatever case."""
    asked = list(names)
    found: set[str] = set()
    for start in range(0, len(asked), 500):
        rows = User.objects.annotate(lowered=Lower("username"))
        found |= set(rows.filter(lowered__in=asked[start : start + 500]).values_list("lowered", flat=True))
    return found


def _username_of(name: str) -> str:
    return name if _username.match(name) else slugify(name, allow_unicode=True)[:50] or "person"


def author_of(user: User | None) -> str | None:
    """How a content file names this person; who came in with one and never signed up, as it was named there."""
    if user is None:
        return None
    as_given = user.display_name and not user.email and not _username.match(user.display_name)
    return user.display_name if as_given else user.username


class Lookups:
    """Remembers people, tags, products, releases and topics for the length of one import."""

    def __init__(self) -> None:
        self.people: dict[str, User] = {}
        self.tags: dict[str, Tag] = {}
        self.products = {product.slug: product for product in Product.objects.all()}
        self.releases = {(r.product_id, r.name): r for r in Release.objects.all()}
        self.topics = {topic.slug: topic for topic in Category.objects.all()}
        self._slugs: set[str] = set()
        self.customers, _made = Group.objects.get_or_create(name=CUSTOMER)

    def load_people(self, names: dict[str, datetime]) -> None:
        """Find these authors, or make them without a password, as old as what they wrote first."""
        missing = {name: when for name, when in names.items() if name and name not in self.people}
        if not missing:
            return
        self.people |= {user.username: user for user in User.objects.filter(username__in=missing)}
        named = User.objects.filter(display_name__in=[name for name in missing if not _username.match(name)])
        self.people |= {user.display_name: user for user in named.order_by("-pk")}
        strangers = {name: when for name, when in missing.items() if name not in self.people}
        wanted = {name: _username_of(name) for name in strangers}
        taken = _taken(name.lower() for name in wanted.values())
        made = []
        for name, when in strangers.items():
            username = _free(wanted[name], taken, look=_taken)
            user = User(username=username, date_joined=when)
            if username != name:
                user.display_name = name
            user.set_unusable_password()
            made.append(user)
        User.objects.bulk_create(made, batch_size=500)
        join = User.groups.through
        join.objects.bulk_create(
            [join(user_id=user.pk, group_id=self.customers.pk) for user in made], batch_size=500
        )
        self.people |= dict(zip(strangers, made, strict=True))

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

    def free_slug(self, wanted: str) -> str:
        """An address that no article has or had; this one's from now on."""
        if not self._slugs:
            self._slugs = set(TAKEN_SLUGS)
            for model in (Article, Redirect):
                self._slugs.update(slug.lower() for slug in model.objects.values_list("slug", flat=True))
        return _free(wanted, self._slugs)
