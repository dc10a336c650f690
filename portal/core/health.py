"""Whether the process lives, whether what it needs answers, and figures for Prometheus without personal data."""

import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import cast

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.models import IndexChange, Notification
from portal.core.search import indexing, mended

# The web processes share one address: each keeps its counts in a file here, and a scrape adds them up.
# prometheus-client decides at its import, so this comes first.
METRICS_HOME = settings.HOME / "metrics"
METRICS_HOME.mkdir(exist_ok=True)
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(METRICS_HOME))

from prometheus_client import (  # noqa: E402
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402

log = logging.getLogger(__name__)
QUEUES = ("celery", "index")
_requests = Counter(
    "haedap_requests_total", "Requests answered.", ["method", "route", "status"], registry=None
)
_seconds = Histogram(
    "haedap_request_seconds",
    "Time to answer, by route.",
    ["route"],
    registry=None,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class RequestFigures:
    """Counts requests and their time by route (never by address, which may name a person)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = match.route if match else "none"
        _requests.labels(_method(request), route, response.status_code).inc()
        _seconds.labels(route).observe(time.perf_counter() - began)
        return response


def _method(request: HttpRequest) -> str:
    # Anybody may send any word as a method; each new one would be a new series.
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return request.method if request.method in known else "other"


@lru_cache(maxsize=1)
def broker() -> redis.Redis:
    """This process's connection to Valkey or Redis; an answer is needed within two seconds."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def _database_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker_answers() -> None:
    broker().ping()


def _index_answers() -> None:
    indexing.backend().read(lambda searcher: searcher.doc_count())


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database_answers,
    "broker": _broker_answers,
    "index": _index_answers,
}


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, broker and index answer; 503 and which one if not."""
    found = {}
    for name, check in CHECKS.items():
        try:
            check()
        except Exception as error:  # noqa: BLE001  (whatever it is, this part does not answer)
            found[name] = type(error).__name__
        else:
            found[name] = "ok"
    ready = all(state == "ok" for state in found.values())
    if not ready:
        log.warning(
            "Not ready: %s", ", ".join(f"{name} {state}" for name, state in found.items() if state != "ok")
        )
    response = JsonResponse(found, status=200 if ready else 503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # said above, with the reason
    return response


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures of the web processes and of what waits, as Prometheus reads them."""
    answered = CollectorRegistry()
    MultiProcessCollector(answered)
    text = generate_latest(answered) + generate_latest(_waiting())
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _waiting() -> CollectorRegistry:
    """What is late now, asked for each scrape."""
    registry = CollectorRegistry()
    registry.register(_Waiting())
    return registry


class _Waiting:
    """Gauges read from the database and the broker; one whose source does not answer is left out."""

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        with contextlib.suppress(DatabaseError):
            late = Notification.objects.undelivered().count()
            yield GaugeMetricFamily(
                "haedap_notifications_undelivered", "Notifications not yet delivered.", late
            )
            changes = IndexChange.objects.filter(stage=0).aggregate(n=Count("pk"), oldest=Min("created_at"))
            yield GaugeMetricFamily(
                "haedap_index_outbox", "Changes that the index does not have yet.", changes["n"]
            )
            meanings = IndexChange.objects.filter(stage__gt=0).count()
            yield GaugeMetricFamily("haedap_vectors_outbox", "Entries whose vectors wait.", meanings)
            age = (timezone.now() - changes["oldest"]).total_seconds() if changes["oldest"] else 0
            yield GaugeMetricFamily("haedap_index_age_seconds", "Age of the oldest change that waits.", age)
        with contextlib.suppress(redis.RedisError):
            yield CounterMetricFamily(
                "haedap_index_mended",
                "Entries that differed from the database and were mended.",
                mended.total(),
            )
            lengths = GaugeMetricFamily(
                "haedap_queue_length", "Tasks that wait in a queue.", labels=["queue"]
            )
            for queue in QUEUES:
                lengths.add_metric([queue], cast(int, broker().llen(queue)))
            yield lengths
