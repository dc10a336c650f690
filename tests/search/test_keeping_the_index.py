"""The index follows the database, says where it does not, and mends that."""

import io
import re
import shutil

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from community import finding, services
from community.models import Question
from portal.celery import app
from portal.core import search
from portal.core.models import IndexChange
from portal.core.search import writing
from portal.core.search.indexing import backend
from portal.core.search.tasks import flush, mend_sample
from tests.factories import make_answer, make_article, make_question

VISITOR = AnonymousUser()


def found(text: str) -> int:
    return finding.find(text, by=VISITOR).count


def checked(*options: str) -> tuple[int, str]:
    """What check_index says and how it ends."""
    out = io.StringIO()
    try:
        call_command("check_index", *options, stdout=out, stderr=out)
    except CommandError:
        return 1, out.getvalue()
    return 0, out.getvalue()


def test_what_is_asked_is_found_after_the_outbox_is_written(index, cast):
    services.ask_question(by=cast.minji, title="Purple light on the dock", body="It blinks since today.")
    assert IndexChange.objects.exists()
    assert found("purple light") == 0
    writing.flush_now()
    assert not IndexChange.objects.exists()
    assert found("purple light") == 1


def test_a_title_that_changes_is_found_by_its_answers_too(index, cast):
    answer = make_answer(make_question(title="Purple light", author=cast.minji), body="Unplug it.")
    search.changed("question", answer.question_id)
    writing.flush_now()
    Question.objects.filter(pk=answer.question_id).update(title="Orange light")
    search.changed("question", answer.question_id)
    writing.flush_now()
    assert found("orange light") == 1
    assert found("purple") == 0


def test_a_removed_row_leaves_the_index(index, cast):
    question = make_question(title="Purple light")
    search.changed("question", question.pk)
    writing.flush_now()
    search.changed("question", question.pk)
    question.delete()
    writing.flush_now()
    assert backend().read(lambda searcher: searcher.doc_count()) == 0


def test_a_second_writer_leaves_the_work_to_the_first(index, cast):
    question = make_question()
    search.changed("question", question.pk)
    with backend().store.writing():
        assert writing.flush_soon() == 0
    assert IndexChange.objects.exists()
    assert writing.flush_soon() == 1


@pytest.fixture
def three(index, cast):
    made = [make_article(title=f"Article about {word}") for word in ("lamps", "doors", "clocks")]
    search.changed_many("article", [article.pk for article in made])
    writing.flush_now()
    assert checked()[0] == 0
    return made


def test_check_index_names_what_is_missing_extra_and_stale_and_mends_only_that(three):
    lamps, doors, clocks = three
    lamps_now = f"kb.article.{lamps.pk}"
    with backend().store.writing():
        backend().write([], [lamps_now])
    type(doors).objects.filter(pk=doors.pk).update(title="Article about windows")
    clocks.published_revision = None
    clocks.status = clocks.Status.ARCHIVED
    clocks.save()
    code, said = checked()
    assert code == 1
    for article in three:
        assert f"kb.article.{article.pk}" in said
    code, _said = checked("--repair")
    assert checked() == (0, checked()[1])
    assert [found("lamps"), found("windows"), found("clocks")] == [1, 1, 0]


def test_a_broken_index_is_written_anew(three, index):
    for segment in backend().store.live().glob("*.seg"):
        segment.write_bytes(b"")
    backend().store._idle.clear()
    assert checked()[0] == 1
    checked("--repair")
    assert checked()[0] == 0
    assert found("lamps") == 1


def test_the_old_index_answers_until_the_new_one_stands(three):
    counts = []
    old = backend().store.live()
    writing.rebuild(lambda n: counts.append(found("lamps")))
    assert counts == [1, 1, 1]
    assert backend().store.live() != old
    assert found("lamps") == 1


def test_litter_of_a_killed_writer_is_taken_away(three):
    live = backend().store.live()
    (live / "MAIN_x.seg.tmp").write_text("half")
    shutil.copytree(live, live.parent / "g1")
    search.changed("article", three[0].pk)
    writing.flush_now()
    assert not list(live.glob("*.tmp"))
    assert [path.name for path in live.parent.glob("g*")] == [live.name]


def hour_passes() -> None:
    beat = app.conf.beat_schedule["mend what differs in the index"]
    assert (beat["task"], beat["schedule"]) == (mend_sample.name, 3600.0)
    mend_sample.apply(throw=True)


def mended(client) -> float:
    text = client.get("/metrics").content.decode()
    return float(re.search(r"^haedap_index_mended_total (\S+)", text, re.MULTILINE)[1])


def test_what_was_lost_left_or_grew_stale_is_mended_within_the_hour(three, client, caplog):
    lamps, doors, clocks = three
    with backend().store.writing():
        backend().write([], [f"kb.article.{lamps.pk}"])
    type(doors).objects.filter(pk=doors.pk).update(title="Article about windows")
    clocks.status, clocks.published_revision = clocks.Status.ARCHIVED, None
    clocks.save()
    assert mended(client) == 0
    hour_passes()
    assert [found("lamps"), found("windows"), found("doors")] == [1, 1, 0]
    assert backend().read(lambda searcher: searcher.doc_count()) == 2
    assert mended(client) == 3
    (line,) = [record.getMessage() for record in caplog.records if "mended" in record.message]
    for article in three:
        assert f"kb.article.{article.pk}" in line
    caplog.clear()
    hour_passes()
    assert not caplog.records, "nothing differs, nothing is said"
    assert mended(client) == 3


def test_a_sample_is_another_each_time_and_finds_everything_in_the_end(three):
    for article in three:
        type(article).objects.filter(pk=article.pk).update(title=f"Renamed {article.pk}")
    seen = set()
    for _hour in range(60):
        stale = writing.compare_sample(1).stale
        assert 1 <= len(stale) <= 2, "one by chance from the index, one from the database"
        seen.update(stale)
    assert len(seen) == 3


def test_what_only_waits_in_the_outbox_is_no_difference(three, client):
    type(three[0]).objects.filter(pk=three[0].pk).update(title="Article about stars")
    search.changed("article", three[0].pk)
    hour_passes()
    assert found("stars") == 1
    assert mended(client) == 0


def test_a_rebuild_is_not_waited_for(three, client):
    type(three[0]).objects.filter(pk=three[0].pk).update(title="Article about stars")
    search.changed("article", three[0].pk)
    with backend().store.writing():
        hour_passes()
    assert (found("stars"), mended(client)) == (0, 0)


def test_an_index_that_cannot_be_read_is_written_anew_within_the_hour(three, client):
    for segment in backend().store.live().glob("*.seg"):
        segment.write_bytes(b"")
    backend().store._idle.clear()
    hour_passes()
    assert found("lamps") == 1
    assert mended(client) == 1


def test_an_index_of_another_version_answers_until_it_is_written_anew(index, cast):
    question = make_question(title="Which cable charges the case?")
    search.changed("question", question.pk)
    writing.flush_now()
    store = backend().store
    (store.live() / "version").write_text("1")
    before = store.live()
    assert found("cable") == 1
    assert "another version" in writing.compare().unreadable
    flush()
    assert store.live() != before
    assert not store.is_outdated()
    assert found("cable") == 1
    assert not writing.compare()
    (store.live() / "version").unlink()  # as the first versions left it
    flush()
    assert not store.is_outdated()
