"""The words of a text, the same for whoever looks and for what is found: Korean, English, codes."""

import json
import unicodedata
from pathlib import Path

import pytest

from portal.core.search.analysis import terms

BLNS = Path(__file__).resolve().parents[3] / "shared/data/security/blns.json"


def said(text: str) -> set[str]:
    return {term.text for term in terms(text)}


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("배송이", "배송은 사흘 걸려요"),
        ("환불받고", "환불을 받으려면"),
        ("로그인이 안돼요", "로그인 안 됨"),
        ("비밀번호를 잊어버렸어요", "비밀번호를 잊어버렸을 때"),
        ("업로드되지 않습니다", "업로드가 안 될 때"),
        ("느려졌어요", "느려지는 까닭"),
        ("쿠폰을", "쿠폰이 사라졌어요"),
    ],
)
def test_korean_endings_do_not_keep_a_word_from_its_answer(typed, written):
    assert said(typed) & said(written)


@pytest.mark.parametrize("word", ["앱", "돈"])
def test_one_syllable_is_a_word(word):
    assert said(f"{word}이 안 열려요") >= said(word) != set()


def test_english_words_meet_by_their_stem():
    assert said("charging batteries") == said("charged battery")


@pytest.mark.parametrize("code", ["E-104", "e_104", "E104", "e.104"])
def test_a_code_is_one_word_however_it_is_typed(code):
    assert "e104" in said(f"It shows {code} again")


def test_a_version_is_found_by_its_beginning_but_not_by_its_numbers():
    assert {"10.2.1", "10.2"} <= said("since 10.2.1")
    assert "10" not in said("since 10.2.1")


def test_two_languages_meet_in_the_names_of_things():
    assert said("블루투스 페어링") & said("Bluetooth pairing")


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC"])
def test_every_term_names_the_characters_it_was_made_of(form):
    text = unicodedata.normalize(form, "와이파이가 E-104로 꺼져요. Restart the ｒｏｕｔｅｒ!")
    found = terms(text)
    assert {"공유기", "router"} & {term.text for term in found}
    for term in found:
        assert 0 <= term.start < term.end <= len(text)
    code = next(term for term in found if term.text == "e104")
    assert unicodedata.normalize("NFKC", text[code.start : code.end]) == "E-104"


def test_hostile_text_is_only_text():
    if not BLNS.exists():
        pytest.skip("shared/data/security/blns.json is not beside the project")
    for text in json.loads(BLNS.read_text(encoding="utf-8")):
        for term in terms(text):
            assert term.text
            assert term.end <= len(text)
    assert terms("가" * 100_000 + "\x00\ud800") is not None
