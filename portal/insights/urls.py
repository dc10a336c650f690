"""Addresses of the figures."""

from django.urls import path

from portal.insights import confidence, views

app_name = "insights"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("suggestions/", confidence.choose, name="confidence"),
    path("<slug:slug>.csv", views.download, name="download"),
]
