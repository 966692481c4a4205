"""The attributes of a frame as a dBASE table, and what such a table cannot carry of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from geopandas.array import GeometryDtype
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding
from gis.vectorfile.cells import Made, make_cells
from gis.vectorfile.columns import Column, Kind, column
from gis.vectorfile.dbf import Cells, write_table
from gis.vectorfile.text import ENCODINGS, VALUE_BYTES, require_encoding, shorten_names
from gis.vectorfile.written import FieldWritten, Written

FULL_VALUES: Final = "full_values"
"""Ending of the CSV that holds every value that had to be cut or changed."""
LISTED: Final = 100
"""Flaws of one kind and field are listed one by one up to this number; the rest is counted, and all are in the CSV."""


def write_dbf(
    frame: pd.DataFrame,
    path: Path,
    *,
    encoding: str = "utf-8",
    names: Mapping[str, str] | None = None,
    kinds: Mapping[str, Kind] | None = None,
    key: str = "uuid",
    day: date | None = None,
) -> Written:
    """Write the attributes of a frame as a dBASE table with its .cpg; parameters as for `write_shapefile`."""
    encoding = require_encoding(encoding)
    table = Table(frame, encoding, names or {}, kinds or {}, key)
    write_table(path, table.rows(np.arange(len(frame))), len(frame), encoding, day=day or today())
    files = [path, write_cpg(path, encoding)]
    if table.lost:
        files.append(table.write_full_values(path.with_name(f"{path.stem}_{FULL_VALUES}.csv")))
    return Written(tuple(files), {path.stem: len(frame)}, table.fields, tuple(table.findings))


def write_cpg(path: Path, encoding: str) -> Path:
    """Write the .cpg file beside a table: the name of its encoding, nothing else."""
    cpg = path.with_suffix(".cpg")
    cpg.write_text(ENCODINGS[encoding], encoding="ascii")
    return cpg


def today() -> date:
    """The day where the file is made, as a dBASE header means it."""
    return date.today()  # noqa: DTZ011


class Table:
    """The attributes of a frame as cells, with what a shapefile cannot carry of them.

    Parameters
    ----------
    frame
        Any frame; its geometry column, if it has one, is left out.
    names, kinds, key
        As `write_shapefile` takes them.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        encoding: str,
        names: Mapping[str, str],
        kinds: Mapping[str, Kind],
        key: str,
    ) -> None:
        columns = [str(name) for name in frame.columns if not isinstance(frame[name].dtype, GeometryDtype)]
        short = shorten_names(columns, encoding, preferred=names)
        self.findings: list[Finding] = _name_findings(names, short)
        self.lost: list[tuple[str, str, str]] = []
        self._cells: list[Cells] = []
        self._keys = frame[key].astype(str).to_numpy(object) if key in frame.columns else None
        fields = []
        for name in columns:
            wanted = kinds.get(name)
            values = column(frame[name], wanted)
            made = make_cells(short[name], values, encoding)
            if wanted is not None and values.kind != wanted:
                self.findings.append(_kind_finding(name, wanted))
            self._report(name, short[name], values, made)
            self._cells.append(made.cells)
            storage = f"{made.cells.storage}({made.cells.width}{f',{made.cells.decimals}' * bool(made.cells.decimals)})"
            fields.append(FieldWritten(name, short[name], values.kind, storage))
        self.fields = tuple(fields)

    def rows(self, rows: NDArray[np.intp]) -> list[Cells]:
        """The cells of some rows."""
        whole = all(len(cells.data) == len(rows) for cells in self._cells)  # no row is missing: nothing to copy
        if whole and (np.diff(rows) == 1).all():
            return self._cells
        return [Cells(c.name, c.storage, c.width, c.decimals, c.data[rows]) for c in self._cells]

    def label(self, row: int) -> str:
        """What names a row."""
        return str(self._keys[row]) if self._keys is not None else str(row)

    def write_full_values(self, path: Path) -> Path:
        """Write the values that were cut or changed, in UTF-8 with a byte order mark for spreadsheets."""
        with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("row", "field", "value"))
            writer.writerows(self.lost)
        return path

    def _report(self, name: str, short: str, values: Column, made: Made) -> None:
        for rule, rows, template in (
            ("value-cut", made.cut, N_("The value of %(field)s is longer than %(limit)d bytes and was cut.")),
            ("value-changed", made.altered, N_("The value of %(field)s has characters that the file cannot carry.")),
        ):
            for row in rows.tolist():
                self.lost.append((self.label(row), short, str(values.data[row])))
            params: dict[str, object] = {"field": short, "column": name, "limit": VALUE_BYTES}
            advice = N_("The full value is in the file of full values.")
            self.findings += [
                Finding(rule, "warning", self.label(row), template, params, advice) for row in rows[:LISTED].tolist()
            ]
            if len(rows) > LISTED:
                more = N_("%(count)d more values of %(field)s are concerned.")
                self.findings.append(
                    Finding(rule, "warning", short, more, {**params, "count": len(rows) - LISTED}, advice)
                )
        if made.not_finite:
            template = N_("%(count)d values of %(field)s are infinite and were left empty.")
            params = {"field": short, "count": made.not_finite}
            self.findings.append(Finding("not-a-number", "warning", short, template, params))


def _name_findings(asked: Mapping[str, str], short: Mapping[str, str]) -> list[Finding]:
    """Name the columns whose short name ends in a number because another column had taken the first choice."""
    template = N_("The column %(column)s is called %(field)s: its shortened name was taken.")
    return [
        Finding("name-shortened", "info", given, template, {"column": name, "field": given})
        for name, given in short.items()
        if not asked.get(name, name).startswith(given)
    ]


def _kind_finding(name: str, kind: str) -> Finding:
    template = N_("The column %(column)s holds values that are not of the type %(kind)s; it was written as text.")
    return Finding("kind-differs", "warning", name, template, {"column": name, "kind": kind})
