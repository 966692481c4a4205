"""GeoJSON, feature by feature: what stands there as JSON stays what it is.

GDAL would guess dates from texts, read the file three times and hold it whole. Here one feature is held at a time, in
the reading process as everything.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.reading import encodings
from layers.ingest.reading.encodings import Known
from layers.ingest.reading.faults import NoRows, UnknownKind, damaged
from layers.ingest.reading.gdal import crs_of
from layers.ingest.reading.jsonwkb import NotGeometry, to_wkb
from layers.ingest.reading.source import Opened, Source, listed
from layers.ingest.reading.table import Column, Peeked, Table, text_column

_BLANK: Final = re.compile(r"[ \t\n\r]*")
_GEOMETRIES: Final = frozenset(
    {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"}
)
_WGS84: Final = {"epsg": 4326, "name": "WGS 84"}
"""What RFC 7946 says of coordinates that say nothing."""
_NAMED: Final = 12
_EXACT: Final = 2**53


def open_geojson(source: Source) -> Opened:
    """A GeoJSON file."""

    def peek() -> list[Peeked]:
        held = _Held(source)
        kinds = sorted({_kind(one.get("geometry")) for one in held.features})
        geometry = kinds[0] if len(kinds) == 1 else "Unknown"
        fields = dict.fromkeys(str(name) for one in held.features for name in _properties(one))
        return [Peeked(held.name, held.count, geometry, tuple(fields))]

    return Opened(peek, lambda _: _Held(source, whole=True).table())


class _Held:
    """A file on its way into columns.

    Parameters
    ----------
    whole
        Take every feature into columns; else the first ones are kept as they are.
    """

    def __init__(self, source: Source, *, whole: bool = False) -> None:
        self.source = source
        self.whole = whole
        self.name = Path(source.name).stem
        self.crs: dict[str, Any] = dict(_WGS84)
        self.features: list[dict[str, Any]] = []
        self.columns: dict[str, list[Any]] = {}
        self.ids: list[Any] = []
        self.wkb: list[bytes | None] = []
        self.broken: list[int] = []
        self.count = 0
        text, self.known = _text(source)
        self._parse(text)

    def _parse(self, text: str) -> None:
        try:
            for name, value in _members(text):
                self._member(name, value)
        except (json.JSONDecodeError, StopIteration, IndexError, RecursionError) as error:
            raise damaged(self.source.name, N_("%(file)s is damaged: it is not complete JSON.")) from error

    def _member(self, name: str, value: Any) -> None:
        if name == "features":
            for feature in value:
                self._feature(feature)
        elif name == "crs":
            self.crs = _crs(value)
        elif name == "name" and isinstance(value, str) and value.strip():
            self.name = value.strip()[:120]
        elif name == "":
            self._alone(value)

    def _alone(self, value: dict[str, Any]) -> None:
        """A file of one feature, or of one geometry."""
        if value.get("type") in _GEOMETRIES:
            value = {"type": "Feature", "geometry": value, "properties": {}}
        if value.get("type") == "Feature":
            self._feature(value)
        elif not self.count and value.get("type") != "FeatureCollection":
            raise UnknownKind(
                N_("%(file)s is JSON, but not GeoJSON."),
                hint=N_("Take a file whose first member is: type, FeatureCollection."),
                file=self.source.name,
            )

    def _feature(self, feature: Any) -> None:
        if not isinstance(feature, dict):
            raise damaged(
                self.source.name, N_("Feature %(row)d of %(file)s is no feature of GeoJSON."), row=self.count + 1
            )
        self.count += 1
        if self.count > self.source.limits.rows:
            self.source.require_size(self.count, 1)
        if not self.whole:
            if len(self.features) < _NAMED:
                self.features.append(feature)
            return
        for name, value in _properties(feature).items():
            values = self.columns.get(name)
            if values is None:
                self.source.require_size(1, len(self.columns) + 1)
                values = self.columns[name] = []
            if len(values) < self.count - 1:
                values += [None] * (self.count - 1 - len(values))
            values.append(sys.intern(value) if type(value) is str else value)
        self.ids.append(feature.get("id"))
        try:
            self.wkb.append(to_wkb(feature.get("geometry")))
        except NotGeometry:
            self.wkb.append(None)
            self.broken.append(self.count)

    def table(self) -> Table:
        if not self.count:
            raise NoRows(
                N_("%(file)s has no rows."),
                hint=N_("Check that it is the right file and was saved."),
                file=self.source.name,
            )
        wkb = np.empty(self.count, dtype=object)
        wkb[:] = self.wkb
        self.wkb = []
        columns = [self._column(name) for name in list(self.columns)]
        return Table(
            "geojson",
            self.name,
            (self.name,),
            self._with_ids(columns),
            np.arange(1, self.count + 1),
            wkb,
            self.crs,
            self.known.encoding,
            self.known.source,
            findings=[*self._broken(), *encodings.assumed(self.known, self.source.name)],
        )

    def _column(self, name: str) -> Column:
        values = self.columns.pop(name)
        values += [None] * (self.count - len(values))
        return typed(name or "?", values)

    def _with_ids(self, columns: list[Column]) -> list[Column]:
        """With the features' ids as the first column, where they say more than a column does already."""
        if not any(one is not None for one in self.ids) or any(one.name == "id" for one in columns):
            return columns
        own = typed("id", self.ids)
        for other in columns:
            if other.name == "uuid" and _values(other) == _values(own):
                return columns
        return [own, *columns]

    def _broken(self) -> list[Finding]:
        if not self.broken:
            return []
        template = N_("%(count)d geometries are no geometries of GeoJSON and were left out: features %(rows)s.")
        rows = listed([str(row) for row in self.broken[: _NAMED + 1]], _NAMED)
        params = {"count": len(self.broken), "rows": rows}
        return [Finding("geometry-unreadable", "error", self.name, template, params)]


