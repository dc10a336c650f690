"""What saving the editor's form means: text, description and the next state, in one transaction."""

from django.db import transaction

from kb import services
from kb.forms import ArticleForm
from kb.models import Article
from portal.core.models import User


@transaction.atomic
def start(form: ArticleForm, *, by: User) -> Article:
    """A new article from the form."""
    data = form.cleaned_data
    article = services.draft_article(
        by=by, title=data["title"], body=data["body"], language=data["language"], **form.about()
    )
    _go_on(form, article, by=by)
    return article


@transaction.atomic
def save(form: ArticleForm, *, article: Article, by: User) -> Article:
    """A new revision, if the text has changed, and what the article is about."""
    data, latest = form.cleaned_data, article.revisions.latest("number")
    based_on = article.revisions.filter(number=data["version"]).first() or latest
    if (data["title"], data["body"]) != (latest.title, latest.body):
        services.revise(
            article=article,
            title=data["title"],
            body=data["body"],
            note=data["note"],
            based_on=based_on,
            by=by,
        )
    services.describe(article=article, by=by, **form.about())
    _go_on(form, article, by=by)
    return article


def _go_on(form: ArticleForm, article: Article, *, by: User) -> None:
    if form.cleaned_data["act"] == "submit":
        services.submit(article=article, by=by)
    elif form.cleaned_data["act"] == "publish":
        services.publish(revision=article.revisions.latest("number"), by=by)
