"""What goes wrong is said plainly, and the page goes on when it is over."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Complaints, MapOpening
from tests.serving import Opening, free_port, serving

WRITER = """
    import sys
    import geopandas, pyogrio
    from shapely import Point
    path = sys.argv[1]
    new = geopandas.GeoDataFrame(
        {"kind": ["canteen"], "name": ["望海楼助老食堂"], "county_code": ["370781"], "state": ["open"]},
        geometry=[Point(118.4801, 36.6902)], crs="EPSG:4490").rename_geometry("geom")
    pyogrio.write_dataframe(new, path, layer="facility", append=True)
"""


def write_elsewhere(path: Path) -> None:
    """Add a canteen to a register, by another program in another process."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA")}
    subprocess.run([sys.executable, "-c", textwrap.dedent(WRITER), str(path)], check=True, timeout=60, env=environment)


def is_chinese(words: str) -> bool:
    return re.search("[\u4e00-\u9fff]", words) is not None


def test_the_server_goes_and_comes_back(shown: MapOpening, demonstration: Path, complaints: Complaints) -> None:
    complaints.expected += ["ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE"]
    port = free_port()
    arguments = ("--register", str(demonstration), "--workers", "1")
    with serving(*arguments, port=port) as address:
        found = shown("/?at=118.48,36.68,11", address=address)
        banner = found.page.locator("#banner")
        expect(banner).to_be_hidden()
    found.page.locator("#search-input").fill("青州")
    expect(banner).to_be_visible()
    found.page.evaluate("void drawnMap.jumpTo({ center: [119.4, 36.0], zoom: 11 })")
    expect(found.page.locator("#status")).to_be_visible()

    with serving(*arguments, port=port):
        # Without a click: the page asks again by itself.
        expect(banner).to_be_hidden(timeout=25_000)
        found.idle()
        expect(found.page.locator("#status")).to_be_hidden()
        assert len(found.drawn("place-names")) > 40, "the tiles that had failed"
        expect(found.search("青州").first).to_be_visible()  # what it said without a server stands until it is drawn


@pytest.mark.parametrize(("size", "language"), [("phone", "zh"), ("desk", "en")])
def test_the_words_without_a_network(shown: MapOpening, complaints: Complaints, size: str, language: str) -> None:
    complaints.expected.append("ERR_INTERNET_DISCONNECTED")
    found = shown(size=size, language=language)
    found.page.context.set_offline(True)
    found.page.locator("#search-input").fill("青州")
    for part in ("#banner", "#suggestions"):
        expect(found.page.locator(part)).to_be_visible()
        assert is_chinese(found.page.locator(part).inner_text()) == (language == "zh")
    found.page.locator("#search-input").press("Escape")
    # before the network is back: else the page, which asks again by itself, may have hidden the button already
    with found.page.expect_request("**/healthz"):
        found.page.locator("#banner button").click()
    found.page.context.set_offline(False)
    expect(found.page.locator("#banner")).to_be_hidden()


def test_a_change_by_another_program_shows(shown: MapOpening, own_path: Path) -> None:
    with serving("--register", str(own_path), "--workers", "1") as address:
        found = shown("/?at=118.4801,36.6902,15", address=address)
        canteens = found.row("facilities", "canteen").locator(".layer-count")
        expect(canteens).to_have_text("766")
        write_elsewhere(own_path)
        # At the next request:
        assert found.search("望海楼").count() == 1
        # An open page looks when it is turned to again (and every half a minute).
        found.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(canteens).to_have_text("767")
        found.idle()
        assert "望海楼助老食堂" in {each["name"] for each in found.drawn("facilities", "facility-badges")}
        found.page.keyboard.press("Enter")
        expect(found.page.locator("#details .details-title")).to_have_text("望海楼助老食堂")
        found.page.reload()
        found.ready()
        expect(canteens).to_have_text("767")


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_an_empty_register(shown: MapOpening, tmp_path: Path, size: str, language: str) -> None:
    path = tmp_path / "empty.gpkg"
    command = [sys.executable, "-c", "from web.cli import main; main()", "register", "init", "--register", str(path)]
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    with serving("--register", str(path), "--workers", "1") as address:
        found = shown(address=address, size=size, language=language)
        expect(found.page.locator("#banner")).to_be_hidden()
        expect(found.page.locator("#synthetic")).to_be_hidden()
        expect(found.page.locator("#nothing-yet")).to_be_visible()
        found.open_panel("layers")
        counts = set(found.page.locator("#layers-body .layer-row .layer-count").all_inner_texts())
        assert counts == {"0"}
        assert found.search("青州").count() == 0
        found.page.keyboard.press("Escape")
        found.open_panel("coverage")
        expect(found.page.locator("#coverage-share")).to_have_text("—")
        found.page.locator("#coverage-close").click()
        found.page.locator("#attribution button").click()
        expect(found.page.locator("#sources-body .empty")).to_be_visible()


@pytest.mark.parametrize(
    "query",
    [
        "?asof=nonsense&at=x&pick=y&show=%3F&cover=1",
        "?asof=2022-02-31&at=500,91,99&pick=facilities:1&cover=canteen,-5,people",
        "?at=,,&show=,,:&base=9&cover=,,&lang=tlh",
    ],
)
def test_a_bad_address_opens_the_first_view(shown: MapOpening, query: str) -> None:
    found = shown("/" + query)
    assert len(found.drawn("lines-batch")) == 14
    assert found.count("facilities", "canteen") == 766
    assert found.page.locator("#layers-body .layer-row").count() > 30
    for panel in ("#details", "#coverage", "#banner", "#status"):
        expect(found.page.locator(panel)).to_be_hidden()


def test_layers_that_do_not_exist_show_nothing(shown: MapOpening) -> None:
    found = shown("/?show=no-such-layer,facilities:no_such_kind")
    assert found.drawn("lines-batch", "facilities") == []
    found.page.locator("#layers-reset").click()
    found.idle()
    assert len(found.drawn("lines-batch")) == 14


@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("phone", "dark")])
@pytest.mark.parametrize(("language", "title"), [("zh", "没有这个页面"), ("en", "")])
def test_the_error_page(
    opened: Opening, complaints: Complaints, size: str, scheme: str, language: str, title: str
) -> None:
    complaints.expected.append("404")
    page = opened("/nowhere", size=size, language=language, scheme=scheme)
    card = page.locator(".error-card")
    expect(card).to_contain_text("404")
    expect(card.locator("h1")).to_contain_text(title)
    assert is_chinese(card.inner_text()) == (language == "zh")
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]  # type: ignore[index]
    page.locator(".error-card a").click()
    page.wait_for_selector("html.is-ready", state="attached")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("size", "scheme"), [("desk", "light"), ("phone", "light"), ("desk", "dark"), ("phone", "dark")]
)
def test_the_design_page(opened: Opening, size: str, scheme: str, language: str) -> None:
    page = opened("/design", size=size, scheme=scheme, language=language)
    assert page.locator(".card").count() >= 12
    assert page.locator(".design-colours li svg").count() > 30
    assert page.locator("#design-kinds svg").count() == 22
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"]  # type: ignore[index]
    colour = "(name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
    ink, surface = page.evaluate(colour, "--ink-1"), page.evaluate(colour, "--surface")
    assert (int(ink[1:3], 16) > int(surface[1:3], 16)) == (scheme == "dark")
    page.locator("#theme").click()
    assert page.evaluate(colour, "--ink-1") != ink
