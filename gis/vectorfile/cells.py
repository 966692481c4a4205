"""Typed columns to the cells of a dBASE table, without a step per row.

What dBASE has no type for: a time is text (``2026-01-02T03:04:05.678Z``), JSON is text, a whole number of more than 18
digits is text (readers would round it), NaN and the infinities are null. An empty text and a missing one are both
blank: the format cannot tell them apart. A missing flag is ``?``, as dBASE has it: GDAL reads a blank one as false.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.vectorfile.columns import Column
from gis.vectorfile.dbf import Cells
from gis.vectorfile.text import VALUE_BYTES, altered, cut_text, encode, encode_all

_INTEGER_WIDTH: Final = 9
"""The narrowest field of whole numbers: GDAL reads up to 9 digits as 32-bit, up to 18 as 64-bit."""
_INTEGER_DIGITS: Final = 18
_EMPTY_WIDTH: Final = 20
"""Width of a text field without any value: somebody may want to fill it in."""
_DECIMALS: Final = 15
_NUMBER_WIDTH: Final = 24


@dataclass(frozen=True)
class Made:
    """Cells, and the rows whose value the shapefile cannot carry in full."""

    cells: Cells
    cut: NDArray[np.intp]
    altered: NDArray[np.intp]
    not_finite: int = 0


_NONE: Final[NDArray[np.intp]] = np.empty(0, dtype=np.intp)


def make_cells(name: str, column: Column, encoding: str) -> Made:
    """The cells of one column under its short name."""
    label = encode(name, encoding)
    if column.kind == "bool":
        flags = np.where(column.missing, b"?", np.where(column.data, b"T", b"F")).astype("S1")
        return Made(Cells(label, "L", 1, 0, flags), _NONE, _NONE)
    if column.kind == "date" and _fits_date(column):
        days = np.datetime_as_string(column.data, unit="D").astype("S10")
        numerals = days.view(np.uint8).reshape(-1, 10)[:, [0, 1, 2, 3, 5, 6, 8, 9]]  # without the hyphens
        compact = np.ascontiguousarray(numerals).view("S8").reshape(-1)
        compact[column.missing] = b""
        return Made(Cells(label, "D", 8, 0, compact), _NONE, _NONE)
    if column.kind == "int":
        digits = column.data.astype("S21")
        digits[column.missing] = b""
        width = _width(digits)
        if width <= _INTEGER_DIGITS:
            width = max(width, _INTEGER_WIDTH)
            return Made(Cells(label, "N", width, 0, _right(digits, width)), _NONE, _NONE)
    if column.kind == "float":
        return _floats(label, column)
    return _texts(label, column, encoding)


def _fits_date(column: Column) -> bool:
    days = column.data[~column.missing]
    first, last = np.datetime64("0001-01-01"), np.datetime64("9999-12-31")
    return bool(((days >= first) & (days <= last)).all())


def _width(data: NDArray[np.bytes_]) -> int:
    return int(np.strings.str_len(data).max()) if data.size else 0


def _right(data: NDArray[np.bytes_], width: int) -> NDArray[np.bytes_]:
    """The values set right, as numbers stand in a dBASE table."""
    data = data.astype(f"S{width}")
    return np.asarray(np.strings.rjust(data, width), dtype=f"S{width}") if data.size else data


def _floats(label: bytes, column: Column) -> Made:
    """Numbers such that every reader gets the same double back: fixed point where that fits, else with an exponent."""
    finite = np.isfinite(column.data)
    missing = column.missing | ~finite
    lost = int(np.count_nonzero(~finite & ~column.missing))
    places, values = pd.factorize(np.where(missing, 0.0, column.data))
    texts = [repr(value) for value in values.tolist()]
    decimals = max((len(text.partition(".")[2]) for text in texts), default=1)
    if any("e" in text for text in texts) or decimals > _DECIMALS:
        decimals = _DECIMALS
    else:
        decimals = 0 if all(text.endswith(".0") for text in texts) else decimals
        fixed = [f"{value:.{max(decimals, 1)}f}" for value in values.tolist()]
        if max(map(len, fixed), default=0) <= _NUMBER_WIDTH:
            texts, decimals = fixed, max(decimals, 1)
    data = np.array([text.encode() for text in texts], dtype="S24") if texts else np.empty(0, dtype="S24")
    data = np.where(missing, b"", data[places]) if data.size else data
    width = max(_width(data), _INTEGER_WIDTH + 2)
    cells = Cells(label, "N", width, min(decimals, width - 2), _right(data, width))
    return Made(cells, _NONE, _NONE, lost)


def _texts(label: bytes, column: Column, encoding: str) -> Made:
    # Values repeat (codes, classes, units): each different one is encoded once.
    places, uniques = pd.factorize(column.texts(), use_na_sentinel=True)
    texts: list[str] = uniques.tolist()
    values = encode_all(texts, encoding)
    width = max(map(len, values), default=0)
    long: list[int] = []
    if width > VALUE_BYTES:
        long = [position for position, value in enumerate(values) if len(value) > VALUE_BYTES]
        for position in long:
            values[position] = encode(cut_text(texts[position].replace("\0", ""), encoding), encoding)
        width = max(map(len, values))
    width = width or _EMPTY_WIDTH
    data = np.array([*values, b""], dtype=f"S{width}")[places]  # -1, missing, is the empty one at the end
    changed = altered(texts, encoding)
    return Made(Cells(label, "C", width, 0, data), _rows(places, long), _rows(places, changed))


def _rows(places: NDArray[Any], positions: list[int]) -> NDArray[np.intp]:
    return np.flatnonzero(np.isin(places, positions)) if positions else _NONE
