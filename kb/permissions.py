"""Who may do what with articles. Who may see one is `visible_to`."""

from typing import Any

from kb.models import Article
from portal.core.permissions import is_editor


def can_write_article(user: Any) -> bool:
    """Editors write; everybody else reads and gives a verdict."""
    return is_editor(user)


def can_edit_article(user: Any, article: Article) -> bool:
    return is_editor(user)


def can_publish_article(user: Any, article: Article) -> bool:
    return is_editor(user)


def can_archive_article(user: Any, article: Article) -> bool:
    return is_editor(user)


def can_give_feedback(user: Any, article: Article) -> bool:
    """Anyone who reads it, signed in or not, once it is published."""
    return article.status == Article.Status.PUBLISHED


def can_see_history(user: Any, article: Article) -> bool:
    """What a published article said before is open to its readers; what was never published is not."""
    return is_editor(user) or article.status == Article.Status.PUBLISHED
