"""Every count of the demonstration's make-up, exact."""

from __future__ import annotations

import pytest

from layers.reference.demonstration import SEED

pytestmark = pytest.mark.xdist_group("demonstration")

MAJORS = {
    "water": 1_520,
    "terrain": 3_210,
    "division": 131,
    "nondivision": 684,
    "committee": 7_060,
    "settlement": 18_246,
    "transport": 13_420,
    "hydraulic": 4_980,
    "memorial": 1_310,
    "building": 1_430,
}

BY_CLASS = {
    "河": (["12100"], 870),
    "沟溪": (["12110"], 260),
    "泉": (["12500"], 190),
    "湾": (["12210"], 150),
    "湖": (["12200"], 50),
    "山": (["13400"], 1_450),
    "岭埠": (["13500"], 620),
    "峪沟": (["13600"], 560),
    "崮顶崖": (["13420"], 410),
    "洞口": (["13700", "13410"], 120),
    "滩洼": (["13800"], 50),
    "自然村": (["22200"], 9_048),
    "小区花园苑": (["22100"], 7_352),
    "工矿农林点和历史": (["22300", "22400", "22900"], 1_846),
    "路街巷": (["23510"], 8_450),
    "桥": (["23610"], 3_600),
    "公路": (["23211", "23212", "23213", "23214"], 620),
    "塘坝": (["24210"], 1_750),
    "闸泵": (["24300"], 960),
    "渠堤": (["24400", "24500"], 880),
    "水库": (["24230"], 690),
    "变电站": (["24600"], 400),
    "井": (["24100"], 300),
    "公园": (["25200"], 190),
    "景区": (["25300"], 90),
}

BY_GENERIC = {
    "站": ("transport", {"公交站", "汽车站", "火车站"}, 450),
    "other": ("transport", {"停车场", "加油站", "环岛", "道口", "隧道"}, 300),
    "遗址墓": ("memorial", {"遗址", "墓群", "古墓"}, 480),
    "陵园碑": ("memorial", {"烈士陵园", "纪念碑"}, 310),
    "寺庙祠": ("memorial", {"寺", "庙", "祠"}, 240),
    "大厦": ("building", {"大厦"}, 620),
    "广场": ("building", {"广场"}, 310),
    "市场": ("building", {"市场"}, 260),
    "亭台塔": ("building", {"亭", "台", "塔"}, 140),
    "体育场馆": ("building", {"体育场", "体育馆"}, 100),
}

#: kind → open on 2022-12-31, on 2024-03-31
FACILITIES = {
    "eldercare_home": (166, 170),
    "day_care": (310, 497),
    "rural_home": (564, 563),
    "canteen": (208, 766),
    "county_centre": (0, 12),
    "street_centre": (0, 120),
    "funeral_home": (10, 10),
    "cemetery": (7, 7),
    "public_cemetery": (2_079, 2_079),
    "social_work": (135, 135),
    "marriage": (14, 14),
    "aid_window": (0, 120),
    "village_aid": (0, 7_031),
    "child_protection": (0, 120),
    "child_service": (0, 7_048),
    "incubation": (0, 35),
    "city_aid_station": (0, 1),
    "city_child_welfare": (0, 1),
    "city_smart_care": (0, 1),
    "city_incubation": (0, 1),
    "county_aid_centre": (0, 12),
    "marriage_mobile": (0, 1),
}


def alive(facilities, day):
    """Facilities as at the end of a day."""
    known = facilities["valid_from"].isna() | (facilities["valid_from"] <= day)
    opened = facilities["opened"].isna() | (facilities["opened"] <= day)
    return facilities[known & opened & (facilities["closed"].isna() | (facilities["closed"] > day))]


def test_places_by_major_class(frames):
    places = frames["place"]
    assert len(places) == 51_991
    assert places["major"].value_counts().to_dict() == MAJORS


@pytest.mark.parametrize("what", BY_CLASS)
def test_places_by_class_code(frames, what):
    codes, count = BY_CLASS[what]
    assert frames["place"]["class_code"].isin(codes).sum() == count


@pytest.mark.parametrize("what", BY_GENERIC)
def test_places_by_generic(frames, what):
    major, generics, count = BY_GENERIC[what]
    places = frames["place"]
    assert ((places["major"] == major) & places["generic"].isin(generics)).sum() == count


