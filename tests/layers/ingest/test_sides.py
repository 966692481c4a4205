"""What a new line means for the areas on its sides is told before anything is written, and the areas stay."""

from __future__ import annotations

import pytest
import shapely
from shapely import LineString

from gis.measure import area_m2
from layers.ingest.apply import apply_plan
from layers.ingest.plan import Plan
from tests.layers.history.conftest import Small, postgis, small
from tests.layers.ingest.made import EDITOR, planned

__all__ = ["postgis", "small"]


def told(plan: Plan) -> list[tuple[str, str]]:
    rules = {"area-beyond-line", "areas-agree", "areas-apart"}
    return [(note.finding.rule, note.finding.message) for note in plan.notes if note.finding.rule in rules]


def test_ground_beyond_the_line_is_told_by_area_and_stays(small: Small) -> None:
    bays = [(119, 36), (119, 36.2), (119.1, 36.3), (119, 36.4), (119, 36.6), (118.9, 36.65), (119, 36.7), (119, 37)]
    plan = planned(small.register, "lines", {"code": ["2481"]}, [LineString(bays)], file="official.shp")
    east = area_m2(shapely.Polygon(bays[1:4])) / 1e6
    west = area_m2(shapely.Polygon(bays[4:7])) / 1e6
    found = dict(message.split(" has ") for _, message in told(plan))
    assert {rule for rule, _ in told(plan)} == {"area-beyond-line"}
    assert float(found["The area of 临朐县"].split()[0]) == pytest.approx(east, abs=0.006)
    assert float(found["The area of 青州市"].split()[0]) == pytest.approx(west, abs=0.006)
    apply_plan(small.register, plan, editor=EDITOR)
    assert small.row("division_area", small.ids["area-370781"])["version"] == 1
    assert small.row("boundary_line", small.ids["line"])["status"] == "official"


def test_a_line_along_the_border_agrees(small: Small) -> None:
    line = LineString([(119, 36), (119, 36.3), (119, 37)])
    plan = planned(small.register, "lines", {"code": ["2481"]}, [line])
    assert told(plan) in ([("areas-agree", "The areas of 青州市 and 临朐县 agree with the line.")], [])
    beside = LineString([(119.0000001, 36), (119.0000001, 37)])
    assert [rule for rule, _ in told(planned(small.register, "lines", {"code": ["2481"]}, [beside]))] == ["areas-agree"]


def test_sides_that_do_not_meet(small: Small) -> None:
    with small.register.writing() as connection:
        far = shapely.MultiPolygon([shapely.box(121, 36, 122, 37)])
        small.register.update(connection, "division_area", small.ids["area-370724"], {"geom": far})
    plan = planned(small.register, "lines", {"code": ["2481"]}, [LineString([(119.01, 36), (119.01, 37)])])
    assert [rule for rule, _ in told(plan)] == ["areas-apart"]
