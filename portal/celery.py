"""The Celery app: finds tasks.py and schedule.py, routes indexing to its own queue, keeps the beat table."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("haedap")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="schedule")
app.autodiscover_tasks(["portal.core.search"])

app.conf.task_routes = {"search.*": {"queue": "index"}}
app.conf.beat_schedule = {
    "flush the index outbox": {"task": "search.flush", "schedule": 5.0},
    "mend what differs in the index": {"task": "search.mend_sample", "schedule": 3600.0},
    "deliver what the broker lost": {"task": "core.sweep_notifications", "schedule": 10.0},
    "suggest what the broker lost": {"task": "community.sweep_suggestions", "schedule": 15.0},
    "consider what the broker lost": {"task": "community.sweep_promotions", "schedule": 60.0},
    "offer what the broker lost": {"task": "community.sweep_article_offers", "schedule": 60.0},
    "tell of changed articles": {"task": "community.sweep_revisions", "schedule": 30.0},
    "save view counts": {"task": "community.save_view_counts", "schedule": 60.0},
    "note what was not found": {"task": "community.note_gaps", "schedule": 300.0},
    "settle who left without asking": {"task": "core.settle_searches", "schedule": 900.0},
    "forget what was looked for": {"task": "core.forget_searches", "schedule": 3600.0},
    "learn how sure is sure": {"task": "community.learn_confidence", "schedule": 86_400.0},
    "forget ended visits": {"task": "core.forget_sessions", "schedule": 3600.0},
    "forget old request keys": {"task": "core.forget_keys", "schedule": 3600.0},
}

for entry in app.conf.beat_schedule.values():
    # A tick that no worker took in time is worthless: the next one does the same.
    entry["options"] = {"expires": entry["schedule"]}
