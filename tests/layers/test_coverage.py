"""Coverage of the register equals the plain count, village by village, and adds up."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from pyproj import Geod

from gis.coverage import BadDistance
from layers import coverage
from layers.access import PUBLIC
from layers.coverage import Question, UnknownKind, UnknownWeight
from layers.index import Index

GEOD = Geod(a=6378137.0, rf=298.257222101)


def test_every_village_by_plain_geodesics(index: Index) -> None:
    question = Question(("canteen",), 1200.0, "population", date(2022, 12, 31))
    answer = coverage.answer(index, question, reader=PUBLIC)
    facilities = index.layer("facilities")
    chosen = facilities.seen(reader=PUBLIC, asof=question.day) & facilities["kind"].isin(["canteen"])
    lon, lat = facilities.lon[chosen], facilities.lat[chosen]
    assert answer.facilities == lon.size == 208
    villages = answer.villages
    rows = range(0, len(villages), 25)
    for row in rows:
        point = villages.geometry.iloc[row]
        _, _, distance = GEOD.inv(np.full(lon.size, point.x), np.full(lon.size, point.y), lon, lat)
        assert villages["nearest_m"].iloc[row] == pytest.approx(distance.min(), abs=0.05)
        assert bool(villages["covered"].iloc[row]) == bool(distance.min() <= 1200)


@pytest.mark.parametrize("weight", coverage.WEIGHTS)
def test_counties_and_towns_add_up_to_the_city(index: Index, weight: str) -> None:
    answer = coverage.answer(index, Question(("day_care", "canteen"), 1500.0, weight), reader=PUBLIC)
    for table in (answer.counties, answer.towns):
        for name in ("weight", "covered", "villages", "villages_covered"):
            assert table[name].sum() == pytest.approx(answer.total[name]), name
    assert len(answer.counties) == 12
    assert len(answer.towns) == 122
    assert answer.towns["county"].notna().all()
    assert answer.total["villages"] == 7060
    assert answer.total["villages_covered"] + answer.total["villages_uncovered"] == 7060
    assert answer.total["share"] == pytest.approx(answer.total["covered"] / answer.total["weight"])
    assert answer.total["unknown"] == 0


def test_the_city_s_people_are_all_there(index: Index) -> None:
    answer = coverage.answer(index, Question(("canteen",), 1000.0), reader=PUBLIC)
    assert answer.total["weight"] == 9_386_705


def test_reach_and_kinds_only_add(index: Index) -> None:
    def covered(kinds: tuple[str, ...], distance_m: float) -> int:
        return int(coverage.answer(index, Question(kinds, distance_m), reader=PUBLIC).total["villages_covered"])

    assert covered(("canteen",), 500) <= covered(("canteen",), 1000) <= covered(("canteen",), 5000)
    assert covered(("canteen",), 1000) <= covered(("canteen", "day_care"), 1000)


def test_a_kind_of_which_nothing_stands_covers_nothing(index: Index) -> None:
    answer = coverage.answer(index, Question(("street_centre",), 1000.0, asof=date(2022, 12, 31)), reader=PUBLIC)
    assert answer.facilities == 0
    assert answer.total["covered"] == 0
    assert answer.villages["nearest_m"].isna().all()
    assert coverage.outline(
        index, Question(("street_centre",), 1000.0, asof=date(2022, 12, 31)), reader=PUBLIC
    ).is_empty


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ({"kinds": (), "distance_m": 100.0}, UnknownKind),
        ({"kinds": ("palace",), "distance_m": 100.0}, UnknownKind),
        ({"kinds": ("canteen",), "distance_m": 0.0}, BadDistance),
        ({"kinds": ("canteen",), "distance_m": 100.0, "weight": "gold"}, UnknownWeight),
    ],
)
def test_a_question_that_is_none(question: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        Question(**question)  # type: ignore[arg-type]
