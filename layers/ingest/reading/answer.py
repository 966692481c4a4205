"""The reading process's answer, understood: a `Reading` from JSON, arrays and texts. Nothing of it is executed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, get_args

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.crs import FALSE_EASTING_M, FAMILY
from gis.errors import N_
from gis.findings import Finding
from layers.ingest.model import FileFormat, Reading
from layers.ingest.reading import faults, wire

_NAMED: Final = 12
_NONE: Final[NDArray[np.bool_]] = np.zeros(0, dtype=bool)


def content(folder: Path) -> dict[str, Any]:
    """The answer's own account of itself; the fault where it is one.

    Raises
    ------
    DijieError
        The fault that prevented the reading.
    """
    given: dict[str, Any] = json.loads((folder / wire.ANSWER).read_text(encoding="utf-8"))
    if "fault" in given:
        raise faults.from_json(given["fault"])
    return given


def reading(folder: Path, file: str) -> Reading:
    """The table that was read.

    Raises
    ------
    DijieError
        The fault that prevented the reading.
    ValueError, KeyError, TypeError, IndexError, OSError
        Where the answer is not written as one.
    """
    given = content(folder)
    if given["format"] not in get_args(FileFormat):
        raise ValueError(given["format"])
    rows = _load(folder, "rows").astype(np.int64)
    frame = _frame(folder, given["columns"], len(rows))
    geometry, broken = _geometry(folder, len(rows)) if given["geometry"] else (None, _NONE)
    findings = [Finding(**one) for one in given["findings"]]
    if broken.any():
        findings.append(_unreadable(given["layer"], rows[broken]))
    return Reading(
        file=file,
        format=given["format"],
        layer=given["layer"],
        layers=tuple(given["layers"]),
        frame=frame,
        rows=rows,
        geometry=geometry,
        epsg=epsg_of(given["crs"]),
        encoding=given["encoding"],
        encoding_from=given["encoding_from"],
        text_bytes=given["text_bytes"],
        findings=tuple(findings),
    )


def _frame(folder: Path, columns: list[dict[str, Any]], rows: int) -> pd.DataFrame:
    series = {one["name"]: _series(folder, number, one, rows) for number, one in enumerate(columns)}
    if len(series) != len(columns):
        raise ValueError("two columns of one name")
    return pd.DataFrame(series, index=pd.RangeIndex(rows))


def _series(folder: Path, number: int, about: dict[str, Any], rows: int) -> pd.Series[Any]:
    data = _load(folder, str(number))
    if data.shape != (rows,):
        raise ValueError("a column of another length")
    if about["kind"] == "text":
        return pd.Series(pd.array(_texts(folder, number, about["texts"])[data], dtype="str"), copy=False)
    missing = _load(folder, f"{number}-missing") if about["missing"] else np.zeros(rows, dtype=bool)
    if about["kind"] == "int":
        return pd.Series(pd.arrays.IntegerArray(data.astype(np.int64), missing.astype(bool)))
    if about["kind"] == "bool":
        return pd.Series(pd.arrays.BooleanArray(data.astype(bool), missing.astype(bool)))
    return pd.Series(np.where(missing, np.nan, data.astype(np.float64)))


def _texts(folder: Path, number: int, count: int) -> NDArray[np.object_]:
    """The different texts of a column, and NA at the end: where -1 points."""
    text = (folder / f"{number}.txt").read_bytes().decode("utf-8")
    texts: list[Any] = text.split(wire.SEPARATOR) if count else []
    if len(texts) != count:
        raise ValueError("other texts than announced")
    values = np.empty(count + 1, dtype=object)
    values[:count] = texts
    values[count] = np.nan
    return values


def _geometry(folder: Path, rows: int) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The geometries, and which of them are none to GEOS: a ring of two points, a line of one."""
    ends = _load(folder, "ends").tolist()
    if len(ends) != rows:
        raise ValueError("other geometries than rows")
    data = (folder / "geometry.wkb").read_bytes()
    wkb = np.empty(rows, dtype=object)
    wkb[:] = [data[start:end] or None for start, end in zip([0, *ends[:-1]], ends, strict=True)] if rows else []
    geometry = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    given = np.fromiter((one is not None for one in wkb), dtype=bool, count=rows)
    return geometry, given & shapely.is_missing(geometry)


def _unreadable(where: str, rows: NDArray[np.int64]) -> Finding:
    template = N_("%(count)d geometries are none (too few points, rings not closed) and were left out: rows %(rows)s.")
    told = ", ".join(map(str, rows[:_NAMED].tolist())) + (", …" if len(rows) > _NAMED else "")
    return Finding("geometry-unreadable", "error", where, template, {"count": len(rows), "rows": told})


def _load(folder: Path, name: str) -> NDArray[Any]:
    values: NDArray[Any] = np.load(folder / f"{name}.npy", allow_pickle=False)
    return values


def epsg_of(crs: dict[str, Any]) -> int | None:
    """The declared system's number; a zone of the CGCS2000 family that is written without one is known by its shape."""
    if crs.get("epsg"):
        return int(crs["epsg"])
    if "meridian" not in crs:
        return None
    prefix, rest = divmod(round(crs["false_easting"] - FALSE_EASTING_M), 1_000_000)
    for epsg, system in FAMILY.items():
        if rest == 0 and system.central_meridian == crs["meridian"] and (system.prefix or 0) == prefix:
            return epsg
    return None
