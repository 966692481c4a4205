"""Flawed files, each with what a surveyor is told: which rule, of what weight, and in both languages what to do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path

import geopandas as gpd
import pytest
from babel.messages.pofile import read_po

import web
from layers.ingest.reading import Limits
from surveys.uploads import FieldFile, raw, read_field_file
from surveys.uploads.known import KnownStakes
from surveys.uploads.limits import FIELD_LIMITS
from surveys.uploads.understanding import understand
from tests.surveys.uploads import made

CATALOGUE = Path(web.__file__).parent / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
NOWHERE = gpd.GeoDataFrame({"code": [], "name": []}, geometry=[], crs=4490)
HEAD = "点号,东经,北纬\n"

# file name, content, rules of its errors and warnings, how many points, tracks and so on there are all the same
CASES: dict[str, tuple[str, bytes | str, set[str], int]] = {
    "empty": ("a.gpx", b"", {"unknown-file-kind"}, 0),
    "a program": ("a.gpx", b"\x7fELF\0\0\1\2", {"unknown-file-kind"}, 0),
    "a web page": ("a.gpx", "<html><body>sign in</body></html>", {"unknown-file-kind"}, 0),
    "entities": ("a.gpx", '<!DOCTYPE gpx [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><gpx>&b;</gpx>', {"unsafe-markup"}, 0),
    "nested without end": ("a.kml", "<kml>" + "<Folder>" * 500, {"unsafe-markup"}, 0),
    "cut off": ("a.gpx", made.GPX[:620], {"broken-off", "line-too-short"}, 2),
    "a single point": ("a.gpx", made.GPX, {"line-too-short"}, 3),
    "bad numbers": (
        "a.gpx",
        made.GPX.replace('lat="36.61" lon="118.41"><time', 'lat="NaN" lon="118.41"><time'),
        {"line-too-short", "coordinates-unreadable"},
        3,
    ),
    "a device without position": (
        "a.gpx",
        made.GPX.replace('lat="36.61" lon="118.41"><time', 'lat="0" lon="0"><time'),
        {"line-too-short", "coordinates-zero"},
        3,
    ),
    "axes exchanged": (
        "a.gpx",
        re.sub(r'lat="(\S+)" lon="(\S+?)"', r'lat="\2" lon="\1"', made.GPX),
        {"line-too-short", "swapped-axes"},
        3,
    ),
    "a bad time": ("a.gpx", made.GPX.replace("00:00:01Z", "25:61Z"), {"line-too-short", "time-unreadable"}, 3),
    "a network link": (
        "a.kml",
        made.KML_HEAD + "<NetworkLink><Link><href>http://192.0.2.1/a.kml</href></Link></NetworkLink>"
        "<Placemark><Point><coordinates>118.4,36.6</coordinates></Point></Placemark></Folder></Document></kml>",
        {"network-link"},
        1,
    ),
    "one placemark of two": (
        "a.kml",
        made.KML_HEAD + "<Placemark><Point><coordinates>abc</coordinates></Point></Placemark>"
        "<Placemark><Point><coordinates>118.4,36.6</coordinates></Point></Placemark></Folder></Document></kml>",
        {"geometry-unreadable"},
        1,
    ),
    "json cut off": ("a.geojson", made.features(made.at(118.4, 36.6))[:60], {"damaged-file"}, 0),
    "json of another kind": ("a.geojson", '{"a": 1}', {"unknown-file-kind"}, 0),
    "endless and short": (
        "a.geojson",
        made.features(
            {"type": "Point", "coordinates": [118.4, float("inf")]},
            {"type": "Polygon", "coordinates": [[[118.4, 36.6], [118.5, 36.6]]]},
            None,
            made.at(118.4, 36.6),
        ),
        {"coordinates-not-finite", "geometry-unreadable", "geometry-empty"},
        1,
    ),
    "outside the world": ("a.csv", HEAD + "1,218.4,36.6\n2,118.4,36.6\n", {"coordinates-outside"}, 1),
    "a cell too many": ("a.csv", HEAD + "1,118.4,36.6\n2,118.4,36.6,9,9\n", {"ragged-rows"}, 1),
    "no coordinates": ("a.csv", "名称,备注\n甲,乙\n丙,丁\n", {"no-coordinates"}, 0),
    "headings alone": ("a.csv", HEAD, {"no-rows"}, 0),
    "half a coordinate": ("a.csv", HEAD + "1,118.4,\n2,abc,36.6\n3,118.4,36.6\n",
                          {"coordinates-incomplete", "coordinates-unreadable"}, 1),
    "eastings without a zone": ("a.dat", "1,,419585.3,4064705.7,12\n", {"ambiguous-coordinates"}, 0),
    "a line that is none": ("a.dat", "1,,40419585.3,4064705.7,12\n2,,x,y,12\n", {"line-unreadable"}, 1),
    "axes in one line": ("a.dat", "1,,40419585.3,4064705.7,1\n2,,40419585,4064705,1\n3,,4064705.7,40419585.3,1\n",
                         {"axes-in-rows"}, 3),
    "without .dbf": ("a.zip", made.shapefile(without=(".dbf",)), {"table-missing"}, 6),
    "without .shp": ("a.zip", made.zipped(a__prj="x"), {"shape-missing"}, 0),
    "dbf cut off": ("a.zip", made.shapefile(dbf=made.part_of_shapefile(".dbf")[:400]), {"damaged-file"}, 6),
    "shp cut off": ("a.zip", made.shapefile(shp=made.part_of_shapefile(".shp")[:140]), {"records-missing"}, 1),
    "not a workbook": ("a.zip", made.packed({"xl/workbook.xml": "x"}), {"damaged-file"}, 0),
    "not a database": ("a.gpkg", b"SQLite format 3\0" + bytes(3000), {"damaged-file"}, 0),
    "half an archive": ("a.zip", made.zipped(a__gpx=made.GPX)[:300], {"damaged-file"}, 0),
    "a way out": ("a.zip", made.packed({"../a.gpx": made.GPX, "b.csv": HEAD + "1,118.4,36.6\n"}),
                  {"unsafe-archive"}, 1),
    "too deep": ("a.zip", made.zipped(a__zip=made.zipped(a__zip=made.zipped(a__zip=made.zipped(a__gpx=made.GPX)))),
                 {"unsafe-archive"}, 0),
    "a bomb": ("a.zip", made.packed({"a.gpx": bytes(120_000_000), "b.csv": HEAD + "1,118.4,36.6\n"}),
               {"file-too-large"}, 1),
    "only beside": ("a.zip", made.zipped(Thumbs__db="x"), {"unknown-file-kind"}, 0),
    "a reference elsewhere": ("a.vrt", "<OGRVRTDataSource/>", {"unknown-file-kind"}, 0),
    "half a photo": ("a.jpg", made.jpeg()[:500], {"damaged-file"}, 0),
    "a photo without place": ("a.jpg", made.jpeg(place=False, zone=False), {"photo-without-place"}, 1),
    "half an HEIC": ("a.heic", made.heic()[:-40], {"damaged-file"}, 0),
    "half a drawing": ("a.dxf", made.DXF[:60], {"nothing-found"}, 0),
}  # fmt: skip


def content(found: FieldFile) -> int:
    return len(found.points) + len(found.tracks) + len(found.areas) + len(found.photos)


@cache
def chinese() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale="zh") if one.id}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for each case with what the reading process says of it; one process for all, to save its start."""
    base = tmp_path_factory.mktemp("cases")
    for number, (name, data, _, _) in enumerate(CASES.values()):
        folder = base / str(number)
        for part in ("answer", "work", "kept"):
            (folder / part).mkdir(parents=True)
        path = folder / "kept" / "kept"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        request = {
            "path": str(path),
            "name": name,
            "limits": asdict(FIELD_LIMITS),
            "skip": [],
            "at": str(folder / "at"),
        }
        (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
    program = Path(__file__).with_name("batch.py")
    command = [sys.executable, "-I", str(program), str(Path(web.__file__).parents[1]), str(base)]
    subprocess.run(command, check=True, cwd=base)
    return base


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.replace(" ", "-"))
def test_what_a_surveyor_is_told(case: str, answers: Path) -> None:
    name, _, rules, left = CASES[case]
    folder = answers / str(list(CASES).index(case))
    found = understand(name, *raw.read(folder / "answer"), areas=NOWHERE, stakes=KnownStakes())
    told = [one for one in found.findings if one.severity != "info"]
    assert {one.rule for one in told} == rules, [one.message for one in told]
    assert content(found) == left
    assert found.refused == (left == 0)
    for one in (*found.findings, *found.assumed):
        assert one.where, one
        assert "%(" not in one.message + (one.advice % one.params if one.params else one.advice)
        for text in filter(None, (one.template, one.advice)):
            own = chinese().get(text, "")
            assert re.search("[一-鿿]", own), text
            assert set(re.findall(r"%\((\w+)\)", own)) <= set(re.findall(r"%\((\w+)\)", text))
    assert all(one.advice for one in told if one.severity == "error" and one.where.startswith(name) and not left)
    there = sorted(one.name for one in folder.iterdir())
    assert there == ["answer", "at", "kept", "request.json", "work"], "nothing leaves its folder"
    assert [one.name for one in (folder / "kept").iterdir()] == ["kept"]


