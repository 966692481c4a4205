"""A record as it stands, and as a frame of one row to be looked at by the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection

from gis.errors import N_
from layers.access import Reader
from layers.catalogue import Layer
from layers.features import UnknownFeature
from layers.history.log import State
from layers.history.seeing import record_open
from layers.index import Index
from layers.register import TABLES
from layers.register.frames import CRS
from layers.register.tables import GEOMETRY_COLUMN, TRACKING
from layers.register.values import to_array


@dataclass(frozen=True)
class Record:
    """A record of a layer; ``uuid`` is empty for one that is not there yet.

    ``state`` holds plain values, ``arrays`` one cell of each column that a record has, in the register's dtypes.
    """

    layer: Layer
    uuid: str
    version: int
    state: State
    arrays: Mapping[str, Any]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The arrays as one row, for the rules."""
        return pd.DataFrame(dict(self.arrays), index=pd.RangeIndex(1), copy=False)


def present(index: Index, connection: Connection, layer: Layer, uuid: str, *, reader: Reader) -> Record:
    """A record that the reader may see; `UnknownFeature` where there is none."""
    arrays = index.register.arrays(connection, layer.table, uuids=[uuid])
    state = {name: _cell(array[0]) for name, array in arrays.items()} if len(arrays["uuid"]) else {}
    if not state or not record_open(index, layer.table, state, reader=reader):
        raise UnknownFeature(N_("The layer “%(layer)s” has no feature %(uuid)s."), layer=layer.key, uuid=uuid)
    cells = {name: array for name, array in arrays.items() if name not in TRACKING}
    return Record(layer, uuid, int(state.get("version") or 0), state, cells)


def _cell(value: Any) -> Any:
    """A cell as a plain value, None for every kind of missing."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    return value.item() if isinstance(value, np.generic) else value


def blank(layer: Layer) -> Record:
    """A record of which nothing is known yet."""
    names = [column.name for column in TABLES[layer.table].columns if column.name not in TRACKING]
    return Record(layer, "", 0, dict.fromkeys(names), arrays_of(layer, dict.fromkeys(names)))


def arrays_of(layer: Layer, state: Mapping[str, Any]) -> dict[str, Any]:
    """One cell of each column, in the register's dtypes."""
    columns = TABLES[layer.table].columns
    data: dict[str, Any] = {}
    for name, value in state.items():
        if name == GEOMETRY_COLUMN:
            cell = np.empty(1, dtype=object)
            cell[0] = value
            data[name] = gpd.array.GeometryArray(cell, crs=CRS)
        else:
            data[name] = to_array([value], columns[name].type)
    return data


def with_values(record: Record, values: Mapping[str, Any]) -> Record:
    """The record with some values changed."""
    if not values:
        return record
    arrays = {**record.arrays, **arrays_of(record.layer, values)}
    return Record(record.layer, record.uuid, record.version, {**record.state, **values}, arrays)