def test_natural_villages_bear_the_names_of_committees(frames):
    places, villages = frames["place"], frames["division"].query("level == 'village'")
    natural = places[places["class_code"] == "22200"]
    assert natural["name"].str.endswith("戈庄").sum() == 67
    committee = villages.set_index("code")["name"].str.replace(r"(村民委员会|委员会|村委会|村村会)$", "", regex=True)
    named = natural[committee.loc[natural["village_code"]].to_numpy() == natural["name"].to_numpy()]
    assert len(named) == 6_528
    assert named["village_code"].is_unique


def test_divisions_are_as_listed(frames):
    divisions = frames["division"]
    assert divisions["level"].value_counts().to_dict() == {"village": 7_060, "town": 122, "county": 23, "city": 1}
    assert (~divisions["inside"]).sum() == 11
    assert divisions["code"].is_unique
    towns = divisions[divisions["level"] == "town"]
    assert (towns["position_source"] != "synthetic").sum() == 61
    assert (towns["source"] == "china-division 2.7.0").all()


def test_real_and_made_up_places_say_so(frames):
    places = frames["place"]
    real = places["source"] != "synthetic"
    assert real.sum() == 131 + 4 + 7_060
    assert set(places.loc[real, "major"]) == {"division", "nondivision", "committee"}


def test_population_is_the_published_one(frames):
    divisions = frames["division"].set_index("code")
    for code, people in {
        "370700": 9_386_705, "370702": 521_368, "370704": 361_737, "370781": 960_882, "370782": 1_078_178,
    }.items():  # fmt: skip
        assert divisions.loc[code, "population"] == people
    for code, share_60, share_65 in (
        ("370702", 16.48, 11.57), ("370704", 19.47, 13.89), ("370781", 22.85, 16.6), ("370782", 22.96, 16.71),
    ):  # fmt: skip
        row = divisions.loc[code]
        assert round(100 * row["aged_60"] / row["population"], 2) == share_60
        assert round(100 * row["aged_65"] / row["population"], 2) == share_65


@pytest.mark.parametrize("column", ["population", "aged_60", "aged_65", "aged_80"])
def test_people_add_up_from_villages_to_the_city(frames, column):
    divisions = frames["division"][frames["division"]["inside"]]
    villages = divisions[divisions["level"] == "village"]
    for level, key in (("town", "town_code"), ("county", "county_code")):
        sums = villages.groupby(key)[column].sum()
        upper = divisions[divisions["level"] == level].set_index("code")[column]
        assert (sums.reindex(upper.index) == upper).all()
    assert villages[column].sum() == divisions.set_index("code").loc["370700", column]


def test_shares_and_sizes_are_plausible(frames):
    divisions = frames["division"][frames["division"]["inside"]]
    city = divisions.set_index("code").loc["370700"]
    assert 22.5 <= 100 * city["aged_60"] / city["population"] <= 23.5
    assert 16.2 <= 100 * city["aged_65"] / city["population"] <= 16.8
    assert 3.1 <= 100 * city["aged_80"] / city["population"] <= 3.3
    counties = divisions[divisions["level"] == "county"]
    share = (100 * counties["aged_60"] / counties["population"]).astype(float).round(2)
    assert share.between(16, 24).all()
    villages = divisions[divisions["kind"] == "村委会"]["population"].astype(float)
    assert villages.between(60, 6_000).all()
    assert 860 <= villages.mean() <= 910
    communities = divisions[divisions["kind"] == "居委会"]["population"].astype(float)
    assert 6_600 <= communities.mean() <= 7_000
    assert (divisions["aged_65"] <= divisions["aged_60"]).all()
    assert (divisions["aged_80"] <= divisions["aged_65"]).all()


def test_weights_have_the_published_sums(frames):
    weights = frames["division_weight"]
    assert weights.groupby("key")["value"].sum().to_dict() == {
        "low_income": 72_553,
        "extreme_poverty": 30_292,
        "extreme_poverty_homes": 5_297,
        "orphan": 4_064,
        "monitored": 837_600,
        "aid_assistant": 8_226,
    }
    assert not weights.duplicated(["key", "code"]).any()
    assert set(weights["division_uuid"]) <= set(frames["division"]["uuid"])


