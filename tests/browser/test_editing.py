"""Records edited on the map by mouse, keyboard and finger; two people at one record; what is refused is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Complaints
from tests.browser.editing_people import editable, sign_in
from tests.browser.map_page import MapPage
from tests.serving import Opening

AT = "/?at=119.115,36.841,15&show=facilities,place-names,boundary-lines,divisions,stakes"


@pytest.fixture(scope="module")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with editable(demonstration, tmp_path_factory.mktemp("edited")) as address:
        yield address


def entered(opened: Opening, site: str, name: str, path: str = AT, **how: str) -> MapPage:
    """Somebody's map after signing in."""
    page = opened("/sign-in", address=site, **{"language": "en", **how})
    sign_in(page, site, name)
    page.goto(site + path)
    return MapPage(page)


def some(found: MapPage, site: str, layer: str, number: int = 0, **query: str) -> dict:
    """A feature of a layer with everything that the register says of it."""
    asked = "&".join(f"{name}={value}" for name, value in {"limit": str(number + 1), **query}.items())
    uuid = found.page.request.get(f"{site}/api/features/{layer}?{asked}").json()["features"][number]["id"]
    return found.page.request.get(f"{site}/api/features/{layer}/{uuid}").json()


def shown(found: MapPage, site: str, layer: str, feature: dict, zoom: float = 16) -> None:
    """Go to a record, its card open."""
    position = feature["geometry"]["coordinates"]
    while isinstance(position[0], list):
        position = position[0]
    lon, lat = position
    found.page.goto(
        f"{site}/?at={lon:.5f},{lat:.5f},{zoom}&show=facilities,place-names,boundary-lines&pick={layer}:{feature['id']}"
    )
    found.ready()
    found.page.locator("#edit-open").wait_for()


def editing(found: MapPage) -> Locator:
    """Begin to edit what is shown; the form."""
    found.page.locator("#edit-open").click()
    found.page.locator(".edit-foot").wait_for()
    found.page.wait_for_function("() => drawnMap.getSource('td-point') || !document.querySelector('.edit-place')")
    return found.page.locator("#details")


def saved(found: MapPage) -> None:
    expect(found.page.locator("#saved")).to_be_visible()
    expect(found.page.locator(".edit-foot")).to_have_count(0)


def record(found: MapPage, site: str, layer: str, uuid: str) -> dict:
    return found.page.request.get(f"{site}/api/features/{layer}/{uuid}").json()


def test_a_facility_changed_checked_moved_and_undone(opened: Opening, site: str) -> None:
    found = entered(opened, site, "anna")
    feature = some(found, site, "facilities", 1)
    shown(found, site, "facilities", feature)
    form = editing(found)
    lon, lat = feature["geometry"]["coordinates"]
    x, y = found.point(lon, lat)
    found.page.mouse.move(x, y)
    found.page.mouse.down()
    found.page.mouse.move(x + 40, y - 30, steps=6)
    found.page.mouse.up()
    expect(form.locator(".edit-place-said")).to_contain_text("Moved by")
    form.locator("#edit-beds").fill("viele")
    expect(form.locator("[data-field=beds] .edit-finding")).to_contain_text("viele")
    form.locator("#edit-beds").fill("123")
    expect(form.locator("[data-field=beds] .edit-finding")).to_have_count(0)
    form.locator("#edit-why").fill("counted")
    form.locator("#edit-beds").press("Enter")
    saved(found)
    now = record(found, site, "facilities", feature["id"])
    assert now["properties"]["beds"] == 123
    expected = found.lonlat(x + 40, y - 30)
    assert now["geometry"]["coordinates"] == pytest.approx(expected, abs=2e-4)
    found.idle()
    drawn = {each["uuid"] for each in found.drawn("facility-badges")}
    assert feature["id"] in drawn
    found.page.locator(".card-history summary").click()
    expect(found.page.locator(".card-changes li").first).to_contain_text("counted")
    found.page.locator("#saved").get_by_role("button", name="Undo").click()
    expect(found.page.locator("#saved")).to_contain_text("Undone")
    again = record(found, site, "facilities", feature["id"])
    assert again["properties"]["beds"] == feature["properties"]["beds"]
    assert again["geometry"]["coordinates"] == feature["geometry"]["coordinates"]


