"""Stories read and written, pictures of a place, the attributes of its class: in a real browser, under its policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.editing_people import editable, sign_in
from tests.browser.map_page import MapPage
from tests.layers.media.test_pictures import picture, sound
from tests.serving import Opening


@pytest.fixture(scope="module")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with editable(demonstration, tmp_path_factory.mktemp("stories")) as address:
        yield address


def test_everybody_reads_a_placeholder_that_says_so(opened: Opening) -> None:
    page = opened("/stories", language="zh")
    cards = page.locator(".story-card")
    expect(cards).to_have_count(12)
    page.locator("select[name=county]").select_option("370781")
    page.locator(".story-filters button").click()
    expect(cards).to_have_count(1)
    cards.first.locator("a").click()
    page.wait_for_url("**/stories/*")
    expect(page.locator("h1")).to_have_text("示例：青州市的地名故事（占位）")
    expect(page.locator(".story-text h2").first).to_have_text("这是示例")
    page.locator("#map canvas").wait_for()
    page.emulate_media(media="print")
    expect(page.locator(".story-actions")).to_be_hidden()
    expect(page.locator(".story-text")).to_be_visible()


def test_a_clerk_writes_a_story_with_a_picture(opened: Opening, site: str, tmp_path: Path) -> None:
    page = opened("/sign-in", address=site, language="en")
    sign_in(page, site, "bob")
    page.goto(f"{site}/stories/new")
    page.locator("#story-title").fill("示例：浏览器里写的")
    page.locator("#story-place").fill("云门山风景区")
    page.locator("#story-places button").first.click()
    page.locator("#story-body").fill("## 一节\n\n**粗** <script>document.title = 'x'</script>")
    expect(page.locator("#story-preview h2")).to_have_text("一节")
    expect(page.locator("#story-preview script")).to_have_count(0)
    page.locator("#story-sources").fill("示例来源 | https://example.org/a")
    page.locator("#story-draft").click()
    page.wait_for_url("**/stories/*/edit")
    path = tmp_path / "bridge.jpg"
    path.write_bytes(picture(size=(640, 420)))
    page.locator("#story-media input[type=file]").set_input_files(path)
    row = page.locator("#story-media li")
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Into the text").click()
    expect(page.locator("#story-preview img")).to_be_visible()
    page.locator("#story-publish").click()
    page.wait_for_url(lambda address: "/stories/" in address and not address.endswith("/edit"))
    shown = page.locator(".story-text img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") > 0
    expect(page.locator(".story-sources a")).to_have_attribute("href", "https://example.org/a")
    expect(page.locator(".story-actions a").first).to_contain_text("云门山风景区")


def test_a_place_has_attributes_of_its_class_and_pictures_on_its_card(
    opened: Opening, site: str, tmp_path: Path
) -> None:
    page = opened("/sign-in", address=site, language="en")
    sign_in(page, site, "bob")
    hits = page.request.get(f"{site}/api/search?q=水库&limit=10").json()["items"]
    one = next(hit for hit in hits if hit["layer"] == "place-names")
    page.goto(f"{site}/?at={one['lon']:.5f},{one['lat']:.5f},14&pick=place-names:{one['uuid']}")
    found = MapPage(page)
    found.page.locator("#edit-open").click()
    found.page.locator("#edit-attributes-area_km2").fill("abc")
    expect(found.page.locator('[data-attribute="area_km2"] .edit-finding')).to_be_visible()
    found.page.locator("#edit-attributes-area_km2").fill("3.5")
    found.page.locator("#edit-attributes-size").select_option("medium")
    expect(found.page.locator('[data-attribute="area_km2"] .edit-finding')).to_have_count(0)
    found.page.locator("#edit-save").click()
    card = found.page.locator("#details")
    expect(card.locator('dd[data-attribute="area_km2"]')).to_have_text("3.5 km²")
    expect(card.locator('dd[data-attribute="size"]')).to_have_text("Medium")

    card.locator(".card-part details summary").click()
    for name, content in (("view.png", picture("PNG", size=(300, 200))), ("bell.wav", sound())):
        path = tmp_path / name
        path.write_bytes(content)
        card.locator("input[type=file]").set_input_files(path)
        expect(card.locator(f".media-list input[value={Path(name).stem}]")).to_be_visible()
    found.page.reload()
    expect(card.locator(".card-pictures img")).to_be_visible()
    expect(card.locator(".card-part audio").first).to_be_visible()
