"""A round of joint inspections planned, begun and taken back in Chromium; legible on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.editing_people import editable, sign_in
from tests.serving import Opening


@pytest.fixture(scope="module")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with editable(demonstration, tmp_path_factory.mktemp("rounds")) as address:
        yield address


def test_planned_begun_and_taken_back(opened: Opening, site: str) -> None:
    page = opened("/sign-in", address=site, language="en")
    sign_in(page, site, "shi")
    page.goto(f"{site}/rounds")
    expect(page.locator(".round-card")).to_have_count(6)
    page.locator("#round-add").click()
    chosen = page.locator(".round-choice input:checked")
    expect(chosen).to_have_count(14)  # what is overdue and planned by nobody
    page.locator("#round-title").fill("2025年补检")
    page.locator("#round-due").fill("2026-12-20")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rounds/*-*")
    tasks = page.locator("[data-task]")
    expect(tasks).to_have_count(14)
    expect(page.locator("h1")).to_have_text("2025年补检")

    tasks.first.locator("[data-action=begin]").click()
    page.locator("#task-step-go").click()
    expect(tasks.first.locator(".badge").first).to_have_text("In the field")
    page.locator("#save-undo").click()
    expect(tasks.first.locator(".badge").first).to_have_text("Planned")

    tasks.first.locator("[data-action=cancel]").click()
    page.locator("#task-step-go").click()
    expect(page.locator("#task-step [role=alert]")).to_contain_text("for what reason")
    page.locator("#task-step-why").fill("示例理由")
    page.keyboard.press("Enter")
    expect(tasks.first.locator(".badge").first).to_have_text("Cancelled")

    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(f"{site}/rounds?standing=overdue")
    expect(page.locator(".round-plan tbody tr")).to_have_count(1)  # what was cancelled is planned by nobody again
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
