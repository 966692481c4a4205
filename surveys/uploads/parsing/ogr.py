"""GeoPackage, file geodatabase, DXF and the shapes of a shapefile through fiona, record by record."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.reading import gdal
from layers.ingest.reading.faults import ReadingFailed, unreadable
from layers.ingest.reading.headings import is_empty
from surveys.uploads.raw import BAD_GEOMETRY, SKIPPED, Budget, Collector, Part, where

DRIVERS: Final[Mapping[str, str]] = {
    "gpkg": "GPKG",
    "gdb": "OpenFileGDB",
    "dxf": "DXF",
    "shp": "ESRI Shapefile",
}
"""Format to the one driver that may open it; GDAL keeps no other."""
_OPTIONS: Final = {
    "SHAPE_RESTORE_SHX": "YES",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".nothing",
    "GDAL_HTTP_TIMEOUT": "1",
    "DXF_MAX_BSPLINE_CONTROL_POINTS": "1000",
    "CPL_DEBUG": "OFF",
}
_BESIDE: Final = frozenset({"manifest", "fields", "layer_styles"})
"""Tables that our own exports and QGIS carry beside the layers."""
_MOST_LAYERS: Final = 200
_IN_A_ROW: Final = 1_000
"""After so many records that cannot be read one after the other, the layer is given up."""


def fiona_with(format: str) -> Any:  # noqa: A002 - the word of the rest
    """Fiona, with the drivers of our formats left in GDAL.

    Raises
    ------
    ReadingFailed
    """
    fiona, left = _started()
    if not left <= set(DRIVERS.values()) or DRIVERS[format] not in left:
        raise ReadingFailed(
            N_("Files of this kind cannot be read here: GDAL's driver %(driver)s is not the only one left."),
            driver=DRIVERS[format],
        )
    return fiona


@cache
def _started() -> tuple[Any, frozenset[str]]:
    """Fiona and the drivers that are left; once, for GDAL registers all again when it is asked twice."""
    import fiona
    from fiona._env import GDALEnv, set_gdal_config

    for name, value in _OPTIONS.items():
        set_gdal_config(name, value)
    environment = GDALEnv()
    environment.start()
    others = sorted(set(environment.drivers()) - set(DRIVERS.values()))
    set_gdal_config("GDAL_SKIP", ",".join([*others, ""]))
    again = GDALEnv()
    again.start()  # registers again, and now skips
    return fiona, frozenset(again.drivers())


def read(path: Path, file: str, format: str, budget: Budget) -> list[Part]:  # noqa: A002
    """Every layer of a database or drawing, under a name with the ending that GDAL expects.

    Raises
    ------
    DamagedFile, ReadingFailed
    """
    fiona = fiona_with(format)
    errors = (fiona.errors.FionaError, OSError, RuntimeError, ValueError, UnicodeError)
    try:
        names = [str(name) for name in fiona.listlayers(path)]
    except errors as error:
        raise unreadable(file) from error
    parts = []
    for name in [one for one in names if one.lower() not in _BESIDE][:_MOST_LAYERS]:
        part = Part(file, format, "" if format == "dxf" else name, encoding="utf-8", encoding_from="format")
        try:
            parts.append(layer(fiona, path, name, part, budget))
        except errors:
            template = N_("The layer “%(layer)s” cannot be read.")
            advice = N_("Open it in the program that wrote it and export it again.")
            part.findings.append(Finding("layer-unreadable", "error", where(part), template, {"layer": name}, advice))
            parts.append(part)
    return parts


def layer(
    fiona: Any,
    path: Path,
    name: str,
    part: Part,
    budget: Budget,
    attributes: Callable[[int], Mapping[str, Any] | None] | None = None,
) -> Part:
    """One layer, its records one by one.

    Parameters
    ----------
    attributes
        Of a shapefile: the attributes of a record by its place from 0, None for one that is deleted.
    """
    collector = Collector(part, budget)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with fiona.open(path, layer=name, enabled_drivers=[DRIVERS[part.format]]) as opened:
            part.crs = gdal.crs_of(opened.crs_wkt or None)
            bare = opened.schema["geometry"] == "None"
            count = _length(opened)
            seen = 0
            for place, feature in _records(opened, collector):
                seen = place + 1
                if feature is None:
                    continue
                own = attributes(place) if attributes is not None else dict(feature.properties)
                if own is None:
                    continue
                geometry = feature.geometry
                if bare:
                    _row(collector, place + 1, own)
                else:
                    plain = None if geometry is None else geometry.__geo_interface__
                    collector.add(place + 1, plain, own)
    if bare:
        part.shapes = None
    if count is not None and seen < count:
        template = N_("The layer says that it has %(said)d records; only %(there)d could be read.")
        advice = N_("Copy or export the file again; it may have been cut off on its way.")
        part.findings.append(
            Finding("records-missing", "error", where(part), template, {"said": count, "there": seen}, advice)
        )
    return collector.finish()


def _records(opened: Any, collector: Collector) -> Iterator[tuple[int, Any]]:
    """The records one by one; one that cannot be read is noted, and None."""
    records = iter(opened)
    place = failed = 0
    while failed < _IN_A_ROW:
        try:
            feature = next(records)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001 - whatever one record makes GDAL or fiona raise is told of that record
            collector.flaw("geometry-unreadable", place + 1, BAD_GEOMETRY, SKIPPED)
            failed += 1
            yield place, None
        else:
            failed = 0
            yield place, feature
        place += 1


def _row(collector: Collector, row: int, attributes: Mapping[str, Any]) -> None:
    """A record of a table without geometry."""
    if all(is_empty(value) for value in attributes.values() if value is not None):
        return
    collector.point(row, (0.0, 0.0), attributes)


def _length(opened: Any) -> int | None:
    try:
        return len(opened)
    except Exception:  # noqa: BLE001 - some drivers do not count; then nothing is compared
        return None
