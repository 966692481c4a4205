"""Search by typing: Chinese, pinyin and initials, with the keyboard, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MapOpening

QINGZHOU = (118.48, 36.68)


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_qingzhou_by_all_spellings(shown: MapOpening, size: str, language: str) -> None:
    found = shown(size=size, language=language)
    for words in ("青州", "qingzhou", "qz", "Qīngzhōu Shì", "QINGZHOU"):
        first = found.search(words).first
        expect(first.locator(".suggestion-name")).to_have_text("青州市")
        expect(first).to_have_attribute("aria-selected", "true")
    cut = "(name) => name.scrollWidth > name.clientWidth"
    assert not any(name.evaluate(cut) for name in found.search("qz").locator(".suggestion-name").all())
    heads = found.page.locator(".suggestion-group").all_inner_texts()
    assert ("行政区划" if language == "zh" else "Divisions") in heads


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "zh"), ("desk", "en")])
def test_a_result_moves_the_map_and_opens_its_record(shown: MapOpening, size: str, language: str) -> None:
    found = shown(size=size, language=language)
    before = found.centre()
    found.search("qingzhou").first.click()
    found.page.locator("#details .details-title").wait_for()
    found.idle()
    expect(found.page.locator("#details .details-title")).to_have_text("青州市")
    expect(found.page.locator("#suggestions")).to_be_hidden()
    after = found.centre()
    assert after[2] > before[2] + 1
    x, y = found.point(*QINGZHOU)
    assert 0 < x < found.page.viewport_size["width"]  # type: ignore[index]
    assert 0 < y < found.page.viewport_size["height"]  # type: ignore[index]
    assert "pick=divisions:" in found.query
    assert "at=" in found.query


def test_what_was_not_found_as_typed_says_so(shown: MapOpening) -> None:
    found = shown(language="en")
    meant = found.search("qinzhou").filter(has_text="青州市").first  # n for ng
    expect(meant.locator(".suggestion-more")).to_contain_text("similar")
    expect(found.search("qingzhou").first.locator(".suggestion-more")).not_to_contain_text("similar")


def test_a_village_by_name_and_a_line_by_its_short_name(shown: MapOpening) -> None:
    found = shown()
    found.search("仙庄村委会")
    village = found.page.locator("#suggestions [role=option]", has_text="群众自治组织").first
    name = village.locator(".suggestion-name").inner_text()
    assert "仙庄" in name
    village.click()
    expect(found.page.locator("#details .details-title")).to_have_text(name)
    found.idle()
    assert found.centre()[2] >= 13

    found.search("青临线").first.click()
    expect(found.page.locator("#details .details-title")).to_have_text("青州市—临朐县")
    found.idle()
    assert found.centre()[2] < 13
    assert "pick=boundary-lines:" in found.query


def test_the_keyboard_alone(shown: MapOpening) -> None:
    found = shown()
    keys = found.page.keyboard
    box = found.page.locator("#search-input")
    keys.press("/")
    expect(box).to_be_focused()
    options = found.search("qz")
    selected = "#suggestions [aria-selected=true]"
    names = options.locator(".suggestion-name").all_inner_texts()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    assert found.page.locator(selected).get_attribute("id") == "suggestion-2"
    assert box.get_attribute("aria-activedescendant") == "suggestion-2"
    keys.press("ArrowUp")
    assert found.page.locator(selected).get_attribute("id") == "suggestion-1"
    keys.press("Escape")
    expect(found.page.locator("#suggestions")).to_be_hidden()
    expect(box).to_have_value("qz")
    keys.press("ArrowDown")
    expect(found.page.locator("#suggestions")).to_be_visible()
    keys.press("ArrowUp")
    assert found.page.locator(selected).get_attribute("id") == f"suggestion-{len(names) - 1}", "around the end"
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(found.page.locator("#details .details-title")).to_have_text(names[1])
    keys.press("Escape")
    expect(found.page.locator("#details")).to_be_hidden()


@pytest.mark.parametrize(("language", "words"), [("zh", "没有"), ("en", "Nothing is called “qqqqq”")])
def test_nothing_found(shown: MapOpening, language: str, words: str) -> None:
    found = shown(language=language)
    assert found.search("qqqqq").count() == 0
    expect(found.page.locator("#suggestions")).to_contain_text(words)
    expect(found.page.locator("#suggestions")).to_contain_text("qqqqq")
    found.page.keyboard.press("Enter")
    expect(found.page.locator("#details")).to_be_hidden()
    found.page.locator("#search-clear").click()
    expect(found.page.locator("#suggestions")).to_be_hidden()
    expect(found.page.locator("#search-input")).to_have_value("")


def test_markup_in_a_question_stays_text(shown: MapOpening) -> None:
    found = shown()
    assert found.search("<img src=x onerror=alert(1)>").count() == 0
    expect(found.page.locator("#suggestions")).to_contain_text("<img src=x")
    assert found.page.locator("#suggestions img").count() == 0


def test_as_at_a_day_search_leaves_out_what_did_not_stand(shown: MapOpening, server: str) -> None:
    found = shown("/?asof=2022-12-31")
    with found.page.expect_request(lambda request: "/api/search" in request.url) as asked:
        found.search("综合养老服务中心")
    assert "asof=2022-12-31" in asked.value.url
    assert found.page.locator("#suggestions [role=option]").count() == 0
    today = found.page.request.get(f"{server}/api/search?q=综合养老服务中心").json()
    assert today["total"] == 132
