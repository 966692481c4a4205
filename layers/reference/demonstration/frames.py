"""Frames with exactly the columns of the register's tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.reference.demonstration.plane import Floats, to_degrees
from layers.register.tables import GEOMETRY_COLUMN, TABLES

SYNTHETIC = "synthetic"
_FILLED_BY_THE_REGISTER = {"fid", "version", "changed"}

Frames = dict[str, pd.DataFrame]


def frame(table: str, columns: Mapping[str, Any] | pd.DataFrame, geometry: Any = None) -> pd.DataFrame:
    """A frame of one table: its columns in their order, those not given empty.

    Parameters
    ----------
    table
        Name of a register table.
    columns
        Values by column: sequences of one length, or one value for all rows.
    geometry
        Geometries (EPSG:4490) where the table has one.

    Raises
    ------
    KeyError
        If a column is not one of the table's.
    """
    names = [column.name for column in TABLES[table].columns]
    known = [name for name in names if name not in _FILLED_BY_THE_REGISTER and name != GEOMETRY_COLUMN]
    unknown = {str(name) for name in columns} - set(known)
    if unknown:
        raise KeyError(f"{table} has no {sorted(unknown)}")
    given = pd.DataFrame(dict(columns))
    empty = pd.Series([None] * len(given), dtype=object)
    made = pd.DataFrame({name: given.get(name, empty) for name in known})
    if TABLES[table].info["geometry"] is None:
        return made
    shapes = gpd.GeoSeries(np.asarray(geometry, dtype=object), crs=4490)
    located: pd.DataFrame = gpd.GeoDataFrame(made, geometry=shapes).rename_geometry(GEOMETRY_COLUMN)
    return located


def geo(made: pd.DataFrame) -> gpd.GeoDataFrame:
    """The same frame, typed as one with geometry."""
    return gpd.GeoDataFrame(made, geometry=GEOMETRY_COLUMN)


def points(xy: Floats) -> Any:
    """Point geometries in degrees from positions on the plane, shape (n, 2)."""
    return shapely.points(to_degrees(xy))


def whole(values: Any) -> pd.Series:
    """Whole numbers with gaps (NaN or None: not known)."""
    return pd.Series(values, dtype="Float64").round().astype("Int64")
