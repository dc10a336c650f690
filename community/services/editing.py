"""What every edit shares: the version check, the kept history, and the second look at the text."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Answer, Comment, Edit, Question
from portal.core.errors import ConflictError
from portal.core.models import User


def replace_text(
    *, post: Question | Answer | Comment, by: User, version: int | None, values: dict[str, Any]
) -> None:
    """Put new values on a post unless somebody saved a newer version since this editor began.

    The old text of a question or an answer is kept as an Edit. `version` None means "whatever is there now".
    Raises ConflictError whose `theirs` holds the text that is there.
    """
    model = type(post)
    now = model.objects.get(pk=post.pk)
    if version is not None and version != now.version:
        raise _conflict(now)
    try:
        with transaction.atomic():
            changed = model.objects.filter(pk=post.pk, version=now.version).update(
                **values, version=now.version + 1, edited_at=timezone.now()
            )
            if not changed:
                raise _conflict(model.objects.get(pk=post.pk))
            _keep(now, by)
    except IntegrityError as error:
        raise _conflict(model.objects.get(pk=post.pk)) from error
    post.refresh_from_db()


def _keep(old: Question | Answer | Comment, by: User) -> None:
    if isinstance(old, Question):
        Edit.objects.create(question=old, version=old.version, title=old.title, body=old.body, by=by)
    elif isinstance(old, Answer):
        Edit.objects.create(answer=old, version=old.version, body=old.body, by=by)


def _conflict(now: Question | Answer | Comment) -> ConflictError:
    return ConflictError(
        _("Somebody saved a newer version while you were writing. Your text is kept below."),
        theirs={"title": getattr(now, "title", ""), "body": now.body, "version": now.version},
    )
