"""A line and a stake in a real browser: their map, documents and reference features changed and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import expect

from layers.office import open_office
from layers.office.accounts import Profile, add_account
from layers.register import create_register
from tests.browser.conftest import Complaints
from tests.browser.editing_people import PASSWORD, sign_in
from tests.layers.history.conftest import fill
from tests.serving import Opening, serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    folder: Path = tmp_path_factory.mktemp("boundaries")
    with create_register(folder / "small.gpkg") as register:
        ids = fill(register)
        with register.writing() as connection:
            corner = {"name": "甲–乙–丙", "codes": "370302,370724,370781", "geom": shapely.Point(119, 36)}
            ids["tripoint"] = register.insert(connection, "tripoint", corner)
            register.update(connection, "boundary_line", ids["line"], {"start_name": "甲–乙–丙"})
    with open_office(folder / "small.office.sqlite") as office:
        surveyor = Profile(display="测", roles=frozenset({"surveyor"}), scope=frozenset({"370781"}), side="370781")
        add_account(office, "ce", surveyor, password=PASSWORD)
    with serving("--register", str(folder / "small.gpkg")) as address:
        yield address, ids


def test_a_surveyor_keeps_documents_and_reference_features(
    opened: Opening, complaints: Complaints, site: tuple[str, dict[str, str]]
) -> None:
    address, ids = site
    complaints.expected.append("400 (BAD REQUEST)")  # an azimuth that cannot be
    page = opened("/sign-in", address=address, language="en")
    sign_in(page, address, "ce")
    page.goto(f"{address}/boundaries?q=2481")
    page.get_by_role("link", name="青州市—临朐县").click()
    page.locator("#map canvas").wait_for()
    expect(page.locator("button.map-pin")).to_have_count(1)
    expect(page.locator("#status-banner")).to_contain_text("not the legal course")

    page.locator(f"#document-add-{ids['tripoint']}").click()
    page.locator("#document-title").fill("三交点协议")
    page.locator("#document-form-go").click()
    page.locator("#save-undo").wait_for()
    expect(page.locator(".boundary-end")).to_contain_text("三交点协议")
    page.locator("#save-undo").click()
    expect(page.locator("#said")).to_have_text("Undone.")
    expect(page.locator(".boundary-end")).not_to_contain_text("三交点协议")

    page.locator("button.map-pin").click()
    page.wait_for_url("**/stakes/*")
    page.locator("#features-edit").click()
    page.locator("#feature-kind-1").fill("独立树")
    page.locator("#feature-azimuth-1").fill("400")
    page.locator("#features-form-go").click()
    expect(page.locator(".boundary-feature .edit-finding")).to_contain_text("400")
    page.locator("#feature-azimuth-1").fill("40.5")
    page.locator("#features-form-go").click()
    page.locator("#save-undo").wait_for()
    expect(page.locator("#features")).to_contain_text("40.5°")
