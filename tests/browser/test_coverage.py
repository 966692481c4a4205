"""Coverage by the page: the question, the answer on card and map, its tables, chart and downloads."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import MapOpening
from tests.browser.map_page import MapPage

ASKED = "/?cover=day_care.canteen,1000,aged_60"


def answer(found: MapPage, server: str, query: str) -> dict[str, Any]:
    """The API's answer to a question."""
    given: dict[str, Any] = found.page.request.get(f"{server}/api/coverage?{query}").json()
    return given


def expect_share(found: MapPage, given: dict[str, Any]) -> None:
    """The figure on the card is the API's."""
    expect(found.page.locator("#coverage-share")).to_have_text(
        f"{given['total']['share'] * 100:.1f}".removesuffix(".0")
    )


def shown_coverage(shown: MapOpening, path: str = ASKED, **how: str) -> MapPage:
    """The map with the coverage card open."""
    found = shown(path, **how)
    found.open_panel("coverage")
    found.page.locator("#coverage-share").wait_for()
    return found


def number(cell: Locator) -> float:
    return float(re.sub(r"[^\d.]", "", cell.inner_text()))


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_asked_by_kinds_preset_slider_and_weight(shown: MapOpening, server: str, size: str, language: str) -> None:
    found = shown(size=size, language=language)
    found.open_panel("coverage")
    card = found.page.locator("#coverage")
    expect_share(found, answer(found, server, "kinds=day_care,canteen&distance=1000&weight=aged_60"))

    card.locator("summary").click()
    card.locator("input[value=canteen]").uncheck()
    card.locator("input[value=rural_home]").check()
    expect_share(found, answer(found, server, "kinds=day_care,rural_home&distance=1000&weight=aged_60"))
    assert "cover=day_care.rural_home,1000,aged_60" in found.query
    card.locator("summary").click()

    card.locator("#coverage-norm").select_option("canteen-5min")
    expect(card.locator("#coverage-distance")).to_have_value("300")
    expect_share(found, answer(found, server, "kinds=canteen&distance=300&weight=aged_60"))
    if size == "desk":  # a phone has no room for it
        expect(card.locator(".hint", has_text="GB 50180-2018")).to_be_visible()

    slider = card.locator("input[type=range]")
    slider.focus()
    found.page.keyboard.press("ArrowRight")
    expect(card.locator("#coverage-distance")).to_have_value("400")
    given = answer(found, server, "kinds=canteen&distance=400&weight=aged_60")
    expect_share(found, given)

    card.locator("[role=radio]").last.click()
    given = answer(found, server, "kinds=canteen&distance=400&weight=villages")
    expect_share(found, given)
    assert "cover=canteen,400,villages" in found.query
    says = card.locator(".coverage-says").inner_text()
    assert ("助老食堂" if language == "zh" else "Meal canteens") in says
    assert "400" in says

    card.locator("#coverage-distance").fill("750")
    card.locator("#coverage-distance").press("Enter")
    expect_share(found, answer(found, server, "kinds=canteen&distance=750&weight=villages"))


def test_the_result_on_the_map_and_clear(shown: MapOpening) -> None:
    found = shown_coverage(shown)
    found.idle()
    covered, _ = found.colours("map-covered", "map-uncovered", reach=12)
    assert covered > 0.003
    villages = found.page.evaluate(
        "drawnMap.querySourceFeatures('coverage-villages').map(({ properties }) => properties.uuid)"
    )
    assert len(set(villages)) == 7_060
    assert found.page.evaluate("drawnMap.querySourceFeatures('coverage-outline').length") > 0
    assert found.page.evaluate("drawnMap.querySourceFeatures('coverage-outline')[0].geometry.type").endswith("Polygon")

    found.page.locator("#coverage-close").click()
    found.idle()
    expect(found.page.locator("#coverage")).to_be_hidden()
    assert "cover=" not in found.query
    assert found.page.evaluate("drawnMap.querySourceFeatures('coverage-villages').length") == 0
    (after,) = found.colours("map-covered", reach=12)
    assert after < covered / 5
    found.page.go_back()
    expect(found.page.locator("#coverage-share")).to_be_attached()
    assert "cover=" in found.query


