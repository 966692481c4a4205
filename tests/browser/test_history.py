"""The page of changes: before and after, the drawing of a move, undo with a reason, on a phone too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.browser.editing_people import editable, sign_in
from tests.serving import Opening


@pytest.fixture(scope="module")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with editable(demonstration, tmp_path_factory.mktemp("history")) as address:
        yield address


def saved(page: Page, site: str, uuid: str, body: dict[str, object]) -> dict[str, object]:
    """Save a facility as the page would."""
    page.goto(f"{site}/history")
    token = page.locator("meta[name=csrf-token]").get_attribute("content") or ""
    answer = page.request.put(f"{site}/api/records/facilities/{uuid}", data=body, headers={"X-CSRFToken": token})
    assert answer.ok, answer.text()
    found: dict[str, object] = answer.json()
    return found


@pytest.mark.parametrize(("size", "scheme", "number"), [("desk", "light", 3), ("phone", "dark", 4)])
def test_a_change_is_shown_and_undone(
    opened: Opening, site: str, complaints: Complaints, size: str, scheme: str, number: int
) -> None:
    complaints.expected.append("409 (CONFLICT)")
    page = opened("/sign-in", address=site, language="en", size=size, scheme=scheme)
    sign_in(page, site, "anna")
    listed = page.request.get(f"{site}/api/features/facilities?limit={number}").json()["features"]
    uuid = listed[number - 1]["id"]
    lon, lat = listed[number - 1]["geometry"]["coordinates"]
    place = {"type": "Point", "coordinates": [lon + 0.002, lat]}
    saved(page, site, uuid, {"values": {"beds": "31", "note": "<i>x</i>"}, "geometry": place, "version": 1})
    saved(page, site, uuid, {"values": {"beds": "32"}, "version": 2})
    page.goto(f"{site}/history/facilities/{uuid}")
    entries = page.locator(".entry")
    expect(entries).to_have_count(2)
    expect(entries.nth(1).locator("[data-field=note] ins")).to_have_text("<i>x</i>")
    expect(entries.nth(1).locator("figcaption")).to_contain_text("Moved by 1")
    expect(entries.nth(1).locator(".sketch-before")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    entries.nth(1).get_by_role("button", name="Undo").click()
    dialog = page.locator("#undo")
    dialog.locator("#undo-do").click()
    expect(dialog.locator(".clashes")).to_contain_text("31")
    dialog.get_by_role("button", name="Cancel").click()
    entries.nth(0).get_by_role("button", name="Undo").click()
    dialog.locator("#undo-why").fill("wrong house")
    dialog.locator("#undo-why").press("Enter")
    expect(page.locator(".entry")).to_have_count(3)
    expect(page.locator(".entry").first).to_contain_text("wrong house")
    assert page.request.get(f"{site}/api/features/facilities/{uuid}").json()["properties"]["beds"] == 31


def test_filters_and_nothing(opened: Opening, site: str) -> None:
    page = opened("/sign-in", address=site, language="en")
    sign_in(page, site, "bob")
    page.goto(f"{site}/history?who=nobody")
    expect(page.get_by_text("No changes here.")).to_be_visible()
    page.get_by_role("link", name="Clear").click()
    expect(page.locator(".entry").first).to_be_visible()
    page.locator("select[name=layer]").select_option("place-names")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".entry")).to_have_count(1)
    expect(page.locator(".entry button")).to_have_count(0)  # a table that was put in cannot be taken back
