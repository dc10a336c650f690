"""API calls about the person who calls: who they are, and their news."""

from rest_framework.request import Request
from rest_framework.response import Response

from portal.core import notify
from portal.core.endpoints import Endpoint, IsAuthenticated, extend_schema
from portal.core.models import Notification
from portal.core.serializers import MeSerializer, NotificationSerializer, ReadSerializer


class Me(Endpoint):
    """Whoever the token belongs to."""

    permission_classes = [IsAuthenticated]
    serializer_class = MeSerializer

    def get(self, request: Request) -> Response:
        return self.shown(request.user)


class Notifications(Endpoint):
    """A person's news, newest first."""

    permission_classes = [IsAuthenticated]
    serializer_class = NotificationSerializer

    @extend_schema(responses=NotificationSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.listed(Notification.objects.for_person(request.user).select_related("actor"))


class NotificationsRead(Endpoint):
    """Mark news as read: these, or all."""

    permission_classes = [IsAuthenticated]
    serializer_class = ReadSerializer

    @extend_schema(request=ReadSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        notify.mark_read(person=request.user, pks=self.checked(ReadSerializer).get("ids"))
        return Response(status=204)