def test_two_people_at_one_record(opened: Opening, site: str, complaints: Complaints) -> None:
    complaints.expected.append("409 (CONFLICT)")
    anna, bob = entered(opened, site, "anna"), entered(opened, site, "bob")
    feature = some(anna, site, "facilities", 2)
    for one in (anna, bob):
        shown(one, site, "facilities", feature)
        editing(one)
    anna.page.locator("#edit-beds").fill("501")
    anna.page.locator("#edit-address").fill("安娜街")
    anna.page.locator("#edit-save").click()
    saved(anna)
    bob.page.locator("#edit-beds").fill("777")
    bob.page.locator("#edit-operator").fill("博公司")
    bob.page.locator("#edit-save").click()
    dialog = bob.page.locator("#conflict")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("anna")
    beds = dialog.locator("tr[data-field=beds]")
    expect(beds).to_contain_text("501")
    expect(beds).to_contain_text("777")
    expect(dialog.locator("tr[data-field=address] input[value=theirs]")).to_be_checked()
    expect(dialog.locator("tr[data-field=operator] input[value=mine]")).to_be_checked()
    save = dialog.get_by_role("button", name="Save these")
    expect(save).to_be_disabled()
    beds.locator("input[value=mine]").check()
    save.click()
    saved(bob)
    now = record(bob, site, "facilities", feature["id"])["properties"]
    assert (now["beds"], now["address"], now["operator"], now["version"]) == (777, "安娜街", "博公司", 3)


def test_a_point_added_with_the_keyboard_and_a_click(opened: Opening, site: str, complaints: Complaints) -> None:
    complaints.expected.append("400 (BAD REQUEST)")
    found = entered(opened, site, "bob", "/?at=118.6,36.55,16")
    found.page.keyboard.press("a")
    found.page.locator(".add-layer[data-layer=facilities]").press("Enter")
    found.page.locator("#edit-name").wait_for()
    found.page.wait_for_function("() => drawnMap.getSource('td-point')")
    found.page.mouse.click(600, 400)
    expect(found.page.locator(".edit-place-said")).to_contain_text("36.5")
    found.page.locator("#edit-save").click()
    expect(found.page.locator("[data-field=name]")).to_have_class(re.compile("is-wrong"))
    found.page.locator("#edit-name").fill("<b>新食堂</b>")
    found.page.locator("#edit-kind").select_option("canteen")
    expect(found.page.locator(".edit-follows")).to_contain_text("County")
    found.page.locator("#edit-name").press("Enter")
    saved(found)
    expect(found.page.locator("#details .details-title")).to_have_text("<b>新食堂</b>")
    found.idle()
    assert "<b>新食堂</b>" in {each.get("name") for each in found.drawn("facility-badges")}


@pytest.mark.parametrize(
    ("shape", "layer", "clicks"), [("MultiLineString", "place-lines", 3), ("MultiPolygon", "place-areas", 4)]
)
def test_a_place_drawn_as_line_or_area(opened: Opening, site: str, shape: str, layer: str, clicks: int) -> None:
    found = entered(opened, site, "bob", "/?at=118.62,36.56,15")
    found.page.locator("#add-open").click()
    found.page.locator(f"[data-shape={shape}]").click()
    found.page.locator("#edit-name").wait_for()
    found.page.wait_for_function("() => drawnMap.getSource('td-point')")
    corners = [(480, 300), (640, 310), (650, 460), (500, 470)][:clicks]
    for x, y in corners:
        found.page.mouse.move(x, y, steps=3)
        found.page.mouse.click(x, y)
        found.page.wait_for_timeout(400)  # two clicks at once would be a double click
    found.page.keyboard.press("Enter")
    expect(found.page.locator(".edit-place-said")).to_contain_text(re.compile(r"\d"))
    name = f"试画{shape}"
    found.page.locator("#edit-name").fill(name)
    found.page.locator("#edit-major").select_option("transport")
    found.page.locator("#edit-save").click()
    saved(found)
    expect(found.page.locator("#saved")).to_contain_text("1 records")
    listed = found.page.request.get(f"{site}/api/features/{layer}?limit=5000&bbox=118.55,36.5,118.7,36.62").json()
    (extent,) = [each for each in listed["features"] if each["properties"]["name"] == name]
    assert extent["geometry"]["type"] == shape
    ring = extent["geometry"]["coordinates"][0]
    positions = ring[0] if shape == "MultiPolygon" else ring
    assert len(positions) == clicks + (shape == "MultiPolygon")
    assert positions[0] == pytest.approx(found.lonlat(*corners[0]), abs=2e-4)


def test_a_vertex_of_a_line_dragged(opened: Opening, site: str) -> None:
    found = entered(opened, site, "shi")
    feature = some(found, site, "boundary-lines", 3)
    coordinates = feature["geometry"]["coordinates"]
    at = len(coordinates) // 2
    lon, lat = coordinates[at]
    found.page.goto(f"{site}/?at={lon:.5f},{lat:.5f},15&show=boundary-lines&pick=boundary-lines:{feature['id']}")
    found.ready()
    editing(found)
    x, y = found.point(lon, lat)
    found.page.mouse.move(x, y)
    found.page.mouse.down()
    found.page.mouse.move(x + 30, y + 25, steps=6)
    found.page.mouse.up()
    expect(found.page.locator(".edit-follows")).to_contain_text("Measured length")
    found.page.locator("#edit-save").click()
    saved(found)
    now = record(found, site, "boundary-lines", feature["id"])
    moved = now["geometry"]["coordinates"]
    assert [each for each in moved if each not in coordinates] == [moved[at]]
    assert len(moved) == len(coordinates)
    assert now["properties"]["length_m"] != feature["properties"]["length_m"]


