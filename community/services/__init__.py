"""Every act of the community, one function each. Pages, API, admin, mail and tasks all call these."""

from community.services.answering import (
    accept_answer,
    answer_question,
    edit_answer,
    vote,
    withdraw_acceptance,
    withdraw_answer,
)
from community.services.asking import ask_question, edit_question, withdraw_question
from community.services.commenting import add_comment, edit_comment, withdraw_comment
from community.services.flagging import flag
from community.services.promoting import (
    draft_promotion,
    nominate_answer,
    publish_promotion,
    reject_promotion,
    revise_draft,
    source_changed,
)
from community.services.suggesting import settle_suggestion
from community.services.watching import unwatch, watch

__all__ = [
    "accept_answer",
    "add_comment",
    "answer_question",
    "ask_question",
    "draft_promotion",
    "edit_answer",
    "edit_comment",
    "edit_question",
    "flag",
    "nominate_answer",
    "publish_promotion",
    "reject_promotion",
    "revise_draft",
    "settle_suggestion",
    "source_changed",
    "unwatch",
    "vote",
    "watch",
    "withdraw_acceptance",
    "withdraw_answer",
    "withdraw_comment",
    "withdraw_question",
]