def test_the_member_at_which_the_process_dies_is_left_out(tmp_path: Path) -> None:
    busy = "<gpx><trk><trkseg>" + '<trkpt lat="36.6" lon="118.4"/>' * 600_000
    path = tmp_path / "a.zip"
    path.write_bytes(made.packed({"busy.gpx": busy, "b.csv": HEAD + "1,118.4,36.6\n"}))
    found = read_field_file(path, limits=Limits(cpu_seconds=2, ratio=10_000))
    assert [(one.rule, one.where) for one in found.findings] == [("reading-too-slow", "busy.gpx")]
    assert "busy.gpx" in found.findings[0].message
    assert len(found.points) == 1


def test_a_crash_costs_the_member_alone(tmp_path: Path) -> None:
    """This database makes GDAL say a sentence that is no text; fiona 1.10 ends with a segmentation fault over it."""
    broken = (made.INTAKE / "gdal.gpkg").read_bytes().replace(b"CREATE TABLE", b"CREATE TAB\xbcE")
    path = tmp_path / "a.zip"
    path.write_bytes(made.packed({"broken.gpkg": broken, "b.csv": HEAD + "1,118.4,36.6\n"}))
    found = read_field_file(path)
    assert [(one.rule, one.where) for one in found.findings] == [("damaged-file", "broken.gpkg")]
    assert "broken.gpkg" in found.findings[0].message
    assert len(found.points) == 1


def test_a_reading_that_takes_too_long_is_one_finding(tmp_path: Path) -> None:
    path = tmp_path / "a.gpx"
    path.write_text(made.GPX)
    found = read_field_file(path, limits=Limits(seconds=0.05))
    assert [(one.rule, one.where) for one in found.findings] == [("reading-too-slow", "a.gpx")]
    assert found.refused
