"""What a file is, by its content; its name's ending is only compared with that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.reading.archive import Archive, Entry
from layers.ingest.reading.faults import ManyLayers, UnknownKind
from layers.ingest.reading.shapefile import PARTS, Parts, open_shapefiles
from layers.ingest.reading.source import Opened, Source, listed
from layers.ingest.reading.table import Table

_SQLITE: Final = b"SQLite format 3\x00"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHP: Final = b"\x00\x00\x27\x0a"
_BOMS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_DBF_VERSIONS: Final = frozenset({0x02, 0x03, 0x30, 0x31, 0x43, 0x63, 0x83, 0x8B, 0xCB, 0xF5})
_ENDINGS: Final = {
    "csv": frozenset({".csv", ".tsv", ".txt", ".tab"}),
    "xlsx": frozenset({".xlsx", ".xlsm", ".xltx"}),
    "xlsb": frozenset({".xlsb"}),
    "xls": frozenset({".xls", ".xlt", ".et"}),
    "ods": frozenset({".ods"}),
    "gpkg": frozenset({".gpkg"}),
    "geojson": frozenset({".geojson", ".json"}),
    "kml": frozenset({".kml", ".ovkml"}),
}
"""Endings that belong to a content; archives and folders are called as people like."""
_SINGLE: Final = frozenset({".gpkg", ".geojson", ".json", ".csv", ".kml", ".tsv", ".txt"})


def open_file(source: Source) -> Opened:
    """The file, ready to be read as what it is.

    Raises
    ------
    UnknownKind
        If it is none of the formats.
    DamagedFile, UnsafeArchive, FileTooLarge
    """
    if source.path.is_dir():
        return _folder(source)
    with source.path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(_ZIP):
        return _archive(source)
    return _plain(source, start)


def _plain(source: Source, start: bytes) -> Opened:
    from layers.ingest.reading import geojson, separated, vector, workbook

    if start.startswith(_SQLITE):
        return _checked(source, "gpkg", vector.open_vector(source, "gpkg", _linked(source, "data.gpkg")))
    if start.startswith(_OLE):
        return _checked(source, "xls", workbook.open_workbook(source))
    if start.startswith(_SHP):
        return open_shapefiles(source, [_companions(source, ".shp")])
    if _is_table(source, start):
        return open_shapefiles(source, [_companions(source, ".dbf")])
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in (b"{", b"["):
        return _checked(source, "geojson", geojson.open_geojson(source))
    if text[:1] == b"<":
        return _markup(source, text)
    if start and not start.startswith(_BOMS) and b"\0" in start:
        raise unknown(source)
    return _checked(source, "csv", separated.open_separated(source))


def _markup(source: Source, text: bytes) -> Opened:
    from layers.ingest.reading import vector

    if b"<kml" in text or b":kml" in text:
        return _checked(source, "kml", vector.open_vector(source, "kml", _linked(source, "data.kml")))
    if b"<html" in text.lower() or b"<table" in text.lower():
        raise UnknownKind(
            N_("%(file)s is a web page, whatever it is called."),
            hint=N_("Open it in a spreadsheet program and save it as XLSX."),
            file=source.name,
        )
    raise unknown(source)


def _archive(source: Source) -> Opened:
    """What is in a zip: a workbook, a geodatabase, shapefiles, KML, or one other file."""
    from layers.ingest.reading import vector, workbook

    archive = Archive(source)
    names = {entry.name for entry in archive.entries}
    for format, mark in (("xlsx", "xl/workbook.xml"), ("xlsb", "xl/workbook.bin"), ("ods", "content.xml")):  # noqa: A001
        if mark in names:
            archive.weigh()
            return _checked(source, format, workbook.open_workbook(source))
    databases = sorted({str(parent) for entry in archive.entries for parent in _databases(entry)})
    if len(databases) == 1:
        return vector.open_vector(source, "gdb", _unpacked_database(archive, databases[0]))
    if databases:
        raise ManyLayers(
            N_("%(file)s has several geodatabases: %(layers)s."),
            hint=N_("Pack the one that is meant."),
            file=source.name,
            layers=listed(databases),
        )
    if any(entry.suffix in (".shp", ".dbf") for entry in archive.entries):
        return open_shapefiles(source, _unpacked_shapefiles(archive))
    if any(entry.suffix == ".kml" for entry in archive.entries):
        return vector.open_vector(source, "kml", _unpacked_kml(archive))
    return _single(source, archive)


def _single(source: Source, archive: Archive) -> Opened:
    singles = [entry for entry in archive.entries if entry.suffix in _SINGLE]
    if len(singles) == 1:
        inner = archive.unpack(singles[0], source.work / f"inside{singles[0].suffix}")
        with inner.open("rb") as file:
            return _plain(source.at(inner), file.read(4096))
    if singles:
        raise ManyLayers(
            N_("%(file)s has several files: %(layers)s."),
            hint=N_("Pack the one that is meant, or hand it in without packing it."),
            file=source.name,
            layers=listed([entry.name for entry in singles]),
        )
    raise UnknownKind(
        N_("%(file)s is an archive without anything that can be read: %(layers)s."),
        hint=N_("A zip may hold shapefiles, a file geodatabase, or one other file."),
        file=source.name,
        layers=listed(sorted(entry.name for entry in archive.entries)),
    )


def _databases(entry: Entry) -> list[PurePosixPath]:
    return [parent for parent in entry.path.parents if parent.name.lower().endswith(".gdb")][-1:]


def _unpacked_database(archive: Archive, name: str) -> Path:
    target = archive.source.work / "data.gdb"
    for entry in archive.entries:
        if entry.name.startswith(f"{name}/") and len(entry.name.split("/")) == len(name.split("/")) + 1:
            archive.unpack(entry, target / entry.path.name)
    return target


def _unpacked_shapefiles(archive: Archive) -> list[Parts]:
    """Each shapefile of the archive, unpacked under names of ours: those in it may be too long or worse."""
    groups: dict[str, dict[str, Entry]] = {}
    for entry in archive.entries:
        if entry.suffix in PARTS and "__MACOSX" not in entry.name:
            groups.setdefault(entry.name[: -len(entry.suffix)].casefold(), {})[entry.suffix] = entry
    result: list[Parts] = []
    for number, parts in enumerate(groups.values()):
        main = parts.get(".shp") or parts.get(".dbf")
        if main is None:
            continue
        files = {
            suffix: archive.unpack(entry, archive.source.work / f"part{number}{suffix}")
            for suffix, entry in parts.items()
        }
        result.append(Parts(main.path.stem, files))
    stems = [parts.name for parts in result]
    if len(set(stems)) < len(stems):  # the same name in two folders: told apart by the folder
        mains = [parts.get(".shp") or parts.get(".dbf") for parts in groups.values()]
        result = [
            Parts(main.name[: -len(main.suffix)], parts.files)
            for main, parts in zip((one for one in mains if one), result, strict=True)
        ]
    return result


def _unpacked_kml(archive: Archive) -> Path:
    """The KML of a KMZ that has places in it; GDAL's ``doc.kml`` only points to another."""
    found = [entry for entry in archive.entries if entry.suffix == ".kml"]
    paths = [archive.unpack(entry, archive.source.work / f"part{number}.kml") for number, entry in enumerate(found)]
    main = [place for place, path in enumerate(paths) if b"Placemark" in path.read_bytes()] or [0]
    if len(main) > 1:
        raise ManyLayers(
            N_("%(file)s has several files: %(layers)s."),
            hint=N_("Pack the one that is meant, or hand it in without packing it."),
            file=archive.source.name,
            layers=listed([found[place].name for place in main]),
        )
    return paths[main[0]]


