"""Tables with a column of addresses, written with what was found."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from layers import days
from layers.access import PUBLIC
from layers.export import About
from layers.geocoding import AddressBook, Geocoded, geocode
from layers.geocoding.tables import NoAddressColumn, UnknownTable, address_column, table_of, texts_of, write_table
from layers.index import Index
from layers.provenance import about

FRAME = pd.DataFrame(
    {
        "序号": pd.array([1, 2, 3, 4], dtype="Int64"),
        "地址": pd.array(["青州市弥河镇上院村", "城关街道", None, "=cmd|calc"], dtype="str"),
        "经度": pd.array([1.5, None, 3.0, 4.0], dtype="float64"),
        "geometry": pd.array(["a", "b", "c", "d"], dtype="str"),
    }
)


@pytest.fixture(scope="module")
def said(index: Index) -> About:
    return about(index, day=days.today())


@pytest.fixture(scope="module")
def found(index: Index) -> Geocoded:
    return geocode(texts_of(FRAME["地址"]), book=AddressBook.of(index, reader=PUBLIC))


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["序号", "详细地址", "名称"], "详细地址"),
        (["名称", "机构地址"], "机构地址"),
        (["编号", "Address"], "Address"),
        (["序号", "地 址（必填）", "地址"], "地址"),
        (["序号", "地名", "备注"], "地名"),
        (["随便"], "随便"),
    ],
)
def test_the_column_of_addresses_is_known(columns: list[str], expected: str) -> None:
    assert address_column(columns, file="a.csv") == expected


def test_a_column_that_is_not_known_or_not_there() -> None:
    with pytest.raises(NoAddressColumn) as error:
        address_column(["序号", "甲"], file="a.csv")
    assert "a.csv" in error.value.message
    assert "序号, 甲" in error.value.hint
    with pytest.raises(NoAddressColumn, match="“乙”"):
        address_column(["地址"], file="a.csv", asked="乙")
    assert address_column(["地址", "甲"], file="a.csv", asked="甲") == "甲"


def test_every_column_stays_and_headings_are_one_of_a_kind(found: Geocoded, said: About) -> None:
    whole = table_of(FRAME, found, said)
    own, added = list(whole.columns[:4]), list(whole.columns[4:])
    assert own == list(FRAME.columns)
    assert added == ["经度 2", "纬度", "准确度", "匹配名称", "政区", "得分", "备选", "问题"]
    pd.testing.assert_frame_equal(whole[own], FRAME)
    first = whole.iloc[0]
    assert (first["匹配名称"], first["政区"], first["得分"], first["问题"]) == (
        "上院村委会",
        "青州市 弥河镇 上院村委会",
        1.0,
        "",
    )
    assert "临朐县 城关街道 (" in whole.iloc[1]["备选"]
    assert pd.isna(whole.iloc[1]["经度 2"])


def _rows_xlsx(path: Path) -> list[list[object]]:
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == 2
    summary = {row[0]: row[1] for row in book.worksheets[1].iter_rows(values_only=True)}
    assert summary["Rows"] == 4
    assert "合成" in str(summary["数据性质"])
    assert book.worksheets[0].cell(5, 2).data_type == "s"  # and no formula
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def _rows_csv(path: Path) -> list[list[object]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [list(row) for row in csv.reader(file)]
    assert rows[4][1] == "'=cmd|calc"
    return rows


def _rows_features(path: Path) -> list[list[object]]:
    frame = gpd.read_file(path)
    assert "geometry 2" in frame.columns
    assert frame.geometry.isna().tolist() == [False, True, True, True]
    point = frame.geometry.iloc[0]
    assert point.x == pytest.approx(float(frame["经度 2"].iloc[0]), abs=1e-6)
    plain = frame.drop(columns="geometry").astype(object).where(lambda cells: cells.notna(), None)
    return [list(plain.columns), *plain.to_numpy().tolist()]


@pytest.mark.parametrize(
    ("form", "read"),
    [("xlsx", _rows_xlsx), ("csv", _rows_csv), ("geojson", _rows_features), ("gpkg", _rows_features)],
)
def test_files(
    form: str, read: Callable[[Path], list[list[object]]], found: Geocoded, said: About, tmp_path: Path
) -> None:
    path = write_table(FRAME, found, tmp_path / f"out.{form}", about=said)
    rows = read(path)
    assert len(rows) == 5
    assert {"序号", "地址", "经度", "经度 2", "纬度", "准确度", "匹配名称", "政区", "得分", "备选", "问题"} <= set(
        rows[0]
    )
    place = rows[0].index("匹配名称")
    assert [row[place] or "" for row in rows[1:]] == ["上院村委会", "", "", ""]
    assert sorted(one.name for one in tmp_path.iterdir()) == [path.name]
    if form == "geojson":
        members = json.loads(path.read_text("utf-8"))
        assert members["summary"]["Rows"] == 4


def test_an_ending_that_says_nothing(found: Geocoded, said: About, tmp_path: Path) -> None:
    with pytest.raises(UnknownTable):
        write_table(FRAME, found, tmp_path / "out.docx", about=said)
    assert list(tmp_path.iterdir()) == []


def test_cells_as_texts() -> None:
    assert texts_of(pd.Series(["a", None, float("nan"), 370781.0, 1.5])) == ["a", "", "", "370781", "1.5"]
