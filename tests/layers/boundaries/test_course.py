"""Legs and course texts: they add up, point where they say, and read as they should."""

import re

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.linear import NotALine, point_at
from gis.measure import SECTORS, azimuth_deg, length_m, sector16
from layers.boundaries import describe, legs
from layers.boundaries.course import distance

BENT = shapely.LineString([(119.0, 36.0), (119.1, 36.0), (119.1, 36.1)])


@st.composite
def lines(draw):
    steps = draw(st.lists(st.tuples(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1)), min_size=1, max_size=40))
    xy = np.cumsum([(119.0, 36.5), *steps], axis=0)
    line = shapely.LineString(xy)
    return line if length_m(line) > 100 else shapely.LineString([xy[0], xy[-1] + 0.01])


@given(lines(), st.integers(2, 12))
@settings(deadline=None)
def test_legs_add_up_and_point_where_they_say(line, most):
    found = legs(line, most=most)
    assert 1 <= len(found) <= most
    assert sum(leg.length_m for leg in found) == pytest.approx(length_m(line))
    assert found[0].start_m == 0
    for one, other in zip(found, [*found[1:], None], strict=True):
        end_m = other.start_m if other else length_m(line)
        assert one.start_m + one.length_m == pytest.approx(end_m)
        start, end = point_at(line, one.start_m), point_at(line, end_m)
        if start.distance(end) > 1e-4:
            azimuth = float(azimuth_deg(start.x, start.y, end.x, end.y))
            assert one.azimuth_deg == pytest.approx(azimuth, abs=0.01)
            # the sum of steps of one sector stays in it, but for the ellipsoid at its very boundary
            assert one.sector in {str(sector16(azimuth + turn)) for turn in (-0.1, 0, 0.1)}
        if other:
            assert one.sector != other.sector


def test_two_legs():
    first, second = legs(BENT)
    assert (first.sector, second.sector) == ("东", "北")
    assert first.length_m == pytest.approx(9017, abs=1)
    assert second.start_m == first.length_m


def test_small_bends_are_not_told():
    wavy = shapely.LineString([(119 + step / 1000, 36 + 0.0002 * (step % 2)) for step in range(100)])
    assert [leg.sector for leg in legs(wavy)] == ["东"]


def test_a_closed_line_goes_out_and_back():
    ring = shapely.LinearRing([(119, 36), (119.1, 36), (119.1, 36.1), (119, 36.1)])
    closed = shapely.LineString(ring.coords)
    assert [leg.sector for leg in legs(closed)] == ["东", "北", "西", "南"]
    triangle = shapely.LineString([(119, 36), (119.3, 36.0), (119.15, 36.0004), (119, 36)])
    assert [leg.sector for leg in legs(triangle)] == ["东", "西"]
    assert "回到起点" in describe(closed, start="", end="", left="甲县", right="乙县")


def test_text():
    text = describe(BENT, start="甲–乙–丙", end="入海口", left="甲县", right="乙县")
    assert text == (
        "界线由甲–乙–丙三交点起，向东行9.0千米，折向北行11.1千米，至入海口止，全长20.11千米。沿此方向，左侧为甲县，右侧为乙县。"
    )


@given(lines())
@settings(deadline=None, max_examples=30)
def test_text_says_what_the_legs_are(line):
    text = describe(line, start="甲–乙–丙", end="丙–丁–甲", left="甲县", right="丙县")
    told = re.findall(r"向([东南西北偏]+)行([0-9.]+)(千米|米)", text)
    found = legs(line)
    assert [sector for sector, _, _ in told] == [leg.sector for leg in found]
    assert {sector for sector, _, _ in told} <= set(SECTORS)
    for leg, (_, number, unit) in zip(found, told, strict=True):
        assert float(number) * (1000 if unit == "千米" else 1) == pytest.approx(leg.length_m, abs=50.1)


@pytest.mark.parametrize(
    ("metres", "text"), [(3, "10米"), (994.9, "990米"), (995, "1.0千米"), (3249, "3.2千米"), (123_456, "123.5千米")]
)
def test_distances(metres, text):
    assert distance(metres) == text


def test_a_point_has_no_course():
    with pytest.raises(NotALine):
        legs(shapely.LineString([(119, 36), (119, 36)]))
