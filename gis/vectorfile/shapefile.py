"""Write shapefiles that lose nothing in silence."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pyogrio
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding
from gis.vectorfile.cells import Made, make_cells
from gis.vectorfile.columns import Column, Kind, column
from gis.vectorfile.dbf import Cells, write_table
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
from gis.vectorfile.text import ENCODINGS, VALUE_BYTES, canonical_encoding, shorten_names
from gis.vectorfile.written import FieldWritten, Written

BARE: Final = "nogeom"
"""Ending of the table that holds the rows without geometry."""
FULL_VALUES: Final = "full_values"
"""Ending of the CSV that holds every value that had to be cut or changed."""
LISTED: Final = 100
"""Flaws of one kind and field are listed one by one up to this number; the rest is counted, and all are in the CSV."""


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
    encoding = canonical_encoding(encoding)
    source = epsg_of(frame)
    target = crs or source
    findings: list[Finding] = []
    table = _Table(frame, encoding, names or {}, kinds or {}, key)
    findings += table.findings

    shapes = projected(np.asarray(frame.geometry.array), source, target)
    findings += zone_findings(shapes, target, where=path.stem)
    parts, bare, collections = families(shapes)
    findings += _geometry_findings(path.stem, table, bare, collections, list(parts))

    files: list[Path] = []
    counts: dict[str, int] = {}
    day = day or date.today()  # noqa: DTZ011 - the day where the file is made, as dBASE means it
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
        files += [own, _write_cpg(own, encoding)]
        counts[own.stem] = len(bare)
    if table.lost:
        files.append(table.write_full_values(path.with_name(f"{path.stem}_{FULL_VALUES}.csv")))
    return Written(tuple(files), counts, table.fields, tuple(findings))


class _Table:
    """The attributes of a frame as cells, with what a shapefile cannot carry of them."""

    def __init__(
        self,
        frame: gpd.GeoDataFrame,
        encoding: str,
        names: Mapping[str, str],
        kinds: Mapping[str, Kind],
        key: str,
    ) -> None:
        columns = [str(name) for name in frame.columns if name != frame.geometry.name]
        short = shorten_names(columns, encoding, preferred=names)
        self.findings: list[Finding] = _name_findings(names, short)
        self.lost: list[tuple[str, str, str]] = []
        self._cells: list[Cells] = []
        self._keys = frame[key].astype(str).to_numpy(object) if key in frame.columns else None
        fields = []
        for name in columns:
            wanted = kinds.get(name)
            values = column(frame[name], wanted)
            made = make_cells(short[name], values, encoding)
            if wanted is not None and values.kind != wanted:
                self.findings.append(_kind_finding(name, wanted))
            self._report(name, short[name], values, made)
            self._cells.append(made.cells)
            storage = f"{made.cells.storage}({made.cells.width}{f',{made.cells.decimals}' * bool(made.cells.decimals)})"
            fields.append(FieldWritten(name, short[name], values.kind, storage))
        self.fields = tuple(fields)

    def rows(self, rows: NDArray[np.intp]) -> list[Cells]:
        """The cells of some rows."""
        whole = all(len(cells.data) == len(rows) for cells in self._cells)  # no row is missing: nothing to copy
        if whole and (np.diff(rows) == 1).all():
            return self._cells
        return [Cells(c.name, c.storage, c.width, c.decimals, c.data[rows]) for c in self._cells]

    def label(self, row: int) -> str:
        """What names a row."""
        return str(self._keys[row]) if self._keys is not None else str(row)

    def write_full_values(self, path: Path) -> Path:
        """Write the values that were cut or changed, in UTF-8 with a byte order mark for spreadsheets."""
        with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("row", "field", "value"))
            writer.writerows(self.lost)
        return path

    def _report(self, name: str, short: str, values: Column, made: Made) -> None:
        for rule, rows, template in (
            ("value-cut", made.cut, N_("The value of %(field)s is longer than %(limit)d bytes and was cut.")),
            ("value-changed", made.altered, N_("The value of %(field)s has characters that the file cannot carry.")),
        ):
            for row in rows.tolist():
                self.lost.append((self.label(row), short, str(values.data[row])))
            params: dict[str, object] = {"field": short, "column": name, "limit": VALUE_BYTES}
            advice = N_("The full value is in the file of full values.")
            self.findings += [
                Finding(rule, "warning", self.label(row), template, params, advice) for row in rows[:LISTED].tolist()
            ]
            if len(rows) > LISTED:
                more = N_("%(count)d more values of %(field)s are concerned.")
                self.findings.append(
                    Finding(rule, "warning", short, more, {**params, "count": len(rows) - LISTED}, advice)
                )
        if made.not_finite:
            template = N_("%(count)d values of %(field)s are infinite and were left empty.")
            params = {"field": short, "count": made.not_finite}
            self.findings.append(Finding("not-a-number", "warning", short, template, params))


def _name_findings(asked: Mapping[str, str], short: Mapping[str, str]) -> list[Finding]:
    """Name the columns whose short name ends in a number because another column had taken the first choice."""
    template = N_("The column %(column)s is called %(field)s: its shortened name was taken.")
    return [
        Finding("name-shortened", "info", given, template, {"column": name, "field": given})
        for name, given in short.items()
        if not asked.get(name, name).startswith(given)
    ]


def _kind_finding(name: str, kind: str) -> Finding:
    template = N_("The column %(column)s holds values that are not of the type %(kind)s; it was written as text.")
    return Finding("kind-differs", "warning", name, template, {"column": name, "kind": kind})


def _geometry_findings(
    stem: str, table: _Table, bare: NDArray[np.intp], collections: NDArray[np.intp], found: list[Family]
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
    """Write .shp, .shx and .prj with OGR and the .cpg; the attribute table is the caller's."""
    name = geometry_name(family, geometries)
    pyogrio.raw.write(
        path,
        geometry=wkb(geometries, name),
        field_data=[],
        fields=[],
        driver="ESRI Shapefile",
        geometry_type=name,
        crs=f"EPSG:{epsg}",
        encoding=ENCODINGS[encoding],
    )
    cpg = _write_cpg(path, encoding)
    return [path, path.with_suffix(".shx"), path.with_suffix(".dbf"), path.with_suffix(".prj"), cpg]


def _write_cpg(path: Path, encoding: str) -> Path:
    cpg = path.with_suffix(".cpg")
    cpg.write_text(ENCODINGS[encoding], encoding="ascii")
    return cpg
