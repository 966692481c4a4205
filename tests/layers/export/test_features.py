"""Every format, system and encoding, read back by GDAL, fiona and pyogrio, feature by feature."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from gis.crs import CrsMismatch
from gis.vectorfile import ProjectedGeoJSON, UnknownEncoding
from layers.catalogue import LAYERS, Layer
from layers.export import (
    CRS_TITLES,
    About,
    CannotWrite,
    UnknownFormat,
    UnofferedCrs,
    export_layer,
    file_name,
    open_export,
)
from tests.layers.export.peers import READERS, alike

Make = Callable[..., gpd.GeoDataFrame]
POINTS = LAYERS["place-names"]
MIXED_KINDS = LAYERS["stakes"]


def expected_rows(frame: gpd.GeoDataFrame, layer: Layer, *, names: str) -> list[dict[str, str]]:
    """What every reader should spell, by short or full name."""
    columns = {}
    for field in layer.fields:
        texts = []
        for value in frame[field.name].tolist():
            if value is None or value is pd.NA or value != value:
                texts.append("")
            elif field.type == "bool":
                texts.append("T" if value else "F")
            else:
                texts.append(str(value))
        columns[field.short if names == "short" else field.name] = texts
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def expected_shapes(frame: gpd.GeoDataFrame, crs: int) -> list[Any]:
    if crs in (4490, 4326):
        return list(frame.geometry)
    change = Transformer.from_crs(4490, crs, always_xy=True)
    return [
        shapely.transform(shape, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))
        for shape in frame.geometry
    ]


def assert_read_back(
    path: Path, stem: str, frame: gpd.GeoDataFrame, layer: Layer, crs: int, *, names: str, epsg: int | None = None
) -> None:
    wanted, geometries = expected_rows(frame, layer, names=names), expected_shapes(frame, crs)
    tolerance = 2e-9 if crs in (4490, 4326) else 1e-5
    for reader, read in READERS.items():
        seen = read(path, stem)
        if path.suffix == ".geojson":  # GDAL shows the features' ids as a column of their own
            assert seen.columns.pop(0) == "id"
            assert [row.pop("id") for row in seen.rows] == frame["uuid"].tolist()
        assert seen.columns == list(wanted[0]), reader
        assert len(seen.rows) == len(wanted), reader
        for row, (found, expected) in enumerate(zip(seen.rows, wanted, strict=True)):
            assert spelled(found, layer) == spelled(expected, layer), (reader, row)
        assert all(alike(a, b, tolerance) for a, b in zip(seen.geometries, geometries, strict=True)), reader
        assert seen.epsg == (epsg or crs), reader


def spelled(row: dict[str, str], layer: Layer) -> dict[str, object]:
    """Numbers as numbers and flags as T or F: GDAL 3.6 spells a GeoPackage's booleans 1 and 0, and 3.0 as 3."""
    kinds = {key: field.type for field in layer.fields for key in (field.name, field.short)}
    flags = {"1": "T", "0": "F", "?": "", "true": "T", "false": "F", "1.0": "T", "0.0": "F"}
    result: dict[str, object] = {}
    for name, text in row.items():
        if kinds[name] == "float" or kinds[name] == "int":
            result[name] = float(text) if text else None
        elif kinds[name] == "json" and text:
            result[name] = json.loads(text)
        else:
            result[name] = flags.get(text, text) if kinds[name] == "bool" else text
    return result


@pytest.mark.parametrize("crs", CRS_TITLES)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_shapefile_of_points(crs: int, encoding: str, tmp_path: Path, frame_of: Make, about: About) -> None:
    frame = frame_of(POINTS)
    target = tmp_path / "p.zip"
    result = export_layer(frame, POINTS, format="shp", crs=crs, encoding=encoding, target=target, about=about)
    zipfile.ZipFile(target).extractall(tmp_path / "p")
    shape = tmp_path / "p" / "place_names.shp"
    assert_read_back(shape, "place_names", frame, POINTS, crs, names="short")
    assert shape.with_suffix(".cpg").read_text() == encoding.upper()
    assert shape.with_suffix(".dbf").read_bytes()[29] == (0x4D if encoding == "gb18030" else 0)
    assert {finding.rule for finding in result.findings} == ({"outside-zone"} if crs not in (4490, 4326) else set())


@pytest.mark.parametrize("key", [key for key in LAYERS if key != "place-names"])
def test_a_shapefile_of_every_layer(key: str, tmp_path: Path, frame_of: Make, about: About) -> None:
    layer = LAYERS[key]
    frame = frame_of(layer)
    target = tmp_path / "export.zip"
    export_layer(frame, layer, format="shp", encoding="gb18030", target=target, about=about)
    zipfile.ZipFile(target).extractall(tmp_path / "files")
    stem = key.replace("-", "_")
    assert_read_back(tmp_path / "files" / f"{stem}.shp", stem, frame, layer, 4490, names="short")