@pytest.mark.parametrize(("day", "column"), [("2022-12-31", 0), ("2024-03-31", 1)])
def test_facilities_by_kind_and_day(frames, day, column):
    found = alive(frames["facility"], day)["kind"].value_counts()
    assert found.to_dict() == {kind: counts[column] for kind, counts in FACILITIES.items() if counts[column]}


def test_facilities_open_in_2024_without_mobile_point_and_singles(frames):
    open_now = alive(frames["facility"], "2024-03-31")
    singles = open_now["kind"].str.startswith("city_") | open_now["kind"].isin(["marriage_mobile", "county_aid_centre"])
    assert (~singles).sum() == 18_727


def test_beds_and_residents_of_2022(frames):
    found = alive(frames["facility"], "2022-12-31").groupby("kind")[["beds", "nursing_beds", "residents"]].sum()
    assert found.loc["eldercare_home"].tolist() == [29_812, 19_786, 11_094]
    assert found.loc["day_care", "beds"] == 3_310
    assert found.loc["rural_home", "beds"] == 11_470
    homes = frames["facility"].query("kind == 'eldercare_home'")
    assert homes["beds"].isna().sum() == 4
    assert homes["beds"].dropna().between(20, 800).all()
    known = homes[homes["beds"].notna()]
    assert (known["nursing_beds"] <= known["beds"]).all()
    assert (known["residents"] <= known["beds"]).all()


def test_facilities_stand_where_they_may(frames):
    facilities = frames["facility"]
    kind = frames["division"].set_index("code")["kind"]
    at = facilities["village_code"].map(kind)
    assert set(at[facilities["kind"] == "day_care"]) == {"居委会"}
    assert set(at[facilities["kind"] == "rural_home"]) == {"村委会"}
    assert facilities.loc[facilities["kind"] == "funeral_home", "county_code"].nunique() <= 10
    mobile = facilities[facilities["kind"] == "marriage_mobile"]
    assert mobile[["county_code", "opened"]].to_numpy().tolist() == [["370705", "2024-03-28"]]
    cemeteries = facilities[facilities["kind"] == "public_cemetery"]
    assert cemeteries["opened"].str.startswith("2022").sum() == 203
    assert set(facilities["kind"]) == set(frames["facility_kind"]["key"])


def test_lines_batches_and_tasks(frames):
    lines, tasks, batches = frames["boundary_line"], frames["inspection_task"], frames["inspection_batch"]
    assert lines["inner"].value_counts().to_dict() == {True: 25, False: 17}
    assert lines["length_m"][lines["inner"]].sum() / 1000 == pytest.approx(956.27, abs=0.01)
    assert lines["length_m"][~lines["inner"]].sum() / 1000 == pytest.approx(729.98, abs=0.01)
    assert frames["tripoint"]["inner"].value_counts().to_dict() == {False: 16, True: 14}
    assert set(lines["status"]) == {"derived"}
    assert batches["assumed"].all()
    rounds = batches[batches["kind"].notna()]  # of the plan: they are made up
    assert rounds["kind"].value_counts().to_dict() == {"regular": 2, "adhoc": 1}
    assert set(rounds["source"]) == {"synthetic"}
    tasks = tasks[~tasks["batch_uuid"].isin(rounds["uuid"])]
    year = tasks["batch_uuid"].map(batches.set_index("uuid")["year"])
    assert year.value_counts().to_dict() == {2022: 14, 2021: 14, 2020: 14}
    of_2022 = lines[lines["uuid"].isin(tasks["line_uuid"][year == 2022])]
    assert of_2022["inner"].sum() == 8
    theme = {"370302", "370781", "370724"}
    assert (of_2022["left_code"].isin(theme) & of_2022["right_code"].isin(theme)).sum() == 3


def test_traps_stand_side_by_side(frames):
    figures = frames["published_figure"]
    assert {61, 59} <= set(figures.loc[figures["subject"] == "街道", "value"])
    assert {7_056, 7_060, 7_084} == set(figures.loc[figures["subject"] == "村居合计", "value"])
    assert {120, 122} == set(figures.loc[figures["subject"] == "街道和镇合计", "value"])
    assert figures["source"].notna().all()


def test_the_seed_is_written_down():
    assert SEED == 370_700
