"""Course texts read back: what the program writes it understands, and what differs is told leg by leg."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import LineString

from gis.measure import length_m
from layers.boundaries import describe, legs
from layers.boundaries.course_text import legs_apart, read_course

LINE = LineString([(119.0, 36.0), (119.1, 36.05), (119.3, 36.0), (119.35, 36.2)])


def test_what_the_program_writes_is_read_back() -> None:
    text = describe(LINE, start="甲–乙–丙", end="入海口", left="甲", right="乙")
    told = read_course(text)
    made = legs(LINE)
    assert [leg.sector for leg in told.legs] == [leg.sector for leg in made]
    assert np.allclose([leg.length_m for leg in told.legs], [leg.length_m for leg in made], atol=50)
    assert told.total_m == pytest.approx(length_m(LINE), abs=5)
    assert legs_apart(told, LINE) == []


def test_other_ways_to_write_it() -> None:
    told = read_course("自起点向正东方向延伸约3.2公里，再往东南行 800 米，沿北偏西北方向1千米，全长约5公里")
    assert [(leg.sector, leg.length_m) for leg in told.legs] == [("东", 3200), ("东南", 800), ("北偏西北", 1000)]
    assert told.total_m == 5000
    assert read_course("沿弥河而下").legs == ()
    assert legs_apart(read_course("沿弥河而下"), LINE) == []


def test_a_leg_that_runs_otherwise_is_named() -> None:
    told = read_course(describe(LINE, start="", end="", left="甲", right="乙").replace("北偏东北", "西南"))
    (apart,) = legs_apart(told, LINE)
    assert (apart.number, apart.told.sector, apart.sector) == (len(told.legs), "西南", "北偏东北")
