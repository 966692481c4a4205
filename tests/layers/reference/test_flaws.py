"""The flaws that were put in are there, as many as documented, and where the list says."""

from __future__ import annotations

import io
from importlib import resources

import pandas as pd
import pytest

from gis.toponym import romanize, search_keys
from layers.placenames.rules.book import RULES
from layers.reference.demonstration.flaws import COUNTS, NOT_SEEDED

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
    assert not made.flaws.duplicated().any()


def test_every_rule_of_the_book_is_seeded_or_says_why_not():
    assert set(COUNTS).isdisjoint(NOT_SEEDED)
    assert set(RULES) <= set(COUNTS) | set(NOT_SEEDED)
    assert set(COUNTS) <= set(RULES)


def test_a_row_has_one_flaw_but_for_quarters_made_villages(made):
    twice = made.flaws[made.flaws.duplicated("uuid", keep=False)]
    assert set(twice["rule"]) == {"double-registration", "class-unknown"}
    assert len(twice) == COUNTS["double-registration"] + COUNTS["class-unknown"]


def test_the_shipped_list_is_the_built_one(made):
    shipped = resources.files("layers.reference.demonstration").joinpath("flaws.csv").read_text("utf-8")
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(shipped), dtype=str), made.flaws)


def test_only_made_up_rows_are_touched_but_for_the_link_of_four_committees(flawed):
    for rule in set(COUNTS) - {"committee-orphaned", "no-counterpart"}:
        assert set(flawed(rule)["source"]) == {"synthetic"}, rule
    orphans = flawed("committee-orphaned")
    assert set(orphans["source"]) == {"china-division 2.7.0"}
    assert orphans["note"].str.contains("有意留空").all()
    assert orphans["village_code"].isna().all()
    assert (orphans["place_code"].str.len() == 20).all()


def test_orphaned_committees_are_those_of_the_divisions_without_a_name(made, flawed):
    divisions = made.frames["division"].set_index("code")
    alone = divisions.loc[made.flaws.query("rule == 'no-counterpart'")["uuid"]]
    assert set(alone["level"]) == {"village"}
    assert sorted(zip(alone["town_code"], alone["name"], strict=True)) == sorted(
        zip(flawed("committee-orphaned")["town_code"], flawed("committee-orphaned")["name"], strict=True)
    )


def test_names_are_flawed(flawed):
    assert set(flawed("generic-missing")["generic"]) == {""}
    assert set(flawed("generic-mismatch")["generic"]) == {"大桥"}
    assert flawed("foreign-name")["name"].is_unique
    assert flawed("company-name")["name"].is_unique
    assert flawed("leader-name")["name"].str.startswith("示例人名").all()
    assert flawed("forbidden-pattern")["name"].str.contains(r"[^\u4e00-\u9fff]").all()
    parts = flawed("parts-disagree")
    assert (parts["specific"] + parts["generic"] != parts["name"]).all()


def test_spellings_are_wrong(flawed):
    rows = flawed("romanization-differs")
    right = [romanize(n, generic=g) for n, g in zip(rows["name"], rows["generic"], strict=True)]
    assert all(a != b for a, b in zip(right, rows["roman"], strict=True))


def test_two_of_two_towns_have_one_name_within_300_m(made, flawed):
    estates = made.frames["place"].query("class_code == '22100'")
    for row in flawed("near-duplicate").itertuples():
        same = estates[(estates["name"] == row.name) & (estates["town_code"] != row.town_code)]
        x, y = same.geometry.x - row.geom.x, same.geometry.y - row.geom.y
        assert (((x * 89_400) ** 2 + (y * 111_000) ** 2) ** 0.5 < 300).any()


def test_a_village_stands_beside_its_committee(made, flawed):
    places = made.frames["place"]
    committees = places[places["class_code"] == "27610"].set_index("village_code")["name"]
    rows = flawed("double-registration")
    assert set(rows["class_code"]) == {"21610"}
    assert set(rows["major"]) == {"nondivision"}
    for row in rows.itertuples():
        assert committees[row.village_code].removesuffix("村民委员会").removesuffix("村委会") == row.specific


def test_codes_are_missing_malformed_or_given_twice(made, flawed):
    assert flawed("code-missing")["place_code"].isna().all()
    assert not flawed("code-form")["place_code"].str.fullmatch(r"\d{6}[0-5]\d{13}").any()
    codes = made.frames["place"]["place_code"].value_counts()
    assert set(codes[flawed("code-duplicate")["place_code"]]) == {2}


def test_divisions_and_years_are_not_there(made, flawed):
    assert set(flawed("division-unknown")["village_code"]).isdisjoint(made.frames["division"]["code"])
    assert (flawed("date-impossible")["established"].str[:4].astype(int) > 2090).all()
    usage = flawed("usage-disagrees")
    assert set(usage["usage"]) == {"current"}
    assert usage["abolished"].str.fullmatch(r"\d{4}年").all()


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
