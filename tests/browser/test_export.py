"""The export dialog: what is shown, or all of it, as files that GDAL reads back."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Complaints, MapOpening
from tests.browser.map_page import MapPage


def take(found: MapPage, folder: Path) -> Path:
    """Press Download; gives the file."""
    with found.page.expect_download() as waiting:
        found.page.locator("#export-go").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    expect(found.page.locator("#export-done")).to_contain_text(path.name)
    return path


def ogrinfo(source: str) -> str:
    return subprocess.run(["ogrinfo", "-ro", "-so", "-al", source], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_a_shapefile_of_what_is_shown(shown: MapOpening, tmp_path: Path, size: str, language: str) -> None:
    found = shown("/?show=facilities:canteen.social_work&asof=2022-12-31", size=size, language=language)
    found.page.locator("#export-open").click()
    dialog = found.page.locator("#export")
    expect(dialog).to_be_visible()
    dialog.locator("#export-layer").select_option("facilities")
    dialog.locator("#export-crs").select_option("4549")
    dialog.locator("#export-encoding").select_option("gb18030")
    expect(dialog).to_contain_text("22 类中的 2 类" if language == "zh" else "2 of 22")
    expect(dialog).to_contain_text("343")
    path = take(found, tmp_path)
    assert path.name == "dijie-facilities-2022-12-31-4549.zip"
    names = zipfile.ZipFile(path).namelist()
    shp = next(name for name in names if name.endswith(".shp"))
    told = ogrinfo(f"/vsizip/{path}/{shp}")
    assert "Feature Count: 343" in told, "208 canteens and 135 stations"
    assert "4549" in told
    assert zipfile.ZipFile(path).read(shp.replace(".shp", ".cpg")).strip().upper() == b"GB18030"
    rows = subprocess.run(
        ["ogrinfo", "-ro", "-al", "-geom=NO", f"/vsizip/{path}/{shp}"], capture_output=True, text=True, check=True
    ).stdout
    assert "助老食堂" in rows
    assert "synthetic" in rows
    assert {"manifest.json"} <= {name.rsplit("/", 1)[-1] for name in names}


def test_geojson_of_all_and_geopackage_within_the_view(shown: MapOpening, server: str, tmp_path: Path) -> None:
    found = shown("/?at=118.48,36.68,12&show=facilities:canteen,boundary-lines:batch-2022")
    found.page.keyboard.press("e")
    dialog = found.page.locator("#export")
    dialog.locator("#export-layer").select_option("boundary-lines")
    dialog.locator("#export-format").select_option("geojson")
    expect(dialog.locator("#export-encoding")).to_be_disabled()
    expect(dialog).to_contain_text("14")
    assert len(json.loads(take(found, tmp_path).read_text())["features"]) == 14
    dialog.locator("#export-scope-all").check()
    assert len(json.loads(take(found, tmp_path).read_text())["features"]) == 42

    dialog.locator("#export-layer").select_option("facilities")
    dialog.locator("#export-scope-shown").check()
    dialog.locator("#export-here").check()
    dialog.locator("#export-format").select_option("gpkg")
    with found.page.expect_request(lambda request: "/api/export/" in request.url) as asked:
        path = take(found, tmp_path)
    assert "bbox=" in asked.value.url
    box = asked.value.url.split("bbox=")[1].split("&")[0]
    wanted = found.page.request.get(f"{server}/api/features/facilities?class=canteen&bbox={box}&limit=5000").json()
    count = len(wanted["features"])
    assert 5 < count < 766
    assert f"Feature Count: {count}" in ogrinfo(str(path))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_fault_is_a_sentence(shown: MapOpening, complaints: Complaints, language: str) -> None:
    """GeoJSON has longitude and latitude only: the dialog offers no other system, or says so."""
    found = shown(language=language)
    found.page.locator("#export-open").click()
    dialog = found.page.locator("#export")
    dialog.locator("#export-crs").select_option("4549")
    dialog.locator("#export-format").select_option("geojson")
    complaints.expected += ["400", "422"]
    if dialog.locator("#export-crs").is_disabled() or dialog.locator("#export-crs").input_value() != "4549":
        return
    dialog.locator("#export-go").click()
    note = dialog.locator(".note-danger")
    expect(note).to_be_visible()
    words = note.inner_text()
    assert len(words) > 10
    assert any("\u4e00" <= letter <= "\u9fff" for letter in words) == (language == "zh")
    assert "{" not in words
    dialog.locator("#export-crs").select_option("4490")
    with found.page.expect_download():
        dialog.locator("#export-go").click()
    expect(note).to_be_hidden()


def test_esc_and_the_cross_close(shown: MapOpening) -> None:
    found = shown()
    dialog = found.page.locator("#export")
    for close in (
        lambda: found.page.keyboard.press("Escape"),
        lambda: dialog.locator("[data-close]").click(),
        lambda: found.page.mouse.click(5, 5),
    ):
        found.page.locator("#export-open").click()
        expect(dialog).to_be_visible()
        close()
        expect(dialog).to_be_hidden()
    expect(found.page.locator("#export-open")).to_be_focused()
