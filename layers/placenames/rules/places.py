"""Place names as rules look at them: columns of plain values, each made once, and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.toponym.bulk import bulk_full_keys

COLUMNS: Final = (
    *("uuid", "name", "roman", "specific", "generic", "major", "class_code", "place_code"),
    *("county_code", "town_code", "village_code", "usage", "established", "abolished", "origin", "meaning"),
    *("history", "description", "registered_by", "registered_at", "registered_unit"),
    *("source", "valid_from", "valid_to"),
)
"""What the rules look at of a record, beside its point."""

Cells = list[Any]


class Places:
    """Columns of place names. Never changed.

    Parameters
    ----------
    frame
        Rows of the table ``place`` with `COLUMNS` and ``geom`` (points, EPSG:4490): a frame, or lists by column, all
        as long as one another.
    """

    def __init__(self, frame: pd.DataFrame | Mapping[str, Sequence[Any]]) -> None:
        self._columns = frame
        self._cells: dict[str, Cells] = {}
        self._count = len(frame) if isinstance(frame, pd.DataFrame) else len(next(iter(frame.values())))

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, name: str) -> Cells:
        """The values of a column as plain Python values: None for what is missing or an empty text."""
        found = self._cells.get(name)
        if found is None:
            column: Any = self._columns[name]
            if hasattr(column, "to_numpy"):
                column = column.to_numpy(dtype=object, na_value=None).tolist()
            # a list is looked through faster than it is made anew
            found = [None if value == "" else value for value in column] if "" in column else list(column)
            self._cells[name] = found
        return found

    @cached_property
    def geometry(self) -> NDArray[Any]:
        """Points, None where there is none."""
        geometry: Any = self._columns["geom"]
        if isinstance(geometry, pd.Series):
            return np.asarray(geometry.to_numpy(dtype=object))
        found = np.empty(len(self), dtype=object)
        found[:] = list(geometry)
        return found

    @cached_property
    def lonlat(self) -> NDArray[np.float64]:
        """Shape (n, 2), degrees, NaN where there is no point."""
        found = np.full((len(self), 2), np.nan)
        there = (shapely.get_type_id(self.geometry) == 0) & ~shapely.is_empty(self.geometry)
        found[there] = shapely.get_coordinates(self.geometry[there])
        return found

    @cached_property
    def sound(self) -> list[str]:
        """The name as it sounds, without tones; by its characters, whatever its romanization says."""
        return bulk_full_keys([name or "" for name in self["name"]])

    @cached_property
    def standing(self) -> list[bool]:
        """Whether each name is in use: a historical one takes nobody's place."""
        return [
            usage != "historical" and ended is None
            for usage, ended in zip(self["usage"], self["valid_to"], strict=True)
        ]

    @cached_property
    def _text(self) -> tuple[str, NDArray[np.intp]]:
        """All names one below the other, and where each begins."""
        # a line feed inside a name would move all that follow; as another control character it is found as one
        names = [(name or "").replace("\n", "\x1f") for name in self["name"]]
        lengths = np.fromiter(map(len, names), dtype=np.intp, count=len(names))
        return "\n".join(names), np.concatenate([[0], np.cumsum(lengths + 1)[:-1]]) if names else lengths

    @property
    def characters(self) -> frozenset[str]:
        """Every character that stands in some name."""
        return frozenset(self._text[0]) - {"\n"}

    def holding(self, pattern: re.Pattern[str]) -> list[tuple[int, list[str]]]:
        """Rows whose name holds a pattern, each with what it holds: all names are one text, looked through once.

        The pattern matches no line feed and nothing empty.
        """
        text, starts = self._text
        hits = [(hit.start(), hit.group()) for hit in pattern.finditer(text)]
        rows = np.searchsorted(starts, [at for at, _ in hits], side="right") - 1
        found: dict[int, list[str]] = {}
        for row, (_, word) in zip(rows.tolist(), hits, strict=True):
            found.setdefault(row, []).append(word)
        return list(found.items())

    def take(self, rows: NDArray[np.intp]) -> Places:
        """Some of the rows."""
        if isinstance(self._columns, pd.DataFrame):
            return Places(self._columns.iloc[rows])
        chosen = rows.tolist()
        return Places({name: [values[row] for row in chosen] for name, values in self._columns.items()})
