"""Columns of a frame as typed arrays, the same for every format: what each value is, and which are missing.

Missing is what pandas calls missing (None, NaN, NaT, NA). A number in a text column is written as text; a column whose
values do not fit the kind asked for becomes text, and the caller says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Kind = Literal["str", "int", "float", "bool", "date", "datetime", "json"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)


@dataclass(frozen=True)
class Column:
    """One attribute, ready to be written.

    Parameters
    ----------
    kind
        What the values are.
    data
        int64, float64, bool, datetime64[D] (date), datetime64[ms] in UTC (datetime), or object holding str (str and
        json); shape (rows,). What stands at a missing value means nothing.
    missing
        Shape (rows,).
    """

    kind: Kind
    data: NDArray[Any]
    missing: NDArray[np.bool_]

    def take(self, rows: NDArray[np.intp]) -> Column:
        """The same attribute of some rows."""
        return Column(self.kind, self.data[rows], self.missing[rows])

    def texts(self) -> NDArray[np.object_]:
        """Every value as text, None where missing: ISO dates, UTC times ending in Z, numbers in full."""
        if self.kind == "date":
            return self._or_none(np.datetime_as_string(self.data, unit="D").astype(object))
        if self.kind == "datetime":
            return self._or_none((np.datetime_as_string(self.data, unit="ms") + "Z").astype(object))
        if self.kind in ("str", "json"):
            return self._or_none(self.data)
        return self._or_none(np.array([str(value) for value in self.data.tolist()], dtype=object))

    def _or_none(self, data: NDArray[Any]) -> NDArray[np.object_]:
        result = data.astype(object)
        result[self.missing] = None
        return result


def infer_kind(series: pd.Series[Any]) -> Kind:
    """What a column holds, by its dtype and, for objects, by its values."""
    dtype = series.dtype
    if pd.api.types.is_bool_dtype(dtype):
        return "bool"
    if pd.api.types.is_integer_dtype(dtype):
        return "int"
    if pd.api.types.is_float_dtype(dtype):
        return "float"
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return "datetime"
    inferred = pd.api.types.infer_dtype(series, skipna=True)
    found: dict[str, Kind] = {"boolean": "bool", "integer": "int", "floating": "float", "date": "date"}
    if inferred == "mixed" and series.dropna().map(lambda value: isinstance(value, dict | list)).all():
        return "json"
    return found.get(inferred, "datetime" if inferred.startswith("datetime") else "str")


def column(series: pd.Series[Any], kind: Kind | None = None) -> Column:
    """A frame's column as a typed array.

    Parameters
    ----------
    kind
        What it is meant to be; None: as its values are. Where a value does not fit, the result's kind is ``str``.
    """
    missing = np.asarray(series.isna(), dtype=bool)
    wanted = kind or infer_kind(series)
    try:
        return Column(wanted, _converted(series, wanted, missing), missing)
    except (ValueError, TypeError, OverflowError):
        return Column("str", _strings(series, missing), missing)


def _converted(series: pd.Series[Any], kind: Kind, missing: NDArray[np.bool_]) -> NDArray[Any]:
    if kind == "int":
        return _integers(series, missing)
    if kind == "float":
        return series.to_numpy(dtype=np.float64, na_value=np.nan)
    if kind == "bool":
        return _booleans(series, missing)
    if kind == "date":
        return _dates(series)
    if kind == "datetime":
        moments = pd.to_datetime(series, utc=True, format=None if _is_moment(series) else "ISO8601")
        return moments.dt.tz_localize(None).to_numpy(dtype="datetime64[ms]")
    if kind == "json":
        return _json_texts(series, missing)
    return _strings(series, missing)


def _is_moment(series: pd.Series[Any]) -> bool:
    return pd.api.types.is_datetime64_any_dtype(series.dtype)


def _integers(series: pd.Series[Any], missing: NDArray[np.bool_]) -> NDArray[np.int64]:
    if pd.api.types.is_float_dtype(series.dtype):
        numbers = np.where(missing, 0.0, series.to_numpy(dtype=np.float64, na_value=np.nan))
        if not (np.abs(numbers) <= 2.0**53).all() or (numbers != np.trunc(numbers)).any():
            raise ValueError("not whole numbers")
        return numbers.astype(np.int64)
    if pd.api.types.is_integer_dtype(series.dtype):
        if series.dtype.kind == "u" and series.max() > np.iinfo(np.int64).max:
            raise OverflowError
        return series.to_numpy(dtype=np.int64, na_value=0)
    values = series.to_numpy(dtype=object)
    return np.array([0 if gone else _whole(value) for value, gone in zip(values, missing, strict=True)], dtype=np.int64)


def _whole(value: object) -> int:
    number = int(value)  # type: ignore[call-overload]
    if isinstance(value, float) and number != value:
        raise ValueError("not a whole number")
    return int(number)


def _booleans(series: pd.Series[Any], missing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    if pd.api.types.is_bool_dtype(series.dtype):
        return series.to_numpy(dtype=bool, na_value=False)
    values = series.to_numpy(dtype=object, copy=True)
    values[missing] = 0
    if not all(isinstance(value, bool | np.bool_) or value in (0, 1) for value in values.tolist()):
        raise ValueError("not true or false")
    return values.astype(bool)


def _dates(series: pd.Series[Any]) -> NDArray[np.datetime64]:
    if _is_moment(series):
        days: NDArray[np.datetime64] = series.dt.tz_localize(None).to_numpy(dtype="datetime64[D]")
        return days
    places, uniques = pd.factorize(series)
    texts = [str(value) for value in uniques.tolist()]
    if any(len(text) != 10 for text in texts):
        raise ValueError("not YYYY-MM-DD")  # numpy would take 1949 and 1949-10 for their first day
    return np.array([*texts, "NaT"], dtype="datetime64[D]")[places]  # -1, missing, is the last


def _strings(series: pd.Series[Any], missing: NDArray[np.bool_]) -> NDArray[np.object_]:
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(object)
    values = series.to_numpy(dtype=object)
    if not isinstance(series.dtype, pd.StringDtype):
        texts = [
            "" if gone else value if isinstance(value, str) else str(value)
            for value, gone in zip(values.tolist(), missing.tolist(), strict=True)
        ]
        values = np.array(texts, dtype=object) if texts else np.empty(0, dtype=object)
    return np.where(missing, "", values)


def _json_texts(series: pd.Series[Any], missing: NDArray[np.bool_]) -> NDArray[np.object_]:
    values = series.to_numpy(dtype=object)
    texts = np.empty(len(values), dtype=object)
    for position, (value, gone) in enumerate(zip(values, missing, strict=True)):
        texts[position] = (
            "" if gone else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        )
    return texts
