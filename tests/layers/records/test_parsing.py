"""Texts become the register's values; what cannot be understood is told, cell by cell, and nothing raises."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.catalogue import LAYERS
from layers.index import Index
from layers.records import parse, record_fields
from layers.records.parsing import UnknownField
from layers.register import TABLES


def one(layer: str, name: str, value: Any) -> tuple[Any, list[str]]:
    """What a single cell becomes, and the rules that it breaks."""
    cell = pd.Series([None], dtype=object)
    cell.iat[0] = value
    parsed = parse(layer, pd.DataFrame({name: cell}))
    found = parsed.frame[name].iloc[0]
    missing = found is None or (not isinstance(found, (list, dict)) and pd.isna(found))
    return (None if missing else found), [noted.finding.rule for noted in parsed.notes]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1250", 1250), ("1,250", 1250), ("１２５０", 1250), ("１，２５０", 1250), (" 35 ", 35), ("120张", 120),
        ("120床", 120), ("120.0", 120), (120.0, 120), (7, 7), ("-3", -3), ("−3", -3),
        ("1 250", 1250), ("1E+3", 1000), ("+5", 5),
    ],
)  # fmt: skip
def test_whole_numbers(text: Any, number: int) -> None:
    assert one("facilities", "beds", text) == (number, [])


@pytest.mark.parametrize(
    "text",
    ["约120", "120余", "12.5", "abc", "1,25", "１２。５", "99999999999999999999", float("inf"), "nan", "1e400", "0x10"],
)
def test_what_is_no_whole_number_is_told(text: Any) -> None:
    assert one("facilities", "beds", text) == (None, ["not-a-whole-number"])


@pytest.mark.parametrize(
    ("text", "number"),
    [("12.5", 12.5), ("12.5米", 12.5), ("12.5m", 12.5), ("-0.5", -0.5), (".5", 0.5), ("1,234.5", 1234.5)],
)
def test_numbers(text: str, number: float) -> None:
    assert one("stakes", "height_m", text) == (number, [])


@pytest.mark.parametrize("text", ["12.5.1", "十二", "inf", "-nan", "1e999", "12,5"])
def test_what_is_no_number_is_told(text: str) -> None:
    assert one("stakes", "height_m", text) == (None, ["not-a-number"])


@pytest.mark.parametrize(
    "text",
    [
        "2022-12-31", "2022/12/31", "2022.12.31", "2022年12月31日", "2022 年 12 月 31 日", "20221231",
        "２０２２－１２－３１", "2022-12-31 00:00:00",
        "2022-12-31T08:30:00Z", "2022-12-31T00:00:00.000+08:00", 44926, 44926.0, "44926",
        20221231, 20221231.0, " 2022/12/31 ", "2022年12月31日 8:05", "44926.5",
    ],
)  # fmt: skip
def test_days_in_all_usual_forms(text: Any) -> None:
    assert one("facilities", "opened", text) == ("2022-12-31", [])


def test_days_without_leading_zeros_and_long_ago() -> None:
    assert one("facilities", "opened", "2022/1/3") == ("2022-01-03", [])
    assert one("facilities", "opened", "0618-01-01") == ("0618-01-01", [])


@pytest.mark.parametrize("text", ["2022", "2022年", "2022-12", "2022年12月", 2022, "2022.5"])
def test_a_year_or_month_is_no_day(text: Any) -> None:
    assert one("facilities", "opened", text) == (None, ["day-incomplete"])


@pytest.mark.parametrize(
    "text", ["2022-02-30", "2022-13-01", "31/12/2022", "民国时期", "20221301", "2022-12-31x", "99", "-1"]
)
def test_what_is_no_day_is_told(text: str) -> None:
    assert one("facilities", "opened", text) == (None, ["not-a-day"])


@pytest.mark.parametrize(
    ("text", "flag"),
    [("是", True), ("否", False), ("T", True), ("f", False), ("1", True), (0, False), (1.0, True), ("有", True),
     ("无", False), ("TRUE", True), ("Ｙ", True), (True, True), (np.True_, True)],
)  # fmt: skip
def test_flags(text: Any, flag: bool) -> None:
    assert one("boundary-lines", "disputed", text) == (flag, [])


def test_what_is_neither_yes_nor_no_is_told() -> None:
    assert one("boundary-lines", "disputed", "可能") == (None, ["not-yes-or-no"])


@pytest.mark.parametrize(
    ("text", "code"),
    [("370781", "370781"), ("370781.0", "370781"), (370781, "370781"), (370781.0, "370781"), ("３７０７８１", "370781"),
     (" 370 781 ", "370781"), ("'370781", "370781"), ("3.70781E+05", "370781"), ("０２０３", "0203"), ("007", "007")],
)  # fmt: skip
def test_codes(text: Any, code: str) -> None:
    assert one("place-names", "county_code", text) == (code, [])


@pytest.mark.parametrize("text", ["3.7E+19", 3.7078100122200e19, "3.70781E+19", "3.7e5"])
def test_a_code_that_lost_digits_is_told(text: Any) -> None:
    found, rules = one("place-names", "place_code", text)
    assert found is not None
    assert rules == ["code-as-number"]


def test_choices_keep_a_word_that_is_none() -> None:
    assert one("facilities", "kind", "敬老院") == ("eldercare_home", [])
    assert one("facilities", "kind", " Eldercare Institutions ") == ("eldercare_home", [])
    assert one("facilities", "kind", "游泳馆") == ("游泳馆", ["not-a-choice"])


@pytest.mark.parametrize("text", ["a\x00b", "a\x07", "\ud800", "a\u200bb", "a\x85b", "\ufeffa b\ufeffc"])
def test_control_characters_are_told_and_the_text_stays(text: str) -> None:
    found, rules = one("place-names", "name", text)
    assert rules == ["control-character"]
    assert found == text.strip()


def test_texts_are_trimmed_and_may_have_lines() -> None:
    assert one("place-names", "history", "  第一行\n第二行\t尾 \n") == ("第一行\n第二行\t尾", [])
    assert one("place-names", "history", "　　") == (None, [])
    assert one("place-names", "name", 12.0) == ("12", [])


def test_an_empty_text_among_sound_ones_is_missing() -> None:
    found = parse(
        "place-names", pd.DataFrame({"name": ["甲", "", "乙"], "county_code": ["370781", "", "370702"]})
    ).frame
    assert found["name"].isna().tolist() == found["county_code"].isna().tolist() == [False, True, False]


def test_what_is_too_long_is_told() -> None:
    assert one("place-names", "established", "民" * 21)[1] == ["too-long"]
    assert one("place-names", "established", "民" * 20)[1] == []


def test_permanent_ids() -> None:
    uuid = "00000000-0000-4000-8000-00000000000a"
    assert one("place-names", "uuid", "{" + uuid + "}") == (uuid, [])
    assert one("place-names", "uuid", "17")[1] == ["not-an-id"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02T03:04:05.678Z",
        "2026/01/02 03:04:05.678+00",
        "2026-01-02 11:04:05.678+08:00",
        "2026-01-02 03:04:05.678",
    ],
)
def test_moments_are_utc(text: str) -> None:
    assert one("place-names", "changed", text) == ("2026-01-02T03:04:05.678Z", [])


@pytest.mark.parametrize("text", ["[" * 100_000, "{", "NaN", "[1, Infinity]"])
def test_what_is_no_json_stays_a_text(text: str) -> None:
    found, rules = one("stakes", "reference_features", text)
    assert (found, rules) == (text, ["not-json"])


def test_dashes_for_nothing_are_said_once() -> None:
    parsed = parse("facilities", pd.DataFrame({"beds": ["12", "—", "/", "—"], "name": ["甲", "-", "丙", "丁"]}))
    assert parsed.frame["beds"].tolist() == [12, pd.NA, pd.NA, pd.NA]
    assert parsed.frame["name"].tolist()[1] == "-"
    assert [(noted.row, noted.finding.rule, noted.finding.params["count"]) for noted in parsed.notes] == [
        (None, "dash-for-empty", 3)
    ]


def test_all_faults_of_all_rows_are_told() -> None:
    frame = pd.DataFrame({"beds": ["x", "1", "y"], "opened": ["2022", "2022-02-30", ""], "kind": ["a", "养老院", "b"]})
    parsed = parse("facilities", frame)
    found = [(noted.row, noted.field, noted.value) for noted in parsed.notes]
    assert found == [(0, "beds", "x"), (0, "opened", "2022"), (0, "kind", "a"), (1, "opened", "2022-02-30"),
                     (2, "beds", "y"), (2, "kind", "b")]  # fmt: skip
    for noted in parsed.notes:
        assert noted.finding.message
        assert noted.finding.advice % noted.finding.params


def test_columns_in_words_and_places_stay() -> None:
    frame = gpd.GeoDataFrame({"@division": [" 青州市 "]}, geometry=gpd.points_from_xy([118.5], [36.7], crs=4490))
    frame = frame.rename_geometry("geom")
    parsed = parse("place-names", frame).frame
    assert parsed["@division"].tolist() == ["青州市"]
    assert parsed["geom"].iloc[0].x == 118.5


def test_a_field_that_there_is_not_is_the_caller_s_mistake() -> None:
    with pytest.raises(UnknownField, match="altitude"):
        parse("place-names", pd.DataFrame({"altitude": ["1"]}))


def test_empty_tables() -> None:
    parsed = parse("place-names", pd.DataFrame({"name": pd.Series([], dtype="str")}))
    assert len(parsed.frame) == 0
    assert str(parsed.frame["name"].dtype) == "str"


ANY = st.one_of(
    st.none(), st.text(max_size=30), st.floats(), st.integers(-(2**70), 2**70), st.booleans(), st.just(pd.NA),
    st.sampled_from(["2022-12-31", "1,2", "44926", "是", "-", "1e400", "\ud800", "９" * 30, "{}", "99999-1-1"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(layer=st.sampled_from(sorted(LAYERS)), cells=st.lists(ANY, min_size=1, max_size=6))
def test_parse_never_raises_for_what_a_cell_says(layer: str, cells: list[Any]) -> None:
    column = pd.Series([None] * len(cells), dtype=object)
    for row, cell in enumerate(cells):
        column.iat[row] = cell
    frame = pd.DataFrame({field.name: column for field in record_fields(layer)})
    parsed = parse(layer, frame)
    assert len(parsed.frame) == len(cells)
    assert all(noted.row is None or 0 <= noted.row < len(cells) for noted in parsed.notes)


def _text(value: Any) -> str | None:
    if value is None or (not isinstance(value, (list, dict)) and pd.isna(value)):
        return None
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return repr(value) if isinstance(value, float) else str(value)


@pytest.mark.parametrize("key", LAYERS)
def test_every_value_of_the_demonstration_comes_back_from_its_text(key: str, index: Index) -> None:
    with index.held() as connection:
        frame = pd.DataFrame(index.register.frame(connection, LAYERS[key].table)).head(3000)
    names = [field.name for field in record_fields(key) if field.stored]
    texts = pd.DataFrame(
        {name: pd.Series([_text(value) for value in frame[name].tolist()], dtype="str") for name in names}
    )
    parsed = parse(key, texts)
    assert parsed.notes == []
    for name in names:
        assert str(parsed.frame[name].dtype) == str(frame[name].dtype), name
        assert [_text(value) for value in parsed.frame[name].tolist()] == [
            _text(value) or None for value in frame[name].tolist()
        ], name


VALUES = {
    "int": st.integers(-(2**62), 2**62),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "bool": st.booleans(),
    "date": st.dates().map(str),
    "datetime": st.datetimes(min_value=dt.datetime(1000, 1, 1)).map(  # noqa: DTZ001 - years of three digits have no ISO text here
        lambda when: when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"
    ),
}


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_typed_value_comes_back_from_its_text(data: st.DataObject) -> None:
    layer = data.draw(st.sampled_from(sorted(LAYERS)))
    field = data.draw(st.sampled_from([one for one in record_fields(layer) if one.type in VALUES]))
    value = data.draw(VALUES[field.type])
    parsed = parse(layer, pd.DataFrame({field.name: pd.Series([_text(value)], dtype="str")}))
    assert parsed.notes == []
    assert parsed.frame[field.name].iloc[0] == value


def test_dtypes_are_those_that_the_register_takes(own_register: Any) -> None:
    frame = pd.DataFrame(
        {
            "name": ["甲养老院"],
            "kind": ["养老院"],
            "beds": ["１２"],
            "opened": ["2022年1月3日"],
            "is_public": ["是"],
            "county_code": [370781.0],
        }
    )
    parsed = parse("facilities", frame)
    with own_register.writing(who="test", why="") as connection:
        uuid = own_register.insert(connection, "facility", parsed.frame.iloc[0].to_dict())
        row = own_register.frame(connection, "facility", uuids=[uuid]).iloc[0]
    assert (row["kind"], row["beds"], row["opened"], row["county_code"]) == (
        "eldercare_home",
        12,
        "2022-01-03",
        "370781",
    )
    assert set(parsed.frame.columns) <= set(TABLES["facility"].columns.keys())


def test_the_far_end_of_a_place_is_read_as_forms_write_it() -> None:
    lons, lats = ["119°06′00.00″", "119.25", "-", "abc"], ["36-30-00", "36.5", None, "95"]
    texts = pd.DataFrame({"to_lon": lons, "to_lat": lats})
    parsed = parse("place-names", texts)
    assert parsed.frame["to_lon"].tolist()[:2] == [119.1, 119.25]
    assert parsed.frame["to_lat"].tolist()[:2] == [36.5, 36.5]
    assert np.isnan(parsed.frame["to_lon"].tolist()[2:]).all()
    errors = [(note.row, note.field, note.finding.rule) for note in parsed.notes if note.finding.severity == "error"]
    assert errors == [(3, "to_lon", "not-an-angle")]  # a latitude of 95 is a number; its range is the rules' matter
