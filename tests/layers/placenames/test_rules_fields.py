"""Rules for single records: each fires on its flaw, not beside it, and proposes what is right."""

from __future__ import annotations

import pytest

from layers.placenames.rules.book import RULES
from tests.layers.placenames.rows import BORDER, EAST, OTHER_STREET, TOWN, WEST, facts, found, places


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_record_in_order_has_no_flaw(rule):
    assert found(rule, {}) == [] or rule == "no-counterpart"


@pytest.mark.parametrize("rule", sorted(set(RULES) - {"no-counterpart"}))
def test_nothing_is_found_among_no_records(rule):
    assert list(RULES[rule].find(places(), facts())) == []


@pytest.mark.parametrize("field", ["name", "class_code", "meaning", "history", "registered_by", "registered_unit"])
def test_a_mandatory_field_that_is_empty(field):
    for nothing in (None, ""):
        (flaw,) = found("mandatory-missing", {field: nothing, "place_code": "1"})
        assert (flaw.row, flaw.field, dict(flaw.fix)) == (0, field, {})


def test_what_can_be_said_of_an_empty_field_is_proposed():
    (flaw,) = found("mandatory-missing", {"roman": None})
    assert flaw.fix == {"roman": "Yángguāng Xiǎoqū"}
    (flaw,) = found("mandatory-missing", {"usage": None})
    assert flaw.fix == {"usage": "current"}
    assert found("mandatory-missing", {"usage": None, "abolished": "1961年"})[0].fix == {}
    (flaw,) = found("mandatory-missing", {"description": None})
    assert flaw.fix == {}
    assert flaw.candidates == ({"description": "位于青州市弥河镇境内"},)


def test_an_uncertain_reading_is_offered_not_proposed():
    (flaw,) = found("mandatory-missing", {"name": "廿里堡", "specific": "廿里堡", "generic": None, "roman": None})
    assert flaw.fix == {}
    assert len(flaw.candidates) == 3


def test_the_division_is_mandatory_but_for_city_and_province():
    (flaw,) = found("mandatory-missing", {"county_code": None})
    assert flaw.field == "county_code"
    assert found("mandatory-missing", {"county_code": None, "class_code": "21300"}) == []


def test_classes():
    (flaw,) = found("class-unknown", {"class_code": "99999"})
    assert (flaw.field, flaw.value) == ("class_code", "99999")
    (flaw,) = found("class-unknown", {"major": "water"})
    assert (flaw.field, flaw.fix) == ("major", {"major": "settlement"})
    assert found("class-unknown", {"major": None}) == []


@pytest.mark.parametrize(
    "code",
    ["3707811002210000001", "370781100221000000012", "37078110022100O00001", "37078170022100000001",
     "37078110022100000000", "３７０７８１１００２２１０００００００１"],
)  # fmt: skip
def test_codes_that_are_malformed(code):
    (flaw,) = found("code-form", {"place_code": code})
    assert (flaw.field, flaw.value) == ("place_code", code)
    assert flaw.fix == {"place_code": "37078110022100000001"}
    for rule in ("code-division", "code-class"):
        assert found(rule, {"place_code": code}) == []  # what is no code is told once


def test_a_code_that_is_missing_gets_the_next_free_one():
    by = facts(serials={"37078110022100": 41})
    flaws = found("code-missing", {"place_code": None}, {"place_code": ""}, by=by)
    assert [flaw.fix["place_code"][14:] for flaw in flaws] == ["000042", "000043"]


def test_a_code_of_another_county_or_town():
    (flaw,) = found("code-division", {"place_code": f"{EAST}10022100000001"})
    assert flaw.fix["place_code"].startswith(f"{WEST}10022100")
    assert flaw.params == {"county": "青州市"}
    (flaw,) = found("code-division", {"place_code": f"{WEST}00222100000001"})
    assert flaw.params == {"county": "弥河镇"}
    assert found("code-division", {"place_code": f"{WEST}00022100000001"}) == []  # of the whole county
    # a zone's town has the zone's own six digits
    assert found("code-division", {"town_code": "370772004", "place_code": "37077200422100000001"}) == []


def test_a_code_of_another_class():
    (flaw,) = found("code-class", {"place_code": f"{WEST}10023610000001"})
    assert flaw.fix == {"place_code": f"{WEST}10022100000001"}


def test_a_code_given_twice_stays_with_who_was_registered_first():
    code = f"{WEST}10022100000007"
    late, first, other = found(
        "code-duplicate",
        {"place_code": code, "registered_at": "2019-01-01"},
        {"place_code": code, "registered_at": "2017-01-01"},
        {"place_code": code, "registered_at": None},
        {},
    )
    assert first.fix == {}
    assert {late.fix["place_code"], other.fix["place_code"]} == {f"{WEST}10022100000001", f"{WEST}10022100000002"}
    assert late.others == ("u1", "u2")
    assert {flaw.group for flaw in (late, first, other)} == {f"code|{code}"}


@pytest.mark.parametrize("field", ["county_code", "town_code", "village_code"])
def test_divisions_that_there_are_not(field):
    (flaw,) = found("division-unknown", {field: "370799"})
    assert (flaw.field, flaw.value) == (field, "370799")


@pytest.mark.parametrize(
    ("at", "value"), [(None, ""), ((0.0, 0.0), "0.000000, 0.000000"), ((36.5, 118.3), "36.500000, 118.300000")]
)
def test_positions_missing_or_out_of_range(at, value):
    (flaw,) = found("position-missing", {"at": at})
    assert flaw.value == value


def test_a_point_outside_its_county():
    assert found("outside-division", {"at": (BORDER + 0.0001, 36.5)}) == []  # 9 m: two surveys differ by more
    (flaw,) = found("outside-division", {"at": (BORDER + 0.01, 36.5)})
    assert flaw.candidates == ({"county_code": EAST, "town_code": None, "village_code": None},)
    metres = float(str(flaw.params["distance"]).replace(",", ""))
    assert metres == pytest.approx(0.01 * 89_580, rel=0.01)
    (flaw,) = found("outside-division", {"at": (100.0, 36.5)})
    assert flaw.candidates == ()


def test_years_out_of_order():
    (flaw,) = found("dates-out-of-order", {"established": "1978年", "abolished": "1961年"})
    assert flaw.candidates == ({"established": "1961年", "abolished": "1978年"},)
    assert found("dates-out-of-order", {"established": "公元前221年", "abolished": "1961年"}) == []
    assert found("dates-out-of-order", {"established": "民国时期", "abolished": "不详"}) == []
    (flaw,) = found("dates-out-of-order", {"valid_from": "2020-05-01", "valid_to": "2019-05-01"})
    assert flaw.field == "valid_to"


def test_years_that_are_impossible():
    flaws = found("date-impossible", {"established": "2999年", "registered_at": "2999-01-01"})
    assert [flaw.field for flaw in flaws] == ["established", "registered_at"]
    assert found("date-impossible", {"established": "明洪武二年（1369年）", "abolished": "清"}) == []


def test_in_use_and_yet_abolished():
    (flaw,) = found("usage-disagrees", {"abolished": "2004年"})
    assert flaw.candidates == ({"usage": "historical"}, {"abolished": None})
    assert found("usage-disagrees", {"abolished": "2004年", "usage": "historical"}) == []


def test_towns_of_one_county_are_told_apart():
    assert found("code-division", {"town_code": OTHER_STREET, "place_code": f"{WEST}00222100000001"}) == []
    assert len(found("code-division", {"town_code": OTHER_STREET, "place_code": f"{TOWN}22100000001"})) == 1