@pytest.mark.parametrize("crs", CRS_TITLES)
def test_a_geopackage(crs: int, tmp_path: Path, frame_of: Make, about: About) -> None:
    frame = frame_of(MIXED_KINDS)
    target = tmp_path / "stakes.gpkg"
    export_layer(frame, MIXED_KINDS, format="gpkg", crs=crs, target=target, about=about)
    assert_read_back(target, "stakes", frame, MIXED_KINDS, crs, names="full")
    table = READERS["ogr"](target, "manifest")
    content = {row["name"]: row["value"] for row in table.rows}
    assert json.loads(content["crs"])["code"] == f"EPSG:{crs}"
    assert content["version"] == "42"
    fields = READERS["ogr"](target, "fields").rows
    assert [row["name"] for row in fields] == [field.name for field in MIXED_KINDS.fields]
    assert {row["name"]: row["title_zh"] for row in fields}["number"] == "界桩编号"


@pytest.mark.parametrize("crs", [4490, 4326])
@pytest.mark.parametrize("key", ["boundary-lines", "stakes", "place-areas"])
def test_geojson(crs: int, key: str, tmp_path: Path, frame_of: Make, about: About) -> None:
    layer = LAYERS[key]
    frame = frame_of(layer)
    target = tmp_path / "export.geojson"
    export_layer(frame, layer, format="geojson", crs=crs, target=target, about=about)
    # GeoJSON has no system of its own: every reader takes it for WGS 84.
    assert_read_back(target, key.replace("-", "_"), frame, layer, crs, names="full", epsg=4326)
    content = json.loads(target.read_text("utf-8"))
    assert "crs" not in content
    assert content["manifest"]["crs"]["code"] == f"EPSG:{crs}"
    assert content["fields"][0]["title_zh"] == "唯一标识"
    assert [feature["id"] for feature in content["features"]] == frame["uuid"].tolist()
    for feature in content["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        for polygon in shapely.get_parts(shape):
            if polygon.geom_type == "Polygon":
                assert shapely.is_ccw(polygon.exterior)
                assert not any(shapely.is_ccw(ring) for ring in polygon.interiors)


def test_geojson_keeps_json_nested(tmp_path: Path, frame_of: Make, about: About) -> None:
    target = tmp_path / "s.geojson"
    export_layer(frame_of(MIXED_KINDS), MIXED_KINDS, format="geojson", target=target, about=about)
    found = [f["properties"]["reference_features"] for f in json.loads(target.read_text("utf-8"))["features"]]
    assert [{"kind": "树", "azimuth": 12.5}] in found
    assert None in found


def test_the_zip_explains_itself(tmp_path: Path, frame_of: Make, about: About) -> None:
    frame = frame_of(POINTS)
    frame.loc[3, "history"] = "沿" * 200
    frame.loc[5, "geom"] = None
    target = tmp_path / "p.zip"
    result = export_layer(frame, POINTS, format="shp", crs=4549, target=target, about=about)
    archive = zipfile.ZipFile(target)
    assert archive.testzip() is None
    content = json.loads(archive.read("manifest.json"))
    assert content["layer"] == {
        "key": "place-names",
        "title": {"zh": "地名", "en": "Place names"},
        "geometry": "Point",
    }
    assert (content["version"], content["asof"], content["count"]) == (42, "2022-12-31", 12)
    assert content["counts"] == {"place_names": 11, "place_names_nogeom": 1}
    assert content["synthetic_count"] == 6
    assert "6 条示范" in content["statement"]["zh"]
    assert content["filters"]["class"] == ["water"]
    rules = [finding["rule"] for finding in content["findings"]]
    assert rules == [finding.rule for finding in result.findings]
    assert {"value-cut", "geometry-missing", "outside-zone"} == set(rules)
    listed = {entry["name"]: entry["sha256"] for entry in content["files"]}
    assert set(archive.namelist()) == {*listed, "manifest.json"}
    assert all(hashlib.sha256(archive.read(name)).hexdigest() == digest for name, digest in listed.items())
    full = list(csv.reader(io.StringIO(archive.read("place_names_full_values.csv").decode("utf-8-sig"))))
    assert full[1] == [frame["uuid"][3], "HISTORY", "沿" * 200]
    dictionary = archive.read("字段说明.csv")
    assert dictionary.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(dictionary.decode("utf-8-sig"))))
    assert [row["字段名"] for row in rows] == [field.short for field in POINTS.fields]
    assert {row["字段名"]: row["中文全称"] for row in rows}["CLASSCODE"] == "类别代码"
    assert "demonstration" not in {row["字段名"]: row["取值说明"] for row in rows}["SOURCE"]
    assert "synthetic = 合成" in {row["字段名"]: row["取值说明"] for row in rows}["SOURCE"]
    assert "EPSG:4549" in archive.read("说明.txt").decode("utf-8-sig")
    assert {info.date_time for info in archive.infolist()} == {(2026, 1, 2, 3, 4, 4)}


