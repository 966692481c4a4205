"""In which fields a file's row differs from the record that it is: what an import would change.

A missing cell says nothing. A text that the file's format had to cut is the same as the whole one; texts are compared
as this program reads them (without what stands round them), numbers to the ninth digit, JSON by value, days by day,
places to 0.1 mm.
"""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.vectorfile.text import ENCODINGS, cut_text, encode
from layers.ingest.model import Reading
from layers.records import RecordField, parse

Mask = NDArray[np.bool_]

TOLERANCE_DEG: Final = 1e-9
"""Places nearer than this are the same: 0.1 mm."""
_DIGITS: Final = 1e-9


def differs(
    field: RecordField, new: pd.Series[Any], old: pd.Series[Any], *, layer: str, reading: Reading, clear: bool
) -> Mask:
    """Which rows of the file say something else than the register.

    Parameters
    ----------
    new, old
        A field of the file's rows and of the records that they are, aligned by position, in the register's dtypes.
    clear
        Whether a missing cell means that the record's value goes; else it means nothing.
    """
    missing, absent = _missing(new), _missing(old)
    both = ~missing & ~absent
    found = ~missing & absent
    if clear:
        found |= missing & ~absent
    at = np.flatnonzero(both)
    if len(at):
        found[at] = _apart(field, new.iloc[at], old.iloc[at], layer=layer, reading=reading)
    return found


def _missing(series: pd.Series[Any]) -> Mask:
    missing = series.isna().to_numpy(dtype=bool)
    if isinstance(series.dtype, pd.StringDtype):
        missing = missing | (series == "").to_numpy(dtype=bool, na_value=False)
    return missing


def _apart(field: RecordField, new: pd.Series[Any], old: pd.Series[Any], *, layer: str, reading: Reading) -> Mask:
    if field.type == "float":
        one, other = new.to_numpy(dtype=np.float64), old.to_numpy(dtype=np.float64)
        return np.asarray(~np.isclose(one, other, rtol=_DIGITS, atol=_DIGITS))
    if field.type in ("int", "bool"):
        return np.asarray(new.to_numpy(dtype=object) != old.to_numpy(dtype=object), dtype=bool)
    if field.type == "json":
        pairs = zip(new.tolist(), old.tolist(), strict=True)
        return np.array([one != other and not _cut_json(one, other, reading) for one, other in pairs], dtype=bool)
    one, other = new.to_numpy(dtype=object), old.to_numpy(dtype=object)
    apart = np.asarray(one != other, dtype=bool)
    at = np.flatnonzero(apart)
    if len(at) and field.type == "str":
        understood = _as_understood(field, old.iloc[at], layer)
        apart[at] = [
            mine != theirs and not _cut(mine, theirs, reading)
            for mine, theirs in zip(one[at].tolist(), understood, strict=True)
        ]
    if len(at) and field.type in ("date", "datetime"):
        apart[at] = [str(mine)[:10] != str(theirs)[:10] for mine, theirs in zip(one[at], other[at], strict=True)]
    return apart


def _as_understood(field: RecordField, old: pd.Series[Any], layer: str) -> list[Any]:
    """The register's texts as they would be read from a file: without blanks round them, choices by their key."""
    read = parse(layer, pd.DataFrame({field.name: old.astype(object).to_numpy()})).frame[field.name]
    return [value if isinstance(value, str) else None for value in read.astype(object).tolist()]


def _limit(reading: Reading) -> tuple[str, int] | None:
    """Encoding and bytes at which the file's texts were cut."""
    if reading.text_bytes is None:
        return None
    encoding = reading.encoding.lower()
    return (encoding if encoding in ENCODINGS else "gb18030" if encoding in ("gbk", "gb2312", "cp936") else "utf-8",
            reading.text_bytes)  # fmt: skip


def _cut(new: str, old: str | None, reading: Reading) -> bool:
    """Whether a text is what the format left of a longer one."""
    limit = _limit(reading)
    if limit is None or old is None or not old.startswith(new):
        return False
    encoding, most = limit
    if len(encode(old, encoding)) <= most:
        return False
    return cut_text(old, encoding, most).strip() == new.strip()


def _cut_json(new: Any, old: Any, reading: Reading) -> bool:
    if not isinstance(new, str) or isinstance(old, str):
        return False
    return _cut(new, json.dumps(old, ensure_ascii=False, default=str), reading)


def moved(new: NDArray[Any], old: NDArray[Any]) -> Mask:
    """Which rows lie elsewhere than their records; a row without a place has not moved.

    Parameters
    ----------
    new, old
        Geometries in EPSG:4490, None for none. A single part is the same as a collection of that part alone; rings may
        begin anywhere and turn either way; lines that run the other way are others.
    """
    there = ~shapely.is_missing(new) & ~shapely.is_empty(new)
    found = np.array(there & shapely.is_missing(old), dtype=bool)
    at = np.flatnonzero(there & ~shapely.is_missing(old))
    if not len(at):
        return found
    one, other = new[at], old[at]
    points = (shapely.get_type_id(one) == 0) & (shapely.get_type_id(other) == 0)
    if points.any():
        dx = np.abs(shapely.get_x(one[points]) - shapely.get_x(other[points]))
        dy = np.abs(shapely.get_y(one[points]) - shapely.get_y(other[points]))
        found[at[points]] = ~((dx <= TOLERANCE_DEG) & (dy <= TOLERANCE_DEG))
    rest = np.flatnonzero(~points)
    for position in rest.tolist():
        found[at[position]] = not _same_shape(one[position], other[position])
    return found


def _same_shape(one: Any, other: Any) -> bool:
    one, other = _plain(one), _plain(other)
    if one.geom_type != other.geom_type:
        return False
    if shapely.equals_exact(one, other, TOLERANCE_DEG):
        return True
    if one.geom_type in ("Point", "LineString"):
        return False
    if shapely.equals_exact(shapely.normalize(one), shapely.normalize(other), TOLERANCE_DEG):
        return True
    # Corners that are shifted by less than the tolerance may be sorted otherwise.
    if shapely.get_num_coordinates(one) != shapely.get_num_coordinates(other):
        return False
    return bool(shapely.hausdorff_distance(one, other) <= TOLERANCE_DEG)


def _plain(shape: Any) -> Any:
    """A shape in longitude and latitude alone; the only part of a collection instead of the collection."""
    shape = shapely.force_2d(shape)
    if shape.geom_type.startswith("Multi") and len(shape.geoms) == 1:
        return shape.geoms[0]
    return shape
