"""What the map shows first is what the register holds."""

from __future__ import annotations

from datetime import date

import pytest

from layers import days
from layers.access import PUBLIC
from layers.index import Index
from layers.summary import summary


def counts(index: Index, key: str, day: date) -> dict[str, int]:
    found = next(part for part in summary(index, reader=PUBLIC, asof=day).layers if part.layer.key == key)
    classes = {part.key: part.count for part in found.classes}
    if classes:
        assert sum(classes.values()) == found.count
    return {"": found.count, **classes}


def test_the_bureau_s_numbers_of_today(index: Index) -> None:
    places = counts(index, "place-names", days.today())
    assert places[""] == 51_991
    assert len(places) == 11
    assert places["committee"] == 7_060
    assert places["settlement"] == 18_246
    lines = counts(index, "boundary-lines", days.today())
    assert lines == {"": 42, "batch-2022": 14, "batch-2021": 14, "batch-2020": 14}
    assert counts(index, "tripoints", days.today())[""] == 30
    facilities = counts(index, "facilities", days.today())
    singles = sum(
        facilities[kind]
        for kind in (
            "city_smart_care",
            "county_aid_centre",
            "city_aid_station",
            "city_incubation",
            "city_child_welfare",
        )
    )
    assert facilities[""] - singles - facilities["marriage_mobile"] == 18_727


@pytest.mark.parametrize(
    ("day", "kind", "count"),
    [
        ("2022-12-31", "canteen", 208),
        ("2024-03-31", "canteen", 766),
        ("2022-12-31", "public_cemetery", 2079),
        ("2022-12-31", "street_centre", 0),
        ("2024-03-31", "street_centre", 120),
        ("2024-03-27", "marriage_mobile", 0),
        ("2024-03-28", "marriage_mobile", 1),
    ],
)
def test_as_at_a_day(index: Index, day: str, kind: str, count: int) -> None:
    assert counts(index, "facilities", date.fromisoformat(day))[kind] == count


def test_extent_days_and_sources(index: Index) -> None:
    found = summary(index, reader=PUBLIC, asof=days.today())
    assert found.bbox is not None
    west, south, east, north = found.bbox
    assert (round(west, 1), round(south, 1), round(east, 1), round(north, 1)) == (118.2, 35.7, 120.0, 37.3)
    assert found.days == [date(2022, 12, 31), date(2024, 3, 31)]
    assert found.synthetic
    assert any("天地图" in source.source + source.title_zh for source in found.sources)
    assert all(source.title_zh and source.title_en for source in found.sources)
