"""Shapefiles: several files that must belong together."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.reading import gdal
from layers.ingest.reading.dbf import Dbf, header, read_dbf
from layers.ingest.reading.faults import damaged, unreadable
from layers.ingest.reading.source import Opened, Source, choose
from layers.ingest.reading.table import Peeked, Table

TEXT_BYTES: Final = 254
PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SHAPES: Final = {
    0: "", 1: "Point", 3: "LineString", 5: "Polygon", 8: "MultiPoint",
    11: "Point Z", 13: "LineString Z", 15: "Polygon Z", 18: "MultiPoint Z",
    21: "Point", 23: "LineString", 25: "Polygon", 28: "MultiPoint", 31: "MultiPatch",
}  # fmt: skip


@dataclass(frozen=True)
class Parts:
    """The files of one shapefile, or of a table alone, by ending."""

    name: str
    files: Mapping[str, Path]

    @property
    def shape(self) -> Path | None:
        return self.files.get(".shp")


def open_shapefiles(source: Source, found: Sequence[Parts]) -> Opened:
    """Shapefiles, and tables beside them."""

    def peek() -> list[Peeked]:
        return [_peeked(source, parts) for parts in found]

    def read(wanted: str | None) -> Table:
        chosen = choose(source, wanted, peek())
        parts = next(parts for parts in found if parts.name == chosen.name)
        return _read(source, parts, tuple(one.name for one in found))

    return Opened(peek, read)


def _peeked(source: Source, parts: Parts) -> Peeked:
    from layers.ingest.reading.encodings import decode_cut

    table = _table_of(source, parts)
    about = header(table, source.name)
    names = []
    for name, *_ in about.fields:
        for encoding in ("utf-8", "gb18030", "latin-1"):
            try:
                names.append(decode_cut(name, encoding).strip())
                break
            except UnicodeDecodeError:
                continue
    kind = _kind(source, parts.shape) if parts.shape else ""
    return Peeked(parts.name, about.rows, kind, tuple(names))


def _table_of(source: Source, parts: Parts) -> Path:
    table = parts.files.get(".dbf")
    if table is None:
        raise damaged(
            source.name,
            N_("The shapefile %(part)s in %(file)s is not complete: its table %(part)s.dbf is missing."),
            part=parts.name,
        )
    return table


def _kind(source: Source, path: Path) -> str:
    """The geometry type that the header says, after a look at whether the file is whole."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100 or head[:4] != b"\x00\x00\x27\x0a":
        raise damaged(source.name, N_("%(part)s in %(file)s is no shapefile."), part=path.name)
    said = 2 * struct.unpack_from(">i", head, 24)[0]
    if said > size:
        raise damaged(
            source.name,
            N_("%(part)s in %(file)s is cut off: it says %(said)d bytes and has %(there)d."),
            part=path.name,
            said=said,
            there=size,
        )
    return _SHAPES.get(struct.unpack_from("<i", head, 32)[0], "Unknown") or "Point"


def _read(source: Source, parts: Parts, layers: tuple[str, ...]) -> Table:
    table = _table_of(source, parts)
    cpg = parts.files.get(".cpg")
    said = cpg.read_bytes()[:100].decode("latin-1") if cpg else None
    attributes = read_dbf(source, table, said)
    wkb: NDArray[Any] | None = None
    crs: dict[str, Any] = {}
    findings = list(attributes.findings)
    if parts.shape is not None:
        wkb, crs, more = _geometry(source, parts, attributes)
        findings += more
    return Table(
        "shp",
        parts.name,
        layers,
        attributes.columns,
        np.flatnonzero(attributes.kept) + 1,
        wkb,
        crs,
        attributes.known.encoding,
        attributes.known.source,
        TEXT_BYTES,
        findings,
    )


def _geometry(source: Source, parts: Parts, attributes: Dbf) -> tuple[NDArray[Any], dict[str, Any], list[Finding]]:
    """Geometries of the rows that are kept.

    GDAL sees a folder with the shapes alone: beside a table it would skip rows and recode texts in its own way.
    """
    folder = source.work / "shapes"
    folder.mkdir(exist_ok=True)
    for ending in (".shp", ".shx", ".prj"):
        if ending in parts.files:
            (folder / f"shapes{ending}").symlink_to(parts.files[ending].resolve())
    findings: list[Finding] = []
    if ".shx" not in parts.files:
        template = N_("The index %(part)s.shx is missing; it was made anew from the shapes.")
        findings.append(Finding("index-missing", "warning", parts.name, template, {"part": parts.name}))
    if ".prj" not in parts.files:
        template = N_("The coordinate system is not declared: %(part)s.prj is missing.")
        findings.append(Finding("crs-undeclared", "info", parts.name, template, {"part": parts.name}))
    pyogrio = gdal.start("shp")
    path = folder / "shapes.shp"
    try:
        with gdal.told(parts.name, findings):
            about, _, wkb, _ = pyogrio.raw.read(path, columns=[])
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.GeometryError,
    ) as error:
        raise unreadable(source.name) from error
    if len(wkb) != len(attributes.kept):
        raise damaged(
            source.name,
            N_("The parts of %(part)s in %(file)s contradict: %(shapes)d shapes and %(rows)d rows in the table."),
            part=parts.name,
            shapes=len(wkb),
            rows=len(attributes.kept),
        )
    return wkb[attributes.kept], gdal.crs_of(about["crs"]), findings
