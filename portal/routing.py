"""Websocket routes."""

from django.urls import re_path

from community.consumers import PersonConsumer, QuestionConsumer

websocket_urlpatterns = [
    re_path(r"^ws/questions/(?P<pk>[0-9]{1,18})/$", QuestionConsumer.as_asgi()),
    re_path(r"^ws/me/$", PersonConsumer.as_asgi()),
]
