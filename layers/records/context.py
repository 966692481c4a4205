"""What a record is checked against: divisions, county areas, lines and classes of a register as at one state."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection

from gis.measure import metres_per_degree
from layers.access import Reader, secrecy_codes, visible
from layers.index import Index, homes
from layers.records.divisions import Divisions
from layers.reference.readers import place_classes
from layers.register import Mark, Register

_LAYERS: Final = ("divisions", "division-areas", "boundary-lines")
_TABLE: Final = "place_class"
_MANY: Final = 1000


@dataclass(frozen=True)
class PlaceClass:
    """A class of places: its title and the key of its major class."""

    title: str
    major: str


@dataclass(frozen=True)
class Line:
    """A boundary line: its permanent id, code, name and short name."""

    uuid: str
    code: str
    name: str
    short: str


@dataclass(frozen=True)
class Context:
    """What records are checked against. Never changed; make another one after the register has.

    Parameters
    ----------
    divisions
        By code and by name.
    areas
        Areas of counties, of the city and round it: columns ``code``, ``name``, ``geom`` (EPSG:4490).
    lines
        Boundary lines by uuid.
    classes
        Classes of places by code.
    """

    divisions: Divisions
    areas: gpd.GeoDataFrame
    lines: Mapping[str, Line]
    classes: Mapping[str, PlaceClass]
    _own: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool), repr=False)

    @classmethod
    def of(cls, source: Index | Register, *, reader: Reader) -> Context:
        """The context of a register, of what the reader may see; of an index the same one until its parts change."""
        if isinstance(source, Register):
            with source.reading() as connection:
                return cls.read(source, connection, reader=reader)
        with source.held() as connection:
            marks, table = tuple(source.layer(key).mark for key in _LAYERS), source.frame(_TABLE)
            kept = _KEPT.setdefault(source, {})
            found = kept.get(reader.audience)
            if found is None or found[0] != marks or found[1] is not table:
                context = cls.read(source.register, connection, reader=reader)
                found = kept[reader.audience] = (marks, table, context)
            return found[2]

    @classmethod
    def read(cls, register: Register, connection: Connection, *, reader: Reader) -> Context:
        """The context of a register as a connection sees it."""
        divisions = _divisions(_frame(register, connection, "division", _DIVISION, reader=reader))
        areas = _frame(register, connection, "division_area", _AREA, reader=reader)
        areas = areas[(areas["level"] == "county") & areas.geometry.notna() & areas["code"].notna()]
        areas = areas.drop_duplicates("code", keep="last")[["code", "name", "geom"]].reset_index(drop=True)
        lines = _frame(register, connection, "boundary_line", _LINE, reader=reader)
        texts = [_texts(lines[name]) for name in ("uuid", "code", "name", "short_name")]
        table = register.frame(connection, _TABLE)
        if table.empty:
            table = place_classes()
        inside = {code for code, yes in zip(divisions.code, divisions.inside.tolist(), strict=True) if yes}
        return cls(
            divisions=divisions,
            areas=areas,
            lines={line[0]: Line(*line) for line in zip(*texts, strict=True)},
            classes={
                code: PlaceClass(title, major)
                for code, title, major in zip(
                    *(_texts(table[name]) for name in ("code", "title", "major")), strict=True
                )
            },
            _own=np.array([code in inside for code in areas["code"]], dtype=bool),
        )

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.areas.geometry.to_numpy())

    @cached_property
    def _metric(self) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """The city's counties in metres on a plane true at its middle, and what a degree measures there."""
        own = self.areas.geometry.to_numpy()[self._own]
        middle = float(shapely.total_bounds(own)[[1, 3]].mean())
        scale = np.array([float(size) for size in metres_per_degree(middle)])
        return shapely.transform(own, lambda xy: xy * scale), scale

    @cached_property
    def by_line_word(self) -> dict[str, list[str]]:
        """Uuids of lines by code, name and short name."""
        found: dict[str, list[str]] = {}
        for line in self.lines.values():
            for word in dict.fromkeys((line.code, line.name, line.short)):
                if word:
                    found.setdefault(word, []).append(line.uuid)
        return found

    def counties_at(self, geometries: NDArray[Any]) -> NDArray[np.object_]:
        """Code of the county in which each point (of a line or area: a point on it) lies, None where in none."""
        found = np.full(len(geometries), None, dtype=object)
        if not len(self.areas):
            return found
        places = _places(geometries)
        if len(places) < _MANY:
            rows, areas = self._tree.query(places, predicate="intersects")
        else:  # each area is prepared for the many places that it is asked about
            areas, rows = shapely.STRtree(places).query(self.areas.geometry.to_numpy(), predicate="intersects")
        found[rows[::-1]] = self.areas["code"].to_numpy(dtype=object)[areas[::-1]]
        return found

    def metres_from_city(self, geometries: NDArray[Any]) -> NDArray[np.float64]:
        """How far each geometry is from the city's nearest county; NaN where there is none to measure."""
        found = np.full(len(geometries), np.nan)
        if not self._own.any():
            return found
        counties, scale = self._metric
        there = np.flatnonzero(usable(geometries))
        placed = shapely.transform(geometries[there], lambda xy: xy * scale)
        tree = shapely.STRtree(counties)
        pairs, distances = tree.query_nearest(placed, all_matches=False, return_distance=True)
        found[there[pairs[0]]] = distances
        return found

    def metres_from_county(self, geometries: NDArray[Any], codes: NDArray[Any]) -> NDArray[np.float64]:
        """How far each geometry is from the county of a code; NaN where that has no area."""
        found = np.full(len(geometries), np.nan)
        rows = {code: row for row, code in enumerate(self.areas["code"])}
        areas = self.areas.geometry.to_numpy()
        there = usable(geometries)
        for row, (geometry, code) in enumerate(zip(geometries, codes, strict=True)):
            if there[row] and code in rows:
                line = shapely.shortest_line(geometry, areas[rows[code]])
                (x1, y1), (x2, y2) = shapely.get_coordinates(line)
                east, north = metres_per_degree((y1 + y2) / 2)
                found[row] = np.hypot((x2 - x1) * east, (y2 - y1) * north)
        return found


