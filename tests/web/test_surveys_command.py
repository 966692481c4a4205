"""``dijie surveys assess`` as a person runs it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import openpyxl
import pytest
import shapely

from gis.linear import point_at, vertex_chainages
from layers.access import ADMINISTRATOR
from layers.boundaries.finding_lines import UnknownLine
from layers.register import open_register
from surveys.assessment import Assessment, RegisteredLine
from surveys.assessment.files import read_stakes, read_track
from surveys.assessment.registered import registered_line
from tests.web.test_cli import run

BEGUN = datetime(2026, 5, 1, 0, 30, tzinfo=UTC)


def clock(seconds: float) -> str:
    return f"{BEGUN + timedelta(seconds=float(seconds)):%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture(scope="module")
def line(demonstration: Path) -> RegisteredLine:
    with open_register(demonstration) as register:
        return registered_line(register, "青临线", reader=ADMINISTRATOR)


@pytest.fixture(scope="module")
def gpx(line: RegisteredLine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two segments along the line, 3 m off it, with 1 km between them."""
    parts = []
    for start, end in ((2000, 5000), (6000, 9000)):
        along = np.arange(start, end, 4.0)
        xy = shapely.get_coordinates(point_at(line.geometry, along)) + np.array([0, 3 / 111_000])
        points = "".join(
            f'<trkpt lat="{lat:.8f}" lon="{lon:.8f}"><time>{clock(at)}</time></trkpt>'
            for (lon, lat), at in zip(xy, along, strict=True)
        )
        parts.append(f"<trkseg>{points}</trkseg>")
    path = tmp_path_factory.mktemp("walk") / "walk.gpx"
    head = '<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1"><trk>'
    path.write_text(f"{head}{''.join(parts)}</trk></gpx>")
    return path


@pytest.fixture(scope="module")
def workbook(line: RegisteredLine, gpx: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["界桩编号", "经度", "纬度", "高程", "状况"])
    for stake in line.stakes[:2]:
        sheet.append([stake.number.lower(), stake.lon, stake.lat + 4 / 111_000, stake.height_m, "完好"])
    path = gpx.with_name("stakes.xlsx")
    book.save(path)
    return path


def test_figures_files_and_findings(demonstration: Path, line: RegisteredLine, gpx: Path, workbook: Path) -> None:
    target, drawing = gpx.with_name("result.json"), gpx.with_name("offsets.svg")
    found = run(
        "surveys", "assess", "2481", str(gpx), "--register", str(demonstration), "--stakes", str(workbook),
        "--stake-tolerance", "2", "--json", str(target), "--profile", str(drawing), language="zh",
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert "界线 2481 青州市—临朐县" in found.stdout
    assert "未走" in found.stdout
    assert "[stake-off]" in found.stderr
    assert "stakes.xlsx:2" in found.stderr
    result = Assessment.from_json(target.read_text(encoding="utf-8"))
    assert result.track is not None
    assert result.track.within_m == pytest.approx(6000, abs=20)
    assert [round(one.length_m, -2) for one in result.track.not_walked][:2] == [2000, 1000]
    assert result.track.gaps[0].seconds == pytest.approx(1000, abs=5)
    assert result.stakes is not None
    assert [stake.state for stake in result.stakes][:3] == ["off", "off", "not-seen"]
    assert result.stakes[0].direction == "北"
    assert result.stakes[0].up_m == 0
    assert json.loads(target.read_text(encoding="utf-8"))["line"]["uuid"] == line.uuid
    shown = [
        text.text
        for text in ET.fromstring(drawing.read_text(encoding="utf-8")).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert "左：青州市（m）" in shown


def test_a_track_of_another_line_and_a_line_that_is_none(demonstration: Path, gpx: Path) -> None:
    other = run("surveys", "assess", "诸高线", str(gpx), "--register", str(demonstration))
    assert other.returncode == 1, other.stdout
    assert "[wrong-line]" in other.stderr
    with open_register(demonstration) as register, pytest.raises(UnknownLine, match="no boundary line"):
        registered_line(register, "0", reader=ADMINISTRATOR)


def test_tracks_of_other_formats(gpx: Path, line: RegisteredLine, tmp_path: Path) -> None:
    track = read_track(gpx)
    assert track.part.max() == 1
    assert track.time_s[1] - track.time_s[0] == 4.0
    import geopandas as gpd

    # plane coordinates, several parts, no times
    shapes = gpd.GeoSeries([shapely.LineString(track.lonlat[:50]), shapely.LineString(track.lonlat[50:90])], crs=4490)
    shapes.to_crs(4548).to_file(tmp_path / "walk.gpkg")
    lines = read_track(tmp_path / "walk.gpkg")
    np.testing.assert_allclose(lines.lonlat, track.lonlat[:90], atol=1e-9)
    assert lines.part.tolist() == [0] * 50 + [1] * 40
    # points in the order of their times
    points = gpd.GeoDataFrame(
        {"time": [f"2026-05-01 08:00:{second:02}" for second in (20, 10, 30)]},
        geometry=gpd.points_from_xy([118.2, 118.1, 118.3], [36.5] * 3), crs=4490,
    )  # fmt: skip
    points.to_file(tmp_path / "points.geojson")
    assert read_track(tmp_path / "points.geojson").lon.tolist() == [118.1, 118.2, 118.3]
    points.assign(name=["a", "", "b"]).to_file(tmp_path / "named.geojson")
    assert [stake.number for stake in read_stakes(tmp_path / "named.geojson")] == ["a", "", "b"]


def test_the_line_of_the_register(line: RegisteredLine) -> None:
    assert (line.code, line.left_name, line.right_name) == ("2481", "青州市", "临朐县")
    along = [stake.chainage_m for stake in line.stakes]
    assert along == sorted(along)
    assert len(line.stakes) >= 10
    assert along[-1] == pytest.approx(vertex_chainages(line.geometry)[-1], abs=1)