def _kind(geometry: object) -> str:
    return str(geometry.get("type", "")) if isinstance(geometry, dict) else ""


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _text(source: Source) -> tuple[str, Known]:
    data = source.path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    declared = encodings.asked(source.encoding, source.name) if source.encoding is not None else None
    if declared is None:
        try:
            return data.decode("utf-8"), Known("utf-8", "format")
        except UnicodeDecodeError:
            pass
    known = encodings.settle(data, file=source.name, declared=declared)
    return encodings.decode(data, known.encoding), known


def _crs(member: object) -> dict[str, Any]:
    """What the member ``crs`` of the GeoJSON of 2008 declares; nothing where it is null or no such member."""
    properties = member.get("properties") if isinstance(member, dict) else None
    declared = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(declared, str):
        return {}
    if "CRS84" in declared:
        return dict(_WGS84)
    return crs_of(declared)


def _members(text: str) -> Iterator[tuple[str, Any]]:
    """The members of the outermost object one after the other; the list ``features`` as an iterator.

    At the end comes, under an empty name, the object of all members that are small.
    """
    scan: Any = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # not in the stubs
    at = _expect(text, 0, "{")
    rest: dict[str, Any] = {}
    if text[at] == "}":
        yield "", rest
        return
    while True:
        name, at = scan(text, at)
        if not isinstance(name, str):
            raise json.JSONDecodeError("name", text, at)
        at = _expect(text, at, ":")
        if name == "features" and text[at] == "[":
            features = _Elements(text, at, scan)
            yield name, features
            at = features.at
        else:
            value, at = scan(text, at)
            rest[name] = value
            yield (name or "?"), value
        at = _skip(text, at)
        if text[at] == "}":
            break
        at = _expect(text, at, ",")
    if _skip(text, at + 1) != len(text):
        raise json.JSONDecodeError("more after the end", text, at)
    yield "", rest


class _Elements:
    """The elements of a list in JSON, one at a time; afterwards ``at`` is behind the list."""

    def __init__(self, text: str, at: int, scan: Any) -> None:
        self.text = text
        self.at = at
        self.scan = scan

    def __iter__(self) -> Iterator[Any]:
        at = _expect(self.text, self.at, "[")
        if self.text[at] != "]":
            while True:
                value, at = self.scan(self.text, at)
                yield value
                at = _skip(self.text, at)
                if self.text[at] == "]":
                    break
                at = _expect(self.text, at, ",")
        self.at = at + 1


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _expect(text: str, at: int, character: str) -> int:
    """Behind a character that must come next, and behind the blanks after it."""
    at = _skip(text, at)
    if text[at] != character:
        raise json.JSONDecodeError(f"no {character}", text, at)
    return _skip(text, at + 1)


def typed(name: str, values: list[Any]) -> Column:
    """A column of JSON values: of one type, or texts."""
    kinds = set(map(type, values)) - {type(None)}
    missing = np.fromiter((value is None for value in values), dtype=bool, count=len(values))
    if kinds <= {str}:
        return text_column(name, values)
    if kinds == {bool}:
        return Column(name, "bool", np.array([value is True for value in values], dtype=bool), missing)
    if kinds == {int}:
        numbers = [0 if value is None else value for value in values]
        if max(numbers) < 2**63 and min(numbers) >= -(2**63):
            return Column(name, "int", np.array(numbers, dtype=np.int64), missing)
    elif kinds <= {int, float}:
        return _decimals(name, values, missing)
    return text_column(name, [_as_text(value) for value in values])


def _decimals(name: str, values: list[Any], missing: NDArray[np.bool_]) -> Column:
    """Decimal numbers; all whole, they are codes or counts that a program with gaps in the column wrote so."""
    data = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    missing = missing | np.isnan(data)
    known = data[~missing]
    if len(known) and (np.abs(known) < _EXACT).all() and (known == np.trunc(known)).all():
        return Column(name, "int", np.where(missing, 0, data).astype(np.int64), missing)
    return Column(name, "float", data, missing)


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _values(column: Column) -> list[Any]:
    if column.kind != "text":
        return list(column.data.tolist())
    return [column.texts[place] if place >= 0 else None for place in column.data.tolist()]
