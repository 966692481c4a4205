"""Workbooks (XLSX, XLS, XLSB, ODS) through calamine."""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Sequence
from typing import Any, Final

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.reading.faults import DamagedFile, UnsafeArchive
from layers.ingest.reading.headings import find, is_empty, settle
from layers.ingest.reading.sheet import assemble
from layers.ingest.reading.source import Opened, Source, choose, listed
from layers.ingest.reading.table import Peeked, Table

_LOOKED_AT: Final = 62
_ERROR_CELL: Final = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3}\d{1,7})"[^>]*>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([^<]{1,20})'
)
_NAMED: Final = 12


def open_workbook(source: Source) -> Opened:
    """A workbook.

    Raises
    ------
    DamagedFile, UnsafeArchive
    """
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(source.path)
    except calamine.PasswordError as error:
        raise UnsafeArchive(
            N_("%(file)s is protected by a password."), hint=N_("Save it without one."), file=source.name
        ) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _broken(source) from error
    reader = _Workbook(source, book, calamine)
    return Opened(reader.peek, reader.read)


def _broken(source: Source) -> DamagedFile:
    return DamagedFile(
        N_("%(file)s is damaged: it is not a complete workbook."),
        hint=N_("Open it in a spreadsheet program and save it again as XLSX."),
        file=source.name,
    )


class _Workbook:
    """One workbook, open."""

    def __init__(self, source: Source, book: Any, calamine: Any) -> None:
        self.source = source
        self.book = book
        self.calamine = calamine
        self.names = [str(name) for name in book.sheet_names]
        self._sheets: dict[str, Any] = {}

    def _sheet(self, name: str) -> Any:
        if name not in self._sheets:
            try:
                self._sheets = {name: self.book.get_sheet_by_name(name)}  # one at a time: they are held whole
            except (self.calamine.CalamineError, OSError, ValueError) as error:
                raise _broken(self.source) from error
        return self._sheets[name]

    def peek(self) -> list[Peeked]:
        return [self._peeked(name) for name in self._shown()]

    def _shown(self) -> list[str]:
        """Sheets with cells that a person sees; those hidden only when there is no other."""
        sheets = [
            one
            for one in self.book.sheets_metadata
            if one.typ == self.calamine.SheetTypeEnum.WorkSheet and one.name in self.names
        ]
        visible = [str(one.name) for one in sheets if one.visible == self.calamine.SheetVisibleEnum.Visible]
        return visible or [str(one.name) for one in sheets]

    def _peeked(self, name: str) -> Peeked:
        sheet = self._sheet(name)
        start = sheet.to_python(skip_empty_area=False, nrows=_LOOKED_AT)
        found = find(start, name)
        if found is None:
            return Peeked(name, 0, "", ())
        rows = max(int(sheet.total_height) + 1 - found.data, 0) if sheet.end else 0
        rows = min(rows, max((sheet.end[0] if sheet.end else 0) + 1 - found.data, 0))
        used = [any(not is_empty(row[place]) for row in start[found.data :]) for place in range(len(found.names))]
        _, titles, _ = settle(found.names, used, name)
        return Peeked(name, rows, "", tuple(titles))

    def read(self, wanted: str | None) -> Table:
        if wanted is not None:
            chosen = choose(self.source, wanted, [Peeked(name, 1, "", ()) for name in self.names])
        else:
            chosen = choose(self.source, None, self.peek(), all_names=self.names)
        sheet = self._sheet(chosen.name)
        rows = int(sheet.end[0]) + 1 if sheet.end else 0
        self.source.require_size(rows, int(sheet.end[1]) + 1 if sheet.end else 0)
        # Texts repeat, and each would be held once for every cell.
        cells: list[Sequence[Any]] = [
            [sys.intern(cell) if type(cell) is str else cell for cell in row] for row in sheet.iter_rows()
        ]
        self._sheets = {}
        del sheet
        table = assemble(
            self.source, cells, range(1, len(cells) + 1), format="xlsx", layer=chosen.name, layers=self._shown()
        )
        table.findings += self._error_cells(chosen.name)
        return table

    def _error_cells(self, name: str) -> list[Finding]:
        """Cells such as #N/A, which come as empty ones; they can be told from empty ones in XLSX only."""
        try:
            with zipfile.ZipFile(self.source.path) as archive:
                part = _part(archive, self.names.index(name))
                found = _ERROR_CELL.findall(archive.read(part)) if part else []
        except (zipfile.BadZipFile, KeyError, ValueError, OSError):
            return []
        if not found:
            return []
        told = listed([f"{cell.decode()} {value.decode('latin-1')}" for cell, value in found[: _NAMED + 1]], _NAMED)
        template = N_("%(count)d cells hold an error and were taken for empty: %(cells)s.")
        advice = N_("Mend the formulas, or replace them by their values.")
        return [Finding("error-cells", "error", name, template, {"count": len(found), "cells": told}, advice)]


def _part(archive: zipfile.ZipFile, place: int) -> str | None:
    """Where an XLSX keeps its sheet of that position."""
    if "xl/workbook.xml" not in archive.namelist():
        return None
    book = archive.read("xl/workbook.xml")
    links = archive.read("xl/_rels/workbook.xml.rels")
    ids = re.findall(rb'<(?:\w+:)?sheet\b[^>]*?\b(?:\w+):id="([^"]+)"', book)
    targets = {}
    for link in re.findall(rb"<Relationship\b[^>]*>", links):
        own, target = re.search(rb'\bId="([^"]+)"', link), re.search(rb'\bTarget="([^"]+)"', link)
        if own and target:
            targets[own[1]] = target[1].decode()
    if place >= len(ids) or ids[place] not in targets:
        return None
    where = targets[ids[place]]
    return where.lstrip("/") if where.startswith("/") else f"xl/{where}"
