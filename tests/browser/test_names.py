"""The names of a place in Chromium: added, changed by two at once, made the standard one, ended, undone; on the map."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.editing_people import editable, sign_in
from tests.serving import Opening


@pytest.fixture(scope="module")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with editable(demonstration, tmp_path_factory.mktemp("names")) as address:
        yield address


def _village(page: Page, site: str) -> str:
    """The permanent id of a village of the demonstration."""
    found = page.request.get(f"{site}/api/search?q=孔家村").json()["items"]
    return next(str(one["uuid"]) for one in found if one["layer"] == "place-names")


def _line(page: Page, name: str) -> Locator:
    return page.locator(".names li", has=page.locator(f"strong:text-is('{name}')"))


_MEANWHILE = """async ({ path, name }) => {
  const { names } = await (await fetch(path)).json();
  const one = names.find((each) => each.name === name);
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const body = JSON.stringify({ values: { note: "theirs", language: "zh" }, version: one.version });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  return (await fetch(`${path}/${one.uuid}`, { method: "PUT", headers, body })).status;
}"""
"""Changes a name as another page would, while the form is open."""


def test_names_in_the_workbench(opened: Opening, site: str, complaints: Complaints) -> None:
    complaints.expected += ["status of 400", "status of 409"]
    page = opened("/sign-in", address=site, language="en")
    sign_in(page, site, "anna")
    place = _village(page, site)
    page.goto(f"{site}/workbench/{place}")
    first = page.locator(".names li").first
    expect(first).to_have_attribute("data-kind", "standard")
    standard = first.locator("strong").inner_text()

    # a fault stands under its field; Enter saves
    page.locator("#name-add").click()
    page.locator("#one-name-name").fill("示例别名")
    page.keyboard.press("Enter")
    kind = page.locator("#one-name-kind")
    expect(kind).to_have_attribute("aria-invalid", "true")
    expect(kind).to_be_focused()
    kind.select_option("alias")
    page.locator("#one-name-name").press("Enter")
    expect(page.locator("#name-form")).to_have_count(0)
    alias = _line(page, "示例别名")
    expect(alias).to_contain_text("Alias")
    expect(alias).to_contain_text("Shìlì")

    # two at one name: both versions, one of them chosen
    alias.locator("[data-act=change]").click()
    page.locator("#name-form summary").click()
    page.locator("#one-name-note").fill("mine")
    assert page.evaluate(_MEANWHILE, {"path": f"/api/places/{place}/names", "name": "示例别名"}) == 200
    page.locator("#one-name-note").press("Enter")
    clash = page.locator("#conflict")
    expect(clash).to_contain_text("theirs")
    expect(clash.locator("tr[data-field=note]")).to_have_class("is-both")
    expect(clash).to_contain_text("anna has saved this record")
    clash.locator("tr[data-field=note] input[value=mine]").check()
    clash.get_by_role("button", name="Save these").click()
    expect(alias).to_contain_text("mine")
    expect(alias).to_contain_text("zh")

    # the standard one by a decision; the old one stays as a former name; all of it is taken back at once
    alias.locator("[data-act=standard]").click()
    expect(page.locator("#standard-decision")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#name-standard .note-danger")).to_be_visible()
    page.locator("#standard-decision").fill("示例〔2026〕1号")
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_have_text("示例别名")
    expect(first).to_contain_text("示例〔2026〕1号")
    expect(_line(page, standard)).to_have_attribute("data-kind", "former")
    page.locator("#name-undo").click()
    expect(page.locator("#name")).to_have_text(standard)
    expect(alias).to_have_attribute("data-kind", "alias")
    expect(_line(page, standard)).to_have_attribute("data-kind", "standard")

    # what another has changed meanwhile is not decided upon unseen: it is loaded anew
    alias.locator("[data-act=remove]").click()
    assert page.evaluate(_MEANWHILE, {"path": f"/api/places/{place}/names", "name": "示例别名"}) == 200
    page.locator("#removal-day").press("Enter")
    page.locator("#name-removal").get_by_role("button", name="Load anew").click()
    expect(page.locator("#name-removal")).to_have_count(0)
    expect(alias).to_contain_text("theirs")

    # ended on a day it stays; entered by mistake it goes
    alias.locator("[data-act=remove]").click()
    page.locator("#removal-day").fill("2026-01-31")
    page.keyboard.press("Enter")
    expect(alias).to_contain_text("31 January 2026")
    alias.locator("[data-act=remove]").click()
    page.keyboard.press("Enter")
    expect(alias).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_names_on_the_map_of_a_phone(opened: Opening, site: str) -> None:
    page = opened("/sign-in", address=site, language="zh", size="phone", scheme="dark")
    sign_in(page, site, "bob")
    page.goto(f"{site}/?pick=place-names:{_village(page, site)}")
    page.locator("#names-open").click()
    names = page.locator("#names-dialog .names li")
    expect(names.first).to_have_attribute("data-kind", "standard")
    page.locator("#name-add").click()
    page.locator("#one-name-kind").select_option("abbreviation")
    page.locator("#one-name-name").fill("孔家")
    page.keyboard.press("Enter")
    expect(_line(page, "孔家")).to_be_visible()
    shown = page.locator(".other-names").get_by_text("孔家", exact=True)  # the village itself is called 孔家庄
    expect(shown).to_have_count(1)
    page.locator("#name-undo").click()
    expect(_line(page, "孔家")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#names-dialog")).to_have_count(0)
    expect(shown).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_only_looks_is_offered_nothing(opened: Opening, site: str) -> None:
    page = opened("/sign-in", address=site, language="en")
    sign_in(page, site, "kan")
    page.goto(f"{site}/?pick=place-names:{_village(page, site)}")
    expect(page.locator(".details-title")).to_be_visible()
    expect(page.locator("dl.record").first).to_be_visible()
    assert page.locator("#names-open").count() == 0
