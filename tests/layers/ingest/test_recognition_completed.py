"""What follows from what a file says: codes from words and places, classes, parts of names, lines of stakes."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from layers.access import ADMINISTRATOR
from layers.index import Index
from layers.ingest.completion import Completed, completed
from layers.records import SUBJECTS, Context, check, parse

QINGZHOU = shapely.Point(118.48, 36.69)


@pytest.fixture(scope="session")
def context(index: Index) -> Context:
    """What the demonstration's records are checked against."""
    return Context.of(index, reader=ADMINISTRATOR)


def filled(subject: str, record: dict[str, Any], context: Context) -> Completed:
    """One row of a file, completed."""
    values = dict(record)
    place = values.pop("geom", None)
    texts = pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in values.items()})
    parsed = parse(SUBJECTS[subject].layer, texts)
    assert parsed.notes == []
    frame = parsed.frame
    if place is not None:
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([place], crs=4490)).rename_geometry("geom")
    return completed(subject, frame, context=context)


def row(result: Completed) -> dict[str, Any]:
    """Its values, without those that are missing."""
    return {str(name): value for name, value in result.frame.iloc[0].to_dict().items() if not _missing(value)}


def _missing(value: Any) -> bool:
    return value is None or (not isinstance(value, shapely.Geometry) and pd.isna(value))


def rules(result: Completed) -> list[tuple[str, str]]:
    """What was noted."""
    return [(noted.finding.severity, noted.finding.rule) for noted in result.notes]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ({"@division": "山东省潍坊市青州市王府街道"}, ("370781", "370781001", None)),
        ({"@division": "青州市弥河镇上院村"}, ("370781", "370781100", "370781100273")),
        ({"@division:county": "青州", "@division:town": "弥河镇", "@division:village": "上院"},
         ("370781", "370781100", "370781100273")),
        ({"@division:province": "山东省", "@division:city": "潍坊市", "@division:county": "临朐县"},
         ("370724", None, None)),
        ({"@division:county": "370781"}, ("370781", None, None)),
        ({"@division:county": "青州市", "@division": "山东省潍坊市青州市王府街道"}, ("370781", "370781001", None)),
    ],
)  # fmt: skip
def test_divisions_in_words(words: dict[str, str], codes: tuple[Any, ...], context: Context) -> None:
    result = filled("facilities", {"name": "上院幸福院", "kind": "幸福院", **words}, context)
    found = row(result)
    assert tuple(found.get(name) for name in ("county_code", "town_code", "village_code")) == codes
    assert result.notes == []
    assert "county_code" not in result.derived
    assert not [name for name in result.frame.columns if str(name).startswith("@")]


@pytest.mark.parametrize(
    ("word", "rule"),
    [
        ("城关街道", ("error", "division-ambiguous")),
        ("火星市", ("error", "division-unknown")),
        ("青州市没有街道", ("warning", "division-partly")),
        ("青州市、临朐县", ("info", "several-divisions")),
    ],
)
def test_divisions_that_are_not_clear_are_named(word: str, rule: tuple[str, str], context: Context) -> None:
    result = filled("facilities", {"name": "甲幸福院", "kind": "幸福院", "@division": word}, context)
    assert rules(result) == [rule]
    for noted in result.notes:
        assert noted.finding.message
        assert noted.finding.advice % noted.finding.params


def test_a_code_goes_before_words_and_tells_the_divisions_above(context: Context) -> None:
    result = filled("facilities", {"name": "甲", "kind": "幸福院", "village_code": "370781100273"}, context)
    found = row(result)
    assert (found["county_code"], found["town_code"]) == ("370781", "370781100")
    assert result.derived["county_code"].tolist() == [True]
    assert result.derived["town_code"].tolist() == [True]


def test_the_county_of_a_place_is_taken_and_said(context: Context) -> None:
    result = filled("facilities", {"name": "甲", "kind": "幸福院", "geom": QINGZHOU}, context)
    assert row(result)["county_code"] == "370781"
    assert rules(result) == [("info", "county-from-place")]
    assert result.derived["county_code"].tolist() == [True]
    given = filled("facilities", {"name": "甲", "kind": "幸福院", "county_code": "370724", "geom": QINGZHOU}, context)
    assert row(given)["county_code"] == "370724"
    assert given.derived == {}


@pytest.mark.parametrize(
    ("word", "code", "major"),
    [
        ("行政区域>县级行政区", "21400", "division"), ("水库", "24230", "hydraulic"), ("24230", "24230", "hydraulic"),
        ("居民点>农村居民点", "22200", "settlement"), ("陆地水系", None, "water"), ("park", "25200", "memorial"),
        ("交通运输设施＞桥梁", "23610", "transport"),
    ],
)  # fmt: skip
def test_classes_in_words(word: str, code: str | None, major: str, context: Context) -> None:
    result = filled("place-names", {"name": "东夏水库", "@class": word, "geom": QINGZHOU}, context)
    assert (row(result).get("class_code"), row(result)["major"]) == (code, major)
    assert "class_code" not in result.derived


def test_a_class_that_nobody_knows_is_told_once(context: Context) -> None:
    result = filled("place-names", {"name": "东夏水库", "@class": "外星基地"}, context)
    assert rules(result) == [("warning", "class-unknown")]


