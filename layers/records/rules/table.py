"""A frame of records as rules look at it: columns as arrays, each made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.findings import Finding, Severity
from layers.records.cells import shown
from layers.records.field import RecordField
from layers.register.tables import GEOMETRY_COLUMN

Mask = NDArray[np.bool_]
Objects = NDArray[np.object_]
Flaws = Iterator[tuple[int, str, str, Finding]]


class Table:
    """Columns of records by name.

    Parameters
    ----------
    layer_key
        The layer that they are of.
    frame
        As `layers.records.parse` gives it.
    fields
        Of the layer's records.
    """

    def __init__(self, layer_key: str, frame: pd.DataFrame, fields: Sequence[RecordField]) -> None:
        self.layer_key = layer_key
        self.frame = frame
        self.fields = fields
        self._objects: dict[str, Objects] = {}

    def __len__(self) -> int:
        return len(self.frame)

    def __contains__(self, name: str) -> bool:
        return name in self.frame.columns

    def objects(self, name: str) -> Objects:
        """Python values of a column, None for what is missing or an empty text; all None where there is no column."""
        found = self._objects.get(name)
        if found is None:
            found = np.full(len(self.frame), None, dtype=object)
            if name in self:
                array = self.frame[name].array
                there = ~np.asarray(pd.isna(array), dtype=bool)
                found[there] = np.asarray(array, dtype=object)[there]
                found[found == ""] = None
            self._objects[name] = found
        return found

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A column as numbers, NaN for what is missing."""
        if name not in self:
            return np.full(len(self.frame), np.nan)
        return np.asarray(pd.to_numeric(self.frame[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan))

    @property
    def geometries(self) -> Objects:
        """The places; None for each row where the frame has no column of them."""
        if GEOMETRY_COLUMN not in self:
            return np.full(len(self.frame), None, dtype=object)
        return np.asarray(self.frame[GEOMETRY_COLUMN].to_numpy(dtype=object))


class Rule:
    """What a rule says: key, severity, template and advice, once for all that breaks it."""

    def __init__(self, key: str, severity: Severity, template: str, advice: str) -> None:
        self.key, self.severity, self.template, self.advice = key, severity, template, advice

    def flaw(self, row: int, name: str, value: object, /, **params: object) -> tuple[int, str, str, Finding]:
        """One flaw of one row."""
        text = "" if value is None else shown(value)
        finding = Finding(self.key, self.severity, name, self.template, {"value": text, **params}, self.advice)
        return row, name, text, finding

    def flaws(self, rows: Mask, name: str, values: Objects, /, **params: object) -> Flaws:
        """The flaws of all rows of a mask."""
        for row in np.flatnonzero(rows).tolist():
            yield self.flaw(row, name, values[row], **params)


def each(values: Objects, wrong: Callable[[Any], bool]) -> Mask:
    """Which values are there and wrong; each different one is asked once."""
    verdict = {value: wrong(value) for value in dict.fromkeys(values.tolist()) if value is not None}
    if not any(verdict.values()):
        return np.zeros(len(values), dtype=bool)
    return np.fromiter((value is not None and verdict[value] for value in values), dtype=bool, count=len(values))
