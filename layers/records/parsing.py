"""From texts to values, column by column: fifty thousand rows take a second, one row a millisecond."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd

from gis.errors import N_, Invalid
from gis.findings import Finding
from layers.ingest.model import Noted
from layers.records.cells import CONTROL, DASHES, Memo, Reader, reader_of, shown, text_reader
from layers.records.field import RecordField
from layers.records.fields import record_fields
from layers.register.tables import GEOMETRY_COLUMN

_EDGES: Final = re.compile(r"(?:^|\x00)\s|\s(?:\x00|$)")
# columns of codes and ids that need no reading, looked at as one text; a letter e may be an exponent's
_SOUND_CODES: Final = re.compile(r"[0-9A-DF-Za-df-z\-\x00]*")
_SOUND_IDS: Final = re.compile(r"(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?:\x00|$))*")
_ANYTHING: Final = RecordField("", "str", "", "")
_DTYPES: Final = {"int": "Int64", "float": "float64", "bool": "boolean"}


class UnknownField(Invalid):
    """A column that is no field of the layer's records."""

    code = "unknown-field"


@dataclass(frozen=True)
class Parsed:
    """Values and what could not be understood.

    Parameters
    ----------
    frame
        The given columns in the register's dtypes (see `layers.register.values`), on a RangeIndex. What could not be
        understood is missing; of texts, codes, choices and JSON the text itself stays, so that it can be compared with
        what the register has.
    notes
        An error for each cell that could not be understood, ``row`` the position in the frame; one piece of
        information for each column in which dashes stand for nothing.
    """

    frame: pd.DataFrame
    notes: list[Noted]


def parse(layer_key: str, texts: pd.DataFrame) -> Parsed:
    """Texts, or columns already typed, of a layer's fields as the register's values.

    Never raises for what a cell says. Columns whose names begin with ``@`` become trimmed texts; ``geom`` stays.

    Raises
    ------
    UnknownLayer, UnknownField
    """
    fields = _by_name(layer_key)
    unknown = [str(name) for name in texts.columns if not _known(str(name), fields)]
    if unknown:
        raise UnknownField(
            N_("Records of “%(layer)s” have no field “%(field)s”."),
            hint=N_("Its fields are: %(fields)s."),
            layer=layer_key,
            field=", ".join(unknown),
            fields=", ".join(fields),
        )
    columns: dict[str, Any] = {}
    notes: list[Noted] = []
    for name in texts.columns:
        if name == GEOMETRY_COLUMN:
            columns[name] = texts[name].array
        else:
            columns[name] = _column(texts[name], fields.get(name), str(name), notes)
    notes.sort(key=lambda noted: -1 if noted.row is None else noted.row)
    return Parsed(pd.DataFrame(columns, index=pd.RangeIndex(len(texts)), copy=False), notes)


@cache
def _by_name(layer_key: str) -> Mapping[str, RecordField]:
    return {field.name: field for field in record_fields(layer_key)}


@cache
def _reader(field: RecordField) -> Reader:
    return reader_of(field)


def _known(name: str, fields: Mapping[str, RecordField]) -> bool:
    return name.startswith("@") or name == GEOMETRY_COLUMN or name in fields


def _column(series: pd.Series[Any], field: RecordField | None, name: str, notes: list[Noted]) -> Any:
    if field is None:
        return _texts(series, _ANYTHING, name, notes, text_reader(_ANYTHING))
    if _typed_already(series, field):
        return series.array
    if field.type == "str" and not field.choices and not field.is_code and not field.name.endswith("uuid"):
        return _texts(series, field, name, notes, _reader(field))
    return _read(series, field, notes, _reader(field))


def _typed_already(series: pd.Series[Any], field: RecordField) -> bool:
    """Whether a column needs no reading: numbers and flags in the register's own dtype."""
    if str(series.dtype) != _DTYPES.get(field.type):
        return False
    return field.type != "float" or not np.isinf(series.to_numpy(dtype=np.float64)).any()


def _cells(series: pd.Series[Any]) -> list[Any]:
    """Python values, None for what is missing; what is no value of a table's cell is its text."""
    cells: list[Any] = series.tolist()
    missing = series.isna().to_numpy(dtype=bool)
    if missing.any():
        cells = [None if absent else cell for cell, absent in zip(cells, missing.tolist(), strict=True)]
    return cells


def _present(series: pd.Series[Any]) -> list[Any]:
    """The values that are there."""
    present: list[Any] = series.to_numpy(dtype=object)[series.notna().to_numpy(dtype=bool)].tolist()
    return present


def _as_it_is(series: pd.Series[Any]) -> pd.api.extensions.ExtensionArray:
    """A column of texts that need no mending."""
    return series.array if str(series.dtype) == "str" else _as_str(_cells(series))