_KEPT: weakref.WeakKeyDictionary[Index, dict[str, tuple[tuple[Mark, ...], pd.DataFrame, Context]]] = (
    weakref.WeakKeyDictionary()
)

_DIVISION: Final = ("code", "name", "level", "parent_code", "county_code", "town_code", "inside", "valid_to", "geom")
_AREA: Final = ("code", "name", "level", "geom")
_LINE: Final = ("uuid", "code", "name", "short_name")


def _frame(register: Register, connection: Connection, table: str, columns: tuple[str, ...], *, reader: Reader) -> Any:
    """The rows that a reader may see."""
    further = [name for name in homes.columns_of(table) if name not in columns]
    frame = register.frame(connection, table, columns=[*columns, *further, "secrecy", "is_public"])
    levels = secrecy_codes(_optional(frame["secrecy"]), _optional(frame["is_public"]))
    belongs = homes.counties(table, frame) if reader.scope is not None else []
    counties = np.array([[code or "" for code in codes] for codes in belongs], dtype=np.str_).T if belongs else None
    return frame[visible(levels, counties, reader=reader)].reset_index(drop=True)


def _divisions(frame: gpd.GeoDataFrame) -> Divisions:
    # of several with one code the one that stands longest comes last and counts
    ends = frame["valid_to"].fillna("9999-12-31").to_numpy(dtype=object)
    frame = frame.iloc[np.argsort(ends.astype(str), kind="stable")]
    points = frame["geom"].to_numpy(dtype=object)
    xy = np.full((len(frame), 2), np.nan)
    there = (shapely.get_type_id(points) == 0) & ~shapely.is_empty(points)
    xy[there] = shapely.get_coordinates(points[there])
    level = _texts(frame["level"])
    code = _texts(frame["code"])
    own = {"county": code, "town": _texts(frame["county_code"])}
    return Divisions(
        code=code,
        name=_texts(frame["name"]),
        level=level,
        parent=_texts(frame["parent_code"]),
        county=[
            county or (own["county"][row] if level[row] == "county" else "")
            for row, county in enumerate(_texts(frame["county_code"]))
        ],
        town=[
            town or (code[row] if level[row] == "town" else "") for row, town in enumerate(_texts(frame["town_code"]))
        ],
        lon=xy[:, 0],
        lat=xy[:, 1],
        inside=frame["inside"].fillna(value=False).to_numpy(dtype=bool),
    )


def _texts(series: pd.Series[Any]) -> list[str]:
    return ["" if value is None or value != value else str(value) for value in series.tolist()]


def _optional(series: pd.Series[Any]) -> list[Any]:
    missing = series.isna().tolist()
    return [None if absent else value for value, absent in zip(series.tolist(), missing, strict=True)]


def usable(geometries: NDArray[Any]) -> NDArray[np.bool_]:
    """Which geometries are there, not empty and have finite coordinates."""
    there = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    bounds = shapely.bounds(geometries)
    return np.asarray(there & np.isfinite(bounds).all(axis=1), dtype=bool)


def _places(geometries: NDArray[Any]) -> NDArray[np.object_]:
    """A point for each geometry, None where it has none."""
    good = usable(geometries)
    places: NDArray[np.object_] = geometries.copy()
    places[~good] = None
    other = good & (shapely.get_type_id(geometries) != 0)
    if other.any():
        places[other] = shapely.point_on_surface(places[other])
    return places
