"""What a file is, by its content, and every member of an archive apart: one that cannot be read costs itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from gis.errors import N_, DijieError
from gis.findings import Finding
from layers.ingest.reading.archive import Archive, Entry
from layers.ingest.reading.faults import FileTooLarge, UnknownKind, UnsafeArchive, unreadable
from layers.ingest.reading.shapefile import PARTS, Parts
from layers.ingest.reading.source import Source
from surveys.uploads.parsing import geojson, gpx, heif, kml, ogr, photos, shapefile, sheets
from surveys.uploads.raw import Budget, Part, of_fault

_SQLITE: Final = b"SQLite format 3\x00"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHP: Final = b"\x00\x00\x27\x0a"
_JPEG: Final = b"\xff\xd8\xff"
_BOMS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_BESIDE: Final = frozenset(
    {".sbn", ".sbx", ".qpj", ".qmd", ".qml", ".sld", ".idx", ".ds_store", ".ini", ".db", ".lock", ".png", ".lyr"}
)
"""Files that programs lay beside others; nothing is said of them."""
_WORKBOOKS: Final = (("xlsx", "xl/workbook.xml"), ("xlsb", "xl/workbook.bin"), ("ods", "content.xml"))
_KINDS: Final = N_(
    "Send GPX, KML or KMZ, GeoJSON, a zipped shapefile or file geodatabase, GeoPackage, DXF, CASS .dat, CSV, XLSX, "
    "JPEG or HEIC."
)


class Walk:
    """One file from the field, gone through.

    Parameters
    ----------
    skip
        Members that are left out: a reading before this one broke off at them.
    at
        Is told which member comes next.
    """

    def __init__(self, source: Source, skip: Sequence[str], at: Callable[[str], None]) -> None:
        self.parts: list[Part] = []
        self.findings: list[Finding] = []
        self._source = source
        self._skip = frozenset(skip)
        self._at = at
        self._budget = Budget(source.limits, source.name)
        self._count = 0

    def file(self) -> None:
        """Go through it."""
        self._member(self._source, self._source.name, None)

    def _member(self, source: Source, name: str, within: Archive | None) -> None:
        """Read one file; what is wrong with it is noted."""
        if name in self._skip:
            return
        self._at(name)
        try:
            self._read(source, name, within)
        except DijieError as fault:
            self.findings.append(of_fault(fault, name))
        except MemoryError:
            self.findings.append(of_fault(_too_large(name, source.limits.memory_mb), name))
        except Exception:  # noqa: BLE001 - what a broken file makes a library raise is told as what it is
            self.findings.append(of_fault(unreadable(name), name))

    def _read(self, source: Source, name: str, within: Archive | None) -> None:
        with source.path.open("rb") as file:
            start = file.read(4096)
        if start.startswith(_ZIP):
            self._archive(source, name, within)
        elif start.startswith(_SQLITE):
            self.parts += ogr.read(_linked(source, ".gpkg"), name, "gpkg", self._budget)
        elif start.startswith(_OLE):
            self.parts += sheets.read_workbook(source, name, "xls", self._budget)
        elif start.startswith(_SHP):
            stem = Path(name).stem
            self.parts.append(shapefile.read(source, Parts(stem, {".shp": source.path}), name, self._budget))
        elif start.startswith(_JPEG):
            self.parts.append(photos.read(source.path, name, heic=False))
        elif heif.is_heif(start):
            self.parts.append(photos.read(source.path, name, heic=True))
        else:
            self._text(source, name, start)

    def _text(self, source: Source, name: str, start: bytes) -> None:
        """A file of text, or none of ours."""
        plain = start.replace(b"\0", b"") if start.startswith(_BOMS[1:]) else start.removeprefix(_BOMS[0])
        text = plain.lstrip()
        for sign in _BOMS[1:]:
            text = text.removeprefix(sign).lstrip()
        if not text:
            raise UnknownKind(N_("%(file)s is empty."), hint=N_("Copy it from the device again."), file=name)
        if text[:1] == b"<":
            self.parts.append(self._markup(source, name, text))
        elif text[:1] in (b"{", b"["):
            self.parts.append(geojson.read(source.path, name, self._budget))
        elif _is_dxf(name, text):
            self.parts += ogr.read(_linked(source, ".dxf"), name, "dxf", self._budget)
        elif not start.startswith(_BOMS) and b"\0" in start:
            raise _unknown(name)
        else:
            self.parts.append(sheets.read_text(source, name, self._budget))

    def _markup(self, source: Source, name: str, text: bytes) -> Part:
        if b"<html" in text.lower() or b"<!doctype html" in text.lower():
            raise UnknownKind(
                N_("%(file)s is a web page, whatever it is called."),
                hint=N_("The download has failed, most likely for want of signing in: fetch the file again."),
                file=name,
            )
        if b"<gpx" in text or b":gpx" in text:
            return gpx.read(source.path, name, self._budget)
        if b"<kml" in text or b":kml" in text or Path(name).suffix.lower() in (".kml", ".ovkml"):
            return kml.read(source.path, name, self._budget)
        if Path(name).suffix.lower() == ".gpx" or b"<!DOCTYPE gpx" in text:
            return gpx.read(source.path, name, self._budget)
        if b"<OGRVRT" in text:
            raise UnknownKind(
                N_("%(file)s only points to other files; it holds nothing itself."),
                hint=N_("Send the files that it points to."),
                file=name,
            )
        raise _unknown(name)

    def _archive(self, source: Source, name: str, within: Archive | None) -> None:
        depth = 0 if within is None else within.depth + 1
        if depth > source.limits.depth:
            raise UnsafeArchive(
                N_("%(file)s is an archive in an archive in an archive; so deep is not looked."),
                hint=N_("Pack the files themselves, without archives inside."),
                file=name,
            )
        refused: list[UnsafeArchive] = []
        archive = Archive(replace(source, name=name), within=within, refused=refused)
        self.findings += [of_fault(fault, name) for fault in refused]
        names = {entry.name for entry in archive.entries}
        for format, mark in _WORKBOOKS:  # noqa: A001
            if mark in names:
                archive.weigh()
                self.parts += sheets.read_workbook(source, name, format, self._budget)
                return
        rest = [entry for entry in archive.entries if not _is_beside(entry)]
        if not rest and not refused:
            raise UnknownKind(N_("%(file)s is an archive in which nothing is."), hint=_KINDS, file=name)
        inside = "" if within is None and source.name == name else name + "/"
        rest = self._databases(archive, rest, inside)
        rest = self._shapefiles(archive, rest, inside)
        before = len(self.parts)
        for entry in rest:
            if archive.exhausted:
                return  # said once; every further entry would only say it again
            self._entry(archive, entry, inside + entry.name)
        for part in self.parts[before:]:  # a KMZ whose document points to others in it, which are read as well
            part.findings = [one for one in part.findings if not _is_inside(one, names)]

    def _entry(self, archive: Archive, entry: Entry, name: str) -> None:
        target = self._work(archive) / f"file{entry.suffix if entry.suffix.isascii() else ''}"
        self._guarded(name, lambda: self._member(self._own(archive, archive.unpack(entry, target)), name, archive))

    def _databases(self, archive: Archive, entries: list[Entry], inside: str) -> list[Entry]:
        """Read the file geodatabases of an archive; gives the entries that are none of theirs."""
        groups: dict[str, list[Entry]] = {}
        for entry in entries:
            folder = next((str(one) for one in entry.path.parents if one.name.lower().endswith(".gdb")), None)
            if folder is not None:
                groups.setdefault(folder, []).append(entry)
        for folder, members in groups.items():
            target = self._work(archive) / "data.gdb"
            self._guarded(inside + folder, partial(self._database, archive, folder, members, target, inside))
        taken = {entry.name for members in groups.values() for entry in members}
        return [entry for entry in entries if entry.name not in taken]

    def _database(self, archive: Archive, folder: str, members: list[Entry], target: Path, inside: str) -> None:
        for entry in members:
            if str(entry.path.parent) == folder:
                archive.unpack(entry, target / entry.path.name)
        self._at(inside + folder)
        self.parts += ogr.read(target, inside + folder, "gdb", self._budget)

    def _shapefiles(self, archive: Archive, entries: list[Entry], inside: str) -> list[Entry]:
        """Read the shapefiles of an archive; gives the entries that are none of their parts."""
        groups: dict[str, dict[str, Entry]] = {}
        for entry in entries:
            if entry.suffix in PARTS:
                groups.setdefault(entry.name[: -len(entry.suffix)].casefold(), {})[entry.suffix] = entry
        for parts in groups.values():
            main = parts.get(".shp") or parts.get(".dbf")
            if main is None:
                entry = next(iter(parts.values()))
                template = N_("“%(entry)s” is a part of a shapefile whose .shp is missing.")
                advice = N_("Pack .shp, .shx, .dbf, .prj and .cpg together and send them again.")
                name = self._source.name
                self.findings.append(Finding("shape-missing", "error", name, template, {"entry": entry.name}, advice))
                continue
            self._guarded(inside + main.name, partial(self._shapefile, archive, parts, main, inside))
        return [entry for entry in entries if entry.suffix not in PARTS]

    def _shapefile(self, archive: Archive, parts: dict[str, Entry], main: Entry, inside: str) -> None:
        work = self._work(archive)
        files = {suffix: archive.unpack(entry, work / f"part{suffix}") for suffix, entry in parts.items()}
        name = inside + main.name
        self._at(name)
        source = self._own(archive, files[main.suffix], work=work)
        self.parts.append(shapefile.read(replace(source, name=name), Parts(main.path.stem, files), name, self._budget))

    def _guarded(self, name: str, read: Callable[[], None]) -> None:
        """As `_member` for what is more than one file."""
        if name in self._skip:
            return
        try:
            read()
        except DijieError as fault:
            self.findings.append(of_fault(fault, name))
        except MemoryError:
            self.findings.append(of_fault(_too_large(name, self._source.limits.memory_mb), name))
        except Exception:  # noqa: BLE001 - as in `_member`
            self.findings.append(of_fault(unreadable(name), name))

    def _work(self, archive: Archive) -> Path:
        """An empty folder of our own naming for one member."""
        self._count += 1
        folder = archive.source.work / f"member{self._count}"
        folder.mkdir()
        return folder

    def _own(self, archive: Archive, path: Path, work: Path | None = None) -> Source:
        return replace(archive.source, path=path, work=work or path.parent)


def _is_beside(entry: Entry) -> bool:
    name = entry.name.lower()
    return "__macosx" in name or entry.suffix in _BESIDE or name.endswith((".shp.xml", "thumbs.db", "/.nomedia"))


def _is_inside(finding: Finding, names: set[str]) -> bool:
    links = str(finding.params.get("links", "")).split(", ")
    return finding.rule == "network-link" and all(link in names for link in links)


def _is_dxf(name: str, text: bytes) -> bool:
    words = text[:200].split()
    return words[:2] == [b"0", b"SECTION"] or words[:1] == [b"999"] or Path(name).suffix.lower() == ".dxf"


def _linked(source: Source, ending: str) -> Path:
    """The file under a name with the ending that its reader expects."""
    link = source.work / f"data{ending}"
    link.symlink_to(source.path)
    return link


def _unknown(name: str) -> UnknownKind:
    return UnknownKind(N_("%(file)s is none of the kinds of file that can be read here."), hint=_KINDS, file=name)


def _too_large(name: str, megabytes: int) -> FileTooLarge:
    return FileTooLarge(
        N_("%(file)s needs more than %(megabytes)d MB of memory to be read."),
        hint=N_("Divide it into several files."),
        file=name,
        megabytes=megabytes,
    )
