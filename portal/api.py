"""The API's addresses under /api/v1/, its OpenAPI document and the page that shows it."""

from csp.decorators import csp_update
from django.urls import path, re_path
from django.utils.decorators import method_decorator
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation

from community.api import answers, desks, questions, searching
from kb import api as kb
from portal.core import api as own
from portal.core.problems import not_found


class OpenApi(SpectacularAPIView):
    """OpenAPI 3, as JSON unless YAML is asked for."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer]
    content_negotiation_class = DefaultContentNegotiation


# The viewer sets styles while it runs and draws its marks from data: addresses. Its scripts are our own files.
@method_decorator(csp_update({"style-src": "'unsafe-inline'"}), name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """The document, readable; calls can be tried from the page."""

    url_name = "api:schema"
    content_negotiation_class = DefaultContentNegotiation


app_name = "api"
urlpatterns = [
    path("schema/", OpenApi.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    path("suggest/", searching.Suggest.as_view(), name="suggest"),
    path("suggest/<str:query_id>/outcome/", searching.SuggestOutcome.as_view(), name="suggest_outcome"),
    path("search/", searching.Search.as_view(), name="search"),
    path("search/<str:query_id>/click/", searching.SearchClick.as_view(), name="search_click"),
    path("questions/", questions.Questions.as_view(), name="questions"),
    path("questions/<int:pk>/", questions.OneQuestion.as_view(), name="question"),
    path("questions/<int:pk>/answers/", answers.Answers.as_view(), name="answers"),
    path("questions/<int:pk>/comments/", answers.QuestionComments.as_view(), name="question_comments"),
    path("questions/<int:pk>/suggestions/", questions.Suggestions.as_view(), name="suggestions"),
    path(
        "questions/<int:pk>/suggestions/<int:sid>/outcome/",
        questions.SuggestionOutcome.as_view(),
        name="suggestion_outcome",
    ),
    path("questions/<int:pk>/watch/", questions.WatchQuestion.as_view(), name="question_watch"),
    path("questions/<int:pk>/duplicate/", questions.MarkDuplicate.as_view(), name="question_duplicate"),
    path("answers/<int:pk>/", answers.OneAnswer.as_view(), name="answer"),
    path("answers/<int:pk>/comments/", answers.AnswerComments.as_view(), name="answer_comments"),
    path("answers/<int:pk>/vote/", answers.VoteOnAnswer.as_view(), name="answer_vote"),
    path("answers/<int:pk>/accept/", answers.AcceptAnswer.as_view(), name="answer_accept"),
    path("comments/<int:pk>/", answers.OneComment.as_view(), name="comment"),
    path("flags/", desks.Flags.as_view(), name="flags"),
    path("moderation/", desks.Queue.as_view(), name="moderation"),
    path("moderation/<str:entry>/decision/", desks.Decision.as_view(), name="decision"),
    path("promotions/", desks.Promotions.as_view(), name="promotions"),
    path("promotions/<int:pk>/", desks.OnePromotion.as_view(), name="promotion"),
    path("promotions/<int:pk>/publish/", desks.PublishPromotion.as_view(), name="promotion_publish"),
    path("promotions/<int:pk>/reject/", desks.RejectPromotion.as_view(), name="promotion_reject"),
    path("articles/", kb.Articles.as_view(), name="articles"),
    path("articles/<str:slug>/", kb.OneArticle.as_view(), name="article"),
    path("articles/<str:slug>/revisions/", kb.Revisions.as_view(), name="revisions"),
    path(
        "articles/<str:slug>/revisions/<int:number>/publish/",
        kb.PublishRevision.as_view(),
        name="revision_publish",
    ),
    path("articles/<str:slug>/archive/", kb.ArchiveArticle.as_view(), name="article_archive"),
    path("articles/<str:slug>/feedback/", kb.Feedback.as_view(), name="article_feedback"),
    path("gaps/", kb.Gaps.as_view(), name="gaps"),
    path("gaps/<int:pk>/", kb.OneGap.as_view(), name="gap"),
    path("me/", own.Me.as_view(), name="me"),
    path("notifications/", own.Notifications.as_view(), name="notifications"),
    path("notifications/read/", own.NotificationsRead.as_view(), name="notifications_read"),
    re_path(r"", not_found),
]
