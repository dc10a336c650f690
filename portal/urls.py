"""HTTP routes."""

from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path, re_path

from portal import views
from portal.core import health, problems

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("", views.home, name="home"),
    path("search/", views.search_page, name="search"),
    path("search/feed/", views.SearchFeed(), name="search_feed"),
    path("search/<str:query_id>/click/", views.search_click, name="search_click"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, {"sitemaps": views.SITEMAPS}, name="sitemap_index"),
    path(
        "sitemap-<section>.xml",
        sitemaps.sitemap,
        {"sitemaps": views.SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("api/v1/", include("portal.api")),
    re_path(r"^api/", problems.not_found),
    path("admin/", admin.site.urls),
    path("insights/", include("portal.insights.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("portal.core.urls")),
    path("", include("community.urls")),
    path("", include("kb.urls")),
]
