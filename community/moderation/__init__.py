"""Moderation: what is held, the queue, and the decisions that end its entries.

Every decision is one conditional UPDATE (the first moderator wins, the second reads who it was and when), an audit
row that undo() can put back once, news for the author with the reason, and the index and open pages told.
"""

from community.moderation.closing import close_question, mark_duplicate, reopen_question
from community.moderation.deciding import decide, dismiss, release, remove
from community.moderation.desk import (
    COUNTED_TO,
    Entry,
    context_of,
    entry_id_of,
    find_entry,
    load,
    queue,
    waiting,
)
from community.moderation.repeats import confirm_duplicate, decide_entry, dismiss_duplicate
from community.moderation.screening import is_new, screen
from community.moderation.undoing import last_decisions, undo

__all__ = [
    "COUNTED_TO",
    "Entry",
    "close_question",
    "confirm_duplicate",
    "context_of",
    "decide",
    "decide_entry",
    "dismiss",
    "dismiss_duplicate",
    "entry_id_of",
    "find_entry",
    "is_new",
    "last_decisions",
    "load",
    "mark_duplicate",
    "queue",
    "release",
    "remove",
    "reopen_question",
    "screen",
    "undo",
    "waiting",
]
