"""The index follows the database, says where it does not, and mends that."""

import io
import shutil

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from community import finding, services
from community.models import Question
from portal.core import search
from portal.core.models import IndexChange
from portal.core.search import writing
from portal.core.search.indexing import backend
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
