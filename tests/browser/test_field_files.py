"""Files from the field as a surveyor sends them: several at once, one flawed, one too often; seen on the map."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from layers.office import open_office
from layers.office.accounts import Profile, add_account
from tests.browser.conftest import Complaints
from tests.serving import Opening, serving
from tests.surveys.uploads import made

PASSWORD = "Qingzhou-1368-map"


@pytest.fixture(scope="module")
def office(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a copy of the demonstration register, with a surveyor."""
    path = tmp_path_factory.mktemp("office") / "office.gpkg"
    subprocess.run(["cp", str(demonstration), str(path)], check=True)
    with open_office(path.with_name("office.office.sqlite")) as opened:
        profile = Profile(display="王", roles=frozenset({"surveyor"}), side="370703")
        add_account(opened, "wang", profile, password=PASSWORD)
    with serving("--register", str(path), "--workers", "1") as address:
        yield address


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in?next=/field-files")
    page.locator("#name").fill("wang")
    page.locator("#password").fill(PASSWORD)
    page.locator("form button[type=submit]").click()
    page.wait_for_selector("html.is-ready", state="attached")


def test_several_at_once(opened: Opening, office: str, tmp_path: Path, complaints: Complaints) -> None:
    page = opened("/field-files", address=office)
    sign_in(page, office)
    expect(page.locator("#files-empty")).to_be_visible()
    track, flawed, doubled = tmp_path / "第一天.gpx", tmp_path / "坏.gpx", tmp_path / "又.gpx"
    track.write_text(made.GPX, "utf-8")
    doubled.write_text(made.GPX, "utf-8")
    flawed.write_text("<!DOCTYPE gpx><gpx/>")
    complaints.expected.append("/api/field-files/tus/")
    broken: list[str] = []

    def break_once(route: Route) -> None:
        if route.request.method == "PATCH" and not broken:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.fallback()

    page.route("**/api/field-files/tus/*", break_once)
    page.locator("#upload-files").set_input_files([track, flawed])
    sent = page.locator(".field-file")
    expect(sent).to_have_count(2)
    good = page.locator(".field-file", has_text="第一天.gpx")
    expect(good).to_have_attribute("data-state", "read", timeout=60_000)
    expect(good.locator(".field-file-facts")).to_contain_text("航迹 2")
    expect(good.locator("li[data-rule=line-too-short]")).to_contain_text("不成线")
    assert broken, "the connection broke once, and the file came all the same"
    bad = page.locator(".field-file", has_text="坏.gpx")
    expect(bad).to_have_attribute("data-state", "refused", timeout=60_000)
    expect(bad.locator("li[data-severity=error]")).to_contain_text("文档类型")

    good.get_by_role("button", name="在地图上查看").click()
    expect(good.locator(".maplibregl-canvas")).to_be_visible()
    with page.expect_download() as download:
        good.get_by_role("link", name="原始文件").click()
    assert Path(download.value.path()).read_bytes() == track.read_bytes()

    page.locator("#upload-files").set_input_files(doubled)
    expect(page.locator(".sending .note").first).to_contain_text("此前已上传")
    expect(sent).to_have_count(2)


def test_on_a_phone_in_the_dark(opened: Opening, office: str) -> None:
    page = opened("/field-files", address=office, size="phone", scheme="dark")
    sign_in(page, office)
    expect(page.locator(".drop-words")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
