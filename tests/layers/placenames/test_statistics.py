"""Figures of the place names against plain counting, and what the form's free texts say of years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
import shapely
from sqlalchemy import insert

from layers import days
from layers.access import PUBLIC, Reader
from layers.index import Index
from layers.office import open_office
from layers.office.findings import CHECK_DAY
from layers.placenames.naming import PERIODS, period_of, year_of
from layers.placenames.statistics import Course, findings_over_time, statistics
from layers.placenames.statisticsbook import write_statistics
from layers.provenance import about
from layers.register import Register, create_register

CLERK = Reader(frozenset({"clerk"}))


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with create_register(tmp_path / "r.gpkg") as made:
        with made.writing() as connection:
            for code, name in (("370781", "青州市"), ("370782", "诸城市")):
                made.insert(connection, "division", {"code": code, "name": name, "level": "county", "inside": True})
        yield made


def put(register: Register, table: str = "place", **values: object) -> str:
    if table == "place":
        values = {"geom": shapely.Point(118.5, 36.7), "county_code": "370781", "major": "water", **values}
    with register.writing() as connection:
        return register.insert(connection, table, values)


def test_the_figures_are_those_of_plain_counting(index: Index) -> None:
    found = statistics(index, reader=PUBLIC)
    with index.held() as connection:
        frame = index.register.frame(
            connection, "place",
            columns=["uuid", "major", "class_code", "county_code", "town_code", "generic", "origin", "abolished"],
        )  # fmt: skip
    assert found.total == len(frame) == 51_991
    assert {one.key: one.count for one in found.majors} == Counter(frame["major"])
    assert {one.key: one.count for one in found.classes} == Counter(frame["class_code"].dropna())
    assert {code: count for code, _, _, count in found.towns} == Counter(frame["town_code"].dropna())
    counties = Counter(frame["county_code"].dropna())
    assert {one.key: one.count for one in found.counties} == {code: counties[code] for code in counties}
    for one, line in zip(found.counties, found.matrix, strict=True):
        of_county = Counter(frame.loc[frame["county_code"] == one.key, "major"])
        assert dict(zip((major.key for major in found.majors), line, strict=True)) == {
            major.key: of_county[major.key] for major in found.majors
        }
    generics = Counter(word for word in frame["generic"].dropna() if word)
    assert [one.count for one in found.generics] == sorted(generics.values(), reverse=True)[: len(found.generics)]
    for one, line in zip(found.generics, found.generics_by_county, strict=False):
        assert sum(line) <= one.count == generics[one.key]
    full = {one.key: one for one in found.full}
    assert full["origin"].unknown == int((frame["origin"] == "不详").sum())
    assert full["abolished"].unknown == int((frame["abolished"] == "不详").sum())
    for one in found.full:
        assert one.filled + one.unknown + one.empty == found.total
    assert sum(one.count for one in found.periods) == found.total


def test_what_is_not_seen_is_not_counted(register: Register) -> None:
    uuid = put(register, name="甲", generic="河", meaning="不详", named_in="1958年")
    put(register, name="乙", generic="河", secrecy="internal", established="清代")
    put_name = {"place_uuid": uuid, "name": "别", "kind": "alias"}
    put(register, "place_name", **put_name, secrecy="secret")
    index = Index(register)
    public, clerk = statistics(index, reader=PUBLIC), statistics(index, reader=CLERK)
    assert (public.total, clerk.total) == (1, 2)
    assert [one.count for one in public.generics] == [1]
    assert {one.key: one.count for one in public.periods if one.count} == {"1949": 1}
    assert {one.key: one.count for one in clerk.periods if one.count} == {"1949": 1, "qing": 1}
    full = {one.key: one for one in clerk.full}
    assert (full["names:alias"].filled, full["meaning"].unknown, full["meaning"].empty) == (0, 1, 1)
    put(register, "place_name", **put_name)
    assert {one.key: one.filled for one in statistics(index, reader=PUBLIC).full}["names:alias"] == 1


def test_figures_follow_each_change(register: Register) -> None:
    index = Index(register)
    assert statistics(index, reader=PUBLIC).total == 0
    uuid = put(register, name="甲", origin="古名")
    before = statistics(index, reader=PUBLIC)
    assert (before.total, {one.key: one.filled for one in before.full}["origin"]) == (1, 1)
    with register.writing() as connection:
        register.update(connection, "place", uuid, {"origin": "不详"})
    assert {one.key: one.unknown for one in statistics(index, reader=PUBLIC).full}["origin"] == 1


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1985年", 1985), ("1958", 1958), ("1958.3", 1958), ("1958年3月", 1958), ("1980年代", 1980),
        ("２００１年", 2001), ("20世纪80年代", 1980), ("18世纪", 1700),
        ("19世纪末", 1890), ("一九八五年", 1985), ("公元前221年", -221),
        ("清康熙三年", 1664), ("清光绪元年", 1875), ("明洪武二十年", 1387), ("明洪武", 1368), ("康熙年间", 1662),
        ("民国二十三年", 1934), ("民国23年", 1934), ("民国时期", 1912), ("元代", 1271), ("东汉", 25), ("建国后", 1949),
        ("康熙九十年", 1662), ("不详", None), ("", None), ("很早", None), ("第9999号", None), ("12345", None),
    ],
)  # fmt: skip
def test_free_texts_are_years(text: str, year: int | None) -> None:
    assert year_of(text) == year


def test_periods_follow_one_another_without_a_gap() -> None:
    for one, other in pairwise(PERIODS):
        assert one.last is not None
        assert one.last + 1 == other.first
    assert [period_of(year) for year in (-500, 1367, 1368, 1911, 1949, 2026, None)] == [
        "early", "song-yuan", "ming", "qing", "1949", "2010", "",
    ]  # fmt: skip


def test_findings_are_counted_day_by_day_for_who_may_see_them(tmp_path: Path) -> None:
    with open_office(str(tmp_path / "office.sqlite")) as office:
        with office.writing() as connection:
            for day, rule, severity, county, count in (
                ("2026-01-01", "a", "error", "370781", 5), ("2026-01-01", "a", "error", "370782", 2),
                ("2026-01-03", "a", "error", "370781", 1), ("2026-01-03", "b", "warning", "", 4),
            ):  # fmt: skip
                row = {"day": day, "rule": rule, "severity": severity, "county": county, "count": count}
                connection.execute(insert(CHECK_DAY), row)
        course = findings_over_time(office, reader=CLERK)
        assert course.days == ("2026-01-01", "2026-01-03")
        assert course.severities == {"error": (7, 1), "warning": (0, 4), "info": (0, 0)}
        assert course.rules == {"a": (7, 1), "b": (0, 4)}
        within = findings_over_time(office, reader=Reader(frozenset({"clerk"}), frozenset({"370782"})))
        assert within.rules == {"a": (2,)}
        assert findings_over_time(office, reader=PUBLIC).days == ()


def test_the_workbook_has_every_table(index: Index, tmp_path: Path) -> None:
    found = statistics(index, reader=PUBLIC)
    path = tmp_path / "figures.xlsx"
    write_statistics(found, Course((), {}, {}), path, about=about(index, day=days.today(), language="zh"))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:3] == ["概要", "按类别", "按县和大类"]
    sheet = book["按县和大类"]
    assert [cell.value for cell in sheet[2]][:2] == [found.counties[0].title_zh, found.counties[0].count]
    assert sheet.max_row == len(found.counties) + 1
    assert book["字段完整率"].max_row == len(found.full) + 1
    book.close()
