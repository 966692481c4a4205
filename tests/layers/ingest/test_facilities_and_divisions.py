"""Facilities placed by address, divisions with outlines, population with its history."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from shapely import Point

from layers.ingest.apply import apply_plan
from layers.register import Register
from tests.layers.ingest.made import EDITOR, planned, rules
from tests.seeded import unseeded_flaws

NAME = "\u8bd5\u9a8c\u98df\u5802"  # 试验食堂


def table(register: Register, name: str) -> Any:
    with register.reading() as connection:
        return register.frame(connection, name)


def known(register: Register) -> Any:
    facilities = table(register, "facility")
    return facilities[facilities["kind"] == "canteen"].iloc[0]


def known_address(register: Register) -> str:
    return str(known(register)["address"])


def test_facilities_without_coordinates_are_placed_by_their_address(own_register: Register) -> None:
    address = known_address(own_register)
    columns = {
        "\u540d\u79f0": [NAME, f"{NAME}\u4e8c", f"{NAME}\u4e09"],
        "\u8bbe\u65bd\u7c7b\u522b": ["canteen"] * 3,
        "\u5730\u5740": [address, "\u6ca1\u6709\u8fd9\u4e2a\u5730\u65b9", None],
    }
    plan = planned(own_register, "facilities", columns)
    assert plan.counts["refused"] == 0, plan.rules()
    assert "no-place" in rules(plan, "warning")
    apply_plan(own_register, plan, editor=EDITOR)
    found = table(own_register, "facility").set_index("name")
    placed = found.loc[NAME]
    assert placed["position_source"] == "address"
    assert placed["accuracy"] in ("address", "village", "town")
    assert placed["state"] == "open"
    assert isinstance(placed["geom"], Point)
    assert found.loc[f"{NAME}\u4e8c"]["accuracy"] == "unknown"
    assert found.loc[f"{NAME}\u4e8c"]["geom"] is None
    assert planned(own_register, "facilities", columns).empty


def test_coordinates_of_the_file_say_so_and_come_before_the_address(own_register: Register) -> None:
    here = known(own_register)["geom"]
    columns = {"name": [NAME], "kind": ["canteen"], "address": [known_address(own_register)]}
    apply_plan(own_register, planned(own_register, "facilities", columns, [here]), editor=EDITOR)
    found = table(own_register, "facility").set_index("name").loc[NAME]
    assert found["position_source"] == "file"
    assert found["geom"] == here
    moved = planned(own_register, "facilities", columns, [Point(here.x + 0.001, here.y)])
    assert "@place" in {change.name for change in moved.changes()}
    assert planned(own_register, "facilities", columns).empty  # without coordinates it stays where it is


def test_of_several_with_one_name_the_near_one_is_meant(own_register: Register) -> None:
    places = [Point(118.48, 36.69), Point(118.50, 36.69)]
    with own_register.writing() as connection:
        uuids = [
            own_register.insert(
                connection, "facility", {"name": NAME, "kind": "canteen", "county_code": "370781", "geom": place}
            )
            for place in places
        ]
    columns = {"name": [NAME], "kind": ["canteen"], "county_code": ["370781"], "beds": ["5"]}
    plan = planned(own_register, "facilities", columns, [Point(118.501, 36.69)])
    assert plan.uuids.tolist() == [uuids[1]]
    assert rules(planned(own_register, "facilities", columns)) == ["ambiguous-record"]


def test_polygons_become_the_areas_of_divisions(own_register: Register) -> None:
    areas = table(own_register, "division_area")
    county = areas[areas["code"] == "370781"].iloc[0]
    shape = shapely.get_parts(county["geom"])[0]
    columns = {"code": ["370781"], "name": [county["name"]], "level": ["county"]}
    smaller = shapely.intersection(shape, shapely.box(118, 36, 118.5, 37))
    smaller = max(shapely.get_parts(smaller), key=shapely.area)
    assert planned(own_register, "divisions", columns, [county["geom"]]).empty
    plan = planned(own_register, "divisions", columns, [smaller])
    assert [change.name for change in plan.changes()] == ["@area"]
    apply_plan(own_register, plan, editor=EDITOR)
    after = table(own_register, "division_area").set_index("code").loc["370781"]
    assert after["uuid"] == county["uuid"]
    assert after["area_km2"] < county["area_km2"]
    town = shapely.box(118.4, 36.5, 118.45, 36.55)
    new = planned(
        own_register, "divisions", {"code": ["370781999"], "name": ["\u8bd5\u9a8c\u9547"], "level": ["town"]}, [town]
    )
    assert new.counts["new"] == 1
    apply_plan(own_register, new, editor=EDITOR)
    division = table(own_register, "division").set_index("code").loc["370781999"]
    assert town.contains(division["geom"])
    assert (division["county_code"], division["inside"]) == ("370781", True)
    area = table(own_register, "division_area").set_index("code").loc["370781999"]
    assert area["division_uuid"] == division["uuid"]
    assert unseeded_flaws(own_register.url) == []
    bow = shapely.Polygon([(118.4, 36.5), (118.5, 36.6), (118.5, 36.5), (118.4, 36.6)])
    assert "broken-area" in rules(planned(own_register, "divisions", columns, [bow]))


def test_population_goes_to_the_division_and_into_its_history(own_register: Register) -> None:
    columns = {"code": ["370781", "379999"], "population": ["960000", "1"], "aged_60": ["220000", "1"]}
    assert rules(planned(own_register, "population", columns)) == ["unknown-division"]
    columns = {name: values[:1] for name, values in columns.items()}
    columns["population_source"] = ["2023\u5e74\u7edf\u8ba1\u516c\u62a5"]
    done = apply_plan(own_register, planned(own_register, "population", columns), editor=EDITOR)
    assert done.counts["changed"] == 1
    division = table(own_register, "division").set_index("code").loc["370781"]
    assert (division["population"], division["aged_60"]) == (960000, 220000)
    weights = table(own_register, "division_weight")
    mine = weights[(weights["code"] == "370781") & (weights["key"].isin(["population", "aged_60"]))]
    assert sorted(mine["value"]) == [220000.0, 960000.0]
    assert set(mine["as_of"]) == {"2023-12-31"}
    assert planned(own_register, "population", columns).empty
    corrected = apply_plan(
        own_register, planned(own_register, "population", columns | {"population": ["960001"]}), editor=EDITOR
    )
    assert corrected.counts["changed"] == 1
    weights = table(own_register, "division_weight")
    mine = weights[(weights["code"] == "370781") & (weights["key"] == "population")]
    assert mine["value"].tolist() == [960001.0]


@pytest.mark.parametrize(
    ("source", "day"),
    [
        ("\u7b2c\u4e03\u6b21\u5168\u56fd\u4eba\u53e3\u666e\u67e5", "2020-11-01"),
        ("2024\u5e74", "2024-12-31"),
        ("2024-03-31", "2024-03-31"),
    ],
)
def test_the_day_of_figures_is_read_from_their_source(source: str, day: str) -> None:
    from layers.ingest.divisions import _day_of

    assert _day_of(source) == day
