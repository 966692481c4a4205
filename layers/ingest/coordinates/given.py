"""Coordinates as a file gives them: its geometries, or numbers and angles in its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.dms import parse_degrees
from gis.errors import N_
from gis.findings import Finding, Severity
from layers.ingest.model import Noted, Reading

Floats = NDArray[np.float64]

_UNITS: Final = str.maketrans("０１２３４５６７８９．－　", "0123456789.- ", ",，米mM \u00a0")
_TURN: Final = 360.0


@dataclass
class Given:
    """Coordinates in the file's own system.

    Parameters
    ----------
    shapes
        Shape (n,): geometries of two dimensions, None where a row has none that can be used.
    x, y
        Shape (n,): the middle of each one's extent, NaN where there is none.
    epsg
        The system that the file declares.
    columns
        Whether they come from columns.
    """

    shapes: NDArray[Any]
    x: Floats
    y: Floats
    epsg: int | None = None
    columns: bool = False
    notes: list[Noted] = field(default_factory=list)

    @property
    def there(self) -> NDArray[np.bool_]:
        """Which rows have a place."""
        there: NDArray[np.bool_] = np.isfinite(self.x)
        return there

    @property
    def is_plane(self) -> bool:
        """Whether the numbers are metres: angles are below a full turn."""
        there = self.there
        far = (np.abs(self.x) > _TURN) | (np.abs(self.y) > _TURN)
        return bool(there.any()) and 2 * int(np.count_nonzero(far & there)) > int(np.count_nonzero(there))

    def swapped(self) -> None:
        """Exchange the axes of all."""
        self.shapes = shapely.transform(self.shapes, lambda xy: xy[:, ::-1])
        self.x, self.y = self.y, self.x

    def drop(self, rows: NDArray[np.intp]) -> None:
        """Take the place away from some rows."""
        self.shapes[rows] = None
        self.x[rows] = np.nan
        self.y[rows] = np.nan


def note(
    row: int | None,
    rule: str,
    severity: Severity,
    template: str,
    *,
    name: str = "",
    value: object = "",
    advice: str = "",
    **params: object,
) -> Noted:
    """A note about a row's place, or about those of all."""
    shown = str(value)[:120]
    finding = Finding(rule, severity, name, template, {"value": shown, **params} if shown else params, advice)
    return Noted(row, name, shown, finding)


def geometries(reading: Reading) -> Given | None:
    """The file's geometries, flat; None where it has not one."""
    if reading.geometry is None or shapely.is_missing(reading.geometry).all():
        return None
    notes: list[Noted] = []
    shapes = np.array(reading.geometry, dtype=object)
    if shapely.has_z(shapes).any():
        notes.append(note(None, "heights-dropped", "info", N_("Heights of the geometries were left out.")))
        shapes = shapely.force_2d(shapes)
    elif shapely.has_m(shapes).any():
        shapes = shapely.force_2d(shapes)
    shapes[shapely.is_empty(shapes)] = None
    coordinates, owners = shapely.get_coordinates(shapes, return_index=True)
    broken = np.unique(owners[~np.isfinite(coordinates).all(axis=1)])
    shapes[broken] = None
    notes += [
        note(row, "coordinates-not-finite", "error", N_("Coordinates are not finite numbers."), name="geom")
        for row in broken.tolist()
    ]
    bounds = shapely.bounds(shapes)
    given = Given(shapes, bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1), reading.epsg, notes=notes)
    _without_zeros(given)
    return given


def cells(reading: Reading, targets: Mapping[str, str]) -> Given | None:
    """Points from columns: angles first, eastings and northings for the rest; None where there are no such columns."""
    headings = {target: heading for heading, target in targets.items() if target.startswith("@")}
    pairs = [pair for pair in (("@lon", "@lat"), ("@east", "@north")) if headings.keys() >= set(pair)]
    if not pairs:
        return None
    rows = len(reading.frame)
    given = Given(np.full(rows, None, dtype=object), np.full(rows, np.nan), np.full(rows, np.nan), columns=True)
    for pair in pairs:
        _fill(given, reading.frame, headings, pair)
        if given.there.any():
            break  # the other pair says the same in another system
    given.notes += _empty_notes(given, several=len(pairs) > 1)
    _without_zeros(given)
    there = given.there
    given.shapes[there] = shapely.points(given.x[there], given.y[there])
    return given


