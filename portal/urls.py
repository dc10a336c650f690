"""HTTP routes."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("portal.core.urls")),
    path("", include("community.urls")),
    path("", include("kb.urls")),
]
