"""What the steps of an import hand to one another: a file as it was read, how to understand it, what is noted of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from gis.errors import N_, Invalid
from gis.findings import Finding

if TYPE_CHECKING:  # who starts the reading of a file has no need of pandas yet
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

FileFormat = Literal["csv", "xlsx", "shp", "gpkg", "gdb", "geojson", "kml"]

CRS_OFFERED: Final[tuple[int, ...]] = (4490, 4326, 4528, 4549, 4527, 4548)
"""Coordinate systems that an import may be told to take: those that exports are written in."""


class BadMapping(Invalid):
    """A mapping that is not written as one."""

    code = "bad-mapping"


@dataclass(frozen=True)
class Reading:
    """One table of a file as it stands there; nothing of it is interpreted yet.

    Parameters
    ----------
    file
        The name that the person knows it by.
    layer
        The layer or sheet that was read.
    layers
        All that the file has.
    frame
        Cells, on a RangeIndex. Columns are named as in the file, made unique. Each column is ``str`` (text, also of
        dates and times in ISO form), ``Int64``, ``float64`` or ``boolean``; what is missing is NA.
    rows
        Shape (n,): the row's number as a person counts it: the line of a sheet or CSV (the heading is 1), else the
        feature's number from 1.
    geometry
        Shape (n,): shapely geometries in the file's own coordinates, None where a row has none; None for a plain table.
    epsg
        The system that the file declares, None where it declares none or one without a number.
    encoding
        Of the texts, and in ``encoding_from`` how that is known: ``cpg``, ``dbf``, ``format``, ``detected``, ``asked``.
    text_bytes
        The most bytes that a text can have in this format, None without a limit: longer ones were cut by the writer.
    """

    file: str
    format: FileFormat
    layer: str
    layers: tuple[str, ...]
    frame: pd.DataFrame
    rows: NDArray[np.int64]
    geometry: NDArray[Any] | None
    epsg: int | None
    encoding: str
    encoding_from: str
    text_bytes: int | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class FieldMapping:
    """How a file is to be understood; what the page draws and keeps.

    Parameters
    ----------
    columns
        Heading in the file to target: a field of the subject, one of ``@lon``, ``@lat``, ``@east``, ``@north``
        (coordinates), ``@division`` (a division's name in words), ``@name:alias`` (a further name of that kind), or
        empty where the column is not taken. A heading that is missing here is recognised by itself.
    constants
        Field to text, the same for every row.
    values
        Field to (text in the file → text to read instead).
    layer, encoding
        Which layer or sheet, and the texts' encoding; None: found out.
    crs, axes
        Coordinate system (EPSG) and order of the coordinates; None and ``auto``: found out.
    empty
        What an empty cell of a column does to a record that has a value: ``keep`` it or ``clear`` it.
    accept
        Rules whose errors about the file as a whole the person has looked at and takes for no fault.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    layer: str | None = None
    encoding: str | None = None
    crs: int | None = None
    axes: Literal["auto", "xy", "yx"] = "auto"
    empty: Literal["keep", "clear"] = "keep"
    accept: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The mapping as JSON writes it."""
        return asdict(self)

    @classmethod
    def from_json(cls, given: object) -> FieldMapping:
        """A mapping that came as JSON.

        Raises
        ------
        BadMapping
            Naming the member that cannot be understood.
        """
        if not isinstance(given, Mapping):
            raise _bad("mapping", given)
        unknown = sorted(str(name) for name in given if name not in cls.__dataclass_fields__)
        if unknown:
            raise _bad(", ".join(unknown), given[unknown[0]])
        for name, well in _MEMBERS.items():
            if name in given and not well(given[name]):
                raise _bad(name, given[name])
        members = {name: value for name, value in given.items() if value is not None}
        if "accept" in members:
            members["accept"] = tuple(members["accept"])
        return cls(**members)


def _words(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(key, str) and isinstance(one, str) for key, one in value.items()
    )


_MEMBERS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "columns": _words,
    "constants": _words,
    "values": lambda value: isinstance(value, Mapping) and all(map(_words, value.values())),
    "layer": lambda value: value is None or isinstance(value, str),
    "encoding": lambda value: value is None or isinstance(value, str),
    "crs": lambda value: value is None or (type(value) is int and value in CRS_OFFERED),
    "axes": lambda value: value in ("auto", "xy", "yx"),
    "empty": lambda value: value in ("keep", "clear"),
    "accept": lambda value: isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value),
}


def _bad(name: str, value: object) -> BadMapping:
    return BadMapping(
        N_("The mapping's member “%(name)s” cannot be “%(value)s”."),
        hint=N_("Its members are: %(known)s."),
        name=name,
        value=str(value)[:80],
        known=", ".join(_MEMBERS),
    )


@dataclass(frozen=True)
class Noted:
    """A finding about one row, one field of it, or (``row`` None) the file as a whole.

    Parameters
    ----------
    row
        Position in the frame (0 … n-1), not the number that a person counts.
    field
        The subject's field, empty where it is about the row or its place.
    value
        What stands there, as text.
    """

    row: int | None
    field: str
    value: str
    finding: Finding
