"""A table as the reading process holds it, without pandas: typed columns, geometry as WKB."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from gis.findings import Finding

Kind = Literal["text", "int", "float", "bool"]

_SAMPLE: Final = 2_000


@dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    data
        Of a text column the position in ``texts`` of each row's value, -1 where it is missing; else the values.
    missing
        Which rows have no value; None for a text column and where every row has one.
    texts
        The different values of a text column.
    """

    name: str
    kind: Kind
    data: NDArray[Any]
    missing: NDArray[np.bool_] | None = None
    texts: tuple[str, ...] | list[str] = ()


@dataclass
class Table:
    """One table of a file.

    Parameters
    ----------
    layer, layers
        The layer that was read, and all that there are.
    rows
        Row numbers as a person counts them.
    wkb
        One ``bytes`` or None for each row; None for a plain table.
    crs
        What is known of the declared system: ``epsg``, ``name`` and, of a Gauss-Krüger system without a number,
        ``meridian`` and ``false_easting``; empty where none is declared.
    """

    format: str
    layer: str
    layers: tuple[str, ...]
    columns: list[Column]
    rows: NDArray[np.int64]
    wkb: NDArray[Any] | None = None
    crs: dict[str, Any] = field(default_factory=dict)
    encoding: str = "utf-8"
    encoding_from: str = "format"
    text_bytes: int | None = None
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Peeked:
    """What one layer or sheet has: rows (-1: not counted), geometry type as OGR names it or empty, and headings."""

    name: str
    rows: int
    geometry: str
    fields: tuple[str, ...]


def text_column(name: str, values: Sequence[str | None]) -> Column:
    """A column of texts; empty ones are missing. Values that repeat are held once."""
    start = values[:_SAMPLE]
    if len(set(start)) * 2 > len(start):  # mostly different: looking each one up would cost more than it saves
        texts = [value or "" for value in values]
        codes = np.arange(len(texts), dtype=np.int32)
        codes[np.fromiter((not value for value in texts), dtype=bool, count=len(texts))] = -1
        return Column(name, "text", codes, texts=texts)
    index: dict[str | None, int] = defaultdict(count().__next__, {None: -1, "": -1})  # each new text: the next number
    codes = np.fromiter(map(index.__getitem__, values), dtype=np.int32, count=len(values))
    return Column(name, "text", codes, texts=[value or "" for value in list(index)[2:]])


def unique_names(names: Sequence[str]) -> list[str]:
    """The names made different: the second 名称 is called ``名称 (2)``."""
    taken: set[str] = set()
    result: list[str] = []
    for name in names:
        own, number = name, 1
        while own in taken or (number > 1 and own in names):
            number += 1
            own = f"{name} ({number})"
        taken.add(own)
        result.append(own)
    return result
