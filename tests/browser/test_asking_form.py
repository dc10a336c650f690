"""The form that asks: what is chosen is shown whole, and a number that nobody should read is pointed out."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.services]


def test_the_product_and_then_its_releases_are_chosen_by_a_click(look):
    page = look()
    page.goto("/questions/ask/")
    products = page.get_by_role("group", name="Product")
    assert not page.locator("select[name=product]").is_visible()
    assert page.get_by_role("group", name="Release").count() == 0
    products.get_by_role("button", name="Nova Cam").click()
    assert products.get_by_role("button", name="Nova Cam").get_attribute("aria-pressed") == "true"
    assert page.input_value("select[name=product]") == "nova-cam"
    releases = page.get_by_role("group", name="Release")
    releases.get_by_role("button").nth(1).click()
    assert page.input_value("select[name=release]") != ""
    # Another product has other releases: the chosen one goes.
    products.get_by_role("button", name="Nova Vac").click()
    assert page.input_value("select[name=release]") == ""


def test_what_was_chosen_survives_a_reload(look):
    page = look()
    page.goto("/questions/ask/")
    page.get_by_role("group", name="Product").get_by_role("button", name="Nova Cam").click()
    page.fill("input[name=title]", "The picture is upside down")
    page.wait_for_timeout(1_500)
    page.reload()
    chosen = page.get_by_role("group", name="Product").locator("[aria-pressed=true]")
    assert chosen.text_content() == "Nova Cam"


@pytest.mark.parametrize(
    ("typed", "warned"),
    [
        ("제 번호는 010-1234-5678이에요", True),
        ("카드 4111 1111 1111 1111로 결제했어요", True),
        ("주민번호 900101-1234567", True),
        ("E-104 since 10.2.1, order 20260131", False),
        ("시각 1732567890123, 일련번호 1234-5678-9012-3456", False),
    ],
)
def test_a_number_that_only_its_owner_should_know_is_pointed_out(look, typed, warned):
    page = look(language="ko")
    page.goto("/questions/ask/")
    note = page.locator(".field-editor .personal-note")
    page.fill("textarea[name=body]", typed)
    if warned:
        note.filter(has_text="나만 알아야 하는 번호").wait_for()
    else:
        page.wait_for_timeout(900)
        assert note.text_content() == ""
