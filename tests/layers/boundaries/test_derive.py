"""The 42 lines and 30 tripoints of Weifang, from two surveys."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from gis.crs import CrsMismatch
from gis.measure import length_m
from layers.boundaries import derive_lines, derive_tripoints
from layers.reference import counties

AMAP = Path(__file__).parents[2] / "data/counties_amap/counties.geojson"


@pytest.fixture(scope="module")
def lines():
    return derive_lines(counties())


@pytest.fixture(scope="module")
def tripoints():
    return derive_tripoints(counties())


def amap():
    frame = gpd.read_file(AMAP).rename(columns={"adcode": "code"})
    # the file declares 4326; the two are equal to PROJ
    return frame.set_crs(4490, allow_override=True)


def test_counts_and_lengths(lines, tripoints):
    assert lines["inner"].value_counts().to_dict() == {True: 25, False: 17}
    assert lines.loc[lines["inner"], "length_m"].sum() / 1000 == pytest.approx(956.27, abs=0.005)
    assert lines.loc[~lines["inner"], "length_m"].sum() / 1000 == pytest.approx(729.98, abs=0.005)
    assert tripoints["inner"].value_counts().to_dict() == {True: 14, False: 16}
    assert lines.crs.to_epsg() == tripoints.crs.to_epsg() == 4490
    assert lines.active_geometry_name == tripoints.active_geometry_name == "geom"
    assert (lines["length_m"] == length_m(lines.geometry)).all()


def test_names_codes_and_ends(lines, tripoints):
    for column in ("code", "name", "short_name"):
        assert lines[column].is_unique
    for column in ("code", "name", "codes"):
        assert tripoints[column].is_unique
    line = lines.set_index("short_name").loc["青临线"]
    assert (line["code"], line["name"]) == ("2481", "青州市—临朐县")
    assert (line["left_name"], line["right_name"]) == ("青州市", "临朐县")  # it runs east, and 青州 lies in the north
    assert (line["start_name"], line["end_name"]) == ("淄川–青州–临朐", "临朐–青州–昌乐")
    assert line["course"].startswith("界线由淄川–青州–临朐三交点起，向东北行")
    assert line["course"].endswith("全长70.46千米。沿此方向，左侧为青州市，右侧为临朐县。")
    point = tripoints.set_index("name").loc["淄川–青州–临朐"]
    assert point["codes"] == "370302,370724,370781"
    assert not point["inner"]
    assert (point["geom"].x, point["geom"].y) == pytest.approx((118.235720, 36.414324), abs=5e-7)


def test_short_names_are_natural(lines):
    """Every inner county but 昌邑 (its 昌 is 昌乐's) keeps its first character."""
    for row in lines[lines["inner"]].itertuples():
        first, second = row.name.split("—")
        expected = "".join("邑" if name == "昌邑市" else name[0] for name in (first, second))
        assert row.short_name == f"{expected}线"


def test_every_line_ends_at_a_tripoint_or_four_times_at_the_coast(lines, tripoints):
    at = dict(zip(tripoints["name"], tripoints.geometry, strict=True))
    coast = 0
    for row in lines.itertuples():
        for name, place in ((row.start_name, 0), (row.end_name, -1)):
            coast += name == "入海口"
            if name != "入海口":
                assert at[name].coords[0] == row.geom.coords[place]
    assert coast == 4


def test_lines_run_east_or_south(lines):
    for line in lines.to_crs(4549).geometry:
        (x0, y0), (x1, y1) = line.coords[0], line.coords[-1]
        assert x1 > x0 if abs(x1 - x0) >= abs(y1 - y0) else y1 < y0


def test_sides_are_those_of_the_direction(lines):
    grounds = counties().set_index("code").geometry
    for row in lines.itertuples():
        left = shapely.Polygon([*row.geom.coords, *row.geom.offset_curve(1e-3).coords[::-1]]).buffer(0)
        shares = [shapely.area(left.intersection(grounds[code])) for code in (row.left_code, row.right_code)]
        assert shares[0] > 5 * shares[1], row.name
        assert {row.left_name, row.right_name} == set(row.name.split("—"))


def test_what_is_made_says_so(lines, tripoints):
    assert set(lines["status"]) == {"derived"}
    assert set(lines["grade"]) == {"county"}
    assert not lines["disputed"].any()
    assert set(lines["source"]) | set(tripoints["source"]) == {"由天地图县级行政区划面推导"}
    assert set(derive_lines(counties(), source="x")["source"]) == {"x"}


def test_neighbours_of_neighbours_are_left_out(lines, tripoints):
    assert (lines["left_code"].str.startswith("3707") | lines["right_code"].str.startswith("3707")).all()
    assert tripoints["codes"].str.contains("3707").all()


def test_another_survey_gives_the_same_lines(lines, tripoints):
    other, points = derive_lines(amap()), derive_tripoints(amap())
    same = ["code", "name", "short_name", "inner"]
    assert other[same].equals(lines[same])
    directed = ["left_code", "right_code", "start_name", "end_name"]
    turned = (other[directed] != lines[directed]).any(axis=1)
    # its ends lie as far apart one way as the other, and the two surveys draw the coast in different places
    assert lines.loc[turned, "short_name"].tolist() == ["广寿线"]
    assert (
        other.loc[turned, directed].to_numpy().tolist()
        == lines.loc[turned, ["right_code", "left_code", "end_name", "start_name"]].to_numpy().tolist()
    )
    assert points.drop(columns="geom").equals(tripoints.drop(columns="geom"))
    assert other.loc[other["inner"], "length_m"].sum() / 1000 == pytest.approx(1091.28, abs=0.005)
    assert other.loc[~other["inner"], "length_m"].sum() / 1000 == pytest.approx(827.61, abs=0.005)


def test_order_of_the_counties_does_not_matter(lines):
    assert derive_lines(counties().sample(frac=1, random_state=3)).equals(lines)


def test_an_office_may_bring_its_own_codes(lines):
    frame = derive_lines(counties(), code=lambda one, other, piece: f"X{min(one, other)}{max(one, other)}{piece}")
    assert "X3707243707810" in set(frame["code"])


def test_another_crs_is_refused():
    for derive in (derive_lines, derive_tripoints):
        with pytest.raises(CrsMismatch):
            derive(counties().set_crs(4326, allow_override=True))


def test_no_city_no_lines():
    assert derive_lines(counties(), city="9999").empty
    assert derive_tripoints(counties(), city="9999").columns.tolist() == [
        "code",
        "name",
        "codes",
        "inner",
        "source",
        "geom",
    ]


def test_pieces_and_islands():
    """A county in two arms round another, and one that lies whole inside another."""
    middle = shapely.box(119.1, 36, 119.2, 36.1)
    arms = shapely.MultiPolygon([shapely.box(119, 36, 119.1, 36.1), shapely.box(119.2, 36, 119.3, 36.1)])
    island = shapely.box(119.14, 36.04, 119.16, 36.06)
    frame = gpd.GeoDataFrame(
        {"code": ["370701", "370702", "370703"], "name": ["甲甲县", "乙乙县", "丙丙县"]},
        geometry=[arms, middle.difference(island), island],
        crs=4490,
    )
    lines = derive_lines(frame)
    assert lines["code"].tolist() == ["0102-1", "0102-2", "0203"]
    assert lines["short_name"].tolist() == ["甲乙线1段", "甲乙线2段", "乙丙线"]
    assert lines["start_name"].tolist() == ["入海口", "入海口", ""]
    assert "回到起点" in lines["course"].iloc[2]