def _folder(source: Source) -> Opened:
    from layers.ingest.reading import vector

    if any(source.path.glob("a0000000*.gdbtable")):
        target = source.work / "data.gdb"
        target.symlink_to(source.path)
        return vector.open_vector(source, "gdb", target)
    raise UnknownKind(
        N_("%(file)s is a folder that is no file geodatabase."),
        hint=N_("Name the file itself, such as the .shp in it."),
        file=source.name,
    )


def _companions(source: Source, ending: str) -> Parts:
    """A bare shapefile or table with the files beside it, whatever the case of their endings."""
    path = source.path
    files = {ending: path}
    if path.suffix.lower() == ending:
        for other in path.parent.iterdir():
            if other.stem == path.stem and other.suffix.lower() in PARTS and other.is_file():
                files.setdefault(other.suffix.lower(), other)
    if ending == ".dbf":
        files = {suffix: file for suffix, file in files.items() if suffix in (".dbf", ".cpg")}
    return Parts(Path(source.name).stem, files)


def _is_table(source: Source, start: bytes) -> bool:
    return (
        Path(source.name).suffix.lower() == ".dbf"
        and len(start) >= 33
        and start[0] in _DBF_VERSIONS
        and 1 <= start[2] <= 12
    )


def _linked(source: Source, name: str) -> Path:
    """The file under a name with the ending that its reader expects: uploads are kept under other names."""
    link = source.work / name
    link.symlink_to(source.path)
    return link


def _checked(source: Source, format: str, opened: Opened) -> Opened:  # noqa: A002
    """The same, saying so where the name's ending is that of another format."""
    ending = Path(source.name).suffix.lower()
    others = frozenset().union(*(endings for name, endings in _ENDINGS.items() if name != format))
    if ending in _ENDINGS[format] or ending not in others:
        return opened

    template = N_("The file's name ends in %(ending)s, but by its content it is %(format)s; it was read as that.")
    finding = Finding("ending-differs", "info", source.name, template, {"ending": ending, "format": format.upper()})
    return Opened(opened.peek, _adding(opened.read, finding))


def _adding(read: Callable[[str | None], Table], finding: Finding) -> Callable[[str | None], Table]:
    def reading(wanted: str | None) -> Table:
        table = read(wanted)
        table.findings.append(finding)
        return table

    return reading


def unknown(source: Source) -> UnknownKind:
    """A file that is none of the formats."""
    return UnknownKind(
        N_("%(file)s is none of the kinds of file that can be read here."),
        hint=N_("Take CSV, XLSX, a zipped shapefile or file geodatabase, GeoPackage, GeoJSON or KML."),
        file=source.name,
    )
