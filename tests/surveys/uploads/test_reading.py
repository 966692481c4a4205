"""Sound files of every kind: all that they hold comes over, and what was assumed is said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from surveys.uploads import FieldFile, read_field_file
from surveys.uploads.known import KnownStakes
from surveys.uploads.model import outline
from tests.surveys.uploads import made

CITY = gpd.GeoDataFrame(
    {"code": ["370703"], "name": ["某县"]}, geometry=[shapely.box(118.9, 36.5, 119.4, 36.9)], crs=4490
)


def read(path: Path, content: bytes | str, **more: object) -> FieldFile:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = read_field_file(path, **more)  # type: ignore[arg-type]
    again = FieldFile.from_json(json.loads(json.dumps(found.as_json(), allow_nan=False)))
    assert again.as_json() == found.as_json()
    return again


def test_gpx(tmp_path: Path) -> None:
    found = read(tmp_path / "一.gpx", made.GPX)
    track, route = found.tracks
    assert (track.kind, track.name, route.kind, route.name) == ("track", "第一天", "route", "计划")
    (part,) = track.parts
    assert part.xy.tolist() == [[118.40, 36.60], [118.41, 36.61], [118.42, 36.62]]
    assert part.time.tolist() == [1746057600.0, 1746057601.0, 1746057602.5]
    assert (part.height[0], part.accuracy[0]) == (100.0, 1.2)
    (point,) = found.points
    assert (point.kind, point.name, point.height, point.time) == ("waypoint", "界桩03", 101.5, 1746057600.0)
    assert found.span == (1746057600.0, 1746057602.5)
    assert found.bounds == pytest.approx((118.4, 36.6, 118.5, 36.7))
    kinds = [feature["properties"]["kind"] for feature in outline(found)["features"]]
    assert kinds == ["track", "route", "waypoint"]


def test_kml_kmz_and_gb2312(tmp_path: Path) -> None:
    found = read(tmp_path / "a.kmz", made.packed({"doc.kml": made.KML, "files/photo.png": "x"}))
    (point,), (track,), (area,) = found.points, found.tracks, found.areas
    assert point.attributes == {"name": "点", "folder": "外业", "编码": "JZ"}
    assert point.height == 12
    assert (track.name, track.parts[0].time.tolist()) == ("轨迹", [1746057600.0, 1746057605.0])
    assert (area.name, area.shape.geom_type) == ("房", "Polygon")
    assert not found.findings
    declared = made.KML.replace("UTF-8", "gb2312").encode("gbk")
    assert read(tmp_path / "b.ovkml", declared).points == tuple(replace(one, height=12) for one in found.points)
    silent = read(tmp_path / "c.kml", made.KML.encode("gbk"))
    assert silent.points[0].name == "点"
    assert [one.rule for one in silent.assumed] == ["encoding-assumed"]


@pytest.mark.parametrize(
    "name", ["gdal_gdb.zip", "gdal_shp_gbk_no_cpg.zip", "qgis.gpkg", "gdal.geojson", "libreoffice.xlsx"]
)
def test_what_other_programs_wrote(name: str) -> None:
    found = read_field_file(made.INTAKE / name)
    assert len(found.points) == 6
    assert found.bounds == pytest.approx((118.351, 36.4302, 119.4021, 36.8001), abs=1e-7)
    assert not found.findings
    assert {one.rule for one in found.assumed} <= {"encoding-assumed"}


def test_cass_and_controllers(tmp_path: Path) -> None:
    cass = read(tmp_path / "a.dat", "2\nJ1,JZ,40419585.333,4064705.797,12.3\nJ2,,40419685.333,4064705.797,13\n")
    assert [(one.number, one.height) for one in cass.points] == [("J1", 12.3), ("J2", 13.0)]
    assert (cass.points[0].lon, cass.points[0].lat) == pytest.approx((119.10, 36.71), abs=1e-6)
    assert cass.members[0].epsg == 4528
    north_first = "J1 4064705.797 419585.333 12.3 界桩\nJ2 4064705.797 419685.333 12.3 界桩\n"
    rtk = read(tmp_path / "b.txt", north_first, areas=CITY)
    assert (rtk.points[0].lon, rtk.points[0].lat) == pytest.approx((119.10, 36.71), abs=1e-6)
    assert {one.rule for one in rtk.assumed} >= {"order-assumed", "zone-from-counties"}
    said = read(tmp_path / "b.txt", north_first, crs=4549)
    assert said.members[0].epsg == 4549
    assert said.points[0].attributes["code"] == "界桩"
    angles = read(tmp_path / "c.csv", "J1,,119°06′00″,36°42′36″,3\n")
    assert (angles.points[0].lon, angles.points[0].lat) == pytest.approx((119.10, 36.71))


def test_workbooks_of_stakes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title, row in (("一", ["03", 419585.333, 4064705.797]), ("二", ["04", 419685.333, 4064705.797])):
        sheet = book.create_sheet(title)
        sheet.append(["界桩编号", "横坐标", "纵坐标"])
        sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "a.xlsx")
    found = read_field_file(tmp_path / "a.xlsx", areas=CITY)
    assert [(one.kind, one.number, found.members[one.member].layer) for one in found.points] == [
        ("stake", "03", "一"), ("stake", "04", "二"),
    ]  # fmt: skip
    assert found.counts["stakes"] == 2


def test_drawings_and_photos_in_one_zip(tmp_path: Path) -> None:
    entries = {"图/a.dxf": made.DXF, "照片/a.jpg": made.jpeg(), "照片/b.heic": made.heic(), "__MACOSX/._a.jpg": "x"}
    found = read(tmp_path / "a.zip", made.packed(entries))
    assert [one.file for one in found.members] == ["图/a.dxf", "照片/a.jpg", "照片/b.heic"]
    (line,) = found.tracks
    assert line.kind == "line"
    assert found.points[0].attributes["Layer"] == "JZ"
    assert found.members[0].epsg == 4528
    jpeg, heic = found.photos
    for photo, size in ((jpeg, (40, 30)), (heic, (4032, 3024))):
        assert (photo.lon, photo.lat) == pytest.approx((118.4, 36.61))
        assert (photo.time, photo.zoned, photo.direction, photo.height) == (1746057610.0, True, 45.0, 120.5)
        assert photo.size == size
        assert photo.camera == "Make Model"
    assert not found.findings


def test_a_shift_of_commercial_maps_is_named(tmp_path: Path) -> None:
    known = KnownStakes.of([(None, f"370703001{place}", 119.1 + place / 100, 36.7) for place in range(4)])
    east, north = 533 / 89_400, 57 / 110_960
    shifted = [f"370703001{place},{119.1 + place / 100 + east:.6f},{36.7 + north:.6f}" for place in range(4)]
    found = read(tmp_path / "a.csv", "编号,东经,北纬\n" + "\n".join(shifted), stakes=known)
    assert [one.rule for one in found.findings] == ["gcj02-shift"]
    assert {one.kind for one in found.points} == {"stake"}
    sound = [f"370703001{place},{119.1 + place / 100:.6f},36.7" for place in range(4)]
    assert not read(tmp_path / "b.csv", "编号,东经,北纬\n" + "\n".join(sound), stakes=known).findings


def test_a_shift_is_named_without_numbers_too(tmp_path: Path) -> None:
    known = KnownStakes.of([(None, f"370703001{place}", 119.1 + place / 100, 36.7) for place in range(4)])
    east, north = 533 / 89_400, 57 / 110_960

    def rules(move: float, count: int = 4) -> list[str]:
        lines = [f"{119.1 + place / 100 + east * move:.6f},{36.7 + north * move:.6f}" for place in range(count)]
        found = read(tmp_path / "a.csv", "东经,北纬\n" + "\n".join(lines), stakes=known)
        return [one.rule for one in found.findings]

    assert rules(1.0) == ["gcj02-shift"]
    assert rules(0.0) == rules(0.5) == rules(-1.0) == rules(1.0, count=2) == []


def test_the_wrong_zone_is_named(tmp_path: Path) -> None:
    lines = "J1,,40419585.333,4064705.797,1\nJ2,,40419685.333,4064705.797,1\n".replace("40419", "39419")
    found = read(tmp_path / "a.dat", lines, areas=CITY)
    assert [one.rule for one in found.findings] == ["wrong-zone"]
    assert found.findings[0].params["suggested"] == 4528
