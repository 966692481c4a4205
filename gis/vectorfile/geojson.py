"""Write GeoJSON as RFC 7946 has it: longitude and latitude, rings by the right-hand rule, no ``crs`` member."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.crs import STORAGE
from gis.errors import N_, Invalid
from gis.findings import Finding
from gis.vectorfile.columns import Column, Kind, column
from gis.vectorfile.geometry import Geometries, epsg_of, projected, usable, without
from gis.vectorfile.written import FieldWritten, Written

DECIMALS: Final = 9
"""0.1 mm on the ground: finer than any survey, and the digits behind it are noise."""
_GEOGRAPHIC: Final = (STORAGE, 4326)
_FEATURES_AT_ONCE: Final = 8192
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=str)


class ProjectedGeoJSON(Invalid):
    """GeoJSON asked for in plane coordinates."""

    code = "projected-geojson"


def require_geographic(epsg: int) -> int:
    """The EPSG code itself if GeoJSON can be in it (4490, 4326), or `ProjectedGeoJSON`."""
    if epsg not in _GEOGRAPHIC:
        raise ProjectedGeoJSON(
            N_("GeoJSON holds longitudes and latitudes (RFC 7946), not coordinates in EPSG:%(epsg)s."),
            hint=N_("Choose EPSG:4490 or 4326, or take a shapefile or GeoPackage for plane coordinates."),
            epsg=epsg,
        )
    return epsg


def write_geojson(
    frame: gpd.GeoDataFrame,
    path: Path,
    *,
    crs: int = STORAGE,
    kinds: Mapping[str, Kind] | None = None,
    key: str = "uuid",
    members: Callable[[Written], Mapping[str, object]] | None = None,
) -> Written:
    """Write a frame as a feature collection in UTF-8.

    Parameters
    ----------
    frame
        Features with a known CRS; missing, empty and not finite geometries become null and a finding.
    crs
        4490 or 4326: the same numbers, as PROJ holds the two for equal.
    kinds
        What columns hold, where their dtype does not say it; ``json`` columns become nested values.
    key
        Column whose value is each feature's ``id`` too.
    members
        Gives the foreign members of the collection (RFC 7946, 6.1) from what is known of it; they stand before the
        features.

    Raises
    ------
    ProjectedGeoJSON
        For any other system.
    CrsMismatch
        If the frame does not say its CRS.
    """
    require_geographic(crs)
    shapes = projected(np.asarray(frame.geometry.array), epsg_of(frame), crs)
    there = usable(shapes)
    shapes = shapely.orient_polygons(without(shapes, ~there), exterior_cw=False)
    columns = [str(name) for name in frame.columns if name != frame.geometry.name]
    values = {name: column(frame[name], (kinds or {}).get(name)) for name in columns}
    findings = []
    for name, one in values.items():
        lost = int(np.count_nonzero(~np.isfinite(one.data) & ~one.missing)) if one.kind == "float" else 0
        if lost:
            template = N_("%(count)d values of %(field)s are infinite and were left empty.")
            findings.append(Finding("not-a-number", "warning", name, template, {"count": lost, "field": name}))
    if not there.all():
        template = N_("%(count)d rows have no geometry.")
        count = int(np.count_nonzero(~there))
        findings.append(Finding("geometry-missing", "warning", path.stem, template, {"count": count}))
    fields = tuple(FieldWritten(name, name, one.kind, "JSON") for name, one in values.items())
    written = Written((path,), {path.stem: len(frame)}, fields, tuple(findings))
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.write('{"type":"FeatureCollection",\n')
        for member, content in (members(written) if members else {}).items():
            file.write(f"{_json(member)}:{_json(content)},\n")
        file.write('"features":[')
        for start in range(0, len(frame), _FEATURES_AT_ONCE):
            rows = np.arange(start, min(len(frame), start + _FEATURES_AT_ONCE))
            part = {name: one.take(rows) for name, one in values.items()}
            file.write(",\n" if start else "\n")
            file.write(",\n".join(_features(shapes[rows], part, key)))
        file.write("\n]}\n")
    return written


def _features(shapes: Geometries, values: Mapping[str, Column], key: str) -> Iterator[str]:
    shapes = shapes.copy()
    high = shapely.has_z(shapes)
    shapes[~high] = shapely.transform(shapes[~high], _round)
    shapes[high] = shapely.transform(shapes[high], _round, include_z=True)
    geometries = [text or "null" for text in shapely.to_geojson(shapes).tolist()]
    members = [[f"{_json(name)}:{text}" for text in _fragments(one)] for name, one in values.items()]
    properties = [",".join(row) for row in zip(*members, strict=True)] if members else [""] * len(geometries)
    ids = [f'"id":{text},' for text in _fragments(values[key])] if key in values else [""] * len(geometries)
    for own, shape, row in zip(ids, geometries, properties, strict=True):
        yield f'{{"type":"Feature",{own}"geometry":{shape},"properties":{{{row}}}}}'


def _round(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(coordinates, DECIMALS)


def _fragments(one: Column) -> list[str]:
    """Each value as JSON; what repeats is written once and taken again."""
    places, uniques = pd.factorize(_plain(one))
    texts = [_json_value(one.kind, value) for value in uniques.tolist()]
    texts.append("null")  # -1, missing, is the last
    return [texts[place] for place in places.tolist()]


def _plain(one: Column) -> NDArray[Any]:
    if one.kind == "float":
        return np.where(one.missing | ~np.isfinite(one.data), np.nan, one.data)
    if one.kind in ("int", "bool"):
        return without(one.data.astype(object), one.missing)
    return one.texts()


def _json_value(kind: Kind, value: object) -> str:
    if kind == "json" and isinstance(value, str):
        try:
            return _json(json.loads(value))
        except ValueError:
            return _json(value)
    return _json(value)


def _json(value: object) -> str:
    return _ENCODER.encode(value)
