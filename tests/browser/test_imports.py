"""An import as a clerk does it: a faulty workbook sent in, its findings read, mended, imported, seen on the map."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from layers.office import open_office
from layers.office.accounts import Profile, add_account
from tests.browser.conftest import Complaints
from tests.browser.map_page import MapPage
from tests.serving import Opening, serving

PASSWORD = "Qingzhou-1368-map"
HEADINGS = ["标准名称", "罗马字母拼写", "类别代码", "所在行政区", "东经", "北纬", "地名含义", "备注二"]
GOOD = ["测试岭", "Cèshì Lǐng", "13400", "青州市", 118.4801, 36.6801, "为测试而立", "甲"]


@pytest.fixture(scope="module")
def office(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a copy of the demonstration register, with a clerk."""
    path = tmp_path_factory.mktemp("office") / "office.gpkg"
    subprocess.run(["cp", str(demonstration), str(path)], check=True)
    with open_office(path.with_name("office.office.sqlite")) as opened:
        add_account(opened, "liu", Profile(display="刘", roles=frozenset({"clerk"})), password=PASSWORD)
    with serving("--register", str(path)) as address:
        yield address


def workbook(path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADINGS, *rows):
        sheet.append(row)
    book.save(path)
    return path


def sign_in(page: Page, address: str, to: str) -> None:
    page.goto(f"{address}/sign-in?next={to}")
    page.locator("#name").fill("liu")
    page.locator("#password").fill(PASSWORD)
    page.locator("form button[type=submit]").click()
    page.wait_for_selector("html.is-ready", state="attached")


def send(page: Page, path: Path) -> None:
    """Choose the file and wait until it has been checked."""
    page.locator("#upload-subject").select_option("place-names")
    page.locator("#upload-file").set_input_files(str(path))
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}"))
    expect(page.locator("#step-checked")).to_be_visible(timeout=60_000)


def tally(page: Page) -> dict[str, str]:
    parts = page.locator("#step-checked .tally-part")
    return {str(part.get_attribute("data-count")): part.locator("dd").inner_text() for part in parts.all()}


def test_a_faulty_workbook_is_mended_imported_and_seen(
    opened: Opening, office: str, tmp_path: Path, complaints: Complaints
) -> None:
    page = opened("/imports", address=office)
    sign_in(page, office, "/imports")
    expect(page.locator("#imports-empty")).to_be_visible()
    nameless = ["", *GOOD[1:]]
    misplaced = ["测试沟", *GOOD[1:4], 218.48, 36.68, "", ""]
    send(page, workbook(tmp_path / "地名.xlsx", GOOD, nameless, misplaced))

    expect(page.locator("#step-found")).to_contain_text("XLSX")
    unknown = page.locator("tr[data-known=unknown]")
    expect(unknown).to_have_count(1)
    expect(unknown).to_contain_text("备注二")
    assert tally(page) == {"new": "1", "changed": "0", "same": "0", "refused": "2"}
    errors = page.locator(".finding[data-severity=error]")
    assert errors.count() >= 2
    rows = " ".join(errors.locator("tbody td:first-child").all_inner_texts())
    assert {"3", "4"} <= set(rows.split())
    expect(page.locator("#import-go")).to_have_count(0)
    with page.expect_download() as report:
        page.locator("#step-checked a[download]").first.click()
    assert report.value.suggested_filename.endswith((".csv", ".xlsx"))

    unknown.locator("select").select_option("note")
    expect(page.locator("#import")).to_have_attribute("data-state", "unchecked")
    page.reload()
    expect(page.locator("[data-heading=备注二]")).to_have_value("note")
    page.locator("#mapping-check").click()
    expect(page.locator("#import")).to_have_attribute("data-state", "checked", timeout=60_000)
    expect(page.locator("tr[data-known=unknown]")).to_have_count(0)

    page.goto(f"{office}/imports")
    page.wait_for_selector("html.is-ready", state="attached")
    expect(page.locator("#imports li")).to_have_count(1)
    mended = [["测试沟", *GOOD[1:4], 118.4903, 36.6803, "", ""], GOOD]
    send(page, workbook(tmp_path / "地名-改.xlsx", *mended))
    assert tally(page)["new"] == "2"
    assert tally(page)["refused"] == "0"
    page.locator("#import-why").fill("测试补登")
    page.locator("#import-go").click()
    expect(page.locator("#import-done")).to_be_visible(timeout=60_000)
    expect(page.locator("#import")).to_have_attribute("data-state", "imported")

    page.locator("#step-finish a.button-main").click()
    found = MapPage(page)
    expect(page.locator("#details")).to_contain_text("测试沟", timeout=20_000)
    assert found.search("测试岭").first.inner_text().startswith("测试岭")

    page.goto(f"{office}/imports")
    page.wait_for_selector("html.is-ready", state="attached")
    send(page, tmp_path / "地名-改.xlsx")
    expect(page.locator("#import-nothing")).to_be_visible()
    expect(page.locator("#import-again")).to_be_visible()
    assert tally(page) == {"new": "0", "changed": "0", "same": "2", "refused": "0"}


@pytest.mark.parametrize(("size", "language", "scheme"), [("phone", "en", "dark"), ("desk", "en", "light")])
def test_nothing_sticks_out_and_what_cannot_be_sent_is_said(
    opened: Opening, office: str, tmp_path: Path, complaints: Complaints, size: str, language: str, scheme: str
) -> None:
    page = opened("/imports", address=office, size=size, language=language, scheme=scheme)
    sign_in(page, office, "/imports")
    (tmp_path / "picture.png").write_bytes(b"x")
    complaints.expected += ["400"]
    page.locator("#upload-file").set_input_files(str(tmp_path / "picture.png"))
    expect(page.locator("#upload-wrong")).to_contain_text("picture.png")
    send(page, workbook(tmp_path / "names.xlsx", [f"{size}山", *GOOD[1:]], ["", *GOOD[1:]]))
    for path in (page.url, f"{office}/imports", f"{office}/jobs"):
        page.goto(path)
        page.wait_for_selector("html.is-ready", state="attached")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path


def test_by_keyboard_alone(opened: Opening, office: str, tmp_path: Path) -> None:
    page = opened("/imports", address=office, language="en")
    sign_in(page, office, "/imports")
    send(page, workbook(tmp_path / "keys.xlsx", ["键盘山", *GOOD[1:4], 118.5203, 36.6903, "", ""]))
    page.locator("#import-why").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#import-go")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#import-done")).to_be_visible(timeout=60_000)


def test_a_check_is_cancelled(opened: Opening, office: str, tmp_path: Path) -> None:
    page = opened("/imports", address=office, language="en")
    sign_in(page, office, "/imports")
    rows = [[f"甲{number}山", *GOOD[1:4], 118.3 + number / 1e5, 36.6, "", ""] for number in range(20_000)]
    page.locator("#upload-subject").select_option("place-names")
    page.locator("#upload-file").set_input_files(str(workbook(tmp_path / "many.xlsx", *rows)))
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}"))
    expect(page.locator("#step-going progress")).to_be_visible()
    page.locator("#step-going button").click()
    expect(page.locator("#import")).to_have_attribute("data-state", "faulty", timeout=30_000)
    page.locator("#mapping-check").click()
    expect(page.locator("#step-checked")).to_be_visible(timeout=90_000)
