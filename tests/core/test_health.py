"""/healthz, /readyz and /metrics: what an operator's tools ask."""

import pytest

from portal.core import health
from portal.core.models import IndexChange


def test_the_process_says_that_it_lives_without_a_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.content == b"ok\n"


def test_a_ready_site_names_all_three(client, index, db):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok", "index": "ok"})


def test_a_broker_that_is_away_is_named(client, index, db, settings, tmp_path):
    health.broker.cache_clear()
    settings.REDIS_URL = f"unix://{tmp_path}/nothing.sock"
    answer = client.get("/readyz")
    health.broker.cache_clear()
    assert answer.status_code == 503
    assert answer.json()["broker"] != "ok"
    assert answer.json()["database"] == "ok"


@pytest.mark.django_db
def test_figures_count_requests_by_route_and_what_waits(client):
    IndexChange.objects.create(kind="question", object_pk=1)
    client.get("/people/somebody-nobody-knows/")
    text = client.get("/metrics").content.decode()
    assert "haedap_index_outbox 1.0" in text
    assert 'haedap_queue_length{queue="celery"}' in text
    assert 'haedap_requests_total{method="GET",route="people/' in text
    assert "somebody-nobody-knows" not in text


def test_an_invented_method_makes_no_new_series(client, db):
    client.generic("SNOOP", "/healthz")
    text = client.get("/metrics").content.decode()
    assert "SNOOP" not in text
    assert 'method="other"' in text