def _texts(
    series: pd.Series[Any], field: RecordField, name: str, notes: list[Noted], reader: Reader
) -> pd.api.extensions.ExtensionArray:
    """A column of texts: looked at all together first, for most columns have nothing to mend."""
    present = _present(series)
    most = field.max_length
    try:
        whole = "\x00".join(present)
        sound = not _EDGES.search(whole) and not CONTROL.search(whole.replace("\x00", " ")) and "" not in present
        sound = sound and whole.count("\x00") == max(len(present) - 1, 0)
        sound = sound and (most is None or not present or max(map(len, present)) <= most)
    except TypeError:  # numbers among them
        sound = False
    if sound:
        return _as_it_is(series)
    return _as_str(_memoed(_cells(series), reader, name, notes))


def _read(series: pd.Series[Any], field: RecordField, notes: list[Noted], reader: Reader) -> Any:
    if field.type == "str" and not field.choices and _sound(_present(series), field):
        return _as_it_is(series)
    cells = _cells(series)
    if field.type == "json":
        return _json(cells, field, notes, reader)
    if field.type != "str" or field.choices:
        cells = _without_dashes(cells, field, notes)
    return _finish(_memoed(cells, reader, field.name, notes), field.type)


def _sound(present: list[Any], field: RecordField) -> bool:
    """Whether all codes or ids of a column are written as they should be."""
    try:
        whole = "\x00".join(present)
    except TypeError:  # numbers among them
        return False
    if "" in present or (field.max_length is not None and max(map(len, present), default=0) > field.max_length):
        return False
    return (_SOUND_CODES if field.is_code else _SOUND_IDS).fullmatch(whole) is not None


def _memoed(cells: list[Any], reader: Reader, name: str, notes: list[Noted]) -> list[Any]:
    """Each cell read, each different one once; blank ones are missing."""

    def read(cell: Any) -> tuple[Any, Finding | None]:
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return None, None
        if not isinstance(cell, (str, int, float)):
            cell = str(cell)
        return reader(cell)

    memo = Memo(read)
    # a flag and a number are equal as keys and not as texts
    found = [memo[cell] for cell in (cells if not _mixed(cells) else list(map(_spelled, cells)))]
    if any(finding is not None for _, finding in memo.values()):
        notes.extend(
            Noted(row, name, shown(cells[row]), finding)
            for row, (_, finding) in enumerate(found)
            if finding is not None
        )
    return [value for value, _ in found]


def _mixed(cells: list[Any]) -> bool:
    kinds = set(map(type, cells)) - {type(None), str}
    return bool(kinds - {int, float}) or kinds == {int, float}


def _spelled(cell: Any) -> Any:
    return cell if cell is None or isinstance(cell, (str, float)) else str(cell)


def _without_dashes(cells: list[Any], field: RecordField, notes: list[Noted]) -> list[Any]:
    """Cells in which a dash stands for nothing, emptied; told once."""
    if field.type == "bool":
        return cells
    dashes = {
        cell for cell in set(cells) if isinstance(cell, str) and cell.strip().casefold() in DASHES
    } - {choice.key for choice in field.choices}  # fmt: skip
    if not dashes:
        return cells
    count = sum(cell in dashes for cell in cells)
    finding = Finding(
        "dash-for-empty",
        "info",
        field.name,
        N_("%(count)s cells say “%(value)s” for nothing; they are taken as empty."),
        {"count": count, "value": shown(min(dashes))},
    )
    notes.append(Noted(None, field.name, shown(min(dashes)), finding))
    return [None if cell in dashes else cell for cell in cells]


def _json(cells: list[Any], field: RecordField, notes: list[Noted], reader: Reader) -> Any:
    values = np.empty(len(cells), dtype=object)
    for row, cell in enumerate(cells):
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        values[row], finding = reader(cell)
        if finding is not None:
            notes.append(Noted(row, field.name, shown(cell), finding))
    return values


def _finish(values: list[Any], kind: str) -> Any:
    if kind in ("str", "date", "datetime"):
        return _as_str(values)
    if kind == "float":
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    missing = np.fromiter((value is None for value in values), dtype=bool, count=len(values))
    if kind == "bool":
        return pd.arrays.BooleanArray(np.fromiter(map(bool, values), dtype=bool, count=len(values)), missing)
    whole = np.fromiter((value or 0 for value in values), dtype=np.int64, count=len(values))
    return pd.arrays.IntegerArray(whole, missing)


def _as_str(values: list[Any]) -> pd.api.extensions.ExtensionArray:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return pd.array(found, dtype="str", copy=False)
