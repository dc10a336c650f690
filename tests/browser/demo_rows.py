"""Run inside a site with demo content (`manage.py shell`): adds what the demo lacks and prints where each state of a page stands."""

import json
import sys

from community import services, suggesting
from community.models import Answer, PossibleDuplicate, Promotion, Question
from kb import services as kb
from kb.models import Article
from portal.core.models import Product, User

people = {person.username: person for person in User.objects.all()}
customer, editor = people["customer"], people["editor"]
User.objects.update(language="")  # the browser's language decides

# A question that the portal has something for, answered by a stranger, edited once.
again = services.ask_question(
    by=customer,
    title="Robot vacuum stops at the edge of my black carpet",
    body="It drives up to the black carpet, beeps and turns around as if there was a cliff.",
    product=Product.objects.get(slug="nova-vac"),
)
services.edit_question(
    question=again,
    by=customer,
    title=again.title,
    body="It drives up to the black carpet,\nstops and turns around as if there was a cliff. Release 5.0.",
    product=again.product,
)
answer = services.answer_question(
    question=again,
    by=people["minji"],
    body="Try this:\n\n1. Wipe the sensors.\n2. Start again.\n\n> a quote\n\n`code`",
)
services.add_comment(on=again, by=people["minji"], body="Which colour is the carpet?")
services.add_comment(on=answer, by=customer, body="Thank you, I will try.")
suggesting.suggest_for_question(again)

article = Article.objects.published().filter(language="en").order_by("pk").first()
first = article.revisions.latest("number")
second = kb.revise(
    article=article, title=first.title, body=first.body + "\n\nOne more thing.", based_on=first, by=editor
)
kb.publish(revision=second, by=editor)
draft = kb.draft_article(by=editor, title="A draft about the drafts", body="Not yet.", language="en")

public = Question.objects.public()
pair, _made = PossibleDuplicate.objects.get_or_create(
    question=again,
    of=public.solved().filter(language="en").order_by("pk").first(),
    defaults={"confidence": 0.9},
)
promoted = Answer.objects.filter(promotion__state="published").order_by("pk").first()
held = Question.objects.filter(status="held").order_by("pk").first()
accepted = public.exclude(accepted_answer=None).order_by("pk").first()
waiting = Promotion.objects.filter(state="candidate").order_by("pk").first()
json.dump(
    {
        "own": again.get_absolute_url(),
        "own_pk": again.pk,
        "answer_pk": answer.pk,
        "pair": pair.pk,
        "solved": accepted.get_absolute_url(),
        "promoted": promoted.question.get_absolute_url(),
        "duplicate": Question.objects.exclude(duplicate_of=None).first().get_absolute_url(),
        "held": held.get_absolute_url(),
        "held_pk": held.pk,
        "article": article.get_absolute_url(),
        "draft": draft.get_absolute_url(),
        "flagged_answer": Answer.objects.exclude(flags=None).order_by("pk").first().pk,
        "candidate": waiting.pk,
        "begun": Promotion.objects.filter(state="draft").order_by("pk").first().pk,
        "published": promoted.promotion.pk,
        "tag": public.exclude(tags=None).first().tags.first().get_absolute_url(),
    },
    sys.stdout,
)
