"""An import being planned: the rows, the records that they are, and what differs. Rules of a subject work on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection

from gis.findings import Finding, Severity
from layers.access import Editor
from layers.ingest.model import FieldMapping, Noted, Reading
from layers.records import Context, Subject
from layers.register import TABLES, Register
from layers.register.tables import GEOMETRY_COLUMN

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]

PLACE: Final = "@place"
"""What stands for a row's geometry where fields are named."""


@dataclass(frozen=True)
class Write:
    """Rows of one table to insert and to change; frames as `Register.merge` takes them."""

    table: str
    inserts: pd.DataFrame | gpd.GeoDataFrame | None = None
    updates: tuple[pd.DataFrame | gpd.GeoDataFrame, ...] = ()


@dataclass
class Draft:
    """Everything about an import under way.

    Parameters
    ----------
    connection
        Sees one state of the register for as long as the plan is made.
    frame
        The file's rows as completed, RangeIndex, with ``geom`` (EPSG:4490, None where there is none).
    derived
        Field to cells that the file does not say.
    names
        Kind of further name to a column of lists of names.
    said
        Fields that the file has a column for.
    known
        Records of the subject's table, RangeIndex.
    at
        Position of each row's record in `known`, -1 for a new one.
    refused
        Rows that cannot be taken.
    differences
        Field (`PLACE` for the geometry) to rows whose record would change in it.
    further
        What is written beside the subject's own table.
    tables
        Tables that the plan rests on.
    addressed, address_notes
        Place and accuracy of rows by their address, and what is doubtful about them.
    areas
        Polygons of divisions by row.
    """

    subject: Subject
    register: Register
    connection: Connection
    reading: Reading
    mapping: FieldMapping
    context: Context
    editor: Editor
    frame: pd.DataFrame
    derived: dict[str, Mask]
    names: Mapping[str, NDArray[Any]]
    said: frozenset[str]
    known: pd.DataFrame
    at: NDArray[np.int64]
    refused: Mask
    notes: list[Noted] = field(default_factory=list)
    differences: dict[str, Mask] = field(default_factory=dict)
    uuids: NDArray[Any] = field(default_factory=lambda: np.empty(0, dtype=object))
    further: list[Write] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)
    addressed: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    address_notes: list[tuple[int, Noted]] = field(default_factory=list)
    areas: dict[int, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def places(self) -> NDArray[Any]:
        """A copy of the rows. geometries."""
        return self.frame[GEOMETRY_COLUMN].to_numpy(dtype=object, copy=True)

    @property
    def fresh(self) -> Mask:
        """Rows that become new records."""
        return (self.at < 0) & ~self.refused

    @property
    def changed(self) -> Mask:
        """Rows whose records change."""
        found = np.zeros(len(self), dtype=bool)
        for mask in self.differences.values():
            found |= mask
        return found & (self.at >= 0) & ~self.refused

    def records(self, rows: Rows) -> pd.DataFrame:
        """The records that some rows are, aligned to them."""
        return self.known.iloc[self.at[rows]].reset_index(drop=True)

    def table(self, name: str, **options: Any) -> Any:
        """A table of the register at the plan's state; the plan rests on it from now on."""
        self.tables.add(name)
        return self.register.frame(self.connection, name, **options)

    def column(self, name: str) -> NDArray[Any]:
        """A field of the rows as Python values, None for missing; all None where the file does not have it."""
        if name not in self.frame:
            return np.full(len(self), None, dtype=object)
        return objects(self.frame[name])

    def put(self, name: str, rows: Rows, values: Sequence[Any] | NDArray[Any]) -> None:
        """Set a field of some rows to what follows from the rest; on known records only where that differs.

        Call after the file's own fields have been compared.
        """
        column = self.column(name)
        column[rows] = list(values)
        kind = self.frame[name].dtype if name in self.frame else None
        self.frame[name] = typed(column, TABLES[self.subject.table].columns[name], kind)
        known = rows[self.at[rows] >= 0]
        if not len(known):
            return
        old, new = objects(self.records(known)[name]), column[known]
        other = np.array([not _alike(one, two) for one, two in zip(new, old, strict=True)], dtype=bool)
        mask = self.differences.setdefault(name, np.zeros(len(self), dtype=bool))
        mask[known] = other

    def fill(self, name: str, rows: Rows, values: Sequence[Any] | NDArray[Any]) -> None:
        """As `put`, for the cells alone that are empty."""
        empty = np.array([value is None for value in self.column(name)[rows]], dtype=bool)
        if empty.any():
            given = np.empty(len(rows), dtype=object)
            given[:] = list(values)
            self.put(name, rows[empty], given[empty])

    def note(
        self,
        row: int | None,
        name: str,
        value: object,
        rule: str,
        severity: Severity,
        template: str,
        advice: str = "",
        /,
        **params: object,
    ) -> None:
        """Note a finding; an error refuses its row."""
        said = "" if value is None else str(value)
        self.notes.append(Noted(row, name, said, Finding(rule, severity, name, template, params, advice)))
        if severity == "error" and row is not None:
            self.refused[row] = True


def objects(series: pd.Series[Any]) -> NDArray[Any]:
    """A column as Python values, None for what is missing."""
    values = series.astype(object).to_numpy(dtype=object, copy=True)
    values[series.isna().to_numpy(dtype=bool)] = None
    return values


def typed(values: NDArray[Any], column: Any, like: Any = None) -> Any:
    """Python values as a frame's column of the register's dtype."""
    from layers.register.values import to_array

    if str(like) == "object":
        return values
    return to_array(values.tolist(), column.type)


def _alike(one: Any, two: Any) -> bool:
    if isinstance(one, float) and isinstance(two, float):
        return abs(one - two) <= 1e-9 * max(1.0, abs(two))
    return bool(one == two)


def located(places: NDArray[Any]) -> Mask:
    """Which rows have a place."""
    return np.asarray(~shapely.is_missing(places) & ~shapely.is_empty(places), dtype=bool)


Rule = Callable[[Draft], None]
