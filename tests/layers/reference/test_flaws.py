"""The flaws that were put in are there, as many as documented, and where the list says."""

from __future__ import annotations

import io
from importlib import resources

import pandas as pd
import pytest

from gis.toponym import search_keys
from layers.reference.demonstration.flaws import COUNTS

pytestmark = pytest.mark.xdist_group("demonstration")


@pytest.fixture(scope="module")
def flawed(made):
    """Rows of the places seeded with a rule."""
    places = made.frames["place"].set_index("uuid", drop=False)

    def rows(rule):
        return places.loc[made.flaws.query("rule == @rule")["uuid"]]

    return rows


def test_every_rule_has_its_number(made):
    assert made.flaws["rule"].value_counts().to_dict() == COUNTS
    assert made.flaws["uuid"].is_unique


def test_the_shipped_list_is_the_built_one(made):
    shipped = resources.files("layers.reference.demonstration").joinpath("flaws.csv").read_text("utf-8")
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(shipped), dtype=str), made.flaws)


def test_only_made_up_rows_are_touched(flawed):
    for rule in COUNTS:
        assert set(flawed(rule)["source"]) == {"synthetic"}


def test_names_are_flawed(flawed):
    assert set(flawed("generic-missing")["generic"]) == {""}
    assert set(flawed("generic-mismatch")["generic"]) == {"大桥"}
    assert flawed("foreign-name")["name"].is_unique
    assert flawed("company-name")["name"].is_unique


def test_exact_duplicates_within_a_town_are_the_seeded_ones(made, flawed):
    places = made.frames["place"]
    double = places[places["town_code"].notna()].duplicated(["town_code", "name", "major"], keep=False)
    found = places.loc[double[double].index]
    assert len(found) == 2 * COUNTS["duplicate-name"]
    assert set(flawed("duplicate-name")["uuid"]) <= set(found["uuid"])


def test_same_sound_has_a_homophone_in_its_town(made, flawed):
    places = made.frames["place"].query("class_code == '22100'")
    for row in flawed("same-sound").itertuples():
        others = places[(places["town_code"] == row.town_code) & (places["name"] != row.name)]["name"]
        assert search_keys(row.name).full in {search_keys(name).full for name in others}


def test_codes_disagree(flawed):
    division = flawed("code-division")
    assert (division["place_code"].str[:6] != division["county_code"]).all()
    classes = flawed("code-class")
    assert (classes["place_code"].str[9:14] != classes["class_code"]).all()


def test_points_lie_outside(made, flawed):
    areas = made.frames["division_area"].set_index("code").geometry
    rows = flawed("outside-division")
    assert not any(areas[code].covers(point) for code, point in zip(rows["county_code"], rows["geom"], strict=True))


def test_fields_are_missing_and_dates_out_of_order(made, flawed):
    rows = flawed("mandatory-missing")
    fields = made.flaws.query("rule == 'mandatory-missing'").set_index("uuid")["field"]
    assert all(pd.isna(rows.loc[uuid, field]) for uuid, field in fields.items())
    dates = flawed("dates-out-of-order")
    assert (dates["established"].str[:4].astype(int) > dates["abolished"].str[:4].astype(int)).all()
