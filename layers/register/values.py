"""Columns of a table as pandas Series and as lists of what a database takes: the border where types are settled.

In frames: text, dates and times are ``str``, whole numbers ``Int64``, numbers ``float64``, flags ``boolean``, JSON
``object``; what is missing is NA (None in ``object``).
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Column, Integer
from sqlalchemy.types import TypeEngine

from layers.register.blob import Geometries
from layers.register.errors import WrongGeometry, WrongValue
from layers.register.types import Date, Flag, Geometry, Json, Real, UtcTime, utc_text

_MULTI: dict[str, tuple[str, Callable[..., Any]]] = {
    "MULTIPOLYGON": ("POLYGON", shapely.multipolygons),
    "MULTILINESTRING": ("LINESTRING", shapely.multilinestrings),
}
_TYPE_IDS = {name.upper(): int(value) for name, value in shapely.GeometryType.__members__.items()}
_TEXT: Any = pd.Series([], dtype="str").dtype
"""Looked up once: by its name it takes longer than a row of thirty texts."""
_WORLD = (-180.0, -90.0, 180.0, 90.0)


def to_array(values: Sequence[Any], kind: TypeEngine[Any]) -> Any:
    """What a database gave for one column, as the array of a frame's column."""
    if isinstance(kind, (Integer, Flag)):
        return _masked(values, flag=isinstance(kind, Flag))
    if isinstance(kind, Real):
        return _reals(values)
    found = np.empty(len(values), dtype=object)
    if isinstance(kind, Json):
        found[:] = [_parsed(value) if isinstance(value, str) else value for value in values]
        return found
    found[:] = values
    return pd.array(found, dtype=_TEXT, copy=False)


# A file keeps whatever another program writes into a column. What is not of the column's type is read as missing, or as
# text where it is no JSON: one wrong cell must not make the whole table unreadable.


def _reals(values: Sequence[Any]) -> NDArray[np.float64]:
    try:
        numbers = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        numbers = np.array([value if isinstance(value, (int, float)) else None for value in values], dtype=np.float64)
    numbers[np.isinf(numbers)] = np.nan
    return numbers


