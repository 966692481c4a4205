"""The page of addresses: paste, look, choose, take away; by mouse, keyboard and on a phone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.serving import Opening

PASTED = "序号\t地址\n1\t青州市弥河镇上院村88号\n2\t城关街道\n3\t清州市弥河镇上院村\n4\t火星一号坑"


def ready(page: Page) -> Page:
    page.wait_for_selector("html.is-ready", state="attached")
    return page


@pytest.mark.parametrize(
    ("size", "language", "scheme"), [("desk", "zh", "light"), ("phone", "zh", "dark"), ("desk", "en", "dark")]
)
def test_a_pasted_table_is_found_looked_at_and_taken_away(
    opened: Opening, tmp_path: Path, size: str, language: str, scheme: str
) -> None:
    page = ready(opened("/geocode", size=size, language=language, scheme=scheme))
    expect(page.locator("#geo-empty")).to_be_visible()
    page.locator("#geo-texts").fill(PASTED)
    expect(page.locator("#geo-count")).to_contain_text("4")
    page.locator("#geo-texts").press("Control+Enter")
    rows = page.locator(".geo-row")
    expect(rows).to_have_count(4, timeout=30_000)  # the first question of a server's life gathers the names
    expect(page.locator("#geo-empty")).to_be_hidden()
    expect(rows.nth(0)).to_contain_text("青州市 弥河镇 上院村委会")
    expect(rows.nth(2)).to_contain_text("清州市")
    expect(rows.nth(2).locator(".geo-note.is-warning")).to_have_count(1)
    assert [row.get_attribute("data-accuracy") for row in rows.all()] == ["village", "unknown", "village", "unknown"]
    # what is open is chosen by hand, and counts as looked at
    expect(page.locator("#geo-filters .chip").nth(1)).to_contain_text("3")
    rows.nth(1).locator(".geo-choice", has_text="临朐县 城关街道").click()
    expect(page.locator('[data-row="1"] .geo-match')).to_have_text("临朐县 城关街道")
    expect(page.locator("#geo-filters .chip").nth(1)).to_contain_text("2")
    with page.expect_download() as waiting:
        page.locator('[data-take="csv"]').click()
    path = tmp_path / "found.csv"
    waiting.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = [row["匹配名称" if language == "zh" else "Matched name"] for row in csv.DictReader(file)]
    assert names == ["上院村委会", "城关街道", "上院村委会", ""]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_by_keyboard_and_by_filter(opened: Opening) -> None:
    page = ready(opened("/geocode?text=青州市弥河镇上院村", language="en"))
    expect(page.locator(".geo-row")).to_have_count(1, timeout=30_000)
    page.locator("#geo-texts").fill(PASTED)
    page.locator("#geo-go").click()
    expect(page.locator(".geo-row")).to_have_count(4)
    page.locator(".geo-main").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator('[data-row="1"]')).to_have_class("geo-row is-open is-selected")
    expect(page.locator('[data-row="1"] .geo-main')).to_be_focused()
    page.locator("#geo-filters .chip", has_text="village").click()
    expect(page.locator(".geo-row")).to_have_count(2)
    page.locator("#geo-clear").click()
    expect(page.locator("#geo-empty")).to_be_visible()


def test_what_is_wrong_is_said(opened: Opening) -> None:
    page = ready(opened("/geocode", language="en"))
    page.locator("#geo-go").click()
    expect(page.locator("#geo-wrong")).to_have_text("Type or paste an address first.")
    page.locator("#geo-texts").fill("青州市\n" * 1001)
    page.locator("#geo-go").click()
    expect(page.locator("#geo-wrong")).to_contain_text("1,001 addresses")
