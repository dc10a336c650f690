"""Words that editors take for one another: a search finds what says the other word, behind what says its own."""

import subprocess
import sys

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from community import finding
from portal.core import catalogue, search
from portal.core.errors import RuleError
from portal.core.models import AuditEntry, Synonym
from portal.core.search import synonyms
from portal.core.search.writing import flush_now
from tests.factories import make_article

VISITOR = AnonymousUser()
pytestmark = pytest.mark.django_db


@pytest.fixture
def keep(cast, django_capture_on_commit_callbacks):
    """Keep one synonym as the editor does."""

    def _keep(words: str, **fields) -> Synonym:
        with django_capture_on_commit_callbacks(execute=True):
            return catalogue.save_entry(entry=Synonym(words=words, **fields), by=cast.kate)

    return _keep


@pytest.fixture
def shelf(index, cast):
    for title, body in (
        ("랩탑을 켜는 방법", "옆의 버튼을 누르세요."),
        ("노트북을 켜는 방법", "위의 버튼을 누르세요."),
        ("Turn the laptop on", "Press the button at its side."),
        ("Clean the brush", "Cut the hair away."),
    ):
        search.changed("article", make_article(title=title, body=body).pk)
    flush_now()


def titles(text: str, **how) -> list[str]:
    return [found.title for found in finding.find(text, by=VISITOR, **how).results]


def test_a_search_finds_the_other_word_behind_its_own_whatever_their_endings(shelf, keep):
    assert titles("노트북") == ["노트북을 켜는 방법"]
    keep("노트북 = 랩탑 = laptop")
    assert titles("노트북") == ["노트북을 켜는 방법", "랩탑을 켜는 방법", "Turn the laptop on"]
    assert titles("랩탑은")[0] == "랩탑을 켜는 방법"
    assert set(titles("laptops")) == {"노트북을 켜는 방법", "랩탑을 켜는 방법", "Turn the laptop on"}


def test_what_was_found_by_a_synonym_has_it_marked(shelf, keep):
    keep("단추, 버튼")
    (found, *_more) = finding.find("단추", by=VISITOR).results
    assert "<mark>버튼</mark>" in found.highlights


def test_a_suggestion_is_as_sure_as_it_was(shelf, keep):
    sure = finding.suggest("Turn the laptop on", by=VISITOR)[0].confidence
    keep("laptop = portable computer, notebook, 노트북")
    assert finding.suggest("Turn the laptop on", by=VISITOR)[0].confidence == sure


def test_one_way_leads_from_the_first_word_alone(shelf, keep):
    keep("컴퓨터, 노트북, 랩탑", one_way=True)
    assert titles("컴퓨터") == ["노트북을 켜는 방법", "랩탑을 켜는 방법"]
    assert titles("노트북") == ["노트북을 켜는 방법"]


def test_a_synonym_of_a_language_serves_searches_in_it(shelf, keep):
    keep("노트북 = laptop", language="ko")
    assert titles("노트북") == ["노트북을 켜는 방법", "Turn the laptop on"]
    assert titles("laptop") == ["Turn the laptop on"]


def test_a_synonym_of_several_words_is_said_whole(shelf, keep):
    keep("portable computer = laptop")
    assert titles("portable computer") == ["Turn the laptop on"]
    assert titles("computer") == []


def test_a_changed_and_a_deleted_synonym_serve_at_once(shelf, keep, cast, django_capture_on_commit_callbacks):
    kept = keep("컴퓨터 = 노트북")
    assert titles("컴퓨터") == ["노트북을 켜는 방법"]
    with django_capture_on_commit_callbacks(execute=True):
        kept.words = "컴퓨터 = 랩탑"
        catalogue.save_entry(entry=kept, by=cast.kate)
    assert titles("컴퓨터") == ["랩탑을 켜는 방법"]
    with django_capture_on_commit_callbacks(execute=True):
        catalogue.delete_entry(entry=kept, by=cast.kate)
    assert titles("컴퓨터") == []


@pytest.mark.django_db(transaction=True)
def test_another_process_that_changes_one_is_heard(cast, settings):
    assert synonyms.expand([("컴퓨터", 1.0, False)]) == []
    # What another process does to the two places that they share.
    Synonym.objects.create(words="컴퓨터 = 노트북")
    assert synonyms.expand([("컴퓨터", 1.0, False)]) == []
    told = """
import django; django.setup()
from portal.core.search import synonyms
synonyms.renew()
"""
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert synonyms.expand([("컴퓨터", 1.0, False)]) == [("노트북", synonyms.WEIGHT, True)]


def test_without_a_cache_what_was_read_serves_on(shelf, keep, settings):
    keep("컴퓨터 = 노트북")
    assert titles("컴퓨터") == ["노트북을 켜는 방법"]
    settings.CACHES = settings.CACHES | {
        "default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/at/all.sock"}
    }
    assert titles("컴퓨터") == ["노트북을 켜는 방법"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Write two words or more, with commas between them."),
        ("  ,, = ", "Write two words or more, with commas between them."),
        ("laptop", "Write two words or more, with commas between them."),
        ("laptop, Laptops", "“Laptops” and “laptop” are the same word to the search."),
        ("노트북, 노트북이", "“노트북이” and “노트북” are the same word to the search."),
        ("laptop, !!!", "“!!!” is not searched: it needs letters that say something."),
        (", ".join(f"word{n}" for n in range(5_000)), "12 words are the most that can stand for one thing."),
        ("ab, " + "b" * 61, "“bbbbbbbbbbbbbbbbbbbb…” is longer than a word should be."),
    ],
)
def test_what_is_no_list_of_words_is_refused_in_one_sentence(cast, words, sentence):
    with pytest.raises(RuleError) as refused:
        catalogue.save_entry(entry=Synonym(words=words), by=cast.kate)
    assert (str(refused.value), refused.value.field) == (sentence, "words")
    assert not Synonym.objects.exists()


def test_the_admin_keeps_them_for_staff_with_an_audit_entry(client, cast, index):
    client.force_login(cast.hana)
    address = reverse("admin:core_synonym_add")
    refused = client.post(address, {"words": "laptop", "language": ""})
    assert "낱말을 둘 이상" in refused.content.decode()
    client.post(address, {"words": "laptop,notebook\n노트북", "language": "", "one_way": "on"})
    row = Synonym.objects.get()
    assert (row.words, row.one_way) == ("laptop = notebook = 노트북", True)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor, entry.target_kind, entry.target_pk) == (
        "add_entry",
        cast.hana,
        "core.synonym",
        row.pk,
    )
    client.post(reverse("admin:core_synonym_delete", args=[row.pk]), {"post": "yes"})
    assert not Synonym.objects.exists()


@pytest.mark.parametrize("who", ["minji", "mod"])
def test_only_editors_keep_synonyms(cast, who):
    with pytest.raises(PermissionDenied), transaction.atomic():
        catalogue.save_entry(entry=Synonym(words="a1, b2"), by=getattr(cast, who))


def test_synonyms_cost_no_query_once_they_are_read(shelf, keep, django_assert_num_queries):
    keep("노트북 = 랩탑 = laptop")
    titles("노트북")
    assert cache.get("synonyms")
    with django_assert_num_queries(2):
        titles("노트북")
