"""Write GeoPackages: a layer with full field names, and tables beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding
from gis.vectorfile.columns import Column, Kind, column
from gis.vectorfile.geometry import (
    Geometries,
    epsg_of,
    projected,
    usable,
    without,
    zone_findings,
)
from gis.vectorfile.text import shorten_names
from gis.vectorfile.written import FieldWritten, Written

_FID: Final = "fid"
_GEOMETRY: Final = "geom"
_STORAGE: Final[Mapping[Kind, str]] = {
    "str": "TEXT",
    "json": "TEXT",
    "int": "INTEGER",
    "float": "REAL",
    "bool": "BOOLEAN",
    "date": "DATE",
    "datetime": "DATETIME",
}
_UTC: Final = 100
"""OGR's mark for a time in UTC."""
_NAME_BYTES: Final = 120
_VERSION: Final = "1.3"
"""GDAL before 3.7 and the QGIS that comes with it warn of a newer one."""


def write_geopackage(
    frame: gpd.GeoDataFrame,
    path: Path,
    *,
    crs: int | None = None,
    layer: str = "",
    title: str = "",
    description: str = "",
    kinds: Mapping[str, Kind] | None = None,
    geometry: str = "",
) -> Written:
    """Write a frame as the one spatial layer of a new GeoPackage.

    Parameters
    ----------
    frame
        Features with a known CRS; missing, empty and not finite geometries become NULL and a finding.
    path
        A file that does not exist yet.
    crs
        EPSG code to write in; None: the frame's own.
    layer, title, description
        Table name (the file's stem where empty), and what ``gpkg_contents`` says of it.
    kinds
        What columns hold, where their dtype does not say it.
    geometry
        Type of an empty layer, such as ``MultiPolygon``.

    Raises
    ------
    CrsMismatch
        If the frame does not say its CRS.
    """
    source = epsg_of(frame)
    target = crs or source
    layer = layer or path.stem
    shapes = projected(np.asarray(frame.geometry.array), source, target)
    there = usable(shapes)
    kind = _layer_type(shapes[there], geometry)
    shapes = without(shapes, ~there)
    columns = [str(name) for name in frame.columns if name != frame.geometry.name]
    # SQLite takes Name and name for one column, and fid and geom are the layer's own.
    names = shorten_names(columns, "utf-8", limit=_NAME_BYTES, reserved=(_FID, _GEOMETRY))
    values = [column(frame[name], (kinds or {}).get(name)) for name in columns]
    _write(
        path,
        layer,
        [names[name] for name in columns],
        values,
        geometry=shapely.to_wkb(shapes, output_dimension=3),
        geometry_type=kind,
        promote_to_multi=kind.startswith("Multi"),
        crs=f"EPSG:{target}",
        dataset_options={"VERSION": _VERSION},
        layer_options={"GEOMETRY_NAME": _GEOMETRY, "IDENTIFIER": title or layer, "DESCRIPTION": description},
    )
    findings = zone_findings(shapes, target, where=layer)
    bare = int(np.count_nonzero(~there))
    if bare:
        template = N_("%(count)d rows have no geometry.")
        findings.append(Finding("geometry-missing", "warning", layer, template, {"count": bare}))
    fields = tuple(
        FieldWritten(name, names[name], one.kind, _STORAGE[one.kind]) for name, one in zip(columns, values, strict=True)
    )
    return Written((path,), {layer: len(frame)}, fields, tuple(findings))


def add_tables(path: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Add tables without geometry to a GeoPackage, by name; column names as they are."""
    for name, table in tables.items():
        names = [str(name) for name in table.columns]
        _write(path, name, names, [column(table[name]) for name in names], geometry=None, append=True)


def _layer_type(geometries: Geometries, declared: str) -> str:
    """The narrowest type that all have, the multiple one where single and multiple ones are mixed."""
    types = set(shapely.get_type_id(geometries).tolist())
    if not types:
        return declared or "Unknown"
    for name, members in (("Point", {0, 4}), ("LineString", {1, 2, 5}), ("Polygon", {3, 6})):
        if types <= members:
            multiple = types & {4, 5, 6} or declared == f"Multi{name}"
            kind = f"Multi{name}" if multiple else name
            return f"{kind} Z" if shapely.has_z(geometries).any() else kind
    return "Unknown"


def _write(path: Path, layer: str, names: list[str], values: list[Column], **options: Any) -> None:
    times = {
        name: np.full(len(one.data), _UTC, dtype=np.int32)
        for name, one in zip(names, values, strict=True)
        if one.kind == "datetime"
    }
    pyogrio.raw.write(
        path,
        layer=layer,
        driver="GPKG",
        field_data=[_data(one) for one in values],
        field_mask=[one.missing for one in values],
        fields=np.array(names, dtype=object),
        gdal_tz_offsets=times,
        **options,
    )


def _data(one: Column) -> NDArray[Any]:
    return one.texts() if one.kind in ("str", "json") else one.data
