"""What people read: every message has its Korean, which fits the message and the language."""

import gettext
import re
import shutil
from pathlib import Path

import polib
import pytest
from django.core.management import call_command

from portal.core import messages
from portal.core.models import Product
from tests.factories import make_product, make_question

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[ds]|\{\w*\}")
# A particle that depends on the last sound cannot follow what is not known before; closing quotes and tags do not help.
PARTICLE = re.compile(r"%(?:\(\w+\))?[ds](?:</\w+>|[”’\"'])*(?:은|는|이|가|을|를|과|와|으로|로)")


def korean() -> polib.POFile:
    return polib.pofile(str(messages.path_of("ko")))


def written(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_message_of_the_code_has_its_korean():
    with pytest.raises(SystemExit) as end:
        call_command("make_catalogues", "--check")
    assert end.value.code == 0


def test_a_message_without_korean_is_named(tmp_path, settings, capsys):
    settings.LOCALE_PATHS = [tmp_path]
    with pytest.raises(SystemExit) as end:
        call_command("make_catalogues", "--check")
    assert end.value.code == 1
    assert "not translated: 'What can we help you with?'" in capsys.readouterr().err


def test_both_sides_hold_the_same_placeholders():
    different = [
        entry.msgid
        for entry in korean()
        for text in written(entry)
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
    ]
    assert different == []


def test_both_sides_hold_the_same_tags():
    tag = re.compile(r"</?\w+[^>]*>")
    different = [
        entry.msgid
        for entry in korean()
        for text in written(entry)
        if sorted(tag.findall(text)) != sorted(tag.findall(entry.msgid_plural or entry.msgid))
    ]
    assert different == []


def test_no_particle_follows_what_is_not_known_before():
    assert [text for entry in korean() for text in written(entry) if PARTICLE.search(text)] == []
    assert PARTICLE.search("“%(title)s”을 저장했어요") is not None  # what the rule is about


def test_a_person_is_addressed_apart_from_the_name():
    assert [
        text for entry in korean() for text in written(entry) if re.search(r"%\((name|who)\)s님", text)
    ] == []


def test_catalogues_compile_where_the_system_has_no_gettext(tmp_path, settings, monkeypatch):
    source = messages.path_of("ko")
    target = tmp_path / "ko" / "LC_MESSAGES"
    target.mkdir(parents=True)
    shutil.copy(source, target)
    settings.LOCALE_PATHS = [tmp_path]
    monkeypatch.setenv("PATH", "")
    call_command("compile_catalogues", verbosity=0)
    with Path(target / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Accepted answer") == "채택된 답변"
    assert compiled.pgettext("moderation", "Release") == "공개"
    assert compiled.ngettext("%(n)s answer", "%(n)s answers", 1) == "답변 %(n)s개"


def test_libraries_speak_korean_too(client, cast):
    page = client.post("/accounts/signup/", {}, HTTP_ACCEPT_LANGUAGE="ko").content.decode()
    assert "이 항목을 입력해 주세요." in page
    client.force_login(cast.hana)
    page = client.get("/admin/core/auditentry/", HTTP_ACCEPT_LANGUAGE="ko").content.decode()
    assert "처리 기록 목록" in page
    assert "만든 때" in page  # a field that has no name of its own
    assert "Apply Filters" not in page


def test_products_are_chosen_by_their_name_in_the_readers_language(client, db):
    make_product("nova-buds", releases=["3.0"])
    Product.objects.update(name="Nova Buds", name_ko="노바 버즈")
    page = client.get("/questions/ask/", HTTP_ACCEPT_LANGUAGE="ko").content.decode()
    assert '<option value="nova-buds">노바 버즈</option>' in page
    assert '<optgroup label="노바 버즈">' in page
    page = client.get("/questions/ask/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert '<optgroup label="Nova Buds">' in page


def test_the_hour_stands_behind_the_half_of_the_day(client, db):
    address = make_question().get_absolute_url()
    page = client.get(address, HTTP_ACCEPT_LANGUAGE="ko").content.decode()
    assert re.search(r'title="\d+년 \d+월 \d+일 (오전|오후) \d+:\d\d"', page)
