"""What the product ships is what its README says."""

from __future__ import annotations

import pytest

from layers.reference import counties, place_classes, sources, town_points, towns, villages


def test_counties_are_twelve_and_eleven_neighbours():
    frame = counties()
    assert len(frame) == 23
    assert frame["inside"].sum() == 12
    assert frame.crs.to_epsg() == 4490
    assert frame.geometry.name == "geom"
    assert frame.geometry.is_valid.all()


def test_towns_are_59_streets_59_towns_and_4_zones():
    assert towns()["kind"].value_counts().to_dict() == {"街道": 59, "镇": 59, "zone": 4}


def test_the_statistical_county_is_a_real_one():
    frame = towns()
    assert set(frame["county_code"]) <= set(counties()["code"])
    assert set(frame.loc[frame["code"].str.startswith("370772"), "county_code"]) == {"370703"}


def test_villages_have_a_town_each():
    frame = villages()
    assert len(frame) == 7060
    assert frame["code"].is_unique
    assert (frame["code"].str[:9] == frame["town_code"]).all()
    assert set(frame["town_code"]) == set(towns()["code"])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("孔村委员会", "村委会"), ("西利渔村", "村委会"), ("文化街社区居民委会", "居委会"), ("潍北监狱社区", "居委会")],
)
def test_irregular_names_keep_their_kind(name, kind):
    frame = villages().set_index("name")
    assert frame.loc[name, "kind"] == kind


def test_town_points_say_which_lie_in_their_county():
    frame = town_points()
    assert len(frame) == 62
    assert frame["same_county"].sum() == 61


def test_class_codes_have_five_digits():
    frame = place_classes()
    assert frame["code"].str.fullmatch(r"\d{5}").all()
    assert frame["code"].is_unique
    assert frame["source"].str.contains("GB/T 18521").all()


def test_every_source_has_a_licence():
    assert sources()["licence"].notna().all()
