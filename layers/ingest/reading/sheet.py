"""Rows of cells, from a workbook or a CSV, to a table: headings found, columns typed, empty rows left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.reading import headings
from layers.ingest.reading.faults import NoRows
from layers.ingest.reading.headings import is_empty
from layers.ingest.reading.source import Source, listed
from layers.ingest.reading.table import Column, Table, text_column

_EXACT: Final = 1e15
"""A spreadsheet keeps 15 digits of a number; longer codes must stand as text."""
_NAMED: Final = 12


def assemble(
    source: Source,
    cells: list[Sequence[Any]],
    numbers: Sequence[int],
    *,
    format: str,  # noqa: A002 - the word of the rest
    layer: str,
    layers: Sequence[str],
) -> Table:
    """A table from its rows of cells.

    Parameters
    ----------
    cells
        All rows from the first on, headings included; emptied here, to save memory.
    numbers
        Their numbers as a person counts them.

    Raises
    ------
    NoRows, FileTooLarge
    """
    found = headings.find(cells, layer, numbers[0] if numbers else 1)
    if found is None or found.data >= len(cells):
        raise NoRows(
            N_("%(file)s has no rows."), hint=N_("Check that it is the right file and was saved."), file=source.name
        )
    width = max(map(len, cells[found.data :]))
    names = [*found.names, *[""] * (width - len(found.names))]
    source.require_size(len(cells) - found.data, len(names))
    rows = np.array(numbers[found.data :], dtype=np.int64)
    values = _transposed(cells, found.data, len(names))
    findings = list(found.findings)
    typed = []
    for place in range(len(names)):
        typed.append(_column(names[place] or headings.letters(place), values[place], rows, findings))
        values[place] = ()
    absent = [_missing(column) for column in typed]
    filled = ~np.logical_and.reduce(absent) if absent else np.zeros(len(rows), dtype=bool)
    kept, titles, more = headings.settle(names, [not gone.all() for gone in absent], layer)
    if not filled.any():
        raise NoRows(
            N_("%(file)s has headings and no rows."), hint=N_("Fill it in, or choose another sheet."), file=source.name
        )
    columns = [_named(typed[place], title, filled) for place, title in zip(kept, titles, strict=True)]
    return Table(format, layer, tuple(layers), columns, rows[filled], findings=[*findings, *more])


def _transposed(cells: list[Sequence[Any]], start: int, width: int) -> list[Sequence[Any]]:
    """The columns of the rows from ``start`` on; short rows are filled up. The rows are given up."""
    rows = [row if len(row) == width else [*row, *[""] * (width - len(row))] for row in cells[start:]]
    cells.clear()
    return list(zip(*rows, strict=True))


def _missing(column: Column) -> NDArray[np.bool_]:
    if column.kind == "text":
        return column.data < 0
    return column.missing if column.missing is not None else np.zeros(len(column.data), dtype=bool)


def _named(column: Column, name: str, kept: NDArray[np.bool_]) -> Column:
    missing = None if column.missing is None else column.missing[kept]
    return Column(name, column.kind, column.data[kept], missing, column.texts)


def _column(name: str, values: Sequence[Any], rows: NDArray[np.int64], findings: list[Finding]) -> Column:
    kinds = set(map(type, values))
    if kinds <= {str}:
        return text_column(name, _unblanked(values))
    missing = np.fromiter(map(is_empty, values), dtype=bool, count=len(values))
    kinds = {type(value) for value, gone in zip(values, missing.tolist(), strict=True) if not gone}
    if kinds == {bool}:
        data = np.array([value is True for value in values], dtype=bool)
        return Column(name, "bool", data, missing)
    if kinds <= {int, float}:
        return _numbers(name, values, missing, rows, findings)
    return text_column(name, [None if gone else as_text(v) for v, gone in zip(values, missing.tolist(), strict=True)])


def _unblanked(values: Sequence[str]) -> Sequence[str]:
    """Texts of blanks only are no texts."""
    return [value if value and not value.isspace() else "" for value in values]


def _numbers(
    name: str, values: Sequence[Any], missing: NDArray[np.bool_], rows: NDArray[np.int64], findings: list[Finding]
) -> Column:
    data = np.array([0.0 if gone else value for value, gone in zip(values, missing.tolist(), strict=True)], dtype=float)
    long = np.abs(data) >= _EXACT
    if long.any():
        template = N_("Numbers in the column %(field)s have more than 15 digits; a workbook has lost the last ones.")
        advice = N_("Format the column as text and enter them again. Rows: %(rows)s.")
        told = listed([str(row) for row in rows[long][: _NAMED + 1].tolist()], _NAMED)
        findings.append(Finding("digits-lost", "warning", name, template, {"field": name, "rows": told}, advice))
        return text_column(
            name, [None if gone else as_text(v) for v, gone in zip(values, missing.tolist(), strict=True)]
        )
    if (data == np.trunc(data)).all():
        return Column(name, "int", data.astype(np.int64), missing)
    return Column(name, "float", data, missing)


def as_text(value: object) -> str:
    """A cell as text: whole numbers without a point, days and times in ISO form.

    Examples
    --------
    >>> as_text(370781.0), as_text(date(2022, 3, 4)), as_text(datetime(2022, 3, 4)), as_text(118.5)
    ('370781', '2022-03-04', '2022-03-04', '118.5')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        whole_day = not (value.hour or value.minute or value.second or value.microsecond)
        return value.date().isoformat() if whole_day else value.isoformat(timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return str(value)
