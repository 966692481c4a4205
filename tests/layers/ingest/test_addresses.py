"""Facilities are placed by their addresses, and what is doubtful is listed."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.measure import distance_m
from layers.access import ADMINISTRATOR, PUBLIC
from layers.index import Index
from layers.ingest.addresses import ACCURACIES, AddressBook, Addressed, place_by_address
from layers.register import create_register
from tests.postgis import PostGis, postgis

__all__ = ["postgis"]


@pytest.fixture(scope="session")
def book(index: Index) -> AddressBook:
    """The names of the demonstration."""
    return AddressBook.of(index, reader=ADMINISTRATOR)


@pytest.fixture(scope="session")
def facilities(index: Index) -> pd.DataFrame:
    """7,000 facilities of the demonstration, whose addresses are those of the villages that they stand in."""
    with index.held() as connection:
        frame = index.register.frame(connection, "facility")
    return frame.sample(7000, random_state=7).reset_index(drop=True)


def placed(address: str | None, book: AddressBook, **codes: Any) -> Addressed:
    """One address."""
    frame = pd.DataFrame({"address": [address], **{name: [code] for name, code in codes.items()}})
    return place_by_address(frame, names=book)


def errors_m(found: Addressed, frame: pd.DataFrame) -> Any:
    """How far from its true place each was put, NaN where it was not."""
    away = np.full(len(frame), np.nan)
    there = np.array([place is not None for place in found.geometry])
    true = frame["geom"].to_numpy(dtype=object)[there]
    mine = found.geometry[there]
    away[there] = distance_m(shapely.get_x(mine), shapely.get_y(mine), shapely.get_x(true), shapely.get_y(true))
    return away


@pytest.mark.parametrize(
    ("written", "right"),
    [
        (lambda address: address, 0.995),
        (lambda address: f"山东省潍坊市{address}村", 0.96),
        (lambda address: address.replace("街道", "街道办事处").replace("镇", "镇 "), 0.985),
        (lambda address: address.replace("青州市", "青州").replace("临朐县", "临朐") + "（原村委大院）", 0.995),
        (lambda address: f"{address}村委会院内", 0.95),
        (lambda address: f"{address}北首路西120米", 0.99),
    ],
)
def test_places_of_the_demonstration_are_found_again(
    written: Any, right: float, facilities: pd.DataFrame, book: AddressBook
) -> None:
    frame = pd.DataFrame({"address": [written(address) for address in facilities["address"]]})
    start = time.process_time()
    found = place_by_address(frame, names=book)
    took = time.process_time() - start
    assert took < 5.0
    assert np.mean(found.village == facilities["village_code"].to_numpy(dtype=object)) >= right
    assert np.mean(found.county == facilities["county_code"].to_numpy(dtype=object)) == 1.0
    away = errors_m(found, facilities)
    village = found.accuracy == "village"
    assert np.median(away[village]) < 300
    assert np.quantile(away[village], 0.9) < 1000
    # whoever was not placed by a village is on the list of the doubtful
    listed = {noted.row for noted in found.notes}
    assert set(np.flatnonzero(~np.isin(found.accuracy, ["village", "address"])).tolist()) <= listed
    assert all(noted.finding.severity == "warning" for noted in found.notes)


@pytest.mark.parametrize(
    ("address", "accuracy", "matched", "rules"),
    [
        ("青州市弥河镇上院村", "village", "上院村委会", []),
        ("山东省潍坊市青州市弥河镇上院村88号", "village", "上院村委会", []),
        ("青州市王府街道没有的村", "town", "王府街道", ["only-division"]),
        ("青州市王府街道", "town", "王府街道", ["only-division"]),
        ("临朐县", "county", "临朐县", ["only-division"]),
        ("青州市经济开发区内弥河镇上院村", "village", "上院村委会", []),
        ("城关街道", "unknown", "", ["several-places"]),
        ("火星一号坑", "unknown", "", ["address-unknown"]),
        ("潍坊市", "unknown", "", ["address-unknown"]),
        ("山东省济南市历下区", "unknown", "", ["address-unknown"]),
    ],
)
def test_how_exactly(address: str, accuracy: str, matched: str, rules: list[str], book: AddressBook) -> None:
    found = placed(address, book)
    assert (found.accuracy[0], found.matched[0]) == (accuracy, matched)
    assert [noted.finding.rule for noted in found.notes] == rules
    assert (found.geometry[0] is None) == (accuracy == "unknown")
    for noted in found.notes:
        assert noted.finding.message
        assert noted.finding.advice


def test_codes_say_where_an_address_leaves_it_open(book: AddressBook) -> None:
    found = placed("城关街道", book, county_code="370724")
    assert (found.accuracy[0], found.town[0]) == ("town", "370724001")
    found = placed("村北头", book, village_code="370781100273")
    assert (found.accuracy[0], found.village[0]) == ("village", "370781100273")
    found = placed("青州市弥河镇老学校", book, village_code="370781100273")
    assert (found.accuracy[0], found.village[0]) == ("village", "370781100273")


def test_an_address_in_another_county_than_the_record_says(book: AddressBook) -> None:
    found = placed("青州市弥河镇上院村", book, county_code="370724")
    assert found.county[0] == "370781"
    assert [noted.finding.rule for noted in found.notes] == ["other-county"]


def test_named_places_and_roads(own_index: Index) -> None:
    town = {"county_code": "370781", "town_code": "370781001"}
    rows = [
        {
            "name": "范公亭公园",
            "class_code": "25200",
            "major": "memorial",
            "geom": shapely.Point(118.46, 36.69),
            **town,
        },
        {
            "name": "王府花园小区",
            "class_code": "22100",
            "major": "settlement",
            "geom": shapely.Point(118.47, 36.70),
            **town,
        },
        {"name": "测试大街", "class_code": "23510", "major": "transport", "geom": shapely.Point(118.48, 36.70), **town},
        {
            "name": "双子小区",
            "class_code": "22100",
            "major": "settlement",
            "geom": shapely.Point(118.40, 36.70),
            **town,
        },
        {
            "name": "双子小区",
            "class_code": "22100",
            "major": "settlement",
            "geom": shapely.Point(118.48, 36.75),
            **town,
        },
    ]
    with own_index.register.writing(who="test", why="") as connection:
        uuids = [own_index.register.insert(connection, "place", row) for row in rows]
        own_index.register.insert(
            connection, "place_name", {"place_uuid": uuids[0], "name": "老人民公园", "kind": "former"}
        )
    book = AddressBook.of(own_index, reader=ADMINISTRATOR)
    assert AddressBook.of(own_index, reader=ADMINISTRATOR) is book
    for address in ("青州市王府街道王府花园小区3号楼", "青州市王府街道测试大街12号王府花园小区", "青州市王府花园小区"):
        found = placed(address, book)
        assert (found.accuracy[0], found.matched[0]) == ("address", "王府花园小区"), address
        assert found.geometry[0] == shapely.Point(118.47, 36.70)
        assert found.notes == []
    former = placed("青州市王府街道老人民公园东门", book)
    assert (former.accuracy[0], former.geometry[0]) == ("address", shapely.Point(118.46, 36.69))
    road = placed("青州市王府街道测试大街12号", book)
    assert (road.accuracy[0], road.matched[0]) == ("village", "测试大街")
    assert [noted.finding.rule for noted in road.notes] == ["road-alone"]
    # two of one name that lie apart say no more than the town
    twins = placed("青州市王府街道双子小区", book)
    assert (twins.accuracy[0], [noted.finding.rule for noted in twins.notes]) == ("town", ["several-places"])
    # a place of that name in another town of the county is another one
    other = placed("青州市弥河镇王府花园小区", book)
    assert other.accuracy[0] == "town"


def test_secret_places_place_nobody(own_index: Index) -> None:
    row = {"name": "秘密花园小区", "class_code": "22100", "geom": shapely.Point(118.47, 36.7), "county_code": "370781",
           "town_code": "370781001", "secrecy": "secret"}  # fmt: skip
    with own_index.register.writing(who="test", why="") as connection:
        own_index.register.insert(connection, "place", row)
    address = "青州市王府街道秘密花园小区"
    assert placed(address, AddressBook.of(own_index, reader=ADMINISTRATOR)).accuracy[0] == "address"
    assert placed(address, AddressBook.of(own_index, reader=PUBLIC)).accuracy[0] == "town"


def test_rows_without_an_address(book: AddressBook) -> None:
    found = place_by_address(pd.DataFrame({"address": [None, "", "临朐县"]}), names=book)
    assert found.accuracy.tolist() == [None, None, "county"]
    assert found.counts() == {"county": 1}
    assert [noted.row for noted in found.notes] == [2]
    assert len(place_by_address(pd.DataFrame({"address": []}), names=book).geometry) == 0


@settings(max_examples=200, deadline=None)
@given(
    parts=st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "山东省",
                    "潍坊",
                    "青州市",
                    "青州",
                    "王府街道",
                    "城关街道",
                    "弥河镇",
                    "上院村",
                    "路",
                    "12号",
                    "（",
                    ")",
                    "，",
                ]
            ),
            st.text(max_size=6),
        ),
        max_size=8,
    ),
    county=st.sampled_from([None, "370781", "370724", "999999", "x"]),
)
def test_no_address_is_too_odd(parts: list[str], county: str | None, book: AddressBook) -> None:
    found = placed("".join(parts), book, county_code=county)
    assert found.accuracy[0] in (None, *ACCURACIES)
    assert (found.geometry[0] is not None) == (found.accuracy[0] not in (None, "unknown"))


@pytest.mark.xdist_group("postgis")
def test_names_of_a_register_on_a_server(postgis: PostGis) -> None:
    with create_register(postgis.database("register")) as register:
        with register.writing(who="test", why="") as connection:
            county = {"code": "370781", "name": "青州市", "level": "county", "geom": shapely.Point(118.48, 36.68)}
            register.insert(connection, "division", county)
            place = {
                "name": "王府花园小区",
                "class_code": "22100",
                "county_code": "370781",
                "geom": shapely.Point(118.47, 36.7),
            }
            register.insert(connection, "place", place)
        book = AddressBook.of(register, reader=ADMINISTRATOR)
    assert placed("青州王府花园小区2号楼", book).accuracy[0] == "address"