def _fill(given: Given, frame: pd.DataFrame, headings: Mapping[str, str], pair: tuple[str, str]) -> None:
    values, unread, empty = [], [], []
    for target in pair:
        one, bad, axis = _values(frame[headings[target]], angles=pair[0] == "@lon")
        wrong = (axis != "") & (axis != target[1:])
        if 2 * int(wrong.sum()) > len(wrong):
            wrong[:] = False  # all of them: the columns are exchanged, which is told of the file as a whole
        values.append(one)
        unread.append(bad | wrong)
        empty.append(np.isnan(one) & ~bad)
    for target, bad in zip(pair, unread, strict=True):
        given.notes += [
            note(
                row,
                "coordinates-unreadable",
                "error",
                N_("“%(value)s” under %(heading)s is no coordinate that can be understood."),
                name=target,
                value=frame[headings[target]].iloc[row],
                advice=N_("Write degrees such as 119.1025 or 119°06′09″, or metres such as 419585.33."),
                heading=headings[target],
            )
            for row in np.flatnonzero(bad).tolist()
        ]
    half = (empty[0] ^ empty[1]) & ~unread[0] & ~unread[1]
    given.notes += [
        note(row, "coordinates-incomplete", "error", N_("One of the two coordinates is missing."), name="geom")
        for row in np.flatnonzero(half).tolist()
    ]
    infinite = np.isinf(values[0]) | np.isinf(values[1])
    given.notes += [
        note(row, "coordinates-not-finite", "error", N_("Coordinates are not finite numbers."), name="geom")
        for row in np.flatnonzero(infinite).tolist()
    ]
    sound = ~(unread[0] | unread[1] | empty[0] | empty[1] | infinite)
    given.x[sound] = values[0][sound]
    given.y[sound] = values[1][sound]


def _empty_notes(given: Given, *, several: bool) -> list[Noted]:
    told = {one.row for one in given.notes}
    if several:
        return []
    return [
        note(row, "coordinates-missing", "info", N_("The coordinates are empty."), name="geom")
        for row in np.flatnonzero(~given.there).tolist()
        if row not in told
    ]


def _values(series: pd.Series[Any], *, angles: bool) -> tuple[Floats, NDArray[np.bool_], NDArray[np.str_]]:
    """A column's numbers, which of its cells are none, and the axis that is written beside an angle."""
    nothing = np.zeros(len(series), dtype="U3")
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype):
        values = series.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
        if angles:
            values = _unpacked(values)
        return values, np.zeros(len(values), dtype=bool), nothing
    texts = series.astype("str")
    values = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64, copy=True)
    rest = np.flatnonzero(np.isnan(values) & texts.notna().to_numpy())
    if angles:
        values = _unpacked(values)
    unread = np.zeros(len(values), dtype=bool)
    if len(rest) and angles:
        read = parse_degrees(texts.iloc[rest].tolist())
        values[rest], unread[rest], nothing[rest] = read.values, read.unread, read.axis
        rest = rest[read.unread]
    if len(rest):  # metres with marks of thousands and units
        metres = pd.to_numeric(texts.iloc[rest].str.translate(_UNITS), errors="coerce").to_numpy(dtype=np.float64)
        blank = texts.iloc[rest].str.strip().eq("").to_numpy(dtype=bool)
        values[rest] = metres
        unread[rest] = (
            np.isnan(metres) & ~blank & ~texts.iloc[rest].str.fullmatch(r"(?i)\s*nan\s*").to_numpy(dtype=bool)
        )
    return values, unread, nothing


def _unpacked(values: Floats) -> Floats:
    """Angles written without marks (1190600.00) taken apart, where all that are too large can be such."""
    known = np.isfinite(values)
    large = known & (np.abs(values) > _TURN)
    if not large.any() or not (large == known)[known].all():
        return values
    numbers = np.abs(values[large])
    seconds = numbers % 100
    minutes = np.floor(numbers / 100) % 100
    degrees = np.floor(numbers / 10_000)
    # three digits of degrees at most: a northing has 390 and more, an easting with prefix thousands
    if not ((seconds < 60) & (minutes < 60) & (degrees <= 180)).all() or not _are_angles(degrees):
        return values
    result = values.copy()
    result[large] = np.sign(values[large]) * (degrees + (minutes * 60 + seconds) / 3600)
    return result


def _are_angles(degrees: Floats) -> bool:
    """Whether degrees are those of longitudes or latitudes of China; plain eastings may look like others."""
    east = (degrees >= 73) & (degrees <= 136)
    north = (degrees >= 3) & (degrees <= 54)
    return bool(east.all() or north.all())


def _without_zeros(given: Given) -> None:
    """Rows at 0, 0 have no place: a program without the coordinates has written its default."""
    zero = np.flatnonzero((given.x == 0) & (given.y == 0))
    given.notes += [
        note(row, "coordinates-zero", "warning", N_("The coordinates are 0, 0: taken as missing."), name="geom")
        for row in zero.tolist()
    ]
    given.drop(zero)
