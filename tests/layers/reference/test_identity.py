"""The same seed gives the same register; identifiers and codes are what they should be."""

from __future__ import annotations

import hashlib
import uuid

import numpy as np
import pandas as pd
import pytest
import shapely

from gis.toponym import romanize
from layers.reference.demonstration import build
from layers.reference.demonstration.identity import Chance, uuid_of
from layers.register import TABLES

pytestmark = pytest.mark.xdist_group("demonstration")


def digest(frame):
    plain = pd.DataFrame(frame.drop(columns="geom", errors="ignore"))
    for name in {"reference_features", "sources", "lead_surveyors", "partner_surveyors"} & set(plain):
        plain[name] = plain[name].map(repr)
    found = hashlib.sha256(pd.util.hash_pandas_object(plain, index=False).to_numpy().tobytes())
    if "geom" in frame:
        found.update(b"".join(shapely.to_wkb(np.asarray(frame["geom"].values))))
    return found.hexdigest()


def test_two_builds_are_equal(frames):
    again = build()
    assert {name: digest(frame) for name, frame in again.items()} == {n: digest(f) for n, f in frames.items()}


def test_another_seed_draws_otherwise():
    assert Chance(1).stream("villages").random() != Chance(2).stream("villages").random()


def test_columns_are_the_registers(frames):
    for name, frame in frames.items():
        wanted = [c.name for c in TABLES[name].columns if c.name not in {"fid", "version", "changed"}]
        assert sorted(frame.columns) == sorted(wanted), name
        if "geom" in frame:
            assert frame.crs.to_epsg() == 4490
            assert set(frame.geom_type.str.upper()) == {TABLES[name].info["geometry"]}
    assert set(frames) == set(TABLES) - {"change_log"}
    assert frames["medium"].empty  # what an office alone fills


def test_uuids_are_of_version_5_and_unique(frames):
    everything = pd.concat([frame["uuid"] for frame in frames.values()])
    assert everything.is_unique
    assert all(uuid.UUID(text).version == 5 for text in everything.iloc[::500])
    assert uuid_of("place", "a") == str(uuid.uuid5(uuid.UUID("5d1b1b5e8c0e5f0a9a70370700370700"), "place/a"))


def test_place_codes_agree_with_division_and_class(made):
    places, flaws = made.frames["place"], made.flaws
    formed = places[~places["uuid"].isin(flaws.loc[flaws["rule"].isin(["code-missing", "code-form"]), "uuid"])]
    assert formed["place_code"].str.fullmatch(r"\d{20}").all()
    own = formed[~formed["uuid"].isin(flaws.loc[flaws["rule"] == "code-duplicate", "uuid"])]
    assert own["place_code"].is_unique
    wrong = flaws.loc[flaws["rule"].isin(["code-division", "code-class"]), "uuid"]
    clean = formed[formed["town_code"].notna() & ~formed["uuid"].isin(wrong)]
    expected = clean["county_code"] + clean["town_code"].str[6:9] + clean["class_code"]
    assert (clean["place_code"].str[:14] == expected).all()
    assert set(places["class_code"]) <= set(made.frames["place_class"]["code"])


def test_pinyin_is_the_toponyms(made):
    places = made.frames["place"]
    sample = places[places["major"] == "committee"].iloc[::97]
    assert [romanize(n, generic=g) for n, g in zip(sample["name"], sample["generic"], strict=True)] == list(
        sample["roman"]
    )


def test_ranks_thin_labels(frames):
    places = frames["place"]
    assert places.set_index("name").loc["潍坊市", "rank"] == 0
    assert set(places.loc[places["class_code"] == "21400", "rank"]) == {1}
    assert set(places.loc[places["class_code"] == "21500", "rank"]) == {2}
    committees = places.loc[places["major"] == "committee", "rank"]
    assert committees.max() < places.loc[places["class_code"] == "22200", "rank"].min()
    assert places["rank"].between(0, 9).all()


def test_references_point_somewhere(made, frames):
    codes = set(frames["division"]["code"])
    unknown = set(made.flaws.query("rule == 'division-unknown'")["uuid"])
    for table in ("place", "facility"):
        rows = frames[table][~frames[table]["uuid"].isin(unknown)]
        for column in ("county_code", "town_code", "village_code"):
            assert set(rows[column].dropna()) <= codes
    for table in ("place_sign", "article"):
        assert set(frames[table]["place_uuid"]) <= set(frames["place"]["uuid"])
    assert set(frames["place_name"]["place_uuid"]) <= set(frames["place"]["uuid"])
    kinds = frames["place_name"]["kind"].value_counts()
    assert set(kinds.index) == {"alias", "abbreviation", "former"}


def test_synthetic_rows_say_so(frames):
    assert frames["article"]["title"].str.startswith("示例").all()
    assert frames["article"]["body"].str.contains("没有", regex=False).all()
    for table in (
        "article",
        "place_sign",
        "stake",
        "boundary_point",
        "place_line",
        "place_area",
        "place_name",
        "facility",
        "division_weight",
    ):
        assert set(frames[table]["source"]) == {"synthetic"}, table
    villages = frames["division"].query("level == 'village'")
    assert set(villages["position_source"]) == {"synthetic"}
    assert set(villages["population_source"]) == {"synthetic"}
