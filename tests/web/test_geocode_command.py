"""``dijie geocode`` as a person runs it."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from tests.web.test_cli import run

ROWS = "序号,详细地址\n1,青州市弥河镇上院村\n2,青州市迷河镇上院村\n3,城关街道\n4,\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(ROWS, encoding="gb18030")
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_table_gets_its_places(demonstration: Path, table: Path) -> None:
    found = run("geocode", str(table), "--register", str(demonstration))
    assert found.returncode == 0, found.stderr
    assert "详细地址: 4 rows: village 2, not found 2; 3 to look at." in found.stdout
    rows = read(table.with_name("list-geocoded.csv"))
    assert [row["序号"] for row in rows] == ["1", "2", "3", "4"]
    assert [row["Matched name"] for row in rows] == ["上院村委会", "上院村委会", "", ""]
    assert float(rows[0]["Longitude"]) == pytest.approx(118.556, abs=0.1)
    # each doubt names file, line and column
    assert "list.csv:3: 详细地址: “迷河镇” was read as 弥河镇. [corrected]" in found.stderr
    assert "list.csv:5: 详细地址: There is no text. [no-text]" in found.stderr


def test_within_a_county_as_a_workbook(demonstration: Path, table: Path, tmp_path: Path) -> None:
    target = tmp_path / "points.xlsx"
    found = run("geocode", str(table), "-o", str(target), "--county", "370724", "--register", str(demonstration))
    assert found.returncode == 0, found.stderr
    rows = list(openpyxl.load_workbook(target).worksheets[0].iter_rows(values_only=True))
    assert rows[3][rows[0].index("Matched name")] == "城关街道"
    assert "other-county" in found.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--column", "哪里"], 2, "list.csv has no column “哪里”."),
        (["--county", "999999"], 2, "The register has no division 999999."),
        (["-o", "out.docx"], 2, "must end with .xlsx, .csv, .geojson or .gpkg"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], code: int, said: str, demonstration: Path, table: Path
) -> None:
    found = run("geocode", str(table), *arguments, "--register", str(demonstration))
    assert found.returncode == code
    assert said in found.stderr
    assert not table.with_name("list-geocoded.csv").exists()
