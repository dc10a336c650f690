"""Addresses of the knowledge base. An old address redirects."""

from django.urls import path

from kb.views import articles, editing, lists

app_name = "kb"
urlpatterns = [
    path("articles/", lists.articles, name="articles"),
    path("articles/feed/", lists.ArticlesFeed(), name="articles_feed"),
    path("articles/new/", editing.new, name="article_new"),
    path("articles/<str:slug>/", articles.article, name="article"),
    path("articles/<str:slug>/history/", articles.history, name="article_history"),
    path("articles/<str:slug>/edit/", editing.edit, name="article_edit"),
    path("articles/<str:slug>/feedback/", articles.feedback, name="article_feedback"),
    path("articles/<str:slug>/revisions/<int:number>/publish/", editing.publish, name="revision_publish"),
    path("articles/<str:slug>/archive/", editing.archive, name="article_archive"),
    path("articles/<str:slug>/verify/", editing.verify, name="article_verify"),
    path("articles/<str:slug>/rename/", editing.rename, name="article_rename"),
]
