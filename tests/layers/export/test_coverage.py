"""Coverage results as workbook and shapefiles, read back by openpyxl and GDAL."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from gis.coverage import CoverageResult
from layers.export import (
    About,
    coverage_shapefile,
    coverage_workbook,
    open_coverage_shapefile,
    open_coverage_workbook,
)
from layers.norms import NORMS
from tests.layers.export.peers import READERS, alike


def result_of(count: int = 5, outline: shapely.Geometry | None = None) -> CoverageResult:
    villages = gpd.GeoDataFrame(
        {
            "uuid": [f"u{row}" for row in range(count)],
            "name": ["=1+1", "王村", "http://村", "鄌郚", "李家庄"][:count],
            "code": [f"37070200100{row}" for row in range(count)],
            "town_code": ["370702001"] * count,
            "county_code": ["370702"] * count,
            "weight": np.arange(count) * 1000.0,
            "covered": [row % 2 == 0 for row in range(count)],
            "nearest_m": pd.array([12.25, 1500.5, None, 3.0, 4.0][:count], dtype="Float64"),
        },
        geometry=gpd.points_from_xy(119 + np.arange(count) / 10, [36.7] * count),
        crs=4490,
    )
    sums: dict[str, Any] = {
        "weight": [10000.0, 0.0],
        "covered": [6000.0, 0.0],
        "share": pd.array([0.6, None], dtype="Float64"),
        "villages": [5, 0],
        "villages_covered": [3, 0],
    }
    counties = pd.DataFrame({"code": ["370702", "370703"], "name": ["潍城区", "寒亭区"], **sums})
    towns = pd.DataFrame(
        {
            "code": ["370702001", "370703001"],
            "name": ["城关街道", "寒亭街道"],
            **sums,
            "county_code": ["370702", "370703"],
            "county": ["潍城区", "寒亭区"],
        }
    )
    total = {
        "weight": 10000.0,
        "covered": 6000.0,
        "share": 0.6,
        "villages": 5,
        "villages_covered": 3,
        "villages_uncovered": 2,
        "unknown": 0,
    }
    method = {"zh": "椭球面距离", "en": "Distance on the ellipsoid"}
    return CoverageResult(
        ("day_care", "canteen"), 1000.0, "aged_60", "2022-12-31", method, 7, total, counties, towns, villages, outline
    )


def test_the_workbook_in_chinese(tmp_path: Path, about: About) -> None:
    target = tmp_path / "c.xlsx"
    assert coverage_workbook(result_of(), target, about=about).count == 5
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["概要", "区县", "乡镇街道", "村居", "方法与标准"]
    summary = {row[0]: row[1] for row in book["概要"].values}
    assert summary["设施类别"] == "社区日间照料中心、助老食堂"
    assert (summary["覆盖率"], summary["60岁以上人口合计"], summary["未覆盖的村居数"]) == (0.6, 10000, 2)
    assert summary["距离（米）"] == 1000
    assert "示范" in summary["数据性质"]
    sheet = book["村居"]
    assert [cell.value for cell in sheet[1]][:2] == ["唯一标识", "名称"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:H6"
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert rows[0] == ("u0", "=1+1", "370702001000", "370702001", "370702", 0, "是", 12.25)
    assert sheet["B2"].data_type == "s"  # no formula
    assert sheet["B4"].hyperlink is None
    assert rows[2][-1] is None
    counties = list(book["区县"].iter_rows(min_row=2, values_only=True))
    assert counties == [("370702", "潍城区", 10000, 6000, 0.6, 5, 3), ("370703", "寒亭区", 0, 0, None, 0, 0)]
    assert book["区县"]["E2"].number_format == "0.0%"
    assert book["区县"]["C1"].value == "60岁以上人口（人）"
    assert book["村居"].column_dimensions["A"].width > 30
    norms = list(book["方法与标准"].values)
    assert norms[0][1] == "椭球面距离"
    assert [row[0] for row in norms[3 : 3 + len(NORMS)]] == [norm.title_zh for norm in NORMS]
    assert ("资料来源", "民政局 · 2022") in [row[:2] for row in norms]
    assert list(tmp_path.iterdir()) == [target]


def test_the_workbook_in_english(tmp_path: Path) -> None:
    target = tmp_path / "c.xlsx"
    coverage_workbook(result_of(), target, about=About(seq=1, language="en"))
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["Summary", "Counties", "Towns", "Villages", "Method and norms"]
    texts = [
        str(cell) for sheet in ("Summary", "Counties", "Method and norms") for cell in next(book[sheet].values) if cell
    ]
    assert all(text.isascii() for text in texts)
    assert book["Villages"]["G2"].value == "yes"
    assert book["Villages"]["H1"].value == "Distance to the nearest (m)"


@pytest.mark.parametrize(("crs", "encoding"), [(4490, "utf-8"), (4549, "gb18030")])
def test_the_shapefiles(crs: int, encoding: str, tmp_path: Path, about: About) -> None:
    outline = shapely.MultiPolygon([shapely.box(119, 36.6, 119.2, 36.8), shapely.box(119.3, 36.6, 119.4, 36.7)])
    result = result_of(outline=outline)
    target = tmp_path / "c.zip"
    coverage_shapefile(result, target, about=about, crs=crs, encoding=encoding)
    zipfile.ZipFile(target).extractall(tmp_path / "z")
    frame = result.villages.to_crs(crs)
    for name, read in READERS.items():
        seen = read(tmp_path / "z" / "villages.shp", "villages")
        assert [row["NAME"] for row in seen.rows] == result.villages["name"].tolist(), name
        assert [row["COVERED"] for row in seen.rows] == ["T", "F", "T", "F", "T"], name
        assert [row["NEAREST_M"] for row in seen.rows] == ["12.25", "1500.5", "", "3.0", "4.0"], name
        assert all(alike(a, b, 1e-5) for a, b in zip(seen.geometries, frame.geometry, strict=True)), name
        assert seen.epsg == crs, name
        (shape,) = read(tmp_path / "z" / "outline.shp", "outline").geometries
        assert shape is not None
        assert len(shapely.get_parts(shape)) == 2, name
        towns = read(tmp_path / "z" / "towns.dbf", "towns")
        assert [row["COUNTYNAME"] for row in towns.rows] == ["潍城区", "寒亭区"], name
        assert [row["SHARE"] for row in towns.rows] == ["0.6", ""], name
        assert towns.epsg is None, name
        assert len(read(tmp_path / "z" / "counties.dbf", "counties").rows) == 2, name
    archive = zipfile.ZipFile(target)
    content = json.loads(archive.read("manifest.json"))
    assert content["counts"] == {"villages": 5, "outline": 1, "counties": 2, "towns": 2}
    assert content["question"]["kinds"] == ["day_care", "canteen"]
    assert content["total"]["share"] == 0.6
    assert content["synthetic"] is True
    rows = list(csv.DictReader(io.StringIO(archive.read("字段说明.csv").decode("utf-8-sig"))))
    assert {row["文件"] for row in rows} == {"villages", "outline", "counties", "towns"}
    titles = {(row["文件"], row["字段名"]): (row["中文全称"], row["单位"]) for row in rows}
    assert titles["villages", "WEIGHT"] == ("60岁以上人口", "人")
    assert titles["towns", "VILLCOV"] == ("覆盖的村居数", "个")


def test_without_outline_and_without_villages(tmp_path: Path, about: About) -> None:
    target = tmp_path / "c.zip"
    assert coverage_shapefile(result_of(0), target, about=about).count == 0
    archive = zipfile.ZipFile(target)
    assert not [name for name in archive.namelist() if name.startswith("outline")]
    archive.extractall(tmp_path / "z")
    assert READERS["ogr"](tmp_path / "z" / "villages.shp", "villages").rows == []
    coverage_workbook(result_of(0), tmp_path / "c.xlsx", about=about)
    assert len(list(openpyxl.load_workbook(tmp_path / "c.xlsx")["村居"].values)) == 1


def test_streams(about: About, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with open_coverage_workbook(result_of(), about=about) as book:
        assert openpyxl.load_workbook(io.BytesIO(book.read())).sheetnames[0] == "概要"
    with open_coverage_shapefile(result_of(), about=about, crs=4528) as archive:
        assert "villages.shp" in zipfile.ZipFile(io.BytesIO(archive.read())).namelist()
    assert list(tmp_path.iterdir()) == []
