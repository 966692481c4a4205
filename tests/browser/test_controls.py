"""Measuring, language, theme, keys, focus, and names for those who do not see the page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from pyproj import Geod

from tests.browser.conftest import MapOpening
from tests.browser.map_page import MapPage

NAMED = {
    *("button", "link", "checkbox", "combobox", "textbox", "searchbox", "slider", "spinbutton", "Date"),
    *("radio", "switch", "tab", "tabpanel", "dialog", "listbox", "radiogroup", "region", "navigation"),
}

FOCUSABLE = """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled && each.tabIndex >= 0
    && !each.closest("[inert]"))
  .map((each, i) => { each.dataset.stop = i; return each.outerHTML.slice(0, 160); })"""

FOCUSED = """() => {
  const active = document.activeElement;
  const shown = (each) => { const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none"; };
  // The ring may be drawn round what holds a control: a row, a switch, the search card.
  const visible = active.matches(":focus-visible")
    && [active, active.nextElementSibling, active.parentElement, active.closest("label"), active.closest(".search")]
      .some((each) => each && shown(each));
  return [active === document.body ? null : active.dataset.stop ?? null, visible, active.outerHTML.slice(0, 160)];
}"""


@pytest.mark.parametrize(("language", "unit"), [("zh", "公里"), ("en", "km")])
def test_measuring_on_the_ellipsoid(shown: MapOpening, language: str, unit: str) -> None:
    found = shown("/?at=118.9,36.6,10&show=none", language=language)
    found.page.keyboard.press("m")
    expect(found.page.locator("#measure")).to_be_visible()
    found.idle()
    spots = [(450.0, 300.0), (700.0, 350.0), (650.0, 600.0)]
    for spot in spots[:2]:
        found.page.mouse.click(*spot)
    value = found.page.locator("#measure-value")
    expect(value).to_contain_text(unit)

    geod = Geod(ellps="GRS80")
    lons, lats = zip(*(found.lonlat(*spot) for spot in spots), strict=True)
    measured = lambda: float(value.inner_text().split()[0].replace(",", ""))  # noqa: E731
    assert measured() == pytest.approx(geod.line_length(lons[:2], lats[:2]) / 1000, abs=0.06)
    found.page.mouse.dblclick(*spots[2])
    assert measured() == pytest.approx(geod.line_length(lons, lats) / 1000, abs=0.06)
    expect(found.page.locator("#measure")).to_contain_text("重新" if language == "zh" else "anew")
    expect(found.page.locator("#details")).to_be_hidden()

    found.page.locator("#measure .chip").nth(1).click()
    area = abs(geod.polygon_area_perimeter(lons, lats)[0]) / 1e6
    assert measured() == pytest.approx(area, rel=0.01)

    found.page.keyboard.press("Escape")
    expect(found.page.locator("#measure")).to_be_hidden()
    found.idle()
    assert found.page.evaluate("drawnMap.querySourceFeatures('measured').length") == 0


def test_language_and_theme_keep_the_view(shown: MapOpening) -> None:
    found = shown("/?at=118.6,36.5,11.5&asof=2022-12-31&show=boundary-lines,facilities:canteen")
    before = found.centre()
    query = found.query
    found.page.locator("#language").click()
    found.page.wait_for_selector("html[lang=en]", state="attached")
    found.ready()
    assert found.page.locator("#layers-title").inner_text() == "Layers"
    assert found.centre() == pytest.approx(before, abs=1e-4)
    for part in query.lstrip("?").split("&"):
        assert part in found.query
    found.page.goto(found.page.url.split("?")[0])
    found.ready()
    assert found.page.locator("html").get_attribute("lang") == "en", "the choice is kept"

    light, _ = found.colours("map-land", "map-batch")
    found.page.locator("#theme").click()
    found.idle()
    dark = found.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--map-land').trim()")
    assert dark.lower() != "#fcfbf8"
    after, lines = found.colours("map-land", "map-batch")
    assert light > 0.15
    assert after > 0.15, "the land in its dark colour"
    assert lines > 0.001
    found.page.reload()
    found.ready()
    assert found.colours("map-land")[0] > 0.15, "the choice is kept"


def test_zooming_moving_and_the_whole_city(shown: MapOpening) -> None:
    found = shown()
    first = found.centre()
    found.page.locator("#zoom-in").click()
    found.idle()
    assert found.centre()[2] == pytest.approx(first[2] + 1, abs=0.05)
    assert "at=" in found.query
    found.page.locator("#map canvas").focus()
    for key, place, sign in (("ArrowRight", 0, 1), ("ArrowUp", 1, 1), ("ArrowLeft", 0, -1)):
        before = found.centre()
        found.page.keyboard.press(key)
        found.idle()
        assert (found.centre()[place] - before[place]) * sign > 0, key
    found.page.keyboard.press("0")
    found.idle()
    assert found.centre() == pytest.approx(first, abs=0.02)
    assert found.query == ""
    words = found.page.locator("#scale").inner_text()
    found.page.locator("#zoom-in").click()
    found.idle()
    assert found.page.locator("#scale").inner_text() != words
    metres = float(found.page.locator("#scale").inner_text().split()[0]) * 1000
    box = found.page.locator("#scale").bounding_box()
    assert box is not None
    (west, lat), (east, _) = found.lonlat(600, 400), found.lonlat(600 + box["width"], 400)
    assert Geod(ellps="GRS80").line_length([west, east], [lat, lat]) == pytest.approx(metres, rel=0.03)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_keys(shown: MapOpening, language: str) -> None:
    found = shown(language=language)
    keys = found.page.keyboard
    keys.press("?")
    help_ = found.page.locator("#help")
    expect(help_).to_be_visible()
    assert help_.locator("kbd").count() >= 12
    assert ("帮助" if language == "zh" else "Help") in help_.inner_text()
    keys.press("c")
    expect(found.page.locator("#coverage")).to_be_hidden()
    keys.press("Escape")
    expect(help_).to_be_hidden()
    for key, panel in (("c", "#coverage"), ("m", "#measure"), ("d", "#date")):
        keys.press(key)
        expect(found.page.locator(panel)).to_be_visible()
        keys.press("Escape")
        expect(found.page.locator(panel)).to_be_hidden()
    keys.press("l")
    expect(found.page.locator("#layers-body")).to_be_hidden()
    keys.press("l")
    expect(found.page.locator("#layers-body")).to_be_visible()
    keys.press("e")
    expect(found.page.locator("#export")).to_be_visible()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_everything_is_reached_by_tab_with_a_visible_focus(shown: MapOpening, size: str) -> None:
    found = shown("/?cover=canteen,1000,villages", size=size)
    found.open_panel("coverage")
    found.page.locator("#coverage-share").wait_for()
    wanted: list[str] = found.page.evaluate(FOCUSABLE)
    assert len(wanted) > 25
    found.page.evaluate("document.activeElement.blur()")
    reached: set[int] = set()
    for _ in range(len(wanted) + 12):
        found.page.keyboard.press("Tab")
        stop, visible, what = found.page.evaluate(FOCUSED)
        if stop is None:
            continue
        assert visible, f"no ring round {what}"
        reached.add(int(stop))
    missing = [what for i, what in enumerate(wanted) if i not in reached]
    assert missing == []


def names(found: MapPage) -> list[dict[str, Any]]:
    """The accessibility tree's nodes that a reader acts on, as Chromium computes it."""
    session = found.page.context.new_cdp_session(found.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [node for node in nodes if not node.get("ignored") and node.get("role", {}).get("value") in NAMED]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_has_a_name(shown: MapOpening, language: str) -> None:
    found = shown("/?cover=canteen,1000,villages", language=language)
    found.page.locator("#coverage-share").wait_for()
    found.page.locator("#coverage summary").click()
    found.search("qz")
    states = [names(found)]
    found.search("青临线").first.click()
    found.page.locator("#details .record").first.wait_for()
    states.append(names(found))
    for opener in ("#export-open", "#help-open"):
        found.page.locator(opener).click()
        states.append(names(found))
        found.page.keyboard.press("Escape")
    assert all(len(nodes) > 1 for nodes in states)
    nameless = [
        node["role"]["value"] for nodes in states for node in nodes if not node.get("name", {}).get("value", "").strip()
    ]
    assert nameless == []
