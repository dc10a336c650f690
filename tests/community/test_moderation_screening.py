"""What a new account's post must not carry, and how fast it may come."""

import pytest

from community import services
from tests.factories import make_answer, make_comment, make_question, make_user

pytestmark = pytest.mark.django_db

PLAIN = [
    "카톡 알림이 이어폰으로 안 와요. 펌웨어는 2.4.1이고 오류 코드는 E-1234예요.",
    "KakaoTalk notifications do not reach my earbuds. Version 10.123.4567, serial SN20240101-1234.",
    "공유기 주소는 http://192.168.0.1 이고 카톡 iOS17 앱이에요.",
    "Discord: no sound. Signal: weak. The signal is lost often, LINE is fine.",
    "2026-11-24 13:02에 129,000원을 냈어요. file.zip과 config.py를 봤어요. Node.js도요.",
    "Not working.It stops after http://testserver/questions/1/why/ was tried.",
]
LINKS = [
    "여기 보세요 https://evil.example/buy",
    "naver.com에서 찾아보세요",
    "[싸게 팔아요](//evil.example/x)",
    "hxxps://evil.example",
    "Buy at cheap[.]shop",
    "ｅｖｉｌ．ｃｏｍ",
    "ev\u200bil.com/abc",
    "bit.ly/3abc",
]
CONTACTS = [
    "010-1234-5678로 연락 주세요",
    "０１０－１２３４－５６７８",
    "공일공 일이삼사 오육칠팔",
    "+82 10 1234 5678",
    "02-123-4567",
    "Write to me@mail.example",
    "me (at) mail.example",
    "minji 골뱅이 mail.example",
    "카톡 아이디 minji99",
    "텔레그램 @sell_it",
    "텔레 sell_kr",
    "LINE ID: abcd1",
    "my telegram is seller9",
    "Discord: seller#1234",
    "call (555) 123-4567",
]


@pytest.mark.parametrize("text", PLAIN)
def test_a_new_accounts_plain_first_question_stands(text):
    asked = services.ask_question(by=make_user(days_old=0), title="Why does it stay silent?", body=text)
    assert (asked.status, asked.held_for) == ("open", "")


@pytest.mark.parametrize("text", LINKS)
def test_a_new_accounts_link_is_held(text):
    asked = services.ask_question(by=make_user(days_old=0), title="Why does it stay silent?", body=text)
    assert (asked.status, asked.held_for) == ("held", "links")


@pytest.mark.parametrize("text", CONTACTS)
def test_a_new_accounts_contact_data_is_held(text):
    answer = services.answer_question(question=make_question(), by=make_user(days_old=0), body=text)
    assert (answer.status, answer.held_for) == ("held", "contact")


def test_a_link_in_the_title_is_held_too():
    asked = services.ask_question(by=make_user(days_old=0), title="Look at evil.com please", body="Thanks.")
    assert asked.status == "held"


@pytest.mark.parametrize(
    "person", [{"days_old": 8}, {"role": "moderator"}, {"role": "editor"}, {"role": "staff"}]
)
def test_old_accounts_and_roles_are_not_screened(person):
    by = make_user(**({"days_old": 0} | person))
    assert (
        services.answer_question(question=make_question(), by=by, body="https://evil.example").status
        == "open"
    )


def test_three_posts_that_stood_for_a_day_make_an_account_known(time_machine_day):
    by = make_user(days_old=2)
    question = make_question()
    for _ in range(2):
        make_answer(question, author=by, created_at=time_machine_day)
    assert services.answer_question(question=question, by=by, body="https://evil.example").status == "held"
    make_comment(question, author=by, created_at=time_machine_day)
    assert services.answer_question(question=question, by=by, body="https://evil.example").status == "open"


def test_three_posts_of_the_last_minute_do_not():
    by, question = make_user(days_old=2), make_question()
    for _ in range(3):
        make_answer(question, author=by)
    assert services.answer_question(question=question, by=by, body="https://evil.example").status == "held"


def test_a_new_account_that_posts_very_fast_is_held():
    by = make_user(days_old=0)
    states = [
        services.ask_question(by=by, title=f"Question {n}?", body="It hums.").held_for for n in range(4)
    ]
    assert states == ["", "", "", "fast"]
    others = [
        services.answer_question(question=make_question(), by=by, body="Restart it.").held_for
        for _ in range(3)
    ]
    assert others == ["", "", "fast"]


def test_an_edit_is_looked_at_like_a_new_post():
    by = make_user(days_old=0)
    answer = services.answer_question(question=make_question(), by=by, body="Restart it.")
    services.edit_answer(answer=answer, by=by, body="Restart it, or see evil.com", version=1)
    answer.refresh_from_db()
    assert (answer.status, answer.held_for) == ("held", "links")


@pytest.fixture
def time_machine_day():
    """A moment more than a day ago."""
    from datetime import timedelta

    from django.utils import timezone

    return timezone.now() - timedelta(hours=30)
