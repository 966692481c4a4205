"""The public pages, the statistics and the registration form in Chromium, under the strict policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZES
from tests.browser.editing_people import editable, sign_in
from tests.serving import Opening


@pytest.fixture(scope="module")
def office(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with editable(demonstration, tmp_path_factory.mktemp("public")) as address:
        yield address


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_name_is_looked_up_and_read(opened: Opening, size: str, scheme: str) -> None:
    page = opened("/names", size=size, scheme=scheme)
    page.locator("#names-q").fill("dongxia")
    expect(page.locator("#names-list option").first).to_be_attached()
    page.locator("#names-q").press("Enter")
    expect(page.locator(".names-lines li").first).to_be_visible()
    assert page.locator(".sketch-county").count() == 12
    assert page.locator(".sketch-dot").count() > 3
    assert fits(page)
    page.locator(".names-lines a").first.click()
    page.wait_for_url(re.compile(r"/names/[0-9a-f-]{36}"))
    assert page.locator(".sketch-here").count() == 1
    assert (
        page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)['@type']")
        == "Place"
    )
    assert fits(page)


def test_it_works_without_a_script(chromium: Browser, server: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{server}/names")
    page.locator("#names-q").fill("东夏镇")
    page.locator("#names-q").press("Enter")
    page.locator(".names-lines a").first.click()
    assert page.locator("h1").inner_text() == "东夏镇"
    context.close()


@pytest.mark.parametrize("size", list(SIZES))
def test_the_charts_are_drawn_and_the_tables_stand_beside(opened: Opening, size: str) -> None:
    page = opened("/statistics", size=size)
    page.wait_for_selector("html.is-ready", state="attached")
    assert page.locator("[data-chart] canvas").count() == 5
    page.locator("main summary").first.click()
    expect(page.locator("main details table").first).to_be_visible()
    assert fits(page)


def test_a_form_is_taken_along_worked_on_and_brought_back(opened: Opening, office: str, tmp_path: Path) -> None:
    page = opened("/sign-in", address=office)
    sign_in(page, office, "bob")
    page.goto(f"{office}/formbook?town=370781001")
    page.wait_for_selector("html.is-ready", state="attached")
    with page.expect_download(timeout=90_000) as coming:
        page.locator("#take button[type=submit]").click()
    path = tmp_path / "form.xlsx"
    coming.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book["地名登记表"]
    columns = {str(cell.value).removesuffix("*"): cell.column for cell in sheet[1]}
    sheet.cell(2, columns["含义"]).value = "从桌上带回"
    book.save(path)
    book.close()
    page.goto(f"{office}/formbook")
    page.wait_for_selector("html.is-ready", state="attached")
    page.locator("#bring-file").set_input_files(str(path))
    page.wait_for_url(re.compile(r"/formbook/[0-9a-f-]{36}"))
    expect(page.locator(".formbook-after")).to_have_text("从桌上带回", timeout=90_000)
    assert fits(page)
    page.locator(".formbook-merge button[type=submit]").click()
    expect(page.locator(".note-good")).to_be_visible(timeout=90_000)
