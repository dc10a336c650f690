"""Emphasis is what its author meant, whatever stands beside it: Korean joins particles to words."""

import pytest

from portal.core.text import plain, render


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**배터리 보호(80%)**가 켜져 있어요", "<strong>배터리 보호(80%)</strong>가 켜져 있어요"),
        ("앱에서**“자동 재시작”**을 눌러요", "앱에서<strong>“자동 재시작”</strong>을 눌러요"),
        ("설정의 *자동 업데이트(권장)*를 꺼요", "설정의 <em>자동 업데이트(권장)</em>를 꺼요"),
        ("~~2.4GHz(구형)~~은 됩니다", "<s>2.4GHz(구형)</s>은 됩니다"),
        ("버튼을 **10초**간 눌러요", "버튼을 <strong>10초</strong>간 눌러요"),
        ("***꼭!***입니다", "<em><strong>꼭!</strong></em>입니다"),
        ("Hold **Power (10 s)** now", "Hold <strong>Power (10 s)</strong> now"),
    ],
)
def test_emphasis_closes_before_a_particle(markdown, html):
    assert html in render(markdown)


@pytest.mark.parametrize(
    "text",
    [
        "5 * 3 * 2",
        "가로 ** 세로 ** 높이",
        "가격은 3**",
        "a **(b)**c",
        "snake_case_name",
        "값은 __초기화__처럼",
    ],
)
def test_signs_that_mean_no_emphasis_stay(text):
    assert plain(render(text)) == text
