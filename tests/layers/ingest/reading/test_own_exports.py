"""What the register exports comes back as it was, in every format, system and encoding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.crs import transformer
from layers.catalogue import LAYERS, Layer
from layers.export import About, export_layer
from layers.ingest.model import Reading
from layers.ingest.reading import read_isolated
from tests.layers.export.conftest import shapes, values

CASES = [
    ("gpkg", 4490, "utf-8"),
    ("gpkg", 4528, "utf-8"),
    ("geojson", 4490, "utf-8"),
    ("geojson", 4326, "utf-8"),
    *[("shp", crs, "utf-8") for crs in (4490, 4326, 4528, 4549, 4527, 4548)],
    *[("shp", crs, "gb18030") for crs in (4490, 4326, 4528, 4549, 4527, 4548)],
]


def frame_of(layer: Layer, count: int = 12) -> gpd.GeoDataFrame:
    columns = {field.name: values(field, count) for field in layer.fields}
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes(layer.geometry, count), crs=4490))
    return frame.rename_geometry("geom")


def spelled(value: Any) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    return repr(float(value)) if isinstance(value, (int, float)) else str(value)


# every case for points with all kinds of values; of the other layers one of each format
EACH = [("gpkg", 4490, "utf-8"), ("geojson", 4490, "utf-8"), ("shp", 4528, "gb18030")]


@pytest.mark.parametrize(
    ("key", "kind", "crs", "encoding"),
    [(key, *case) for key in LAYERS for case in (CASES if key in ("place-names", "stakes") else EACH)],
)
def test_comes_back(tmp_path: Path, key: str, kind: str, crs: int, encoding: str) -> None:
    layer = LAYERS[key]
    frame = frame_of(layer)
    ending = {"shp": "zip"}.get(kind, kind)
    about = About(seq=1, asof=None, filters={}, time="2026-01-02T03:04:05.678Z", sources=("民政局",), synthetic=True)
    path = tmp_path / f"out.{ending}"
    export_layer(frame, layer, format=kind, crs=crs, encoding=encoding, target=path, about=about)

    reading = read_isolated(path)

    assert (reading.format, reading.epsg) == (kind, 4326 if kind == "geojson" else crs)
    assert reading.layer == key.replace("-", "_")
    assert reading.rows.tolist() == list(range(1, 13))
    if kind == "shp":
        assert (reading.encoding, reading.encoding_from, reading.text_bytes) == (encoding, "cpg", 254)
    assert_same_values(reading, frame, layer)
    assert_same_places(reading, frame, crs)


def assert_same_values(reading: Reading, frame: gpd.GeoDataFrame, layer: Layer) -> None:
    names = {field.name: field.short if reading.format == "shp" else field.name for field in layer.fields}
    assert list(reading.frame.columns) == list(names.values())
    for field in layer.fields:
        found = [spelled(value) for value in reading.frame[names[field.name]]]
        assert found == [spelled(value) for value in frame[field.name]], field.name


def assert_same_places(reading: Reading, frame: gpd.GeoDataFrame, crs: int) -> None:
    assert reading.geometry is not None
    wanted = np.asarray(frame.geometry.array)
    if crs not in (4490, 4326):
        change = transformer(4490, crs)
        wanted = shapely.transform(wanted, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))
    for found, expected in zip(reading.geometry, wanted, strict=True):
        one, other = shapely.normalize(found), shapely.normalize(expected)
        if shapely.get_num_geometries(other) == 1 and one.geom_type != other.geom_type:
            other = shapely.get_geometry(other, 0)
        assert shapely.equals_exact(one, other, tolerance=2e-9 if crs in (4490, 4326) else 1e-5)
