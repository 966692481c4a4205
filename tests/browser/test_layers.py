"""Switching layers and classes changes the map and the address; a day of the past changes every count."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MapOpening


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_class_goes_and_comes_back(shown: MapOpening, size: str) -> None:
    found = shown(size=size)
    kinds = lambda: {each["kind"] for each in found.drawn("facilities")}  # noqa: E731
    (before,) = found.colours("kind-canteen")
    assert "canteen" in kinds()
    found.open_panel("layers")
    found.row("facilities", "canteen").click()
    found.idle()
    assert "canteen" not in kinds()
    assert "show=" in found.query
    assert "canteen" not in found.query
    if size == "desk":
        (after,) = found.colours("kind-canteen")
        assert after < before / 4

    found.page.reload()
    found.ready()
    assert "canteen" not in kinds(), "the address keeps it"
    found.open_panel("layers")
    expect(found.row("facilities", "canteen").locator("input")).not_to_be_checked()
    found.row("facilities", "canteen").click()
    found.idle()
    assert "canteen" in kinds()
    assert found.query == "", "the first view again"


def test_lines_by_batch_and_whole_groups(shown: MapOpening) -> None:
    found = shown()
    found.row("boundary-lines", "batch-2022").click()
    found.idle()
    assert {each["batch"] for each in found.drawn("lines-batch")} == {2021}, "the latest that shows stands out"
    assert len(found.drawn("lines-other")) == 14

    lines = found.page.locator("[data-group=lines] [role=switch]")
    lines.click(force=True)
    found.idle()
    assert found.drawn("lines-batch", "lines-other", "tripoints") == []
    assert "boundary-lines" not in found.query
    (batch,) = found.colours("map-batch")
    assert batch < 0.0002

    lines.click(force=True)
    found.idle()
    assert len(found.drawn("lines-batch")) == 14
    found.page.locator("#layers-reset").click()
    found.idle()
    assert found.query == ""
    expect(found.page.locator("#layers-reset")).to_be_hidden()


def test_places_by_class(shown: MapOpening) -> None:
    found = shown("/?at=118.48,36.68,12.5")
    majors = lambda: {each["major"] for each in found.drawn("places", "place-names")}  # noqa: E731
    assert {"settlement", "transport", "committee"} <= majors()
    for key in ("settlement", "transport"):
        found.row("place-names", key).click()
    found.idle()
    assert not {"settlement", "transport"} & majors()
    assert "committee" in majors()


def test_folding_a_group_shows_its_sum(shown: MapOpening) -> None:
    found = shown()
    group = found.page.locator("[data-group=places]")
    group.locator(".layer-fold").click()
    expect(group.locator(".layer-fold")).to_have_attribute("aria-expanded", "false")
    expect(group.locator(".layer-row")).to_have_count(0)
    # The names, the extents of some of them, signs and stories.
    count = int(group.locator(".layer-head .layer-count").inner_text().replace(",", ""))
    assert count == 51_991 + 11_940 + 1_070 + 400 + 12
    found.page.locator("#layers-fold").click()
    expect(found.page.locator("#layers-body")).to_be_hidden()


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_as_at_a_day(shown: MapOpening, size: str, language: str) -> None:
    found = shown(size=size, language=language)
    found.page.locator("#date-open").click()
    found.page.locator("#date .preset").nth(2).click()
    expect(found.page.locator("#date-open")).to_contain_text("2022-12-31")
    assert "asof=2022-12-31" in found.query
    found.open_panel("layers")
    expect(found.row("facilities", "canteen").locator(".layer-count")).to_have_text("208")
    expect(found.row("facilities", "eldercare_home").locator(".layer-count")).to_have_text("166")
    expect(found.row("facilities", "day_care").locator(".layer-count")).to_have_text("310")
    found.idle()

    found.open_panel("date")
    found.page.locator("#date-free").fill("2024-03-31")
    found.page.locator("#date-free").dispatch_event("change")
    expect(found.page.locator("#date-open")).to_contain_text("2024-03-31")
    found.open_panel("layers")
    expect(found.row("facilities", "canteen").locator(".layer-count")).to_have_text("766")
    found.page.go_back()
    expect(found.row("facilities", "canteen").locator(".layer-count")).to_have_text("208")


def test_the_map_draws_the_register_as_at_the_day(shown: MapOpening, server: str) -> None:
    found = shown("/?at=119.10,36.71,12.3&show=facilities:canteen&asof=2022-12-31")
    then = {each["uuid"] for each in found.drawn("facilities")}
    found.page.goto(f"{server}/?at=119.10,36.71,12.3&show=facilities:canteen")
    found.ready()
    now = {each["uuid"] for each in found.drawn("facilities")}
    assert then < now
    assert len(then) > 3
