"""Shapefiles: what is missing is told, and what is there is taken."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from gis.errors import N_, DijieError
from gis.findings import Finding
from layers.ingest.reading.dbf import Dbf, read_dbf
from layers.ingest.reading.faults import unreadable
from layers.ingest.reading.shapefile import Parts
from layers.ingest.reading.source import Source
from layers.ingest.reading.table import Column
from surveys.uploads.parsing import ogr
from surveys.uploads.raw import Budget, Part, of_fault

_HEAD = 100
_AGAIN = N_("Pack .shp, .shx, .dbf, .prj and .cpg together and send them again.")


def read(source: Source, parts: Parts, file: str, budget: Budget) -> Part:
    """A shapefile, or a dBASE table alone.

    Parameters
    ----------
    source
        Its work folder gets links to the shapes: beside its table GDAL would skip rows and recode texts in its own way.
    file
        What findings call it.

    Raises
    ------
    DamagedFile, ReadingFailed
    """
    part = Part(file, "shp", parts.name)
    table = _table(source, parts, part)
    part.findings += _missing(parts, file)
    if parts.shape is None:
        if table is not None:
            part.columns = {column.name: listed(column) for column in table.columns}
            part.rows = (np.flatnonzero(table.kept) + 1).tolist()
        return part
    fiona = ogr.fiona_with("shp")
    errors = (fiona.errors.FionaError, OSError, RuntimeError, ValueError)
    try:
        return ogr.layer(fiona, _linked(source, parts, "whole"), "shapes", part, budget, _attributes(table))
    except errors:
        path = _linked(source, parts, "salvaged", leaving=(".shp", ".shx"))
        _salvage(parts.shape, path)
    try:
        read = ogr.layer(fiona, path, "shapes", part, budget, _attributes(table))
    except errors as error:
        raise unreadable(file) from error
    template = N_("The shapes of %(part)s.shp are cut off or do not fit their index; %(there)d could be read.")
    params = {"part": parts.name, "there": len(read.rows) + len(read.tracks)}
    read.findings.append(Finding("records-missing", "error", file, template, params, _AGAIN))
    return read


def _linked(source: Source, parts: Parts, name: str, *, leaving: tuple[str, ...] = ()) -> Path:
    """The shapes in a folder of their own."""
    folder = source.work / f"shapes-{name}"
    folder.mkdir(exist_ok=True)
    for ending in (".shp", ".shx", ".prj"):
        if ending in parts.files and ending not in leaving:
            (folder / f"shapes{ending}").symlink_to(parts.files[ending].resolve())
    return folder / "shapes.shp"


def _salvage(shapes: Path, target: Path) -> None:
    """Copy the records that are whole, with an index of their own: GDAL takes no file that is shorter than it says."""
    data = shapes.read_bytes()
    ends, at = [], _HEAD
    while at + 8 <= len(data) and len(data) >= _HEAD:
        end = at + 8 + 2 * int(struct.unpack_from(">i", data, at + 4)[0])
        if not at + 12 <= end <= len(data):
            break
        ends.append((at, end))
        at = end
    head = bytearray(data[:_HEAD].ljust(_HEAD, b"\0"))
    struct.pack_into(">i", head, 24, at // 2)
    index = bytearray(head)
    struct.pack_into(">i", index, 24, (_HEAD + 8 * len(ends)) // 2)
    for start, end in ends:
        index += struct.pack(">ii", start // 2, (end - start - 8) // 2)
    target.write_bytes(bytes(head) + data[_HEAD:at])
    target.with_suffix(".shx").write_bytes(index)


def _missing(parts: Parts, file: str) -> list[Finding]:
    found = []
    name = parts.name
    if parts.shape is not None and ".dbf" not in parts.files:
        template = N_("The table %(part)s.dbf is missing: the shapes were read without names and numbers.")
        found.append(Finding("table-missing", "warning", file, template, {"part": name}, _AGAIN))
    if parts.shape is not None and ".shx" not in parts.files:
        template = N_("The index %(part)s.shx is missing; it was made anew from the shapes.")
        found.append(Finding("index-missing", "warning", file, template, {"part": name}))
    if parts.shape is not None and ".prj" not in parts.files:
        template = N_("The coordinate system is not declared: %(part)s.prj is missing.")
        found.append(Finding("crs-undeclared", "info", file, template, {"part": name}))
    return found


def _table(source: Source, parts: Parts, part: Part) -> Dbf | None:
    """The attributes; a table that cannot be read costs the attributes alone."""
    path = parts.files.get(".dbf")
    if path is None:
        return None
    cpg = parts.files.get(".cpg")
    said = cpg.read_bytes()[:100].decode("latin-1") if cpg else None
    try:
        table = read_dbf(source, path, said)
    except DijieError as fault:
        part.findings.append(of_fault(fault, part.file))
        return None
    part.encoding, part.encoding_from = table.known.encoding, table.known.source
    part.findings += [replace(finding, where=part.file) for finding in table.findings]
    return table


def _attributes(table: Dbf | None) -> Callable[[int], Mapping[str, Any] | None]:
    """A record's attributes by its place in the file; None where the table marks it as deleted."""
    if table is None:
        return lambda _: {}
    kept = table.kept
    places = np.cumsum(kept) - 1
    columns = {column.name: listed(column) for column in table.columns}

    def of(place: int) -> Mapping[str, Any] | None:
        if place >= len(kept):
            return {}
        if not kept[place]:
            return None
        at = int(places[place])
        return {name: values[at] for name, values in columns.items()}

    return of


def listed(column: Column) -> list[Any]:
    """A column's values as plain ones, None where they are missing."""
    if column.kind == "text":
        texts = [*column.texts, None]
        return [texts[code] for code in column.data.tolist()]
    values: list[Any] = column.data.tolist()
    if column.missing is None:
        return values
    return [None if gone else value for value, gone in zip(values, column.missing.tolist(), strict=True)]
