"""The rows of the community."""

from community.models.citing import Citation
from community.models.marks import Flag, Vote, Watch
from community.models.posts import BODY_MAX, COMMENT_MAX, TITLE_MAX, Answer, Comment, Edit, Post, Question
from community.models.repeats import PossibleDuplicate
from community.models.reuse import Promotion, Suggestion

__all__ = [
    "BODY_MAX",
    "COMMENT_MAX",
    "TITLE_MAX",
    "Answer",
    "Citation",
    "Comment",
    "Edit",
    "Flag",
    "PossibleDuplicate",
    "Post",
    "Promotion",
    "Question",
    "Suggestion",
    "Vote",
    "Watch",
]
