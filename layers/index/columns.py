"""The columns of one layer as they stood at one change of the register. Never changed: a change makes a new one."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import from_mercator
from gis.mvt import Column, Encoded, encoded_values
from layers import days
from layers.access import Reader, visible_within
from layers.catalogue import Layer
from layers.register import Mark

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]


class Dictionary:
    """The distinct values of an attribute. It only grows, so that older columns that share it stay right."""

    def __init__(self) -> None:
        self.values: list[Hashable] = []
        self._encoded = Encoded()
        self._codes: dict[Hashable, int] = {}

    def codes(self, values: Sequence[Hashable]) -> NDArray[np.int32]:
        """The code of each value, -1 for None; new values are added."""
        known = self._codes
        fresh = [value for value in dict.fromkeys(values) if value is not None and value not in known]
        known.update(zip(fresh, itertools.count(len(known))))
        self.values.extend(fresh)
        return np.fromiter(map(known.get, values, itertools.repeat(-1)), dtype=np.int32, count=len(values))

    @property
    def encoded(self) -> Encoded:
        """The values as tiles carry them. Made when first asked for: most attributes are in no tile."""
        encoded = self._encoded
        fresh = self.values[len(encoded) :]
        if fresh:
            # two threads may both do this; either result is whole
            encoded = self._encoded = encoded + encoded_values(fresh)  # type: ignore[arg-type]
        return encoded

    def code(self, value: Hashable) -> int:
        """The code of one value; -2, which no feature has, where it is unknown."""
        return self._codes.get(value, -2)


@dataclass(frozen=True)
class Attribute:
    """One attribute: each feature's code in a dictionary, -1 where it has no value."""

    dictionary: Dictionary
    codes: NDArray[np.int32]

    def values(self, rows: Rows) -> list[Hashable]:
        """The values of some rows, None for none."""
        values = self.dictionary.values
        return [values[code] if code >= 0 else None for code in self.codes[rows].tolist()]

    def numbers(self) -> Floats:
        """The values as numbers, NaN for none."""
        table = np.array([*self.dictionary.values, np.nan], dtype=np.float64)
        return table[self.codes]

    def isin(self, wanted: Iterable[Hashable]) -> Mask:
        """Which features have one of the values."""
        return np.isin(self.codes, [self.dictionary.code(value) for value in wanted])


@dataclass(frozen=True)
class Columns:
    """One layer in memory.

    Parameters
    ----------
    mark
        The last change that concerns it, or a later one; equal marks mean equal columns.
    fid, uuid
        Shape (n,), sorted by nothing in particular; a feature keeps both for good.
    lon, lat
        Shape (n,), degrees, EPSG:4490; for lines and areas a point inside or on them; NaN where there is no geometry.
    mx, my
        The same in the unit square of Web Mercator.
    shapes
        Shape (n,), geometries in the unit square of Web Mercator, None for point layers.
    levels
        Clearance that each feature asks for.
    homes
        The counties that a feature belongs to: one column, or as many as it can have.
    starts, ends
        Days (since 1970-01-01) from which, and from which no longer, a feature stands.
    """

    layer: Layer
    mark: Mark
    fid: NDArray[np.int64]
    uuid: NDArray[np.object_]
    lon: Floats
    lat: Floats
    mx: Floats
    my: Floats
    shapes: NDArray[np.object_] | None
    levels: NDArray[np.int8]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    attributes: dict[str, Attribute]
    homes: tuple[Attribute, ...]
    cache: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.fid)

    @property
    def seq(self) -> int:
        """The number of the change that it is up to date with."""
        return self.mark.seq

    def __getitem__(self, name: str) -> Attribute:
        return self.attributes[name]

    def tile_columns(self) -> list[Column]:
        """What a tile carries."""
        return [
            Column(name, self.attributes[source].codes, self.attributes[source].dictionary.encoded)
            for name, source in self.layer.tiled
        ]

    def seen(self, *, reader: Reader, asof: date) -> Mask:
        """Which features stand at the end of a day and may be seen by the reader. Not to be written into."""
        key = ("seen", reader.audience, asof)
        found = self.cache.get(key)
        if found is None:
            day = days.number(asof)
            mask = (self.starts <= day) & (self.ends > day) & self.open_to(reader)
            found = self.remember(key, mask)
        assert isinstance(found, np.ndarray)
        return found

    def open_to(self, reader: Reader) -> Mask:
        """Which features the reader may see, whenever they stood."""
        return visible_within(self.levels, self.reached(reader), reader=reader)

    def reached(self, reader: Reader, rows: Rows | None = None) -> Mask | None:
        """Which features, or which of some, belong to a county in the reader's scope; None for a reader without one."""
        if reader.scope is None:
            return None
        found = np.zeros(len(self) if rows is None else len(rows), dtype=bool)
        for home in self.homes:
            codes = home.codes if rows is None else home.codes[rows]
            found |= np.isin(codes, [home.dictionary.code(county) for county in reader.scope])
        return found

    def extent(self, rows: Rows) -> tuple[float, float, float, float] | None:
        """West, south, east, north in degrees of some features, their shapes whole; None where there is no place."""
        placed = rows[np.isfinite(self.lon[rows])]
        if not placed.size:
            return None
        lon, lat = self.lon[placed], self.lat[placed]
        if self.shapes is not None:
            west, north, east, south = shapely.total_bounds(self.shapes[placed])
            lon, lat = from_mercator([west, east], [south, north])
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    def row_of(self, uuid: str) -> int | None:
        """The row of a feature, None where there is none."""
        rows = self.cache.get("rows")
        if rows is None and self.cache.setdefault("asked", uuid) == uuid:
            # A table of all of them pays from the second on; single writes ask for one in each state.
            # A list finds it five times as fast as the array, which compares all of them.
            names: list[str] = self.uuid.tolist()
            try:
                return names.index(uuid)
            except ValueError:
                return None
        if rows is None:
            rows = self.remember("rows", {name: row for row, name in enumerate(self.uuid.tolist())})
        assert isinstance(rows, dict)
        return rows.get(uuid)

    def remember(self, key: Hashable, value: object) -> object:
        """Keep something derived from these columns for as long as they live; at most a few dozen of them."""
        with self.lock:
            while len(self.cache) >= 64:
                self.cache.pop(next(iter(self.cache)))
            self.cache[key] = value
        return value
