"""Shapefiles whose parts are missing, cut off or contradict one another, and how their texts are encoded."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from layers.ingest.reading import read_isolated
from layers.ingest.reading.faults import DamagedFile, UnclearEncoding

FILES = Path(__file__).parents[3] / "data" / "intake"


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """A folder with the parts of a shapefile; the path of its .shp."""
    with zipfile.ZipFile(FILES / "qgis_shp_gbk.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path / "places.shp"


def change(path: Path, edit: Callable[[bytearray], None]) -> None:
    data = bytearray(path.read_bytes())
    edit(data)
    path.write_bytes(data)


def test_a_bare_shapefile_with_what_lies_beside_it(parts: Path) -> None:
    reading = read_isolated(parts)
    assert (len(reading.frame), reading.epsg, reading.text_bytes) == (6, 4528, 254)
    parts.with_suffix(".dbf").rename(parts.with_suffix(".DBF"))
    assert len(read_isolated(parts).frame) == 6


@pytest.mark.parametrize("ending", [".dbf", ".shx", ".prj", ".cpg"])
def test_missing_parts(parts: Path, ending: str) -> None:
    parts.with_suffix(ending).unlink()
    if ending == ".dbf":
        with pytest.raises(DamagedFile, match=r"table places\.dbf is missing"):
            read_isolated(parts)
        return
    reading = read_isolated(parts)
    found = [one.rule for one in reading.findings]
    assert found == {".shx": ["index-missing"], ".prj": ["crs-undeclared"], ".cpg": ["encoding-assumed"]}[ending]
    assert reading.epsg == (None if ending == ".prj" else 4528)
    assert reading.encoding == "gb18030"
    assert not shapely.is_missing(reading.geometry).any()


def test_cut_off(parts: Path) -> None:
    for ending, size, message in (
        (".dbf", -900, "cut off: it says 6 rows"),
        (".shp", -20, "cut off"),
        (".dbf", 40, "header"),
    ):
        whole = parts.with_suffix(ending).read_bytes()
        parts.with_suffix(ending).write_bytes(whole[:size])
        with pytest.raises(DamagedFile, match=message):
            read_isolated(parts)
        parts.with_suffix(ending).write_bytes(whole)


def test_fewer_rows_than_shapes(parts: Path) -> None:
    change(parts.with_suffix(".dbf"), lambda data: struct.pack_into("<I", data, 4, 4))
    with pytest.raises(DamagedFile, match="6 shapes and 4 rows"):
        read_isolated(parts)


def test_rows_marked_as_deleted(parts: Path) -> None:
    def edit(data: bytearray) -> None:
        start, size = struct.unpack_from("<HH", data, 8)
        data[start + 2 * size] = ord("*")

    change(parts.with_suffix(".dbf"), edit)
    reading = read_isolated(parts)
    assert reading.rows.tolist() == [1, 2, 4, 5, 6]
    assert [one.rule for one in reading.findings] == ["rows-deleted"]
    assert reading.geometry is not None
    assert len(reading.geometry) == 5


def test_encoding_by_language_byte(parts: Path) -> None:
    parts.with_suffix(".cpg").unlink()
    change(parts.with_suffix(".dbf"), lambda data: data.__setitem__(29, 0x4D))
    reading = read_isolated(parts)
    assert (reading.encoding, reading.encoding_from) == ("gb18030", "dbf")


@pytest.mark.parametrize("said", ["UTF-8", "65001", "BIG5"])
def test_encoding_that_is_wrong(parts: Path, said: str) -> None:
    parts.with_suffix(".cpg").write_text(said)
    with pytest.raises(UnclearEncoding) as told:
        read_isolated(parts)
    assert "GB18030" in told.value.hint
    assert read_isolated(parts, encoding="GB18030").encoding_from == "asked"


@pytest.mark.parametrize("said", ["ISO-8859-1", "ANSI 1252", "nonsense", ""])
def test_encoding_that_says_nothing(parts: Path, said: str) -> None:
    parts.with_suffix(".cpg").write_text(said)
    assert read_isolated(parts).encoding_from == "detected"


def test_numbers_that_are_none(parts: Path) -> None:
    """A number field with words in it is text; stars, which stand where a number did not fit, are missing."""

    def edit(data: bytearray) -> None:
        start, width = struct.unpack_from("<H", data, 8)[0] + 1, data[32 + 16]
        data[start : start + width] = b"*" * width

    change(parts.with_suffix(".dbf"), edit)
    assert read_isolated(parts).frame["fid"].isna().tolist() == [True, *[False] * 5]

    def words(data: bytearray) -> None:
        start, width = struct.unpack_from("<H", data, 8)[0] + 1, data[32 + 16]
        data[start : start + width] = b"12a".ljust(width)

    change(parts.with_suffix(".dbf"), words)
    assert read_isolated(parts).frame["fid"].tolist()[:2] == ["12a", "2"]
