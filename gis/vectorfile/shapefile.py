"""Write shapefiles that lose nothing in silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding
from gis.vectorfile.columns import Kind
from gis.vectorfile.dbf import write_table
from gis.vectorfile.geometry import (
    Family,
    Geometries,
    epsg_of,
    families,
    family_of,
    geometry_name,
    projected,
    wkb,
    zone_findings,
)
from gis.vectorfile.points import write_points
from gis.vectorfile.table import FULL_VALUES, LISTED, Table, today, write_cpg
from gis.vectorfile.text import ENCODINGS, require_encoding
from gis.vectorfile.written import Written

BARE: Final = "nogeom"
"""Ending of the table that holds the rows without geometry."""


def write_shapefile(
    frame: gpd.GeoDataFrame,
    path: Path,
    *,
    crs: int | None = None,
    encoding: str = "utf-8",
    names: Mapping[str, str] | None = None,
    kinds: Mapping[str, Kind] | None = None,
    geometry: str = "",
    key: str = "uuid",
    day: date | None = None,
) -> Written:
    """Write a frame as one shapefile, or as one for each geometry family in it.

    Parameters
    ----------
    frame
        Features with a known CRS. Its index is not written. No rows are well: the files have their fields.
    path
        The .shp file. Where points, lines and polygons are mixed, ``name_point.shp``, ``name_line.shp`` and
        ``name_polygon.shp`` are written instead. Rows without geometry (missing, empty or not finite) go into the
        table ``name_nogeom.dbf``; values that had to be cut or changed stand in full in ``name_full_values.csv``.
    crs
        EPSG code to write in; None: the frame's own.
    encoding
        ``utf-8`` or ``gb18030``; stands in the .cpg file.
    names
        Short field names asked for, by column. Others are shortened by `shorten_names`.
    kinds
        What columns hold, where their dtype does not say it.
    geometry
        Type of an empty file, such as ``MultiPolygon``.
    key
        Column that names a row in findings and in the CSV; the row's position where the frame has no such column.
    day
        Date in the table's header; None: today.

    Returns
    -------
    Written
        Findings: ``value-cut``, ``value-changed``, ``not-a-number``, ``kind-differs``, ``name-shortened``,
        ``geometry-missing``, ``geometry-split``, ``families-apart``, ``outside-zone``.

    Raises
    ------
    UnknownEncoding, CrsMismatch, TableTooLarge
    """
    encoding = require_encoding(encoding)
    source = epsg_of(frame)
    target = crs or source
    findings: list[Finding] = []
    table = Table(frame, encoding, names or {}, kinds or {}, key)
    findings += table.findings

    shapes = projected(np.asarray(frame.geometry.array), source, target)
    findings += zone_findings(shapes, target, where=path.stem)
    parts, bare, collections = families(shapes)
    findings += _geometry_findings(path.stem, table, bare, collections, list(parts))

    files: list[Path] = []
    counts: dict[str, int] = {}
    day = day or today()
    several = len(parts) > 1
    for family, part in parts.items():
        own = path.with_name(f"{path.stem}_{family}.shp") if several else path.with_suffix(".shp")
        files += _write_shapes(own, part.geometries, family, target, encoding)
        write_table(own.with_suffix(".dbf"), table.rows(part.rows), len(part.rows), encoding, day=day)
        counts[own.stem] = len(part.rows)
    if not parts:
        own = path.with_suffix(".shp")
        files += _write_shapes(own, np.empty(0, dtype=object), family_of(geometry), target, encoding)
        write_table(own.with_suffix(".dbf"), table.rows(np.empty(0, dtype=np.intp)), 0, encoding, day=day)
        counts[own.stem] = 0
    if bare.size:
        own = path.with_name(f"{path.stem}_{BARE}.dbf")
        write_table(own, table.rows(bare), len(bare), encoding, day=day)
        files += [own, write_cpg(own, encoding)]
        counts[own.stem] = len(bare)
    if table.lost:
        files.append(table.write_full_values(path.with_name(f"{path.stem}_{FULL_VALUES}.csv")))
    return Written(tuple(files), counts, table.fields, tuple(findings))


def _geometry_findings(
    stem: str, table: Table, bare: NDArray[np.intp], collections: NDArray[np.intp], found: list[Family]
) -> list[Finding]:
    result = [
        Finding(
            "geometry-split",
            "warning",
            table.label(row),
            N_("A geometry collection was taken apart; its row stands in each file that has a part of it."),
        )
        for row in collections.tolist()
    ]
    if bare.size:
        template = N_("%(count)d rows have no geometry; they are in the table %(table)s.")
        params = {"count": len(bare), "table": f"{stem}_{BARE}", "rows": [table.label(r) for r in bare[:LISTED]]}
        result.append(Finding("geometry-missing", "warning", stem, template, params))
    if len(found) > 1:
        template = N_("Points, lines and polygons cannot share a shapefile; there is one file for each: %(families)s.")
        result.append(Finding("families-apart", "info", stem, template, {"families": ", ".join(found)}))
    return result


def _write_shapes(path: Path, geometries: Geometries, family: Family, epsg: int, encoding: str) -> list[Path]:
    """Write .shp, .shx and .prj and the .cpg; the attribute table is the caller's."""
    name = geometry_name(family, geometries)
    plain = name == "Point"  # plain points are written by ourselves, at a tenth of the time; the .prj is OGR's always
    pyogrio.raw.write(
        path,
        geometry=wkb(geometries[:0] if plain else geometries, name),
        field_data=[],
        fields=[],
        driver="ESRI Shapefile",
        geometry_type=name,
        crs=f"EPSG:{epsg}",
        encoding=ENCODINGS[encoding],
    )
    if plain:
        write_points(path, shapely.get_coordinates(geometries))
    cpg = write_cpg(path, encoding)
    return [path, path.with_suffix(".shx"), path.with_suffix(".dbf"), path.with_suffix(".prj"), cpg]
