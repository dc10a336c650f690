"""Addresses of the figures."""

from django.urls import path

from portal.insights import views

app_name = "insights"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<slug:slug>.csv", views.download, name="download"),
]
