"""Archives that no honest program packs are refused in a sentence, and nothing of them is written anywhere."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from layers.ingest.reading import Limits, read_isolated
from layers.ingest.reading.archive import Archive
from layers.ingest.reading.faults import DamagedFile, FileTooLarge, ManyLayers, UnknownKind, UnsafeArchive
from layers.ingest.reading.source import Source

FILES = Path(__file__).parents[3] / "data" / "intake"


def parts() -> dict[str, bytes]:
    """A sound shapefile's files."""
    with zipfile.ZipFile(FILES / "qgis_shp_gbk.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, entries: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if change is not None:
                change(info)
            archive.writestr(info, data)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../places.prj",
        "a/../../etc/passwd",
        "..\\..\\places.txt",
        "/etc/places.txt",
        "\\places.txt",
        "C:\\places.txt",
        "c:places.txt",
        "inner.zip",
        "a/inner.RAR",
        "x.tar.gz",
        "n" * 300 + ".txt",
    ],
)
def test_entries_that_are_refused(tmp_path: Path, name: str) -> None:
    path = pack(tmp_path / "a.zip", parts() | {name: b"x"})
    with pytest.raises(UnsafeArchive, match=r"a\.zip") as told:
        read_isolated(path)
    assert told.value.hint
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip"]


@pytest.mark.parametrize(
    ("mode", "word"),
    [(stat.S_IFLNK | 0o777, "link"), (stat.S_IFCHR | 0o600, "device"), (stat.S_IFIFO | 0o600, "device")],
)
def test_links_and_devices(tmp_path: Path, mode: int, word: str) -> None:
    def change(info: zipfile.ZipInfo) -> None:
        if info.filename == "places.prj":
            info.create_system = 3
            info.external_attr = mode << 16

    with pytest.raises(UnsafeArchive, match=word):
        read_isolated(pack(tmp_path / "a.zip", parts(), change))


