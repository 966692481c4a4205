"""Shapefiles that lose nothing in silence, and reading what others wrote."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import fiona
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.crs import CrsMismatch
from gis.vectorfile import (
    NoSuchLayer,
    TableTooLarge,
    UnreadableFile,
    list_layers,
    read,
    write_dbf,
    write_geojson,
    write_geopackage,
    write_shapefile,
)
from gis.vectorfile.reading import FileMissing

POINT = shapely.Point(119.1, 36.71)


def points(columns: dict[str, Any]) -> gpd.GeoDataFrame:
    count = len(next(iter(columns.values())))
    shapes = shapely.points(119 + np.arange(count) / 100, np.full(count, 36.7))
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4490).rename_geometry("geom")


def schema(path: Path) -> dict[str, str]:
    with fiona.open(path) as file:
        return dict(file.schema["properties"])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "M")), min_size=1, max_size=90),
        min_size=1,
        max_size=5,
    )
)
def test_any_text_comes_back_or_is_reported(encoding: str, texts: list[str], tmp_path: Path) -> None:
    path = tmp_path / "t.shp"
    written = write_shapefile(points({"text": texts}), path, encoding=encoding)
    found = read(path)["text"].tolist()
    reported = {finding.where for finding in written.findings if finding.rule in ("value-cut", "value-changed")}
    for row, (wanted, got) in enumerate(zip(texts, found, strict=True)):
        if str(row) not in reported:
            assert got == wanted
        else:
            assert wanted.startswith(got)


@pytest.mark.parametrize(("encoding", "kept"), [("utf-8", 84), ("gb18030", 127)])
def test_long_values_are_cut_between_characters_and_kept_aside(encoding: str, kept: int, tmp_path: Path) -> None:
    long = "潍" * 300
    frame = points({"uuid": ["a", "b"], "history": [long, "潍" * kept]})
    written = write_shapefile(frame, tmp_path / "p.shp", encoding=encoding)
    assert read(tmp_path / "p.shp")["history"].tolist() == ["潍" * kept, "潍" * kept]
    assert [(f.rule, f.where, f.params["column"]) for f in written.findings] == [("value-cut", "a", "history")]
    with (tmp_path / "p_full_values.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["row", "field", "value"], ["a", "history", long]]
    assert tmp_path / "p_full_values.csv" in written.files


def test_many_cut_values_are_counted_after_the_first_hundred(tmp_path: Path) -> None:
    written = write_shapefile(points({"text": [f"{row}{'长' * 90}" for row in range(250)]}), tmp_path / "p.shp")
    assert len(written.findings) == 101
    assert written.findings[-1].params["count"] == 150
    assert len((tmp_path / "p_full_values.csv").read_text("utf-8-sig").splitlines()) == 251


def test_numbers_dates_and_flags_keep_their_type_and_value(tmp_path: Path) -> None:
    floats = [0.1, 1e-7, -123456789.125, np.nan, np.inf]
    frame = points(
        {
            "big": [2**40, -(2**31), 0, 5, 10**17],
            "huge": [2**62, -1, 0, 1, 2],
            "maybe": pd.array([1, None, 3, 4, 5], dtype="Int64"),
            "whole": [1.0, 2.0, np.nan, 4.0, 5.0],
            "real": floats,
            "tiny": [5e-324, 1.7976931348623157e308, -0.0, 1 / 3, 2.5],
            "flag": pd.array([True, False, None, True, True], dtype="boolean"),
            "day": [dt.date(2022, 12, 31), None, dt.date(1, 1, 1), dt.date(9999, 12, 31), None],
            "moment": pd.to_datetime(["2026-01-02T11:04:05.678+08:00", None, None, None, None]),
            "things": [{"名": [1, 2]}, None, None, None, None],
            "nothing": [None] * 5,
        }
    )
    written = write_shapefile(frame, tmp_path / "n.shp", kinds={"whole": "int", "day": "date"})
    found = read(tmp_path / "n.shp")
    assert found["big"].tolist() == frame["big"].tolist()
    assert found["huge"].tolist() == [str(2**62), "-1", "0", "1", "2"]  # 19 digits: as a number readers would round it
    assert found["maybe"].tolist()[0] == 1
    assert found["maybe"].isna().tolist() == [False, True, False, False, False]
    assert found["real"].tolist()[:3] == floats[:3]
    assert found["real"].isna().tolist() == [False, False, False, True, True]
    assert found["tiny"].tolist() == frame["tiny"].tolist()
    assert found["moment"].tolist()[0] == "2026-01-02T03:04:05.678Z"
    assert found["things"].tolist()[0] == '{"名": [1, 2]}'
    assert found["nothing"].isna().all()
    kinds = schema(tmp_path / "n.shp")
    assert (kinds["day"], kinds["flag"], kinds["big"], kinds["whole"]) == ("date", "bool", "int:18", "int32:9")
    with fiona.open(tmp_path / "n.shp") as file:
        rows = [record.properties for record in file]
    assert [row["flag"] for row in rows] == [True, False, None, True, True]
    assert [row["day"] for row in rows] == ["2022-12-31", None, "0001-01-01", "9999-12-31", None]
    assert [(f.rule, f.params["count"]) for f in written.findings] == [("not-a-number", 1)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=6))
def test_every_float_comes_back_as_the_same_double(numbers: list[float], tmp_path: Path) -> None:
    write_dbf(pd.DataFrame({"x": numbers}), tmp_path / "x.dbf")
    found = pyogrio.read_dataframe(tmp_path / "x.dbf")["x"].astype(float).tolist()
    assert found == numbers


def test_values_of_another_kind_become_text_and_are_reported(tmp_path: Path) -> None:
    frame = points({"year": ["1949", "民国时期"], "day": ["1949-10", "1950-01-01"]})
    written = write_shapefile(frame, tmp_path / "k.shp", kinds={"year": "int", "day": "date"})
    assert read(tmp_path / "k.shp")["year"].tolist() == ["1949", "民国时期"]
    assert read(tmp_path / "k.shp")["day"].tolist() == ["1949-10", "1950-01-01"]
    assert [(f.rule, f.where) for f in written.findings] == [("kind-differs", "year"), ("kind-differs", "day")]
    assert [field.kind for field in written.fields] == ["str", "str"]


def test_colliding_names_are_numbered_and_reported(tmp_path: Path) -> None:
    frame = points({"registered_at": ["a"], "registered_by": ["b"], "标准名称": ["c"], "标准名录": ["d"]})
    written = write_shapefile(frame, tmp_path / "c.shp")
    assert list(schema(tmp_path / "c.shp")) == ["registered", "registere1", "标准名", "标准名1"]
    assert [(f.rule, f.params["column"]) for f in written.findings] == [
        ("name-shortened", "registered_by"),
        ("name-shortened", "标准名录"),
    ]
    assert [(field.column, field.name) for field in written.fields][1] == ("registered_by", "registere1")


MIXED: list[shapely.Geometry | None] = [
    shapely.GeometryCollection([shapely.Point(118.9, 36.5), shapely.box(119, 36, 119.2, 36.3)]),
    POINT,
    shapely.LineString([(119, 36), (119.1, 36.1)]),
    None,
    shapely.box(119, 36, 119.1, 36.1),
    shapely.MultiPoint([(119, 36), (119.2, 36.2)]),
    shapely.Polygon(),
    shapely.Point(np.inf, 36),
]


def test_mixed_geometry_goes_into_a_file_each_and_nothing_is_lost(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"uuid": list("abcdefgh")}, geometry=MIXED, crs=4490)
    written = write_shapefile(frame, tmp_path / "m.shp")
    assert written.counts == {"m_point": 3, "m_line": 1, "m_polygon": 2, "m_nogeom": 3}
    found = {name: read(tmp_path / f"{name}.shp") for name in ("m_point", "m_line", "m_polygon")}
    assert {name: part["uuid"].tolist() for name, part in found.items()} == {
        "m_point": ["a", "b", "f"],
        "m_line": ["c"],
        "m_polygon": ["a", "e"],
    }
    assert found["m_point"].geometry.iloc[0].equals(shapely.MultiPoint([(118.9, 36.5)]))
    assert found["m_polygon"].geometry.iloc[0].equals(shapely.box(119, 36, 119.2, 36.3))
    assert read(tmp_path / "m_nogeom.dbf")["uuid"].tolist() == ["d", "g", "h"]
    findings = {finding.rule: finding for finding in written.findings}
    assert set(findings) == {"geometry-split", "geometry-missing", "families-apart"}
    assert findings["geometry-missing"].params["rows"] == ["d", "g", "h"]
    assert findings["geometry-split"].where == "a"


def test_mixed_geometry_stays_together_where_the_format_allows(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"uuid": list("abcdefgh")}, geometry=MIXED, crs=4490)
    for path, written in (
        (tmp_path / "m.gpkg", write_geopackage(frame, tmp_path / "m.gpkg")),
        (tmp_path / "m.geojson", write_geojson(frame, tmp_path / "m.geojson")),
    ):
        found = read(path)
        assert found["uuid"].tolist() == list("abcdefgh")
        assert found.geometry.isna().tolist() == [False, False, False, True, False, False, True, True]
        assert [(f.rule, f.params["count"]) for f in written.findings] == [("geometry-missing", 3)]


@pytest.mark.parametrize("geometry", ["Point", "LineString", "MultiPolygon"])
def test_only_rows_without_geometry(geometry: str, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": ["一", "二"]}, geometry=gpd.GeoSeries([None, None], crs=4490))
    written = write_shapefile(frame, tmp_path / "b.shp", geometry=geometry)
    assert written.counts == {"b": 0, "b_nogeom": 2}
    assert pyogrio.read_info(tmp_path / "b.shp")["geometry_type"] == geometry.removeprefix("Multi")
    assert read(tmp_path / "b_nogeom.dbf")["name"].tolist() == ["一", "二"]


@pytest.mark.parametrize("crs", [4490, 4326, 4549])
def test_heights_are_kept_and_measures_are_not(crs: int, tmp_path: Path) -> None:
    wkt = ["POINT Z (119.1 36.71 12.5)", "POINT ZM (119.1 36.71 3 9)", "POINT M (119.1 36.71 3)", "POINT (119.1 36.71)"]
    shapes = [*shapely.from_wkt(wkt), shapely.Point(119.1, 36.71, np.nan)]
    frame = gpd.GeoDataFrame({"n": range(5)}, geometry=shapes, crs=4490)
    write_shapefile(frame, tmp_path / "z.shp", crs=crs)
    write_geopackage(frame, tmp_path / "z.gpkg", crs=crs)
    paths = [tmp_path / "z.shp", tmp_path / "z.gpkg"]
    if crs != 4549:
        write_geojson(frame, tmp_path / "z.geojson", crs=crs)
        paths.append(tmp_path / "z.geojson")
    for path in paths:
        found = read(path).geometry.to_numpy()
        assert np.nan_to_num(shapely.get_z(found)).tolist() == [12.5, 3.0, 0.0, 0.0, 0.0]
        assert not shapely.has_m(found).any()
        assert shapely.get_x(found) == pytest.approx([419585.333 if crs == 4549 else 119.1] * 5, abs=0.001)


def test_outside_the_zone_is_a_warning_with_the_worst_distance(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy([118.2, 118.6, 119.9], [36.7] * 3), crs=4490)
    (finding,) = write_shapefile(frame, tmp_path / "o.shp", crs=4528).findings
    assert (finding.rule, finding.severity, finding.params["count"]) == ("outside-zone", "warning", 1)
    assert finding.params["degrees"] == pytest.approx(1.8, abs=1e-6)
    assert finding.params["km"] == pytest.approx(160.8, abs=0.5)
    assert finding.params["stretch"] == pytest.approx(32, abs=1)
    assert "1.80°" in finding.message
    assert write_shapefile(frame[1:], tmp_path / "i.shp", crs=4549).findings == ()
    (west,) = write_shapefile(frame, tmp_path / "w.shp", crs=4548).findings
    assert west.params["count"] == 2


def test_4326_and_4490_have_the_same_numbers(tmp_path: Path) -> None:
    frame = points({"n": [1, 2, 3]})
    write_shapefile(frame, tmp_path / "w.shp", crs=4326)
    found = read(tmp_path / "w.shp")
    assert found.crs.to_epsg() == 4326
    assert shapely.get_coordinates(found.geometry).tolist() == shapely.get_coordinates(frame.geometry).tolist()


def test_a_frame_without_system_is_refused(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[POINT])
    for write in (write_shapefile, write_geopackage, write_geojson):
        with pytest.raises(CrsMismatch):
            write(frame, tmp_path / "x.shp")
    assert list(tmp_path.iterdir()) == []


def test_more_fields_than_a_table_holds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableTooLarge, match="256 fields"):
        write_dbf(pd.DataFrame({f"f{number}": [1] for number in range(256)}), tmp_path / "x.dbf")


def test_a_geopackage_renames_what_would_clash(tmp_path: Path) -> None:
    frame = points({"fid": ["x"], "Name": ["a"], "name": ["b"]})
    written = write_geopackage(frame, tmp_path / "c.gpkg", layer="places", title="地名")
    assert [field.name for field in written.fields] == ["fid1", "Name", "name1"]
    assert read(tmp_path / "c.gpkg")[["fid1", "Name", "name1"]].to_numpy().tolist() == [["x", "a", "b"]]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("declared", ["cpg", "nothing"])
def test_shapefiles_are_read_whatever_declares_their_encoding(declared: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "r.shp"
    write_shapefile(points({"名称": ["潍坊市", "临朐县", None]}), path, encoding=encoding)
    if declared == "nothing":
        path.with_suffix(".cpg").unlink()
        table = path.with_suffix(".dbf").read_bytes()
        path.with_suffix(".dbf").write_bytes(table[:29] + b"\0" + table[30:])
    found = read(path)
    assert found["名称"].tolist()[:2] == ["潍坊市", "临朐县"]
    assert found["名称"].isna().tolist() == [False, False, True]
    assert found.geometry.name == "geom"


def test_the_language_byte_alone_serves_old_readers(tmp_path: Path) -> None:
    path = tmp_path / "r.shp"
    write_shapefile(points({"名称": ["潍坊市"]}), path, encoding="gb18030")
    path.with_suffix(".cpg").unlink()
    assert read(path)["名称"].tolist() == ["潍坊市"]
    assert pyogrio.read_info(path)["encoding"] != "ISO-8859-1"


def test_an_encoding_that_does_not_fit_is_no_silence(tmp_path: Path) -> None:
    path = tmp_path / "r.shp"
    write_shapefile(points({"name": ["潍坊市"]}), path, encoding="gb18030")
    path.with_suffix(".cpg").write_text("UTF-8")
    with pytest.raises(UnreadableFile):
        read(path)
    assert read(path, encoding="gb18030")["name"].tolist() == ["潍坊市"]


def test_layers_are_listed_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "l.gpkg"
    write_geopackage(points({"name": ["a", "b"]}), path, layer="places")
    (info,) = list_layers(path)
    assert (info.name, info.geometry, info.rows, info.epsg, info.fields) == ("places", "Point", 2, 4490, ("name",))
    with pytest.raises(NoSuchLayer) as raised:
        read(path, layer="rivers")
    assert raised.value.hint == "Its layers are: places."
    with pytest.raises(FileMissing):
        list_layers(tmp_path / "none.shp")
    (tmp_path / "bad.gpkg").write_bytes(b"no database")
    with pytest.raises(UnreadableFile):
        read(tmp_path / "bad.gpkg")
    with pytest.raises(UnreadableFile):
        list_layers(tmp_path / "bad.gpkg")