def test_closed_and_opened_again(opened: Opening, site: str) -> None:
    found = entered(opened, site, "bob")
    feature = some(found, site, "facilities", 4)
    shown(found, site, "facilities", feature)
    editing(found)
    found.page.locator(".edit-ending summary").click()
    found.page.locator("#edit-close-day").fill("2026-01-31")
    found.page.locator("#edit-close").click()
    saved(found)
    assert record(found, site, "facilities", feature["id"])["properties"]["closed"] == "2026-01-31"
    found.idle()
    assert feature["id"] not in {each["uuid"] for each in found.drawn("facility-badges")}
    editing(found)
    found.page.locator("#edit-reopen").click()
    for _ in range(100):  # what the page says of the save before still stands there
        if record(found, site, "facilities", feature["id"])["properties"]["closed"] is None:
            break
        found.page.wait_for_timeout(100)
    assert record(found, site, "facilities", feature["id"])["properties"]["closed"] is None
    expect(found.page.locator("dd[data-field=closed]")).to_have_count(0)


def test_nothing_is_lost_unasked(opened: Opening, site: str) -> None:
    found = entered(opened, site, "bob")
    feature = some(found, site, "facilities", 5)
    shown(found, site, "facilities", feature)
    found.page.keyboard.press("r")
    found.page.locator("#edit-note").wait_for(state="attached")
    found.page.locator("#edit-address").fill("没保存")
    found.page.locator("#edit-address").press("Escape")
    dialog = found.page.locator("#discard")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Go on editing").last.click()
    expect(found.page.locator("#edit-address")).to_have_value("没保存")
    found.page.locator("[data-opens=measure]").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Go on editing").last.click()
    expect(found.page.locator("#edit-address")).to_have_value("没保存")
    found.page.locator("#edit-cancel").click()
    dialog.locator("#discard-do").click()
    expect(found.page.locator("#edit-open")).to_be_visible()
    assert record(found, site, "facilities", feature["id"])["properties"]["address"] == feature["properties"]["address"]


def test_out_of_reach_is_told(opened: Opening, site: str, complaints: Complaints) -> None:
    complaints.expected.append("403 (FORBIDDEN)")
    found = entered(opened, site, "xin")
    feature = some(found, site, "facilities", 0, county="370781")
    shown(found, site, "facilities", feature)
    editing(found)
    found.page.locator("#edit-beds").fill("1")
    expect(found.page.locator(".edit-foot .note-danger")).to_contain_text("370702")
    found.page.locator("#edit-save").click()
    expect(found.page.locator(".edit-foot .note-danger")).to_contain_text("370702")


def test_who_may_not_edit_sees_no_tools(opened: Opening, site: str) -> None:
    found = entered(opened, site, "kan")
    assert found.page.locator("#add-open").count() == 0
    feature = some(found, site, "facilities", 1)
    found.page.goto(f"{site}/?pick=facilities:{feature['id']}")
    found.ready()
    found.page.locator("#details .record").first.wait_for()
    assert found.page.locator("#edit-open").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(opened: Opening, site: str, scheme: str) -> None:
    found = entered(opened, site, "bob", size="phone", language="zh", scheme=scheme)
    feature = some(found, site, "facilities", 6 if scheme == "dark" else 7)
    shown(found, site, "facilities", feature)
    form = editing(found)
    expect(found.page.locator("#edit-save")).to_be_in_viewport()
    assert found.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    form.locator("#edit-beds").fill("66")
    found.page.locator("#edit-save").click()
    saved(found)
    assert record(found, site, "facilities", feature["id"])["properties"]["beds"] == 66


def test_a_theme_changed_while_drawing(opened: Opening, site: str) -> None:
    """The map's style is built anew; what is being drawn stays."""
    found = entered(opened, site, "bob")
    feature = some(found, site, "facilities", 8)
    shown(found, site, "facilities", feature)
    editing(found)
    x, y = found.point(*feature["geometry"]["coordinates"])
    for way in ((x, y, x + 40, y), (x + 40, y, x + 40, y + 30)):
        found.page.mouse.move(way[0], way[1])
        found.page.mouse.down()
        found.page.mouse.move(way[2], way[3], steps=6)
        found.page.mouse.up()
        found.page.locator("#theme").click()
        found.idle()
    found.page.locator("#edit-save").click()
    saved(found)
    now = record(found, site, "facilities", feature["id"])["geometry"]["coordinates"]
    assert now == pytest.approx(found.lonlat(x + 40, y + 30), abs=2e-4)
