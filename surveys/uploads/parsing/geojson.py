"""GeoJSON, feature by feature."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from gis.errors import N_
from layers.ingest.reading import gdal
from layers.ingest.reading.faults import DamagedFile, UnknownKind
from surveys.uploads.raw import SKIPPED, Budget, Collector, Part

_GEOMETRIES: Final = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
)
_NO_FEATURE: Final = N_("%(count)d members of the list are no features: %(rows)s.")


def read(path: Path, file: str, budget: Budget) -> Part:
    """A GeoJSON file: a collection, a feature, a geometry, or features line by line.

    Raises
    ------
    DamagedFile, UnknownKind
    """
    given = _parsed(path.read_bytes(), file)
    part = Part(file, "geojson", crs={"epsg": 4326, "name": "WGS 84"}, encoding="utf-8", encoding_from="format")
    if isinstance(given, dict) and isinstance(given.get("crs"), dict):
        properties = given["crs"].get("properties")
        name = properties.get("name") if isinstance(properties, dict) else None
        if isinstance(name, str) and not name.endswith(":CRS84"):
            part.crs = gdal.crs_of(name)
    collector = Collector(part, budget)
    for row, feature in enumerate(_features(given, file), start=1):
        if not isinstance(feature, dict):
            collector.flaw("no-feature", row, _NO_FEATURE, SKIPPED)
            continue
        geometry = feature if feature.get("type") in _GEOMETRIES else feature.get("geometry")
        properties = feature.get("properties")
        attributes = properties if isinstance(properties, dict) else {}
        collector.add(row, geometry, {str(key)[:100]: _plain(value) for key, value in attributes.items()})
    return collector.finish()


def _parsed(data: bytes, file: str) -> Any:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DamagedFile(
            N_("%(file)s is not UTF-8, as GeoJSON must be, from byte %(position)d on."),
            hint=N_("Export it again as UTF-8."),
            file=file,
            position=error.start,
        ) from error
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        lines = [line.strip("\x1e ") for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and lines[0].startswith("{") and lines[0].endswith("}"):
            return [_line(line) for line in lines]
        raise DamagedFile(
            N_("%(file)s is damaged: it is no JSON from line %(line)d, sign %(sign)d on."),
            hint=N_("Copy or export the file again; it may have been cut off on its way."),
            file=file,
            line=error.lineno,
            sign=error.colno,
        ) from error
    except (RecursionError, ValueError) as error:
        raise DamagedFile(
            N_("%(file)s is damaged: it is nested deeper, or has longer numbers, than any honest file."),
            hint=N_("Export it again from the device or program."),
            file=file,
        ) from error


def _line(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _features(given: Any, file: str) -> list[Any]:
    if isinstance(given, dict) and isinstance(given.get("features"), list):
        return list(given["features"])
    if isinstance(given, list):
        return given
    if isinstance(given, dict) and (given.get("type") == "Feature" or given.get("type") in _GEOMETRIES):
        return [given]
    raise UnknownKind(
        N_("%(file)s is JSON, but no GeoJSON: it has no features."),
        hint=N_("Export it as GeoJSON, or as a GeoPackage."),
        file=file,
    )


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False)[:2000] if isinstance(value, (dict, list)) else value
