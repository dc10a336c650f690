"""The OpenAPI document is complete and right, and its page works under the strict policy."""

import re

import pytest
from django.core.management import call_command
from django.urls import get_resolver

from tests.api import Api

CONTRACT = {
    "suggest/": {"get"}, "suggest/{query_id}/outcome/": {"post"},
    "search/": {"get"}, "search/{query_id}/click/": {"post"},
    "questions/": {"get", "post"}, "questions/{id}/": {"get", "patch", "delete"},
    "questions/{id}/answers/": {"get", "post"}, "questions/{id}/comments/": {"get", "post"},
    "questions/{id}/suggestions/": {"get"}, "questions/{id}/suggestions/{sid}/outcome/": {"post"},
    "questions/{id}/watch/": {"post", "delete"}, "questions/{id}/duplicate/": {"post"},
    "answers/{id}/": {"get", "patch", "delete"}, "answers/{id}/comments/": {"get", "post"},
    "answers/{id}/vote/": {"put"}, "answers/{id}/accept/": {"post", "delete"},
    "flags/": {"post"}, "moderation/": {"get"}, "moderation/{entry}/decision/": {"post"},
    "promotions/": {"get", "post"}, "promotions/{id}/": {"patch"},
    "promotions/{id}/publish/": {"post"}, "promotions/{id}/reject/": {"post"},
    "articles/": {"get", "post"}, "articles/{slug}/": {"get"}, "articles/{slug}/revisions/": {"get", "post"},
    "articles/{slug}/revisions/{number}/publish/": {"post"}, "articles/{slug}/archive/": {"post"},
    "articles/{slug}/feedback/": {"post"}, "gaps/": {"get"}, "gaps/{id}/": {"patch"},
    "me/": {"get"}, "notifications/": {"get"}, "notifications/read/": {"post"},
}  # fmt: skip
FIELDS = {
    "Question": "id external_id url title body html language product release tags author status solved_at accepted_answer"
    " duplicate_of answer_count created_at edited_at",
    "Answer": "id question body html author helpful unhelpful accepted article created_at edited_at",
    "Comment": "id body html author created_at",
    "Suggestion": "id kind target title excerpt url confidence outcome",
    "Promotion": "id state answer question score reasons title body article source_changed similar created_at",
    "Article": "slug external_id url title body html language product releases tags state revision credits sources"
    " verified_at review_due helpful unhelpful",
    "Gap": "id state queries demand first_seen last_seen article proof",
    "Found": "kind id external_id title excerpt url confidence",
    "Suggest": "query_id abstained results",
    "Search": "query_id count facets did_you_mean next previous results",
}


@pytest.fixture
def document(db):
    return Api().get("schema/").json()


def test_the_document_is_valid_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_every_call_of_the_contract_is_there(document):
    paths = {path.removeprefix("/api/v1/"): set(calls) for path, calls in document["paths"].items()}
    for path, methods in CONTRACT.items():
        assert methods <= paths.get(path, set()), path


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_of_the_contract_is_there(name, document):
    assert set(FIELDS[name].split()) <= set(document["components"]["schemas"][name]["properties"])


def test_every_route_is_in_the_document(document):
    routes = next(
        part for part in get_resolver().url_patterns if getattr(part, "app_name", "") == "api"
    ).url_patterns
    own = {re.sub(r"<(\w+:)?(\w+)>", "{}", str(route.pattern)) for route in routes if str(route.pattern)}
    told = {re.sub(r"{\w+}", "{}", path.removeprefix("/api/v1/")) for path in document["paths"]}
    assert own - told == {"schema/", "docs/"}


def test_every_post_takes_a_key_and_every_call_may_be_refused(document):
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            assert "application/problem+json" in call["responses"]["default"]["content"], path
            names = [parameter["name"] for parameter in call.get("parameters", [])]
            assert ("Idempotency-Key" in names) is (method == "post"), path


def test_yaml_is_given_where_it_is_asked_for(db):
    response = Api().get("schema/", headers={"accept": "application/vnd.oai.openapi"})
    assert response.content.startswith(b"openapi: 3")


def test_the_page_has_its_files_here_and_no_inline_script(client, db):
    response = client.get("/api/v1/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "//cdn" not in page
    assert all(re.search(r'src="/', tag) for tag in re.findall(r"<script[^>]*>", page))
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    [script] = [src for src in re.findall(r'src="([^"]+)"', page) if "script" in src]
    loaded = client.get(script.replace("&amp;", "&"))
    assert loaded["Content-Type"].startswith("application/javascript")
    assert "schema" in loaded.content.decode()


def test_no_other_page_has_its_exceptions(client, db):
    assert "unsafe" not in client.get("/api/v1/questions/")["Content-Security-Policy"]
