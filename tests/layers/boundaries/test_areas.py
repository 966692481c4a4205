"""A line against the areas on its sides: the ground between is what polygon operations say it is."""

from __future__ import annotations

import math

import pytest
import shapely
from shapely.geometry import LineString, box

from gis.measure import area_m2
from layers.boundaries.areas import disagreement

LEFT, RIGHT = box(118, 36, 119, 37), box(119, 36, 120, 37)
POLYGONS = {"a": LEFT, "b": RIGHT}


def test_the_border_itself_agrees() -> None:
    found = disagreement(LineString([(119, 36), (119, 37)]), POLYGONS, left="a", right="b")
    assert (found.farthest_m, found.moved, found.area_m2) == (0.0, (), 0.0)


def test_a_line_with_a_bay_on_either_side() -> None:
    line = LineString(
        [(119, 36), (119, 36.2), (119.1, 36.3), (119, 36.4), (119, 36.6), (118.9, 36.7), (119, 36.8), (119, 37)]
    )
    found = disagreement(line, POLYGONS, left="a", right="b")
    east = area_m2(shapely.Polygon([(119, 36.2), (119.1, 36.3), (119, 36.4)]))
    west = area_m2(shapely.Polygon([(119, 36.6), (118.9, 36.7), (119, 36.8)]))
    assert found.lost_by("b") == pytest.approx(east, rel=1e-6)
    assert found.lost_by("a") == pytest.approx(west, rel=1e-6)
    assert found.area_m2 == pytest.approx(east + west, rel=1e-6)
    assert found.farthest_m == pytest.approx(9_000, rel=0.02)


def test_a_line_beside_the_border_is_tied_to_its_ends() -> None:
    found = disagreement(LineString([(119.01, 36.001), (119.01, 36.999)]), POLYGONS, left="a", right="b")
    assert [piece.held_by for piece in found.moved] == ["b"]
    assert found.area_m2 == pytest.approx(area_m2(box(119, 36, 119.01, 37)), rel=0.01)


def test_ground_of_a_third() -> None:
    third = box(119.005, 36.4, 119.02, 36.6)
    polygons = {"a": LEFT, "b": shapely.difference(RIGHT, third), "c": third}
    line = LineString([(119, 36), (119.01, 36.4), (119.01, 36.6), (119, 37)])
    assert disagreement(line, polygons, left="a", right="b").area_m2 > 0


def test_polygons_without_a_border() -> None:
    found = disagreement(
        LineString([(119, 36), (119, 37)]), {"a": LEFT, "b": box(119.5, 36, 120, 37)}, left="a", right="b"
    )
    assert math.isnan(found.farthest_m)
    assert found.moved == ()
