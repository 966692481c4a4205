"""Frames as the register gives them, filled with what is hard to write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from layers.catalogue import Field, Layer
from layers.export import About

TEXTS: tuple[str | None, ...] = (
    "潍坊市",
    "𠀀𠮷😀𪚥",
    'quoted "name", with comma; and = sign',
    "换行\n第二行",
    "引'号 Xī'ān Línqú",
    "ḿ龴龻︐",
    "青" * 84,
    None,
    "370702",
    "O'Brien \\ back",
)
NUMBERS: dict[str, list[Any]] = {
    "int": [0, -1, 2**31 + 5, 999_999_999_999_999_999, None, 7],
    "float": [0.1, -956.27, 1e-7, 123456789.123, None, 3.0],
    "bool": [True, False, None],
    "date": ["2022-12-31", None, "1949-10-01", "0618-01-01"],
    "datetime": ["2026-01-02T03:04:05.678Z", None, "1999-12-31T23:59:59.250Z"],
    "json": ['[{"kind":"树","azimuth":12.5}]', None, '{"名":"石\\"碑"}'],
}


def values(field: Field, count: int) -> pd.Series[Any]:
    """Values of a field's kind, over and over, in the dtypes that the register gives."""
    if field.name == "uuid":
        return pd.Series([f"00000000-0000-4000-8000-{row:012d}" for row in range(count)], dtype="str")
    if field.name == "source":
        return pd.Series(["synthetic" if row % 2 else "demonstration" for row in range(count)], dtype="str")
    pool = list(TEXTS) if field.type == "str" else NUMBERS[field.type]
    shift = sum(map(ord, field.name)) % len(pool)
    cells = [pool[(row + shift) % len(pool)] for row in range(count)]
    dtypes = {"int": "Int64", "float": "float64", "bool": "boolean"}
    return pd.Series(cells, dtype=dtypes.get(field.type, "str"))


def shapes(geometry: str, count: int) -> Any:
    """Geometries of a layer's type, within the city."""
    random = np.random.default_rng(7)
    lon, lat = 118.2 + 1.8 * random.random(count), 35.7 + 1.6 * random.random(count)
    if geometry == "Point":
        return shapely.points(lon, lat)
    if geometry == "MultiPolygon":
        boxes = shapely.box(lon, lat, lon + 0.01, lat + 0.02)
        holes = shapely.box(lon + 0.002, lat + 0.002, lon + 0.004, lat + 0.004)
        far = shapely.box(lon + 0.1, lat, lon + 0.11, lat + 0.01)
        return [
            shapely.MultiPolygon([shapely.difference(box, hole), *([other] if row % 2 else [])])
            for row, (box, hole, other) in enumerate(zip(boxes, holes, far, strict=True))
        ]
    lines = [shapely.LineString([(x, y), (x + 0.01, y + 0.02), (x + 0.03, y)]) for x, y in zip(lon, lat, strict=True)]
    return lines if geometry == "LineString" else [shapely.MultiLineString([line]) for line in lines]


@pytest.fixture
def frame_of() -> Callable[..., gpd.GeoDataFrame]:
    """Makes a frame of a layer with some rows."""

    def make(layer: Layer, count: int = 12) -> gpd.GeoDataFrame:
        columns = {field.name: values(field, count) for field in layer.fields}
        frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes(layer.geometry, count), crs=4490))
        return frame.rename_geometry("geom")

    return make


@pytest.fixture
def about() -> About:
    """What the exports of these tests say of themselves."""
    return About(
        seq=42,
        asof="2022-12-31",
        filters={"asof": "2022-12-31", "class": ["water"]},
        time="2026-01-02T03:04:05.678Z",
        sources=("民政局 · 2022",),
        synthetic=True,
    )