def _whole_in(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _flag_in(value: Any) -> bool | None:
    """A word counts as no unless it says yes: what is not surely public is not shown."""
    return value.strip().lower() in ("true", "t", "yes", "y", "1") if isinstance(value, str) else value and bool(value)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _masked(values: Sequence[Any], *, flag: bool) -> Any:
    if not set(map(type, values)) <= {int, bool, type(None)}:
        values = [_flag_in(value) if flag else _whole_in(value) for value in values]
    numbers = np.array(values, dtype=object)
    missing = np.fromiter((value is None for value in values), dtype=bool, count=len(values))
    if missing.any():
        numbers[missing] = 0
    if flag:
        return pd.arrays.BooleanArray(numbers.astype(bool), missing)
    return pd.arrays.IntegerArray(numbers.astype(np.int64), missing)


def to_list(series: pd.Series[Any], column: Column[Any], *, as_text: bool) -> list[Any]:
    """What a database takes for a column of a frame; None for what is missing.

    Parameters
    ----------
    as_text
        Whether dates, times, flags and JSON are text or 0 and 1 (GeoPackage), or the driver's own values.

    Raises
    ------
    WrongValue
        At the first value that is not of the column's type: nothing is turned into something else in silence.
    """
    kind = column.type
    missing = series.isna().to_numpy(dtype=bool)
    if missing.all():
        return [None] * len(series)
    if _fits(series, kind):
        raw: list[Any] = series.tolist()
    elif isinstance(kind, Date):  # the same days come again and again
        known = {value: _value(value, column, as_text=as_text) for value in series[~missing].unique()}
        raw = [known.get(value) for value in series.tolist()]
    else:
        return [_value(value, column, as_text=as_text) for value in series.astype(object).tolist()]
    for at in np.flatnonzero(missing).tolist():
        raw[at] = None
    return raw


def _fits(series: pd.Series[Any], kind: TypeEngine[Any]) -> bool:
    """Whether every value that is there is of the column's type as it stands: then none is looked at singly."""
    if isinstance(kind, Integer):
        return series.dtype == "Int64"
    if isinstance(kind, Real):
        return series.dtype == np.float64 and not np.isinf(series.to_numpy()).any()
    plain = not isinstance(kind, (Json, Flag, Date, UtcTime, Geometry))
    return plain and isinstance(series.dtype, pd.StringDtype)


def _value(value: Any, column: Column[Any], *, as_text: bool) -> Any:
    kind = column.type
    if isinstance(kind, Json):
        missing = value is None or (isinstance(value, float) and math.isnan(value))
        return None if missing else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    try:
        if isinstance(kind, Integer):
            return _whole(value)
        if isinstance(kind, Real):
            return _number(value)
        if isinstance(kind, Flag):
            return _flag(value, as_text=as_text)
        if isinstance(kind, Date):
            return _day(value)
        if isinstance(kind, UtcTime):
            return _moment(value)
    except (TypeError, ValueError, OverflowError):
        raise _wrong(value, column) from None
    if not isinstance(value, str):
        raise _wrong(value, column)
    return value


def _wrong(value: Any, column: Column[Any]) -> WrongValue:
    return WrongValue(
        "%(value)s is not a value for %(table)s.%(column)s.",
        hint="The column takes %(kind)s.",
        value=repr(value)[:80],
        table=column.table.name,
        column=column.name,
        kind=type(column.type).__name__.lower(),
    )


def _whole(value: Any) -> int:
    number = int(value)
    if isinstance(value, str) or number != value:
        raise ValueError
    return number


def _number(value: Any) -> float:
    number = float(value)
    if isinstance(value, (str, bool)) or not math.isfinite(number):
        raise ValueError
    return number


def _flag(value: Any, *, as_text: bool) -> bool | int:
    if isinstance(value, str) or value not in (0, 1):
        raise ValueError
    return int(value) if as_text else bool(value)


def _day(value: Any) -> str:
    if isinstance(value, str):
        return dt.date.fromisoformat(value).isoformat()
    day: str = value.strftime("%Y-%m-%d")
    return day


def _moment(value: Any) -> str:
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime()
    return utc_text(value)


def one_value(value: Any, column: Column[Any]) -> Any:
    """One value for a statement with this column, refused if it is not of the column's type."""
    if isinstance(column.type, Geometry):
        return as_stored(np.array([value], dtype=object), column.type.kind, where=column.table.name)[0]
    if isinstance(column.type, Json):
        return value
    return _value(value, column, as_text=False)


def as_stored(geometries: Geometries, kind: str, *, where: str) -> Geometries:
    """Geometries as a table keeps them: single parts become collections of one where the table holds collections.

    Parameters
    ----------
    geometries
        Shapely geometries in EPSG:4490, None where a row has none.
    kind
        The table's geometry type, such as ``MULTIPOLYGON``.
    where
        The table, for messages.

    Raises
    ------
    WrongGeometry
        If one is of another type, empty, has heights or measures, or lies outside the world.
    """
    if kind in _MULTI:
        single, wrap = _MULTI[kind]
        parts = shapely.get_type_id(geometries) == _TYPE_IDS[single]
        if parts.any():
            geometries = geometries.copy()
            geometries[parts] = [wrap([one]) for one in geometries[parts]]
    present = ~shapely.is_missing(geometries)
    other = present & (shapely.get_type_id(geometries) != _TYPE_IDS[kind])
    _refuse(other, geometries, "It is not a %(kind)s.", where=where, kind=kind)
    _refuse(present & shapely.is_empty(geometries), geometries, "It is empty.", where=where, kind=kind)
    deep = shapely.has_z(geometries) | shapely.has_m(geometries)
    _refuse(present & deep, geometries, "It has heights or measures; the register keeps longitude and latitude alone.",
            where=where, kind=kind)  # fmt: skip
    _refuse(present & ~in_world(geometries), geometries, "Its coordinates are no longitudes and latitudes.",
            where=where, kind=kind)  # fmt: skip
    return geometries


def in_world(geometries: Geometries) -> NDArray[np.bool_]:
    """Whether each geometry's coordinates are finite and within ±180, ±90; false for None and empty."""
    west, south, east, north = shapely.bounds(geometries).T
    with np.errstate(invalid="ignore"):
        inside = (west >= _WORLD[0]) & (south >= _WORLD[1]) & (east <= _WORLD[2]) & (north <= _WORLD[3])
    return np.asarray(inside & np.isfinite(shapely.length(geometries)), dtype=bool)


def _refuse(wrong: NDArray[np.bool_], geometries: Geometries, why: str, *, where: str, kind: str) -> None:
    if not wrong.any():
        return
    at = int(np.argmax(wrong))
    raise WrongGeometry(
        "The geometry of row %(row)s is not one for %(table)s.",
        hint=why,
        row=at + 1,
        table=where,
        kind=kind,
        found=repr(geometries[at])[:80],
    )
