"""Rules for names that are alike: by hand, and against the plain loop over all pairs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from pyproj import Geod

from layers.access import ADMINISTRATOR
from layers.placenames.checking import facts_of, read_places
from layers.placenames.rules.book import RULES
from layers.placenames.rules.facts import scope_of
from layers.placenames.rules.likeness import NEAR_M
from layers.records import Context
from layers.register import open_register
from tests.layers.placenames.rows import EAST, EAST_TOWN, OTHER_STREET, STREET, TOWN, committee, estate, found

_GEOD = Geod(ellps="GRS80")


def rows_of(flaws):
    return [flaw.row for flaw in flaws]


def test_one_name_twice_in_a_town():
    one, other = found(
        "duplicate-name", estate("阳光"), estate("阳光"), estate("阳光", town_code=STREET), estate("明珠")
    )
    assert (one.row, other.row) == (0, 1)
    assert (one.others, one.params["others"], one.params["within"]) == (("u1",), "阳光小区", "town")
    assert one.group == other.group == f"estate|{TOWN}|阳光小区"


def test_what_is_no_more_takes_nobodys_name():
    assert found("duplicate-name", estate("阳光"), estate("阳光", usage="historical")) == []
    assert found("duplicate-name", estate("阳光"), estate("阳光", valid_to="2020-01-01")) == []


def test_names_are_compared_within_their_sort_alone():
    street = {"name": "阳光小区", "class_code": "23510"}
    assert found("duplicate-name", estate("阳光"), street) == []
    assert (
        found("duplicate-name", {"name": "阳光站", "class_code": "23530"}, {"name": "阳光站", "class_code": "23530"})
        == []
    )


@pytest.mark.parametrize(
    ("kind", "first", "second", "alike"),
    [
        ("21400", {"county_code": "370781"}, {"county_code": EAST, "town_code": None}, True),  # nation
        ("21500", {"town_code": TOWN}, {"town_code": STREET}, True),  # county
        ("21500", {"town_code": TOWN}, {"county_code": EAST, "town_code": EAST_TOWN}, False),
        ("21610", {"town_code": TOWN}, {"town_code": STREET}, False),  # town
        ("23510", {"town_code": STREET}, {"town_code": OTHER_STREET}, False),
        ("25200", {"town_code": STREET}, {"town_code": OTHER_STREET}, True),  # county
    ],
)
def test_scopes(kind, first, second, alike):
    row = {"name": "某某", "specific": "某", "generic": "某", "class_code": kind}
    assert bool(found("duplicate-name", row | first, row | second)) is alike


def test_small_natural_features_of_one_name_are_two_where_they_are_far_apart():
    hill = {"name": "凤凰山", "specific": "凤凰", "generic": "山", "class_code": "13400"}
    near, far = (118.30 + 1900 / 89_500, 36.5), (118.30 + 2100 / 89_500, 36.5)
    assert rows_of(found("duplicate-name", hill | {"at": (118.30, 36.5)}, hill | {"at": near})) == [0, 1]
    assert found("duplicate-name", hill | {"at": (118.30, 36.5)}, hill | {"at": far}) == []
    brook = hill | {"class_code": "12100", "at": (118.30, 36.5)}
    assert found("duplicate-name", hill | {"at": (118.30, 36.5)}, brook) == []  # a valley and its brook


def test_names_that_sound_alike():
    one, other = found("same-sound", estate("阳光"), estate("杨广"), estate("明珠"))
    assert (one.params["others"], other.params["others"]) == ("杨广小区", "阳光小区")
    assert found("same-sound", estate("阳光"), estate("阳光")) == []  # a duplicate, and told as one
    assert len(found("same-sound", estate("阳光"), estate("阳光"), estate("杨广"))) == 3


def test_names_one_character_apart():
    one, other = found("one-character-apart", estate("阳光"), estate("月光"), estate("阳光", "花园"))
    assert (one.row, other.row) == (0, 1)
    assert found("one-character-apart", estate("阳光"), estate("月亮")) == []
    assert found("one-character-apart", estate("东阳光"), estate("西阳光")) == []  # told apart on purpose
    assert len(found("one-character-apart", estate("东阳光"), estate("佳阳光"))) == 2
    village = {"class_code": "22200", "generic": ""}
    rows = [village | {"name": name, "specific": name} for name in ("王家庄", "李家庄")]
    assert found("one-character-apart", *rows) == []  # nobody takes the Wangs for the Lis


def test_near_duplicates_by_true_distance():
    for bearing in range(0, 360, 45):
        for metres, told in ((NEAR_M - 1, 2), (NEAR_M + 1, 0)):
            lon, lat, _ = _GEOD.fwd(118.3, 36.5, bearing, metres)
            rows = (estate("阳光", at=(118.3, 36.5)), estate("阳光", town_code=STREET, at=(lon, lat)))
            assert len(found("near-duplicate", *rows)) == told, (bearing, metres)


def test_near_duplicates_are_of_two_towns_or_two_forms_of_a_name():
    here = {"at": (118.3, 36.5)}
    assert found("near-duplicate", estate("阳光", **here), estate("阳光", **here)) == []  # a duplicate
    village = {"class_code": "22200", "generic": "", **here}
    rows = [village | {"name": name, "specific": name} for name in ("上院", "上院村")]
    assert len(found("near-duplicate", *rows)) == 2
    assert found("near-duplicate", estate("阳光", at=None), estate("阳光", town_code=STREET, at=None)) == []


def test_a_village_and_its_committee():
    village = {"name": "上院村", "specific": "上院", "generic": "村", "major": "division", "class_code": "21610"}
    one, other = found(
        "double-registration", village, committee("上院村村民委员会", "村民委员会"), committee("下院村委会", "村委会")
    )
    assert (one.row, other.row) == (0, 1)
    assert one.group == other.group == f"twice|{TOWN}|上院"
    assert found("double-registration", village, committee("上院村委会", "村委会", town_code=STREET)) == []
    assert found("double-registration", village | {"usage": "historical"}, committee("上院村委会", "村委会")) == []


@pytest.fixture(scope="module")
def sample(demonstration):
    """All names of some towns, all valleys, parks and sights, as the register has them."""
    with open_register(demonstration) as register, register.reading() as connection:
        places = read_places(register, connection)
        context = Context.read(register, connection, reader=ADMINISTRATOR)
    towns = {*sorted({town for town in places["town_code"] if town})[::17], "370705001", "370705003", "370705007"}
    kept = [
        row
        for row, (town, kind) in enumerate(zip(places["town_code"], places["class_code"], strict=True))
        if town in towns or kind in ("13600", "21500", "25200", "25300")
    ]
    some = places.take(np.array(kept))
    assert 4_000 < len(some) < 15_000
    return some, facts_of(some, context)


def loop(places, facts, alike):
    """Every pair of one sort and region that stands, looked at one by one."""
    groups = {}
    for row, kind in enumerate(places["class_code"]):
        scope = scope_of(kind)
        if scope is not None and places.standing[row]:
            region = facts.region(scope, places["county_code"][row], places["town_code"][row])
            groups.setdefault((scope.key, region), []).append(row)
    pairs = set()
    for (_, region), rows in groups.items():
        near_m = scope_of(places["class_code"][rows[0]]).near_m
        for one, other in itertools.combinations(rows, 2) if region else ():
            if alike(one, other) and (not near_m or metres(places, one, other) <= near_m):
                pairs.add((one, other))
    return pairs


def metres(places, one, other):
    return _GEOD.inv(*places.lonlat[one], *places.lonlat[other])[2]


def told(rule, places, facts):
    row_of = {uuid: row for row, uuid in enumerate(places["uuid"])}
    flaws = list(RULES[rule].find(places, facts))
    pairs = {tuple(sorted((flaw.row, row_of[other]))) for flaw in flaws for other in flaw.others}
    assert 2 * len(pairs) == sum(len(flaw.others) for flaw in flaws)  # each of two is told of the other
    return pairs


def test_duplicates_are_those_of_the_loop_over_all_pairs(sample):
    places, facts = sample
    names = places["name"]
    expected = loop(places, facts, lambda one, other: names[one] == names[other])
    assert told("duplicate-name", places, facts) == expected
    assert expected


def test_same_sounds_are_those_of_the_loop_over_all_pairs(sample):
    places, facts = sample
    names, sound = places["name"], places.sound
    expected = loop(places, facts, lambda one, other: sound[one] == sound[other] and names[one] != names[other])
    assert told("same-sound", places, facts) == expected
    assert expected


def test_names_one_apart_are_those_of_the_loop_over_all_pairs(sample):
    places, facts = sample
    specifics, generics = places["specific"], places["generic"]
    counted, common = set("东西南北中前后左右上下大小老新一二三四五六七八九十甲乙丙丁"), set("家庄官村屯戈子")

    def apart(one, other):
        a, b = specifics[one] or "", specifics[other] or ""
        if generics[one] != generics[other] or len(a) != len(b) or len(a) < 2:
            return False
        differing = [at for at in range(len(a)) if a[at] != b[at]]
        if len(differing) != 1:
            return False
        at = differing[0]
        rest = a[:at] + a[at + 1 :]
        return not set(rest) <= common and not (a[at] in counted and b[at] in counted)

    expected = loop(places, facts, apart)
    assert told("one-character-apart", places, facts) == expected
    assert len(expected) > 100


def test_near_duplicates_are_those_of_the_loop_over_all_pairs(sample):
    places, facts = sample
    names, towns = places["name"], places["town_code"]
    groups = {}
    for row, kind in enumerate(places["class_code"]):
        if scope_of(kind) is not None and kind[:3] not in ("216", "222", "276") and places.standing[row]:
            groups.setdefault((scope_of(kind).key, names[row]), []).append(row)
    expected = {
        (one, other)
        for rows in groups.values()
        for one, other in itertools.combinations(rows, 2)
        if towns[one] != towns[other] and metres(places, one, other) <= NEAR_M and len(names[one]) > 1
    }
    found_pairs = told("near-duplicate", places, facts)
    assert {pair for pair in found_pairs if places["class_code"][pair[0]][:3] not in ("216", "222", "276")} == expected
    assert expected