def test_doubled_names(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", parts() | {"PLACES.SHP": b"x"})
    with pytest.raises(UnsafeArchive, match="two entries"):
        read_isolated(path)


def test_password(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", parts())
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(UnsafeArchive, match="password"):
        read_isolated(path)


def test_overlapping_entries(tmp_path: Path) -> None:
    """Two entries of the directory over the same bytes, as in a bomb without nesting."""
    path = pack(tmp_path / "a.zip", parts())
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("places.shp").header_offset
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", at + 4)
    struct.pack_into("<I", data, second + 42, offset)
    path.write_bytes(data)
    with pytest.raises((UnsafeArchive, DamagedFile)):
        read_isolated(path)


def test_a_bomb_is_counted_while_it_is_unpacked(tmp_path: Path) -> None:
    """The directory says that the table is small."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in parts().items():
            archive.writestr(name, data)
        with archive.open("bomb.dbf", "w") as out:
            for _ in range(120):
                out.write(bytes(1_000_000))
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    for said in (1000, 120_000_000):
        struct.pack_into("<I", data, at + 24, said)
        path.write_bytes(data)
        with pytest.raises((FileTooLarge, DamagedFile), match=r"a\.zip"):
            read_isolated(path)


def test_limits(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", parts() | {f"{number}.txt": b"" for number in range(20)})
    with pytest.raises(FileTooLarge, match="entries"):
        read_isolated(path, limits=Limits(entries=10))
    large = pack(tmp_path / "b.zip", parts() | {"places.prj": bytes(range(256)) * 8000})
    with pytest.raises(FileTooLarge, match="unpacks to more than 1 MB"):
        read_isolated(large, limits=Limits(unpacked_mb=1))


def test_a_workbook_that_is_a_bomb(tmp_path: Path) -> None:
    with zipfile.ZipFile(FILES / "libreoffice.xlsx") as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries["xl/media/a.bin"] = bytes(60_000_000)
    with pytest.raises(FileTooLarge, match="250 times"):
        read_isolated(pack(tmp_path / "a.xlsx", entries))


def test_names_in_gbk_and_in_folders(tmp_path: Path) -> None:
    assert read_isolated(FILES / "gdal_shp_gbk_no_cpg.zip").layer == "示例地名"
    backslashes = pack(tmp_path / "a.zip", {f"data\\{name}": data for name, data in parts().items()})
    assert len(read_isolated(backslashes).frame) == 6


def test_several_shapefiles(tmp_path: Path) -> None:
    both = {name.replace("places", stem): data for name, data in parts().items() for stem in ("甲", "乙")}
    path = pack(tmp_path / "a.zip", both)
    with pytest.raises(ManyLayers, match="甲, 乙"):
        read_isolated(path)
    assert read_isolated(path, layer="乙").layer == "乙"
    folders = {f"{stem}/{name}": data for name, data in parts().items() for stem in ("甲", "乙")}
    assert read_isolated(pack(tmp_path / "b.zip", folders), layer="乙/places").layer == "乙/places"


def test_a_table_beside_a_shapefile_is_no_second_layer(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", parts() | {"codes.dbf": parts()["places.dbf"], "说明.txt": b"x", "a.json": b"{}"})
    assert read_isolated(path).layer == "places"
    assert read_isolated(path, layer="codes").geometry is None


def test_one_file_packed_alone(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"b.csv": (FILES / "libreoffice_utf8.csv").read_bytes()})
    assert len(read_isolated(path).frame) == 6
    path = pack(tmp_path / "b.zip", {"b.gpkg": (FILES / "gdal.gpkg").read_bytes()})
    assert read_isolated(path).epsg == 4490
    with pytest.raises(UnknownKind, match=r"c\.zip"):
        read_isolated(pack(tmp_path / "c.zip", {"a.docx": b"x"}))


def test_damaged_archives(tmp_path: Path) -> None:
    whole = pack(tmp_path / "a.zip", parts()).read_bytes()
    for data in (whole[:100], whole[: len(whole) // 2], b"PK\x03\x04", b"PK\x05\x06" + bytes(18)):
        (tmp_path / "b.zip").write_bytes(data)
        with pytest.raises((DamagedFile, UnknownKind), match=r"b\.zip"):
            read_isolated(tmp_path / "b.zip")
    flipped = bytearray(whole)
    at = whole.index(b"places.dbf") + 40
    flipped[at : at + 30] = bytes(30)
    (tmp_path / "b.zip").write_bytes(flipped)
    with pytest.raises(DamagedFile, match="cannot be unpacked"):
        read_isolated(tmp_path / "b.zip")


def test_a_name_beside_the_name() -> None:
    """GDAL's KMZ has its places in an entry whose true name stands in an extra field."""
    with zipfile.ZipFile(FILES / "gdal.kmz") as archive:
        assert any(struct.pack("<H", 0x7075) in info.extra for info in archive.infolist())
    assert len(read_isolated(FILES / "gdal.kmz").frame) == 6


def archive_of(path: Path, **more: Any) -> Archive:
    limits = Limits(**more.pop("limits", {}))
    return Archive(Source(path, path.name, path.parent, limits), **more)


def test_a_bad_entry_alone_is_left_where_many_files_come_together(tmp_path: Path) -> None:
    entries = {
        "好.gpx": b"x",
        "../out.gpx": b"x",
        "old.rar": b"x",
        "more.zip": b"x",
        "GOOD.kml": b"x",
        "good.kml": b"x",
    }
    refused: list[UnsafeArchive] = []
    path = pack(tmp_path / "a.zip", entries)
    found = archive_of(path, refused=refused, limits={"depth": 1})
    assert [entry.name for entry in found.entries] == ["好.gpx", "more.zip", "GOOD.kml"]
    assert [fault.params["entry"] for fault in refused] == ["../out.gpx", "old.rar", "good.kml"]
    assert all(fault.hint and fault.params["file"] == "a.zip" for fault in refused)
    with pytest.raises(UnsafeArchive, match="archive inside"):
        archive_of(pack(tmp_path / "b.zip", {"more.zip": b"x"}))


def test_an_archive_within_another_is_counted_with_it(tmp_path: Path) -> None:
    inner = pack(tmp_path / "inner.zip", {f"{place}.gpx": b"x" for place in range(3)})
    path = pack(tmp_path / "outer.zip", {"inner.zip": inner.read_bytes(), "a.gpx": b"x"})
    limits = {"depth": 1, "entries": 4}
    outer = archive_of(path, limits=limits)
    with pytest.raises(FileTooLarge, match="5 entries"):
        archive_of(inner, within=outer, limits=limits)
    outer = archive_of(path, limits=limits | {"entries": 5})
    within = archive_of(inner, within=outer, limits=limits | {"entries": 5})
    assert within.depth == 1
    nested = pack(tmp_path / "nested.zip", {"again.zip": b"x"})
    with pytest.raises(UnsafeArchive, match="archive inside"):
        archive_of(nested, within=outer, limits={"depth": 1})
    outer._unpacked = 2_048_000_000
    with pytest.raises(FileTooLarge, match="2048 MB"):
        within.weigh()