def test_a_place_name_made_whole_stands(context: Context) -> None:
    record = {"name": "东夏水库", "place_code": "37078100124230000001", "geom": shapely.Point(118.48, 36.69, 12.0)}
    result = filled("place-names", record, context)
    found = row(result)
    assert found["geom"] == QINGZHOU
    assert not found["geom"].has_z
    assert {name: found[name] for name in ("specific", "generic", "roman", "class_code", "major", "county_code")} == {
        "specific": "东夏", "generic": "水库", "roman": "Dōngxià Shuǐkù", "class_code": "24230", "major": "hydraulic",
        "county_code": "370781",
    }  # fmt: skip
    assert set(result.derived) >= {"specific", "generic", "roman", "class_code", "major", "county_code", "rank"}
    assert check("place-names", result.frame, context=context) == []


def test_further_names(context: Context) -> None:
    record = {"name": "东夏水库", "@name:alias": "夏湖、东湖；夏湖", "@name:former": "无"}
    names = filled("place-names", record, context).names
    assert names["alias"].tolist() == [("夏湖", "东湖")]
    assert names["former"].tolist() == [()]


def test_the_kind_of_a_facility_from_its_name(context: Context) -> None:
    result = filled(
        "facilities", {"name": "弥河镇上院村农村幸福院", "geom": QINGZHOU, "county_code": "370781"}, context
    )
    assert row(result)["kind"] == "rural_home"
    assert result.derived["kind"].tolist() == [True]
    assert rules(result) == [("info", "kind-from-name")]
    assert "kind" not in row(filled("facilities", {"name": "上院服务中心"}, context))


def test_population_by_names(context: Context) -> None:
    assert row(filled("population", {"name": "青州市", "population": "1"}, context))["code"] == "370781"
    by_county = {"name": "城关街道", "@division:county": "临朐县", "population": "1"}
    assert row(filled("population", by_county, context))["code"] == "370724001"
    assert rules(filled("population", {"name": "城关街道", "population": "1"}, context)) == [
        ("error", "division-ambiguous")
    ]


def test_a_new_division_by_its_code(context: Context) -> None:
    result = filled("divisions", {"code": "370781188", "name": "新镇"}, context)
    found = row(result)
    assert {name: found[name] for name in ("level", "parent_code", "county_code", "kind", "inside")} == {
        "level": "town", "parent_code": "370781", "county_code": "370781", "kind": "镇", "inside": True
    }  # fmt: skip
    assert check("divisions", result.frame, context=context) == []


@pytest.mark.parametrize(
    "record",
    [{"number": "2481007A"}, {"number": "2481007A", "@line": "2481"}, {"number": "2481007A", "@line": "青州市—临朐县"}],
)
def test_stakes_by_their_number_or_line(record: dict[str, Any], context: Context) -> None:
    line = next(line for line in context.lines.values() if line.code == "2481")
    record = {**record, **({"@line": line.name} if "@line" in record and record["@line"] != "2481" else {})}
    found = row(filled("stakes", record, context))
    assert (found["line_uuid"], found["serial"], found["type_letter"], found["kind"]) == (line.uuid, 7, "A", "double")


def test_a_stake_of_an_unknown_line(context: Context) -> None:
    assert rules(filled("stakes", {"number": "2481007A", "@line": "9999"}, context)) == [("error", "unknown-line")]


def test_a_line_in_pieces_that_join_is_one(context: Context) -> None:
    pieces = shapely.MultiLineString([[(118.4, 36.4), (118.5, 36.5)], [(118.5, 36.5), (118.6, 36.5)]])
    result = filled("lines", {"code": "2481", "left_code": "370724", "right_code": "370781", "geom": pieces}, context)
    found = row(result)
    assert found["geom"].geom_type == "LineString"
    assert (found["left_name"], found["right_name"]) == ("临朐县", "青州市")
    assert found["length_m"] == pytest.approx(23_230, abs=200)
    apart = shapely.MultiLineString([[(118.4, 36.4), (118.5, 36.5)], [(118.7, 36.5), (118.8, 36.5)]])
    kept = row(filled("lines", {"code": "2481", "geom": apart}, context))
    assert kept["geom"].geom_type == "MultiLineString"


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_demonstration_is_whole_but_for_what_it_leaves_empty(subject: str, index: Index, context: Context) -> None:
    with index.held() as connection:
        frame = index.register.frame(connection, SUBJECTS[subject].table).head(2000)
    given = frame[[field.name for field in SUBJECTS[subject].fields if field.stored] + ["geom"]]
    result = completed(subject, given, context=context)
    assert [noted for noted in result.notes if noted.finding.severity != "info"] == []
    for name in given.columns:
        if name != "geom":
            there = given[name].notna().to_numpy() & (given[name].astype(object) != "").to_numpy()
            assert str(result.frame[name].dtype) == str(given[name].dtype), name
            assert given[name][there].tolist() == result.frame[name][there].tolist(), name


def test_an_empty_file(context: Context) -> None:
    frame = parse("facilities", pd.DataFrame({"name": pd.Series([], dtype="str")})).frame
    result = completed("facilities", frame, context=context)
    assert len(result.frame) == 0
    assert result.notes == []
