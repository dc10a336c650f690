"""How the admin looks and what stands in its side bar, in the words of the site."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

# The accent of tokens.css in the steps that unfold wants.
ACCENT = {
    "50": "#eef1fd", "100": "#dfe5fb", "200": "#cbd3f8", "300": "#b4c1ff", "400": "#98aaff", "500": "#6a80f3",
    "600": "#3550d0", "700": "#2840b3", "800": "#24358c", "900": "#1b2140", "950": "#12172e",
}  # fmt: skip


def environment(request: HttpRequest) -> list[Any] | None:
    """A badge where this is not the real thing."""
    from django.conf import settings  # settings import this module

    if settings.DEBUG:
        return [_("Debug mode"), "danger"]
    if urlsplit(settings.SITE_URL).hostname in ("127.0.0.1", "localhost", "::1"):
        return [_("On this machine"), "info"]
    return None


def site_name(request: HttpRequest) -> str:
    from django.conf import settings  # settings import this module

    return settings.SITE_NAME


def _rows(app: str, model: str, title: Any, icon: str) -> dict[str, Any]:
    """A list of the admin, shown to whoever may open it."""
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{model}_changelist"),
        "permission": lambda request: _may_view(request, app, model),
    }


def _may_view(request: HttpRequest, app: str, model: str) -> bool:
    from django.apps import apps
    from django.contrib import admin  # both need the apps, which the settings come before

    return admin.site._registry[apps.get_model(app, model)].has_view_permission(request)


def _page(title: Any, icon: str, name: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(name)}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The side bar: desks of the site first, then the tables by what they are about."""
    return [
        {
            "items": [
                _page(_("Today"), "today", "admin:index"),
                _page(_("Moderation"), "gavel", "community:moderation"),
                _page(_("Promotions"), "auto_awesome", "community:promotions"),
                _page(_("Insights"), "monitoring", "insights:overview"),
                # "/" begins every address: without this it would always look chosen.
                _page(_("Back to the site"), "arrow_back", "home") | {"active": lambda request: False},
            ],
        },
        {
            "title": _("Community"),
            "separator": True,
            "items": [
                _rows("community", "question", _("Questions"), "help"),
                _rows("community", "answer", _("Answers"), "forum"),
                _rows("community", "comment", _("Comments"), "chat_bubble"),
                _rows("community", "flag", _("Flags"), "flag"),
                _rows("community", "promotion", _("Promotions"), "star"),
                _rows("community", "suggestion", _("Suggestions"), "lightbulb"),
                _rows("community", "possibleduplicate", _("Possible duplicates"), "difference"),
                _rows("community", "citation", _("Citations"), "format_quote"),
            ],
        },
        {
            "title": _("Knowledge base"),
            "separator": True,
            "items": [
                _rows("kb", "article", _("Articles"), "article"),
                _rows("kb", "revision", _("Revisions"), "history"),
                _rows("kb", "contentgap", _("Content gaps"), "search_off"),
                _rows("kb", "articlefeedback", _("Verdicts"), "thumbs_up_down"),
                _rows("kb", "category", _("Topics"), "folder"),
            ],
        },
        {
            "title": _("People and catalogue"),
            "separator": True,
            "items": [
                _rows("core", "user", _("People"), "group"),
                _rows("core", "product", _("Products"), "inventory_2"),
                _rows("core", "release", _("Releases"), "new_releases"),
                _rows("core", "tag", _("Tags"), "sell"),
                _rows("core", "synonym", _("Synonyms"), "compare_arrows"),
            ],
        },
        {
            "title": _("Records"),
            "separator": True,
            "collapsible": True,
            "items": [
                _rows("core", "auditentry", _("Audit entries"), "policy"),
                _rows("core", "searchquery", _("Search queries"), "search"),
                _rows("core", "notification", _("Notifications"), "notifications"),
                _rows("core", "indexchange", _("Index outbox"), "sync"),
                _rows("core", "confidencerule", _("Confidence rules"), "speed"),
                _rows("community", "edit", _("Edits"), "edit_note"),
                _rows("community", "vote", _("Votes"), "thumb_up"),
                _rows("community", "watch", _("Watches"), "visibility"),
                _rows("kb", "credit", _("Credits"), "workspace_premium"),
                _rows("kb", "redirect", _("Redirects"), "alt_route"),
                _rows("core", "image", _("Images"), "image"),
                _rows("core", "apitoken", _("API tokens"), "key"),
                _rows("core", "requestkey", _("Request keys"), "repeat"),
            ],
        },
    ]


UNFOLD = {
    "SITE_TITLE": "portal.core.unfold.site_name",
    "SITE_HEADER": "portal.core.unfold.site_name",
    "SITE_URL": "/",
    "SITE_SYMBOL": "forum",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/mark.svg")},
    ],
    "STYLES": [lambda request: static("css/admin.css")],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "SHOW_LANGUAGES": True,
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": ACCENT},
    "ENVIRONMENT": "portal.core.unfold.environment",
    "DASHBOARD_CALLBACK": "portal.insights.frontpage.fill",
    "ACCOUNT": {
        "navigation": [
            {"title": _("Settings"), "link": reverse_lazy("settings")},
            {"title": _("Change password"), "link": reverse_lazy("account_change_password")},
        ]
    },
    "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": navigation},
}