@pytest.mark.parametrize("language", ["zh", "en"])
def test_tables_chart_and_those_left_out(shown: MapOpening, server: str, language: str) -> None:
    found = shown_coverage(shown, language=language)
    given = answer(found, server, "kinds=day_care,canteen&distance=1000&weight=aged_60")
    page = found.page

    bars = page.locator("#coverage-page .bar")
    expect(bars).to_have_count(12)
    names = [bar.locator("button").inner_text() for bar in bars.all()]
    by_share = sorted(given["counties"], key=lambda row: -row["share"])
    assert names == [row["name"] for row in by_share]
    assert number(bars.first.locator(".bar-value")) == pytest.approx(by_share[0]["share"] * 100, abs=0.051)

    counties = page.locator("#coverage-counties tbody tr")
    expect(counties).to_have_count(12)
    for _ in range(2):
        page.locator("#coverage-counties th").nth(2).locator("button").click()
        direction = page.locator("#coverage-counties th").nth(2).get_attribute("aria-sort")
        lacking = [number(cell) for cell in counties.locator("td:nth-child(3)").all()]
        assert lacking == sorted(lacking, reverse=direction == "descending")
    assert set(lacking) == {round(county["weight"] - county["covered"]) for county in given["counties"]}

    page.locator("#coverage-tab-towns").click()
    rows = page.locator("#coverage-towns tbody tr")
    expect(rows).to_have_count(122)
    share = page.locator("#coverage-towns th").nth(2).locator("button")
    column = lambda k: [number(cell) for cell in rows.locator(f"td:nth-child({k})").all()]  # noqa: E731
    assert column(3) == sorted(column(3))
    share.click()
    expect(page.locator("#coverage-towns th").nth(2)).to_have_attribute("aria-sort", "descending")
    assert column(3) == sorted(column(3), reverse=True)
    page.locator("#coverage-towns th").nth(3).locator("button").click()
    left = column(4)
    assert left == sorted(left, reverse=True)
    assert left[0] == max(round(town["weight"] - town["covered"]) for town in given["towns"])
    page.locator("#coverage-towns th").nth(0).locator("button").click()
    expect(page.locator("#coverage-towns th").nth(0)).to_have_attribute("aria-sort", "ascending")

    page.locator("#coverage-tab-chart").click()
    expect(page.locator(".coverage-chart canvas")).to_be_visible()

    page.locator("#coverage-tab-villages").click()
    uncovered = page.locator("#coverage-page .village")
    expect(uncovered).to_have_count(100)
    weights = [
        weight
        for weight, covered in zip(given["villages"]["weight"], given["villages"]["covered"], strict=True)
        if not covered
    ]
    assert given["total"]["villages_uncovered"] == len(weights)
    assert f"{max(weights):,.0f}" in uncovered.first.inner_text()
    page.locator("#coverage-page button.button-plain").click()
    expect(uncovered).to_have_count(500)
    name = uncovered.first.locator("span").first.inner_text()
    uncovered.first.click()
    expect(page.locator("#details .details-title")).to_have_text(name)


def test_downloads(shown: MapOpening, server: str, tmp_path: Path) -> None:
    found = shown_coverage(shown, ASKED + "&asof=2022-12-31")
    given = answer(found, server, "kinds=day_care,canteen&distance=1000&weight=aged_60&asof=2022-12-31")
    assert given["facilities"] == 310 + 208
    expect_share(found, given)
    expect(found.page.locator("#coverage")).to_contain_text("518 处设施")
    book, shapes = found.page.locator("#coverage .coverage-answer .actions button").all()

    with found.page.expect_download() as waiting:
        book.click()
    path = tmp_path / waiting.value.suggested_filename
    assert path.suffix == ".xlsx"
    waiting.value.save_as(path)
    workbook = openpyxl.load_workbook(path, read_only=True)
    sheets = {
        sheet.title: [row for row in sheet.iter_rows(values_only=True) if any(row)] for sheet in workbook.worksheets
    }
    workbook.close()
    assert any(len(rows) >= 7_060 for rows in sheets.values())
    assert any(122 <= len(rows) <= 130 for rows in sheets.values())
    values = [value for rows in sheets.values() for row in rows[:40] for value in row if isinstance(value, float)]
    assert any(value == pytest.approx(given["total"]["share"], abs=1e-6) for value in values)

    with found.page.expect_download() as waiting:
        shapes.click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    inside = zipfile.ZipFile(path).namelist()
    shapefile = next(name for name in inside if name.endswith("villages.shp"))
    told = subprocess.run(
        ["ogrinfo", "-ro", "-so", "-al", f"/vsizip/{path}/{shapefile}"], capture_output=True, text=True, check=True
    ).stdout
    assert "Feature Count: 7060" in told


def test_who_is_within_reach_from_a_record(shown: MapOpening, server: str) -> None:
    found = shown("/?at=118.48,36.68,13.5&show=facilities:day_care")
    found.click(found.lonely("facility-badges"))
    found.page.locator("#details .actions button", has_text="覆盖分析").click()
    expect_share(found, answer(found, server, "kinds=day_care&distance=1000&weight=population"))
    assert "cover=day_care,1000,population" in found.query


def test_without_kinds_nothing_is_asked(shown: MapOpening) -> None:
    found = shown_coverage(shown, "/?cover=canteen,1000,villages")
    before = found.page.locator("#coverage-share").inner_text()
    found.page.locator("#coverage summary").click()
    found.page.locator("#coverage input[value=canteen]").uncheck()
    expect(found.page.locator("#coverage summary")).to_contain_text("请")
    found.page.locator("#coverage input[value=social_work]").check()
    expect(found.page.locator("#coverage-share")).not_to_have_text(before)
