"""A naming as an office does it: written and checked by a clerk, reviewed and approved by another, taken back."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from layers.office import open_office
from layers.office.accounts import Profile, add_account
from tests.browser.conftest import Complaints
from tests.serving import Opening, serving

PASSWORD = "Qingzhou-1368-map"


@pytest.fixture(scope="module")
def office(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a copy of the demonstration register, with a clerk and a reviewer."""
    path = tmp_path_factory.mktemp("office") / "office.gpkg"
    subprocess.run(["cp", str(demonstration), str(path)], check=True)
    with open_office(path.with_name("office.office.sqlite")) as opened:
        for name, role in (("liu", "clerk"), ("wang", "reviewer")):
            add_account(opened, name, Profile(display=name, roles=frozenset({role})), password=PASSWORD)
    with serving("--register", str(path)) as address:
        yield address


def sign_in(page: Page, address: str, name: str, to: str) -> None:
    page.goto(f"{address}/sign-in?next={to}")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("form button[type=submit]").click()
    page.wait_for_url(f"{address}{to}")


def step(page: Page, action: str, state: str, **values: str) -> None:
    """Open the dialog of a step, fill it, and wait for the state that it leads to."""
    page.locator(f"[data-action={action}]").click()
    for name, value in values.items():
        page.locator(f"#step-{name}").fill(value)
    page.locator("#step-do").click()
    expect(page.locator(".proc-title .proc-marks")).to_contain_text(state, timeout=20_000)


def test_a_naming_from_the_form_to_the_approval_and_back(opened: Opening, office: str, complaints: Complaints) -> None:
    village = "370703001003"
    page = opened("/sign-in", language="en", address=office)
    sign_in(page, office, "liu", "/procedures")
    page.goto(f"{office}/procedures/new?kind=name&village={village}")
    page.wait_for_selector("html.is-ready", state="attached", timeout=60_000)
    page.locator("#f-class_code").select_option("23510")
    page.locator("#f-name").fill("兴农街")
    page.locator("#f-meaning").fill("取振兴之意")
    page.locator("#f-description").fill("东西走向")
    page.locator("[data-draw=LineString]").click()
    for x in (180, 300):
        page.locator("#map").click(position={"x": x, "y": 160})
    expect(page.locator("#drawn")).to_have_text("Points set: 2")
    expect(page.locator("[data-rule=duplicate-name]")).to_be_visible(timeout=20_000)
    expect(page.locator("#f-name")).to_have_attribute("aria-invalid", "true")
    page.locator("#f-name").fill("振兴诗路")
    expect(page.locator("#check")).to_contain_text("No rule objects", timeout=20_000)
    page.locator("#go").click()
    page.wait_for_url(re.compile(r"/procedures/[0-9a-f-]{36}"))
    expect(page.locator("[data-action=review]")).to_have_count(0)
    path = page.url.removeprefix(office)

    reviewer = opened("/sign-in", language="en", address=office)
    sign_in(reviewer, office, "wang", path)
    step(reviewer, "review", "Reviewed")
    reviewer.locator("[data-action=approve]").click()
    reviewer.locator("#step-do").click()
    expect(reviewer.locator("#step")).to_be_visible()  # without the number of the decision it does not go
    reviewer.keyboard.press("Escape")
    step(reviewer, "approve", "Approved", number="寒政字〔2026〕12号", authority="寒亭区人民政府")
    expect(reviewer.locator(".proc-title .proc-marks")).to_contain_text("Filing due in 15 days")
    with reviewer.expect_download() as download:
        reviewer.get_by_text("Filing form (DOCX)").click()
    assert download.value.suggested_filename.endswith("振兴诗路.docx")
    step(reviewer, "revoke", "Reviewed", remark="写错了")
    assert complaints.unexpected() == []


def test_what_hangs_on_a_name_is_ticked_written_and_undone(opened: Opening, office: str) -> None:
    page = opened("/sign-in", language="en", address=office)
    sign_in(page, office, "liu", "/procedures")
    uuid = page.evaluate("async () => (await (await fetch('/api/procedures/places?q=高里街道')).json()).places[0].uuid")
    page.goto(f"{office}/ripple/place-names/{uuid}")
    page.locator("input[name=name]").fill("新里街道")
    page.keyboard.press("Enter")
    row = page.locator("[data-group=addresses]")
    expect(row.locator("input")).to_be_checked()
    row.locator("summary").click()
    expect(row.locator("ins").first).to_contain_text("新里街道")
    page.locator("#do").click()
    expect(page.locator("#done")).to_be_visible(timeout=20_000)
    page.locator("#undo").click()
    page.wait_for_load_state()
    expect(page.locator("h1")).to_have_text("高里街道")
