"""Addresses of the community. The id decides; a wrong or old slug redirects."""

from django.urls import path, register_converter

from community.views import (
    answers,
    asking,
    beside,
    comments,
    lists,
    moderation,
    notifications,
    people,
    promotions,
    questions,
)

app_name = "community"


class KeyConverter:
    """A row's key: digits, no longer than the database takes."""

    regex = r"[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(KeyConverter, "key")

urlpatterns = [
    path("questions/", lists.questions, name="questions"),
    path("questions/feed/", lists.QuestionsFeed(), name="questions_feed"),
    path("questions/ask/", asking.ask, name="ask"),
    path("questions/suggest/", asking.suggest, name="suggest"),
    path("questions/suggest/<str:query_id>/", asking.suggest_outcome, name="suggest_outcome"),
    path("questions/<key:pk>/", questions.question, name="question_short"),
    path("questions/<key:pk>/edit/", asking.edit, name="question_edit"),
    path("questions/<key:pk>/history/", questions.question_history, name="question_history"),
    path("questions/<key:pk>/withdraw/", questions.withdraw, name="question_withdraw"),
    path("questions/<key:pk>/watch/", questions.watch, name="question_watch"),
    path("questions/<key:pk>/news/", questions.news, name="question_news"),
    path("questions/<key:pk>/suggestions/", questions.suggestions, name="question_suggestions"),
    path(
        "questions/<key:pk>/suggestions/<key:suggestion_pk>/",
        questions.suggestion_outcome,
        name="suggestion_outcome",
    ),
    path(
        "questions/<key:pk>/suggestions/<key:suggestion_pk>/quotation/",
        questions.suggestion_quotation,
        name="suggestion_quotation",
    ),
    path("questions/<key:pk>/answers/", answers.create, name="answer_create"),
    path("questions/<key:pk>/<slug>/", questions.question, name="question"),
    path("answers/<key:pk>/", questions.answer_part, name="answer_part"),
    path("answers/<key:pk>/edit/", answers.edit, name="answer_edit"),
    path("answers/<key:pk>/history/", answers.history, name="answer_history"),
    path("answers/<key:pk>/accept/", answers.accept, name="answer_accept"),
    path("answers/<key:pk>/unaccept/", answers.unaccept, name="answer_unaccept"),
    path("answers/<key:pk>/vote/", answers.vote, name="answer_vote"),
    path("answers/<key:pk>/withdraw/", answers.withdraw, name="answer_withdraw"),
    path("comments/<str:kind>/<key:pk>/", comments.add, name="comment_add"),
    path("comments/<key:pk>/edit/", comments.edit, name="comment_edit"),
    path("comments/<key:pk>/withdraw/", comments.withdraw, name="comment_withdraw"),
    path("tags/", lists.tags, name="tags"),
    path("tags/<str:name>/", lists.tag, name="tag"),
    path("tags/<str:tag>/feed/", lists.QuestionsFeed(), name="tag_feed"),
    path("tags/<str:name>/watch/", lists.watch_tag, name="tag_watch"),
    path("products/", lists.products, name="products"),
    path("products/<slug:slug>/", lists.product, name="product"),
    path("products/<slug:product>/feed/", lists.QuestionsFeed(), name="product_feed"),
    path("people/", people.people, name="people"),
    path("people/<str:username>/", people.person, name="person"),
    path("people/<str:author>/feed/", lists.QuestionsFeed(), name="person_feed"),
    path("articles/<str:slug>/beside/", beside.article_beside, name="article_beside"),
    path("articles/<str:slug>/watch/", beside.article_watch, name="article_watch"),
    path("promotions/", promotions.desk, name="promotions"),
    path("promotions/<key:pk>/", promotions.promotion, name="promotion"),
    path("promotions/<key:pk>/save/", promotions.save, name="promotion_save"),
    path("promotions/<key:pk>/publish/", promotions.publish, name="promotion_publish"),
    path("promotions/<key:pk>/reject/", promotions.reject, name="promotion_reject"),
    path("answers/<key:pk>/nominate/", promotions.nominate, name="answer_nominate"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/badge/", notifications.badge, name="notifications_badge"),
    path("notifications/read/", notifications.read, name="notifications_read"),
    path("notifications/stop/<str:token>/", notifications.stop_mail, name="stop_mail"),
    path("moderation/", moderation.desk, name="moderation"),
    path("moderation/list/", moderation.waiting_list, name="moderation_list"),
    path("moderation/undo/<key:pk>/", moderation.undo, name="moderation_undo"),
    path("moderation/<str:entry_id>/", moderation.entry, name="moderation_entry"),
    path("moderation/<str:entry_id>/decision/", moderation.decide, name="moderation_decide"),
    path("moderation/questions/<key:pk>/close/", moderation.close, name="question_close"),
    path("moderation/questions/<key:pk>/reopen/", moderation.reopen, name="question_reopen"),
    path("moderation/questions/<key:pk>/duplicate/", moderation.duplicate, name="question_duplicate"),
    path("flag/<str:kind>/<key:pk>/", moderation.flag, name="flag"),
]
