"""The page of jobs: live, cancelled, downloaded; a large export as a job from the map."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.editing_people import editable, sign_in
from tests.browser.map_page import MapPage
from tests.serving import Opening


@pytest.fixture
def address(demonstration: Path, tmp_path: Path) -> Iterator[str]:
    """A server of the test's own. Asked for before `opened`: its pages go first, which still ask it."""
    with editable(demonstration, tmp_path) as found:
        yield found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_large_export_is_a_job_with_a_bar_and_a_file(
    address: str, opened: Opening, tmp_path: Path, language: str
) -> None:
    page = opened("/", address=address, language=language)
    sign_in(page, address, "bob")
    jobs = opened("/", address=address, language=language)
    sign_in(jobs, address, "bob")
    jobs.goto(f"{address}/jobs")
    jobs.wait_for_selector("html.is-ready", state="attached")
    expect(jobs.locator("#jobs-empty")).to_be_visible()

    found = MapPage(page)
    found.page.locator("#export-open").click()
    dialog = found.page.locator("#export")
    dialog.locator("#export-layer").select_option("place-names")
    dialog.locator("#export-scope-all").check()
    with found.page.expect_download(timeout=90_000) as waiting:
        found.page.locator("#export-go").click()
        expect(dialog.locator("progress")).to_be_visible(timeout=15_000)
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert "place_names.shp" in zipfile.ZipFile(path).namelist()

    row = jobs.locator("[data-job]")
    expect(row).to_have_attribute("data-state", "done", timeout=15_000)
    expect(row).to_contain_text("51,991")
    with jobs.expect_download() as again:
        row.locator("a[download]").click()
    other = tmp_path / "again.zip"
    again.value.save_as(other)
    assert other.read_bytes() == path.read_bytes()
    row.locator("summary").click()
    expect(row.locator(".job-log li").first).to_contain_text("51991")


def test_cancelled_by_a_button_and_seen_by_an_administrator(address: str, opened: Opening) -> None:
    page = opened("/", address=address, language="en", size="phone")
    sign_in(page, address, "bob")
    page.goto(f"{address}/jobs")
    page.wait_for_selector("html.is-ready", state="attached")
    page.evaluate(
        """async () => {
          for (let i = 0; i < 5; i++)
            await fetch("/api/exports?layer=place-names", { method: "POST",
              headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content } });
        }"""
    )
    page.reload()
    last = page.locator("[data-job]").first.get_attribute("data-job")
    row = page.locator(f"[data-job='{last}']")
    row.get_by_role("button", name="Cancel").click(timeout=15_000)
    expect(row).to_have_attribute("data-state", "cancelled", timeout=20_000)
    expect(row.get_by_role("button", name="Cancel")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    chief = opened("/", address=address, language="en", scheme="dark")
    sign_in(chief, address, "shi")
    chief.goto(f"{address}/jobs")
    expect(chief.locator("[data-job]").first).to_contain_text("bob", timeout=15_000)
