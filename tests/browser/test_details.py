"""A click on the map shows the record of what lies there; the address keeps it, back and forward walk through it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Complaints, MapOpening
from tests.browser.map_page import MapPage, Spot

NEAR = "/?at=118.60,36.50,14&show=facilities,place-names,boundary-lines,divisions,stakes,tripoints"


def record(found: MapPage) -> dict[str, str]:
    """The rows of the card, by field."""
    found.page.locator("#details .record").first.wait_for()
    rows: list[list[str]] = found.page.evaluate(
        """[...document.querySelectorAll("#details dd")].map(
             (value) => [value.dataset.field, value.previousElementSibling.textContent, value.textContent])"""
    )
    assert all(title.strip() and value.strip() for _, title, value in rows)
    return {field: value for field, _, value in rows}


def assert_whole(found: MapPage, spot: Spot, server: str) -> None:
    """The card says all that the register says of a feature, each value under a title."""
    answer = found.page.request.get(f"{server}/api/features/{spot.layer}/{spot.uuid}").json()
    card = found.page.locator("#details")
    expect(card.locator(".details-title")).to_have_text(
        answer["properties"].get("name") or answer["properties"]["number"]
    )
    rows = record(found)
    language = "zh" if found.page.locator("html").get_attribute("lang") == "zh-CN" else "en"
    said = card.evaluate("card => card.textContent")
    for field, value in answer["properties"].items():
        if value in (None, "") or field not in answer["labels"]:
            continue
        assert answer["labels"][field][language].strip()
        assert field in rows or str(value) in said, f"{field} = {value} is not on the card"
    if answer["properties"].get("source") == "synthetic":
        expect(card.locator(".badge-warning")).to_have_text("合成" if language == "zh" else "synthetic")


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_a_facility(shown: MapOpening, server: str, size: str, language: str) -> None:
    found = shown(NEAR, size=size, language=language)
    spot = found.lonely("facility-badges")
    found.click(spot)
    assert_whole(found, spot, server)
    assert f"pick=facilities:{spot.uuid}" in found.query

    rows = record(found)
    found.page.reload()
    found.ready()
    assert record(found) == rows
    found.page.locator("#details .card-head button").last.click()
    expect(found.page.locator("#details")).to_be_hidden()
    assert "pick=" not in found.query


def test_a_place_and_a_line(shown: MapOpening, server: str) -> None:
    found = shown("/?at=118.60,36.50,13")
    place = found.lonely("places", "place-names")
    found.click(place)
    assert_whole(found, place, server)
    assert f"pick=place-names:{place.uuid}" in found.query

    found.page.goto(f"{server}/?at=118.70,36.55,10.5&show=boundary-lines")
    found.ready()
    line = found.lonely("lines-batch")
    found.click(line)
    assert_whole(found, line, server)
    rows = record(found)
    assert rows["length_m"].endswith("公里")
    assert rows["batch"] == "2022"
    assert {"left_name", "right_name", "start_name", "end_name", "course"} <= set(rows)


def test_what_lies_on_one_spot_is_stepped_through(shown: MapOpening, server: str) -> None:
    """Tripoints carry a stake: one click hits both, and `[` and `]` step between them."""
    found = shown("/?at=118.235720,36.414324,13.5&show=tripoints,stakes")
    x, y = found.point(118.235720, 36.414324)
    found.page.mouse.click(x, y)
    title = found.page.locator("#details .details-title")
    expect(title).to_have_text("淄川–青州–临朐")
    stepper = found.page.locator("#details .stepper")
    expect(stepper).to_contain_text("1 / 2")
    found.page.keyboard.press("]")
    expect(stepper).to_contain_text("2 / 2")
    assert "pick=stakes:" in found.query
    found.page.keyboard.press("[")
    expect(title).to_have_text("淄川–青州–临朐")


def test_back_and_forward(shown: MapOpening, server: str) -> None:
    found = shown(NEAR)
    spot = found.lonely("facility-badges")
    found.click(spot)
    title = found.page.locator("#details .details-title")
    expect(title).to_have_text(spot.name)
    found.search("青临线").first.click()
    expect(title).to_have_text("青州市—临朐县")
    found.page.go_back()
    expect(title).to_have_text(spot.name)
    assert spot.uuid in found.query
    found.page.go_back()
    expect(found.page.locator("#details")).to_be_hidden()
    found.page.go_forward()
    expect(title).to_have_text(spot.name)
    found.page.go_forward()
    expect(title).to_have_text("青州市—临朐县")
    assert found.page.evaluate("document.querySelectorAll('#details').length") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_record_that_is_not_there(shown: MapOpening, complaints: Complaints, language: str) -> None:
    complaints.expected.append("404")
    found = shown("/?pick=facilities:00000000-0000-4000-8000-000000000000", language=language)
    note = found.page.locator("#details .note-danger")
    note.wait_for()
    assert note.inner_text().strip()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in note.inner_text()) == (language == "zh")
    found.page.locator("#details .card-head button").last.click()
    expect(found.page.locator("#details")).to_be_hidden()
