"""Which posts wait for a moderator before others see them."""

from datetime import timedelta

from django.utils import timezone

from community.models import Answer, Comment, Question
from community.moderation.patterns import has_contact, has_link
from portal.core.models import User
from portal.core.permissions import is_agent, is_editor, is_moderator

LINKS, CONTACT, FAST = "links", "contact", "fast"

NEW_FOR = timedelta(days=7)
STOOD_FOR = timedelta(days=1)
POSTS_THAT_STAND = 3
PACE = timedelta(minutes=10)
POSTS_AT_ONCE = 6
QUESTIONS_AT_ONCE = 3


def screen(*, author: User, text: str, is_question: bool = False) -> str:
    """Why this text must wait for a moderator ("contact", "links", "fast"), or "" if it may stand at once.

    Only new accounts are screened, never moderators, editors or staff. A plain first question always stands.
    """
    if is_moderator(author) or is_editor(author) or is_agent(author) or not is_new(author):
        return ""
    if has_contact(text):
        return CONTACT
    if has_link(text):
        return LINKS
    return FAST if _too_fast(author, is_question) else ""


def is_new(author: User) -> bool:
    """Younger than a week, and fewer than three posts that have stood in public for a day.

    A day, because three harmless remarks in a minute must not open the door to the advertisement that follows.
    """
    now = timezone.now()
    if now - author.date_joined >= NEW_FOR:
        return False
    stood = {"author": author, "created_at__lte": now - STOOD_FOR}
    pks = [
        model.objects.public().filter(**stood).order_by().values_list("pk", flat=True)
        for model in (Question, Answer, Comment)
    ]
    return pks[0].union(*pks[1:], all=True).count() < POSTS_THAT_STAND


def _too_fast(author: User, is_question: bool) -> bool:
    """More than three questions, or six posts of any kind, within ten minutes; what was held counts too."""
    lately = {"author": author, "created_at__gt": timezone.now() - PACE}
    questions = Question.objects.filter(**lately).count()
    if is_question and questions >= QUESTIONS_AT_ONCE:
        return True
    others = Answer.objects.filter(**lately).count() + Comment.objects.filter(**lately).count()
    return questions + others >= POSTS_AT_ONCE
