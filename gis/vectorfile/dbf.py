"""Write a dBASE table, the attribute part of a shapefile.

GDAL's own writer is not used for attributes: it makes text fields 80 bytes wide and writes the whole table anew for
each value that is longer, pads the other fields to the same width (105 MB for 51,991 place names, against 31 MB here)
and cuts what is too long in its own way. Here each field is exactly as wide as its values need. GDAL's readers judge
the result in the tests.

Source: the dBASE III file structure as in the ESRI Shapefile Technical Description (1998) and shapelib.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from gis.errors import N_, TooLarge

LANGUAGE_BYTE: Final = {"utf-8": 0x00, "gb18030": 0x4D}
"""0x4D is code page 936: old software that knows no .cpg file then reads all but the rare four-byte characters."""

MAX_FIELDS: Final = 255
MAX_BYTES: Final = 2**31 - 1
_ROWS_AT_ONCE: Final = 65_536
_BLANK: Final = 0x20


class TableTooLarge(TooLarge):
    """More columns or bytes than a dBASE table can hold."""

    code = "table-too-large"


@dataclass(frozen=True)
class Cells:
    """One field with all its values as bytes.

    Parameters
    ----------
    name
        Field name in the table's encoding, at most 10 bytes.
    storage
        ``C`` text, ``N`` number, ``L`` logical, ``D`` date.
    width, decimals
        Bytes of a value, and digits behind the point.
    data
        dtype ``S``, shape (rows,); shorter values are filled up with blanks, an all-blank one is null.
    """

    name: bytes
    storage: Literal["C", "N", "L", "D"]
    width: int
    decimals: int
    data: NDArray[np.bytes_]


def write_table(path: Path, fields: Sequence[Cells], rows: int, encoding: str, *, day: date) -> None:
    """Write the table.

    Parameters
    ----------
    path
        The .dbf file; overwritten.
    rows
        How many; the length of every field's data.
    day
        The date of the last change that the header carries.

    Raises
    ------
    TableTooLarge
        For more than 255 fields or 2 GiB.
    """
    row_bytes = 1 + sum(field.width for field in fields)
    header_bytes = 32 + 32 * len(fields) + 1
    if len(fields) > MAX_FIELDS or header_bytes + row_bytes * rows > MAX_BYTES:
        raise TableTooLarge(
            N_("A shapefile holds 255 fields and 2 GiB; this would be %(fields)s fields and %(megabytes)s MB."),
            hint=N_("Choose GeoPackage, or fewer features."),
            fields=len(fields),
            megabytes=row_bytes * rows // 1_000_000,
        )
    with path.open("wb") as file:
        file.write(_header(fields, rows, header_bytes, row_bytes, encoding, day))
        for start in range(0, rows, _ROWS_AT_ONCE):
            file.write(_records(fields, start, min(rows, start + _ROWS_AT_ONCE), row_bytes).data)
        file.write(b"\x1a")


def _header(fields: Sequence[Cells], rows: int, header_bytes: int, row_bytes: int, encoding: str, day: date) -> bytes:
    parts = [
        struct.pack(
            "<BBBBIHH17xB2x",
            3,
            min(max(day.year - 1900, 0), 255),
            day.month,
            day.day,
            rows,
            header_bytes,
            row_bytes,
            LANGUAGE_BYTE[encoding],
        )
    ]
    parts += [
        struct.pack("<11sc4xBB14x", field.name, field.storage.encode(), field.width, field.decimals) for field in fields
    ]
    return b"".join([*parts, b"\r"])


def _records(fields: Sequence[Cells], start: int, stop: int, row_bytes: int) -> NDArray[np.uint8]:
    table = np.full((stop - start, row_bytes), _BLANK, dtype=np.uint8)  # a blank in front: the record is not deleted
    at = 1
    for field in fields:
        size = field.data.dtype.itemsize
        block = np.ascontiguousarray(field.data[start:stop]).view(np.uint8).reshape(stop - start, size)
        part = table[:, at : at + size]
        np.copyto(part, block, where=block != 0)
        at += field.width
    return table
