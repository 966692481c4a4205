"""Read a dBASE table, the attribute part of a shapefile: its bytes as they are, then typed.

GDAL's reader turns what it cannot decode into nothing and rows that are missing into empty ones. Here the bytes come
first: the encoding is settled on all of them, and a table that is shorter than it says is refused.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.reading import encodings
from layers.ingest.reading.encodings import Known
from layers.ingest.reading.faults import damaged
from layers.ingest.reading.source import Source
from layers.ingest.reading.table import Column, unique_names

_FIELD: Final = struct.Struct("<11sc4xBB14x")
_INTEGER_DIGITS: Final = 18
NAME_BYTES: Final = 10
_DELETED: Final = ord("*")


@dataclass(frozen=True)
class Header:
    """What a table says of itself: rows, bytes of the header and of a row, language byte, fields."""

    rows: int
    header_bytes: int
    row_bytes: int
    language: int
    fields: tuple[tuple[bytes, str, int, int], ...]


@dataclass(frozen=True)
class Dbf:
    """A table that was read. ``kept`` says which of its rows are not marked as deleted."""

    columns: list[Column]
    kept: NDArray[np.bool_]
    known: Known
    findings: list[Finding]


def header(path: Path, file: str) -> Header:
    """The table's header.

    Raises
    ------
    DamagedFile
        If it is none, or is cut off.
    """
    with path.open("rb") as opened:
        start = opened.read(32)
        if len(start) < 32:
            raise _cut(file, path.name)
        rows, header_bytes, row_bytes = struct.unpack_from("<IHH", start, 4)
        rest = opened.read(max(header_bytes - 32, 0))
    fields = []
    for at in range(0, len(rest) - 31, 32):
        if rest[at] in (0x0D, 0x00):
            break
        name, kind, width, decimals = _FIELD.unpack_from(rest, at)
        letter = kind.decode("latin-1")
        if letter == "C":
            width, decimals = width + 256 * decimals, 0  # as Clipper and GDAL write long ones
        fields.append((name.split(b"\0", 1)[0], letter, width, decimals))
    if not fields or 1 + sum(width for _, _, width, _ in fields) > row_bytes:
        raise damaged(
            file, N_("The table %(table)s in %(file)s is damaged: its header makes no sense."), table=path.name
        )
    return Header(rows, header_bytes, row_bytes, start[29], tuple(fields))


def _cut(file: str, table: str) -> Exception:
    return damaged(file, N_("The table %(table)s in %(file)s is cut off."), table=table)


def read_dbf(source: Source, path: Path, cpg: str | None) -> Dbf:
    """Read a table whole.

    Parameters
    ----------
    cpg
        What the .cpg file beside it says; None where there is none.

    Raises
    ------
    DamagedFile, UnclearEncoding
    """
    about = header(path, source.name)
    source.require_size(about.rows, len(about.fields))
    there = max(path.stat().st_size - about.header_bytes, 0) // about.row_bytes
    if there < about.rows:
        raise damaged(
            source.name,
            N_("The table %(table)s in %(file)s is cut off: it says %(said)d rows and has %(there)d."),
            table=path.name,
            said=about.rows,
            there=there,
        )
    data = np.fromfile(path, dtype=np.uint8, count=about.rows * about.row_bytes, offset=about.header_bytes)
    table = data.reshape(about.rows, about.row_bytes)
    kept = table[:, 0] != _DELETED
    findings: list[Finding] = []
    if not kept.all():
        template = N_("%(count)d rows are marked as deleted in the table and were left out.")
        findings.append(Finding("rows-deleted", "info", path.stem, template, {"count": int((~kept).sum())}))
    cells, at = [], 1
    for _, kind, width, _ in about.fields:
        cells.append(_different(table[kept, at : at + width], kind))
        at += width
    known = _settle(source, about, cells, cpg)
    names = unique_names([encodings.decode_cut(name, known.encoding).strip() or "?" for name, *_ in about.fields])
    columns = []
    for name, (_, kind, width, decimals), (values, codes) in zip(names, about.fields, cells, strict=True):
        column = _column(name, kind, width, decimals, values, codes, known.encoding)
        if column is None:
            template = N_("The column %(field)s is of a type that cannot be read, and was left out.")
            findings.append(Finding("column-skipped", "warning", path.stem, template, {"field": name}))
        else:
            columns.append(column)
    return Dbf(columns, kept, known, [*findings, *encodings.assumed(known, path.stem)])


Cells = tuple[list[bytes], NDArray[np.int32]]


def _different(block: NDArray[np.uint8], kind: str) -> Cells:
    """The different values of a field, without blanks at their end, and which of them each row has."""
    width = block.shape[1]
    if not width:
        return [b""], np.zeros(len(block), dtype=np.int32)
    values = np.ascontiguousarray(block).view(f"V{width}").reshape(-1).tolist()
    index: dict[bytes, int] = {}
    known = index.setdefault
    codes = np.fromiter((known(value, len(index)) for value in values), dtype=np.int32, count=len(values))
    if kind in "IB":
        return list(index), codes
    # A NUL ends a value for every reader.
    return [value.split(b"\0", 1)[0].rstrip(b" ") for value in index], codes


def _settle(source: Source, about: Header, cells: list[Cells], cpg: str | None) -> Known:
    names = [name for name, *_ in about.fields]
    texts = [name for name in names if len(name) < NAME_BYTES]
    cut = [name for name in names if len(name) >= NAME_BYTES]
    for (_, kind, width, _), (values, _) in zip(about.fields, cells, strict=True):
        if kind == "C":
            texts += [value for value in values if len(value) < width]
            cut += [value for value in values if len(value) >= width]
    declared: Known | None = None
    if source.encoding is not None:
        declared = encodings.asked(source.encoding, source.name)
    elif cpg is not None and (name := encodings.named(cpg)) is not None:
        declared = Known(name, "cpg")
    elif (name := encodings.by_language_byte(about.language)) is not None:
        declared = Known(name, "dbf")
    return encodings.settle(b"\n".join(texts), file=source.name, declared=declared, cut=cut)


def _column(
    name: str, kind: str, width: int, decimals: int, values: list[bytes], codes: NDArray[np.int32], encoding: str
) -> Column | None:
    if kind == "I" or (kind == "B" and values and len(values[0]) == 8):
        return _binary(name, kind, values, codes)
    if kind == "C":
        return _texts(name, _decoded(values, width, encoding), codes)
    plain = [value.strip() for value in values]
    if kind in "NF":
        return _numbers(name, plain, codes, whole=decimals == 0 and kind == "N")
    if kind == "L":
        return _typed(name, "bool", plain, codes, _flag, bool)
    if kind == "D":
        return _texts(name, [_day(value) for value in plain], codes)
    return None


def _decoded(values: list[bytes], width: int, encoding: str) -> list[str]:
    """Texts of values, in one call for all; those as wide as their field may end inside a character."""
    if not values:
        return []
    whole = [
        value if len(value) < width else encodings.decode_cut(value, encoding).encode(encoding) for value in values
    ]
    return encodings.decode(b"\0".join(whole), encoding).split("\0")


def _texts(name: str, texts: list[str], codes: NDArray[np.int32]) -> Column:
    empty = np.array([not text for text in texts], dtype=bool)
    return Column(name, "text", np.where(empty[codes], -1, codes) if texts else codes, texts=texts)


def _numbers(name: str, values: list[bytes], codes: NDArray[np.int32], *, whole: bool) -> Column:
    """Numbers; a field of which one value is none is text, as it stands there."""
    if whole and all(len(value.lstrip(b"-")) <= _INTEGER_DIGITS for value in values):
        column = _typed(name, "int", values, codes, _integer, np.int64)
        if column.kind == "int":
            return column
    return _typed(name, "float", values, codes, _decimal, np.float64)


def _typed(
    name: str,
    kind: Any,
    values: list[bytes],
    codes: NDArray[np.int32],
    parse: Callable[[bytes], Any],
    dtype: type,
) -> Column:
    try:
        parsed = [parse(value) for value in values]
    except ValueError:
        return _texts(name, [value.decode("latin-1") for value in values], codes)
    gone = np.array([value is None for value in parsed], dtype=bool)
    data: NDArray[Any] = np.array([value or 0 for value in parsed], dtype=dtype)
    if not len(data):
        return Column(name, kind, np.empty(0, dtype=dtype))
    return Column(name, kind, data[codes], gone[codes])


def _integer(value: bytes) -> int | None:
    if not value or value.strip(b"*") == b"":
        return None  # stars are what a writer puts where a number does not fit
    if not re.fullmatch(rb"[-+]?\d+", value):
        raise ValueError(value)
    return int(value)


def _decimal(value: bytes) -> float | None:
    if not value or value.strip(b"*") == b"":
        return None
    if not re.fullmatch(rb"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", value):
        raise ValueError(value)
    return float(value)


def _flag(value: bytes) -> bool | None:
    if value in (b"", b"?", b" "):
        return None
    if value not in (b"T", b"t", b"Y", b"y", b"F", b"f", b"N", b"n"):
        raise ValueError(value)
    return value in b"TtYy"


def _day(value: bytes) -> str:
    if value.strip(b"0") == b"":
        return ""
    text = value.decode("latin-1")
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if re.fullmatch(r"\d{8}", text) else text


def _binary(name: str, kind: str, values: list[bytes], codes: NDArray[np.int32]) -> Column:
    if kind == "I":
        numbers = np.array([int.from_bytes(value[:4], "little", signed=True) for value in values], dtype=np.int64)
        return Column(name, "int", numbers[codes])
    decimals = np.array([struct.unpack("<d", value)[0] for value in values], dtype=np.float64)
    return Column(name, "float", decimals[codes], np.isnan(decimals)[codes])
