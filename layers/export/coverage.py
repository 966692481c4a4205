"""A coverage result as shapefiles: villages, catchments and the tables of counties and towns in one zip."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import geopandas as gpd
import pandas as pd

from gis.coverage import CoverageResult
from gis.crs import STORAGE, require_same_crs
from gis.vectorfile import Written, require_encoding, write_dbf, write_shapefile
from layers.export.about import About, ExportResult, require_crs
from layers.export.bundle import bundle
from layers.export.coverage_tables import (
    COUNTIES,
    OUTLINE,
    REAL,
    SYNTHETIC,
    TOWNS,
    VILLAGES,
    fields,
    kind_titles,
)
from layers.export.dictionary import Entry, entry
from layers.export.manifest import manifest
from layers.export.package import deliver, nameless, workshop
from layers.export.workbook import coverage_workbook

__all__ = ["coverage_shapefile", "coverage_workbook", "open_coverage_shapefile", "open_coverage_workbook"]

_TITLE = ("服务覆盖分析", "Coverage")


def coverage_shapefile(
    result: CoverageResult, target: Path, *, about: About, crs: int = STORAGE, encoding: str = "utf-8"
) -> ExportResult:
    """Write ``villages.shp``, ``outline.shp`` where there is one, ``counties.dbf`` and ``towns.dbf`` as one zip.

    Parameters
    ----------
    target
        The .zip file; replaced in one step when all is written.
    crs, encoding
        As for `export_layer`.

    Raises
    ------
    UnofferedCrs, UnknownEncoding, CrsMismatch
        Before anything is written.
    TableTooLarge, CannotWrite
    """
    require_crs(crs)
    encoding = require_encoding(encoding)
    require_same_crs(STORAGE, result.villages)
    with workshop(target) as folder:
        parts = _parts(folder, result, crs, encoding)
        findings = [finding for part in parts.values() for finding in part.findings]
        content = manifest(
            layer={"key": "coverage", "title": dict(zip(("zh", "en"), _TITLE, strict=True)), "geometry": "Point"},
            about=about,
            count=len(result.villages),
            counts={name: rows for part in parts.values() for name, rows in part.counts.items()},
            crs=crs,
            format="shp",
            encoding=encoding,
            synthetic=len(result.villages) if about.synthetic else 0,
            statement=SYNTHETIC if about.synthetic else REAL,
            findings=findings,
        )
        content["question"] = {
            "kinds": list(result.kinds),
            "distance_m": result.distance_m,
            "weight": result.weight,
            "asof": result.asof,
            "facilities": result.facilities,
        }
        content["method"] = dict(result.method)
        content["total"] = dict(result.total)
        archive = bundle(
            folder,
            [file for part in parts.values() for file in part.files],
            title=_TITLE,
            rows=[row for table, part in parts.items() for row in _entries(table, part, result, about)],
            content=content,
            findings=findings,
            about=about,
        )
        deliver(archive, target)
    return ExportResult(target, len(result.villages), tuple(findings))


def _parts(folder: Path, result: CoverageResult, crs: int, encoding: str) -> dict[str, Written]:
    def shapes(table: str, frame: gpd.GeoDataFrame, geometry: str) -> Written:
        columns = fields(table, result)
        return write_shapefile(
            frame[[*(field.name for field in columns), frame.geometry.name]],
            folder / f"{table}.shp",
            crs=crs,
            encoding=encoding,
            names={field.name: field.short for field in columns},
            kinds={field.name: field.type for field in columns},
            geometry=geometry,
        )

    def attributes(table: str, frame: pd.DataFrame) -> Written:
        columns = fields(table, result)
        return write_dbf(
            frame[[field.name for field in columns]],
            folder / f"{table}.dbf",
            encoding=encoding,
            names={field.name: field.short for field in columns},
            kinds={field.name: field.type for field in columns},
            key="code",
        )

    parts = {VILLAGES: shapes(VILLAGES, result.villages, "Point")}
    if result.outline is not None:
        zh, _ = kind_titles(result)
        row = {"kinds": [zh], "distance_m": [result.distance_m], "facilities": [result.facilities]}
        outline = gpd.GeoDataFrame(row, geometry=[result.outline], crs=STORAGE)
        parts[OUTLINE] = shapes(OUTLINE, outline, "MultiPolygon")
    parts[COUNTIES] = attributes(COUNTIES, result.counties)
    parts[TOWNS] = attributes(TOWNS, result.towns)
    return parts


def _entries(table: str, written: Written, result: CoverageResult, about: About) -> list[Entry]:
    known = {field.name: (field.title_zh, field.title_en, field.unit) for field in fields(table, result)}
    file = ", ".join(written.counts)
    return [entry(file, field, known[field.column], about) for field in written.fields]


def open_coverage_workbook(result: CoverageResult, *, about: About) -> IO[bytes]:
    """The workbook as a file without a name, open for reading: it is gone when it is closed."""
    return _opened(lambda target: coverage_workbook(result, target, about=about))


def open_coverage_shapefile(
    result: CoverageResult, *, about: About, crs: int = STORAGE, encoding: str = "utf-8"
) -> IO[bytes]:
    """The zip of shapefiles as a file without a name, open for reading: it is gone when it is closed."""
    return _opened(lambda target: coverage_shapefile(result, target, about=about, crs=crs, encoding=encoding))


def _opened(make: Callable[[Path], ExportResult]) -> IO[bytes]:
    with tempfile.TemporaryDirectory(prefix="dijie-export-") as folder:
        return nameless(make(Path(folder) / "coverage").path)
