"""The workbench in Chromium: checked, listed, worked off by keyboard, many at once; on a phone too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Complaints
from tests.browser.editing_people import editable, sign_in
from tests.serving import Opening

CHECK_MS = 60_000
"""The check is a job of a worker that has to start, on a machine that does other things."""
PATIENCE_MS = 20_000
"""A save, while the map beside it is drawn by software."""


@pytest.fixture(scope="module")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with editable(demonstration, tmp_path_factory.mktemp("workbench")) as address:
        yield address


def test_a_record_after_another_by_keyboard(opened: Opening, site: str, complaints: Complaints) -> None:
    page = opened("/sign-in", address=site, language="en")
    sign_in(page, site, "anna")
    page.goto(f"{site}/workbench?rule=odd-ending")
    summary = page.locator("#work-summary")
    expect(summary).to_contain_text("findings on", timeout=CHECK_MS)
    expect(page.locator(".finding")).to_have_count(6)
    first = page.locator(".finding").first
    expect(first.locator(".finding-proposed")).to_be_visible()
    first.locator(".finding-name").click()

    # accept: what was found is gone, and the division's list, which still has the old ending, is pointed out
    odd = page.locator("[data-rule=odd-ending]")
    place = page.locator("#position")
    expect(page.locator(".finding-card.is-first")).to_be_visible()
    expect(place).to_have_text("1 of 6", timeout=PATIENCE_MS)
    page.keyboard.press("a")
    expect(odd).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.locator("#name")).to_have_text("文化街社区居民委员会")
    expect(page.locator("[data-rule=division-name-differs]")).to_be_visible()
    page.keyboard.press("n")

    # skip, and on to the next; keep with a reason, and on; choose a candidate
    expect(place).to_have_text("2 of 6", timeout=PATIENCE_MS)
    page.keyboard.press("s")
    expect(place).to_have_text("3 of 6", timeout=PATIENCE_MS)
    page.keyboard.press("k")
    page.locator("#keep-why").fill("named so by decision")
    page.keyboard.press("Enter")
    expect(place).to_have_text("4 of 6", timeout=PATIENCE_MS)
    expect(odd.locator(".candidate")).to_have_count(2)
    name = page.locator("#name").inner_text()
    page.keyboard.press("2")
    expect(odd).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.locator("#name")).not_to_have_text(name)

    # what was saved last is taken back
    page.keyboard.press("u")
    expect(odd.locator(".candidate")).to_have_count(2, timeout=PATIENCE_MS)
    expect(page.locator("#name")).to_have_text(name)

    # by hand: the keys are letters while one types; Enter saves
    page.keyboard.press("e")
    field = page.locator("#edit-name")
    expect(field).to_be_focused()
    field.fill("孔家村村民委员会")
    expect(page.locator("#form-foot")).to_be_visible()
    field.press("Enter")
    expect(page.locator("#name")).to_have_text("孔家村村民委员会", timeout=PATIENCE_MS)
    page.locator("#back").click()
    expect(page.locator("#findings [data-rule=odd-ending]")).to_have_count(2, timeout=PATIENCE_MS)
    expect(page.locator("#people-body tbody tr")).to_contain_text(["anna"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_many_at_once_on_a_phone(opened: Opening, site: str) -> None:
    page = opened("/sign-in", address=site, language="zh", size="phone", scheme="dark")
    sign_in(page, site, "anna")
    page.goto(f"{site}/workbench?rule=romanization-differs")
    expect(page.locator("#findings .finding").first).to_be_visible(timeout=CHECK_MS)
    before = page.locator(".finding").count()
    page.locator("#batch-open").click()
    page.locator("#batch-plan").click()
    expect(page.locator("#batch-body .difference").first).to_be_visible()
    page.locator("#batch-why").fill("按规则")
    page.locator("#batch-apply").click()
    expect(page.locator("#batch-undo")).to_be_visible()
    expect(page.locator(".finding")).not_to_have_count(before, timeout=CHECK_MS)
    page.locator("#batch-undo").click()
    expect(page.locator("#batch-body .note-good")).to_be_visible()
    expect(page.locator(".finding")).to_have_count(before, timeout=CHECK_MS)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
