"""The map opens whole: what it draws, what it counts, what it says, and that it asks nobody else."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MapOpening
from tests.browser.map_page import MapPage

EVERYWHERE = [("desk", "zh"), ("desk", "en"), ("phone", "zh"), ("phone", "en")]
COUNTS = {
    ("boundary-lines", "batch-2022"): 14,
    ("boundary-lines", "batch-2021"): 14,
    ("boundary-lines", "batch-2020"): 14,
    ("tripoints", None): 30,
    ("divisions", None): 7_206,
    ("facilities", "eldercare_home"): 170,
    ("facilities", "day_care"): 497,
    ("facilities", "rural_home"): 563,
    ("facilities", "canteen"): 766,
    ("facilities", "county_centre"): 12,
    ("facilities", "street_centre"): 120,
    ("facilities", "funeral_home"): 10,
    ("facilities", "cemetery"): 7,
    ("facilities", "public_cemetery"): 2_079,
    ("facilities", "social_work"): 135,
    ("facilities", "aid_window"): 120,
    ("facilities", "village_aid"): 7_031,
    ("facilities", "incubation"): 35,
    ("facilities", "child_protection"): 120,
    ("facilities", "child_service"): 7_048,
    ("facilities", "marriage"): 14,
    ("place-names", "water"): 1_520,
    ("place-names", "terrain"): 3_210,
    ("place-names", "division"): 131,
    ("place-names", "nondivision"): 684,
    ("place-names", "committee"): 7_060,
    ("place-names", "settlement"): 18_246,
    ("place-names", "transport"): 13_420,
    ("place-names", "hydraulic"): 4_980,
    ("place-names", "memorial"): 1_310,
    ("place-names", "building"): 1_430,
}
WORDS = {
    "zh": ("2022 年联检界线", "陆地水系", "合成", "数据来源"),
    "en": ("Inspected in 2022", "Inland waters", "synthetic", "Sources"),
}


def unfold(found: MapPage) -> None:
    """Open every group of the layers panel."""
    found.open_panel("layers")
    while found.page.locator("#layers-body .layer-fold[aria-expanded=false]").count():
        found.page.locator("#layers-body .layer-fold[aria-expanded=false]").first.click()


@pytest.mark.parametrize(("size", "language"), EVERYWHERE)
def test_counts_legend_and_words(shown: MapOpening, size: str, language: str) -> None:
    found = shown(size=size, language=language)
    unfold(found)
    assert {row: found.count(*row) for row in COUNTS} == COUNTS
    assert sum(count for (layer, _), count in COUNTS.items() if layer == "place-names") == 51_991

    rows = found.page.locator("#layers-body .layer-row")
    assert rows.locator("svg.swatch, .swatch").count() == rows.count() > 40

    batch, water, synthetic, sources = WORDS[language]
    assert found.row("boundary-lines", "batch-2022").locator(".layer-title").inner_text() == batch
    assert found.row("place-names", "water").locator(".layer-title").inner_text() == water
    assert found.page.locator("html").get_attribute("lang") == ("zh-CN" if language == "zh" else "en")
    if size == "phone":
        found.page.locator("#layers [data-closes=layers]").click()
    note = found.page.locator("#synthetic")
    expect(note).to_be_visible()
    assert synthetic in note.inner_text()
    expect(found.page.locator("#attribution")).to_contain_text(sources)
    expect(found.page.locator("#status")).to_be_hidden()
    expect(found.page.locator("#banner")).to_be_hidden()
    names = found.page.evaluate(
        "JSON.stringify(drawnMap.getStyle().layers.find(({ id }) => id === 'county-names').layout)"
    )
    assert ("Qīngzhōu Shì" in names) == (language == "en"), "names in Latin letters on the English map alone"
    assert found.query == "", "the first view is the address without anything"


@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("phone", "light"), ("desk", "dark")])
def test_the_map_is_drawn(shown: MapOpening, size: str, scheme: str) -> None:
    found = shown(size=size, scheme=scheme)
    land, neighbour, batch, canteen = found.colours("map-land", "map-neighbour", "map-batch", "kind-canteen")
    assert land > 0.15, "the city's land"
    assert neighbour > 0.02, "its neighbours"
    assert batch > 0.001, "the lines under inspection"
    assert canteen > 0.0002, "canteens"


def test_layers_draw_what_the_register_holds(shown: MapOpening) -> None:
    found = shown()
    assert len(found.drawn("lines-batch")) == 14
    assert len(found.drawn("lines-other")) == 28
    assert len(found.drawn("tripoints")) == 30
    assert {line["batch"] for line in found.drawn("lines-batch")} == {2022}
    counties = {each["name"] for each in found.drawn("county-names")}
    assert counties <= {
        "奎文区",
        "潍城区",
        "坊子区",
        "寒亭区",
        "青州市",
        "诸城市",
        "寿光市",
        "安丘市",
        "高密市",
        "昌邑市",
        "临朐县",
        "昌乐县",
    }
    assert len(counties) >= 10
    neighbours = {each["name"] for each in found.drawn("neighbour-names")}
    assert {"平度市", "广饶县", "沂水县"} <= neighbours
    kinds = {each["kind"] for each in found.drawn("facilities")}
    assert kinds == {"eldercare_home", "day_care", "canteen", "funeral_home", "cemetery", "social_work"}


def test_labels_thin_out_by_rank(shown: MapOpening) -> None:
    """No fine names from afar, towns from z9, the more important villages first, badges near."""
    found = shown("/?at=118.48,36.68,9.2")
    assert len(found.drawn("town-names")) > 5
    assert len(found.drawn("place-names")) < 5
    ranks = []
    for zoom in (11, 13.5):
        found.page.evaluate("zoom => void drawnMap.jumpTo({ zoom })", zoom)
        found.idle()
        names = found.drawn("place-names")
        assert len(names) > 40
        ranks.append(sum(each["rank"] for each in names) / len(names))
    assert ranks[0] < ranks[1]
    assert len(found.drawn("facility-badges")) > 5
    assert ",13.50" in found.query, "the address follows"


def test_everything_present_from_z12(shown: MapOpening, server: str) -> None:
    found = shown("/?at=118.60,36.50,13&show=facilities,place-names")
    west, north = found.lonlat(450, 150)
    east, south = found.lonlat(850, 700)
    api = found.page.request.get(
        f"{server}/api/features/facilities?bbox={west},{south},{east},{north}&limit=5000"
    ).json()["features"]
    drawn = {each["uuid"] for each in found.drawn("facilities", "facility-badges")}
    wanted = {each["id"] for each in api}
    assert len(wanted) > 3
    assert wanted <= drawn


def test_sources_are_named(shown: MapOpening) -> None:
    found = shown()
    found.page.locator("#attribution button").click()
    items = found.page.locator("#sources-body li")
    expect(found.page.locator("#sources")).to_be_visible()
    assert items.count() >= 4
    assert found.page.locator("#sources-body").get_by_text("合成", exact=True).count() >= 1
    assert "MIT" in found.page.locator("#sources-body").inner_text()
    found.page.keyboard.press("Escape")
    expect(found.page.locator("#sources")).to_be_hidden()
