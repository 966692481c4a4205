"""A submission in Chromium: handed in, drawn and judged by keyboard, returned, read by the county; on a phone too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editing_people import editable, sign_in
from tests.serving import Opening

CHECK_MS = 120_000
"""The check is a job of a worker that has to start, on a machine that does other things."""
PATIENCE_MS = 20_000


@pytest.fixture(scope="module")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with editable(demonstration, tmp_path_factory.mktemp("submissions")) as address:
        yield address


def is_narrow_enough(page: Page) -> bool:
    """Whether nothing sticks out to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_handed_in_judged_by_keyboard_returned_and_read(opened: Opening, site: str) -> None:
    clerk = opened("/sign-in", address=site, language="en")
    sign_in(clerk, site, "xin")
    clerk.goto(f"{site}/submissions")
    clerk.locator("#out-unchecked a").click()
    expect(clerk.locator("#work-summary")).to_contain_text("findings on", timeout=CHECK_MS)
    clerk.goto(f"{site}/submissions")
    clerk.get_by_label("Memorials and sights").check()
    expect(clerk.locator("#submit-do")).to_be_enabled(timeout=PATIENCE_MS)
    expect(clerk.locator("#out-records")).to_have_text(re.compile(r"^\d+$"))
    if clerk.locator("#reason").is_visible():
        clerk.locator("#reason").fill("being settled")
    clerk.locator("#submit-do").click()
    clerk.wait_for_url(re.compile(r"/submissions/[0-9a-f-]{36}$"))
    address = clerk.url
    assert clerk.locator("#draw-form").count() == 0

    city = opened("/sign-in", address=site, language="en")
    sign_in(city, site, "anna")
    city.goto(address)
    city.locator("#number").fill("31")
    city.locator("#seed").fill("7")
    city.locator("#draw-do").click()
    rows = city.locator(".sub-row")
    expect(rows).to_have_count(31, timeout=PATIENCE_MS)

    # down to the first; right and on; wrong with a field and a reason, and on
    city.keyboard.press("ArrowDown")
    expect(rows.nth(0)).to_have_class(re.compile("is-chosen"))
    expect(city.locator("#record-values dt").first).to_be_visible()
    city.keyboard.press("r")
    expect(rows.nth(0).locator(".sub-mark")).to_have_text("right")
    expect(rows.nth(1)).to_have_class(re.compile("is-chosen"))
    city.keyboard.press("w")
    city.locator("#wrong-form input[value=roman]").check()
    city.locator("#wrong-remark").fill("tone")
    city.locator("#wrong-remark").press("Enter")
    expect(rows.nth(1).locator(".sub-mark")).to_have_text("wrong")
    expect(rows.nth(1).locator(".sub-said")).to_contain_text("tone")
    expect(rows.nth(2)).to_have_class(re.compile("is-chosen"))
    expect(city.locator("#res-wrong")).to_have_text("1")
    # back, taken back, judged anew; up to the end
    city.keyboard.press("ArrowUp")
    city.keyboard.press("u")
    expect(rows.nth(1).locator(".sub-mark")).to_have_text("not judged")
    city.keyboard.press("w")
    city.locator("#wrong-form input[value=roman]").check()
    city.keyboard.press("Enter")
    expect(rows.nth(1).locator(".sub-mark")).to_have_text("wrong")
    for position in range(3, 32):
        expect(rows.nth(position - 1)).to_have_class(re.compile("is-chosen"))
        city.keyboard.press("r")
        expect(rows.nth(position - 1).locator(".sub-mark")).to_have_text("right")
    expect(city.locator("#res-judged")).to_have_text("31 (31)")
    expect(city.locator("#res-above")).to_be_visible()
    expect(city.locator("#res-share")).to_have_text("3.2%")
    expect(city.locator("#res-interval")).to_have_text("0.1% – 16.7%")
    city.locator("#accept-open").click()
    expect(city.locator("#decide-against")).to_be_visible()
    city.keyboard.press("Escape")
    city.locator("#return-open").click()
    city.locator("#decide-remark").fill("Mend the spelling")
    city.locator("#decide-do").click()
    expect(city.locator("#actions .badge")).to_have_text("Returned with remarks", timeout=PATIENCE_MS)
    assert is_narrow_enough(city)

    # the county sees first what is to be mended, with a way to the workbench
    clerk.reload()
    expect(clerk.locator(".sub-row:visible")).to_have_count(1)
    expect(clerk.locator(".sub-row:visible .sub-mended")).to_have_text("not changed yet")
    expect(clerk.locator(".sub-row:visible .sub-name")).to_have_attribute("href", re.compile("^/workbench/"))
    clerk.get_by_text("Submit the next round").click()
    expect(clerk.get_by_label("Memorials and sights")).to_be_checked()
    expect(clerk.locator("#county")).to_have_value("370702")


def test_on_a_phone_in_the_dark(opened: Opening, site: str) -> None:
    page = opened("/sign-in", address=site, language="zh", size="phone", scheme="dark")
    sign_in(page, site, "shi")
    page.goto(f"{site}/workbench")  # the names are checked there, by whichever test comes first
    expect(page.locator("#work-summary")).to_contain_text(re.compile(r"\d"), timeout=CHECK_MS)
    page.goto(f"{site}/submissions")
    page.locator("#county").select_option("370724")
    expect(page.locator("#submit-do")).to_be_enabled(timeout=CHECK_MS)
    if page.locator("#reason").is_visible():
        page.locator("#reason").fill("待上级核定")
    page.locator("#submit-do").click()
    page.wait_for_url(re.compile(r"/submissions/[0-9a-f-]{36}$"))
    address = page.url
    assert is_narrow_enough(page)
    other = opened("/sign-in", address=site, language="zh", size="phone", scheme="dark")
    sign_in(other, site, "anna")
    other.goto(address)
    other.locator("#draw-do").click()
    first = other.locator(".sub-row").first
    expect(first).to_be_visible(timeout=PATIENCE_MS)
    first.locator("[data-say=wrong]").click()
    other.locator("#wrong-form input[value=name]").check()
    other.locator("#wrong-do").click()
    expect(first).to_have_attribute("data-verdict", "wrong")
    assert is_narrow_enough(other)
