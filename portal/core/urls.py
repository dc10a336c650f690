"""Routes that belong to no product app."""

from django.urls import path

from portal.core import views

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/tokens/", views.issue_token, name="issue_token"),
    path("settings/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("preview/", views.preview, name="preview"),
    path("images/", views.image_upload, name="image_upload"),
    path("media/images/<slug:prefix>/<slug:token>.webp", views.image, name="image"),
    path("language/", views.set_language, name="set_language"),
    path("appearance/", views.set_theme, name="set_theme"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