def test_in_english_with_translated_findings(tmp_path: Path, frame_of: Make) -> None:
    target = tmp_path / "p.zip"
    about = About(seq=1, language="en", translate=lambda text: f"«{text}»")
    export_layer(frame_of(POINTS), POINTS, format="shp", crs=4528, target=target, about=about)
    archive = zipfile.ZipFile(target)
    assert {"fields.csv", "README.txt"} < set(archive.namelist())
    assert archive.read("README.txt").decode("utf-8-sig").startswith("Place names\r\n")
    assert json.loads(archive.read("manifest.json"))["findings"][0]["message"].startswith("«")


def test_the_same_export_gives_the_same_bytes(tmp_path: Path, frame_of: Make, about: About) -> None:
    frame = frame_of(POINTS)
    written = []
    for name in ("a.zip", "b.zip"):
        export_layer(frame, POINTS, format="shp", target=tmp_path / name, about=about)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("name", ["shp", "gpkg", "geojson"])
def test_no_features_still_give_a_file_with_fields(name: str, tmp_path: Path, frame_of: Make, about: About) -> None:
    layer = LAYERS["place-areas"]
    target = tmp_path / file_name(layer.key, asof=None, crs=4490, format=name)
    result = export_layer(frame_of(layer)[:0], layer, format=name, target=target, about=about)
    assert result.count == 0
    path = target
    if name == "shp":
        zipfile.ZipFile(target).extractall(tmp_path / "z")
        path = tmp_path / "z" / "place_areas.shp"
    if name == "geojson":
        assert json.loads(target.read_text("utf-8"))["features"] == []
        return
    for read in READERS.values():
        seen = read(path, "place_areas")
        assert seen.rows == []
        assert seen.columns == [field.short if name == "shp" else field.name for field in layer.fields]
        assert seen.epsg == 4490


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"format": "dwg"}, UnknownFormat),
        ({"format": "shp", "crs": 3857}, UnofferedCrs),
        ({"format": "shp", "encoding": "gbk"}, UnknownEncoding),
        ({"format": "geojson", "crs": 4528}, ProjectedGeoJSON),
    ],
)
def test_what_is_not_offered_is_refused_before_anything_is_written(
    asked: dict[str, Any], error: type[Exception], tmp_path: Path, frame_of: Make, about: About
) -> None:
    with pytest.raises(error):
        export_layer(frame_of(POINTS), POINTS, target=tmp_path / "x", about=about, **asked)
    assert list(tmp_path.iterdir()) == []


def test_another_system_than_the_storage_is_refused(tmp_path: Path, frame_of: Make, about: About) -> None:
    with pytest.raises(CrsMismatch):
        export_layer(frame_of(POINTS).to_crs(4549), POINTS, format="shp", target=tmp_path / "x.zip", about=about)


def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, frame_of: Make, about: About, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "p.zip"
    target.write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr("layers.export.bundle.pack", lambda *a, **k: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(CannotWrite, match="No space left"):
            export_layer(frame_of(POINTS), POINTS, format="shp", target=target, about=about)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
    with pytest.raises(CannotWrite, match="No such file"):
        export_layer(frame_of(POINTS), POINTS, format="shp", target=tmp_path / "none" / "p.zip", about=about)


def test_a_stream_has_the_bytes_of_the_file_and_leaves_no_trace(
    tmp_path: Path, frame_of: Make, about: About, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    frame = frame_of(POINTS)
    stream, result = open_export(frame, POINTS, format="shp", about=about)
    assert result.path == Path("dijie-place-names-2022-12-31-4490.zip")
    assert list(tmp_path.iterdir()) == []
    with stream:
        streamed = stream.read()
    export_layer(frame, POINTS, format="shp", target=tmp_path / "p.zip", about=about)
    assert streamed == (tmp_path / "p.zip").read_bytes()


def test_progress_rises_to_the_end(tmp_path: Path, frame_of: Make, about: About) -> None:
    seen: list[float] = []
    target = tmp_path / "p.zip"
    export_layer(
        frame_of(POINTS), POINTS, format="shp", target=target, about=about, progress=lambda done, _: seen.append(done)
    )
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
