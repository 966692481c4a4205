"""The ministry's lookup over our register: what it finds, in which order, and what nobody may see there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.index import Index
from layers.placenames.divisiontree import UnknownDivision, prefix_of, province_name, tree
from layers.placenames.lookup import Asked, BadLookup, UnknownName, details, search
from layers.register import Register, create_register

FIELDS = {
    "id", "place_code", "standard_name", "roman_alphabet_spelling", "ethnic_minorities_writing", "place_type",
    "place_type_code", "province_name", "city_name", "area_name", "province", "city", "area", "gdm", "old_name",
    "place_origin", "place_meaning", "place_history", "government_history",
}  # fmt: skip


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with create_register(tmp_path / "r.gpkg") as made:
        yield made


def put(register: Register, table: str = "place", **values: object) -> str:
    if table == "place":
        values = {"geom": shapely.Point(119, 36.5), "county_code": "370781", **values}
    with register.writing() as connection:
        return register.insert(connection, table, values)


def found(register: Register, **asked: object) -> list[str]:
    return [one["standard_name"] for one in search(Index(register), Asked(**asked)).records]  # type: ignore[arg-type]


def test_exact_names_stand_before_beginnings_and_those_before_what_stands_inside(register: Register) -> None:
    for name in ("大王家庄", "王家庄村", "王家庄", "李家庄"):
        put(register, name=name)
    assert found(register, name="王家庄") == ["王家庄", "王家庄村", "大王家庄"]
    assert found(register, name="王家庄", exact=True) == ["王家庄"]
    assert found(register, name=" 王 家庄") == ["王家庄", "王家庄村", "大王家庄"]
    assert found(register, name="赵") == []
    assert found(register, name="庄\n王") == []
    assert len(found(register)) == 4


def test_classes_are_whole_or_begun(register: Register) -> None:
    put(register, name="甲", class_code="22200")
    put(register, name="乙", class_code="22210")
    put(register, name="丙")
    assert found(register, class_code="22200") == ["甲"]
    assert found(register, class_code="222") == ["甲", "乙"]
    assert found(register, class_code="9") == []


def test_a_division_is_meant_by_any_of_its_codes(register: Register) -> None:
    put(register, name="青州", town_code="370781001", village_code="370781001005")
    put(register, name="诸城", county_code="370782")
    put(register, name="无", county_code=None)
    for code in ("370781", "370781000000", "370781999", "370781001", "370781001000", "370781001005"):
        assert found(register, code=code) == ["青州"], code
    for code in ("37", "370000", "370700000000", "3707"):
        assert found(register, code=code) == ["青州", "诸城"], code
    assert found(register, code="370781002") == []
    assert found(register, code="0") == ["青州", "诸城", "无"]


def test_a_year_is_its_end(register: Register) -> None:
    put(register, name="新", valid_from="2021-06-01")
    put(register, name="旧", valid_to="2020-01-01")
    assert found(register, year=2019) == ["旧"]
    assert found(register, year=2020) == []
    assert found(register, year=2021) == ["新"]
    assert found(register) == found(register, year=2200) == ["新"]


def test_pages_share_all_records_out(index: Index) -> None:
    pages = [search(index, Asked(name="王家", page=page, size=7)) for page in range(1, 5)]
    whole = search(index, Asked(name="王家", size=100))
    ids = [one["id"] for page in pages for one in page.records]
    assert ids == [one["id"] for one in whole.records][: len(ids)]
    assert len(set(ids)) == len(ids) == 28
    assert {page.total for page in pages} == {whole.total}
    assert search(index, Asked(name="王家", page=10_000, size=100)).records == []


@pytest.mark.parametrize(
    "asked",
    [
        {"size": 0}, {"size": 101}, {"page": 0}, {"year": 1}, {"year": 99999}, {"code": "37x"}, {"code": "1" * 13},
        {"class_code": "类"}, {"name": "王" * 101},
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(BadLookup):
        Asked(**asked)  # type: ignore[arg-type]


def test_a_record_has_the_interfaces_fields(register: Register) -> None:
    put(register, "place_class", code="12100", title="河流")
    put(register, "division", code="370700", name="潍坊市", level="city", inside=True)
    put(register, "division", code="370781", name="青州市", level="county", inside=True)
    uuid = put(
        register, name="弥河", roman="Mí Hé", class_code="12100", place_code="37078100012100000001", origin="来",
        meaning="义", history="史", ethnic_name="ᠮᠢ", to_lon=119.5, to_lat=37.0, registered_by="某",
        national_id="ab12",
    )  # fmt: skip
    put(register, "place_name", place_uuid=uuid, name="巨洋水", kind="former")
    put(register, "place_name", place_uuid=uuid, name="弥水", kind="alias")
    put(register, "place_name", place_uuid=uuid, name="密名", kind="former", secrecy="secret")
    (record,) = search(Index(register), Asked(name="弥河")).records
    assert set(record) == FIELDS
    assert record["gdm"] == {"type": "MultiPoint", "coordinates": [[119.0, 36.5], [119.5, 37.0]]}
    assert (record["province_name"], record["city_name"], record["area_name"]) == ("山东省", "潍坊市", "青州市")
    assert (record["province"], record["city"], record["area"]) == ("370000", "370700", "370781")
    assert (record["place_type"], record["place_type_code"]) == ("河流", "12100")
    assert record["old_name"] == "巨洋水"
    assert (record["place_origin"], record["place_meaning"], record["place_history"]) == ("来", "义", "史")
    assert record["ethnic_minorities_writing"] == "ᠮᠢ"
    for given in (uuid, uuid.upper(), uuid.replace("-", ""), "ab12", f" {uuid} "):
        assert details(Index(register), given) == record


def test_texts_that_are_missing_are_empty_and_a_place_that_is_missing_is_null(register: Register) -> None:
    put(register, name="甲", geom=None, county_code=None)
    (record,) = search(Index(register), Asked()).records
    assert record["gdm"] is None
    assert {value for name, value in record.items() if name not in ("id", "standard_name", "gdm")} == {""}


def test_what_is_not_public_is_never_there(register: Register) -> None:
    hidden = [put(register, name="密", secrecy=word) for word in ("internal", "secret", "某级")]
    hidden.append(put(register, name="密", is_public=False, national_id="n1"))
    put(register, name="公开")
    index = Index(register)
    assert search(index, Asked()).total == 1
    assert search(index, Asked(name="密")).total == 0
    for given in (*hidden, "n1", "nothing", "0" * 32):
        with pytest.raises(UnknownName):
            details(index, given)


def test_an_answer_follows_each_change(register: Register) -> None:
    index = Index(register)
    uuid = put(register, name="甲庄", class_code="22200")
    assert search(index, Asked(name="甲")).total == 1
    with register.writing() as connection:
        register.update(connection, "place", uuid, {"name": "乙庄", "class_code": "22100"})
    assert search(index, Asked(name="甲")).total == 0
    assert search(index, Asked(name="乙", class_code="22100")).total == 1


def test_found_is_what_a_plain_comparison_finds(index: Index) -> None:
    columns = index.layer("place-names")
    names = columns["name"].values(np.arange(len(columns)))
    for word in ("村", "王家庄", "东", "路"):
        assert search(index, Asked(name=word)).total == sum(word in str(name) for name in names)


def test_an_answer_over_all_names_is_quick(index: Index) -> None:
    asked = [Asked(name=word, size=10, page=page) for word in ("村", "王家庄", "河", "", "东夏") for page in (1, 3)]
    search(index, asked[0])
    spent = []
    for one in asked * 4:
        begun = time.perf_counter()
        search(index, one)
        spent.append(time.perf_counter() - begun)
    assert float(np.quantile(spent, 0.95)) < 0.25  # 15 ms on an idle machine; tests share theirs


def test_the_tree_of_divisions(index: Index) -> None:
    root = tree(index, "", depth=3, trimmed=True)
    assert (root["code"], root["level"], [one["name"] for one in root["children"]]) == ("00", 0, ["山东省"])
    city = root["children"][0]["children"][0]
    assert (city["code"], city["name"], city["type"], city["level"]) == ("3707", "潍坊市", "地级市", 2)
    assert [one["code"] for one in city["children"]][:2] == ["370702", "370703"]
    assert len(city["children"]) == 12
    assert all(one["children"] == [] for one in city["children"])
    county = tree(index, "370781000000", depth=1, trimmed=False)
    assert (county["code"], county["level"]) == ("370781000000", 3)
    assert {len(one["code"]) for one in county["children"]} == {12}
    assert {one["level"] for one in county["children"]} == {4}
    assert sum(len(tree(index, one["code"], depth=1, trimmed=True)["children"]) for one in city["children"]) == 122
    with pytest.raises(UnknownDivision):
        tree(index, "11", depth=1, trimmed=True)


def test_a_province_that_the_register_has_is_taken_from_it(register: Register) -> None:
    put(register, "division", code="370000", name="山东", level="province", inside=True)
    put(register, "division", code="370783", name="寿光市", level="county", inside=True)
    (province,) = tree(Index(register), "", depth=2, trimmed=True)["children"]
    assert (province["name"], [one["name"] for one in province["children"]]) == ("山东", ["寿光市"])


def test_codes_are_whole_levels() -> None:
    assert prefix_of("100000") == "10"
    assert prefix_of("370700") == "3707"
    assert prefix_of("370710") == "370710"
    assert prefix_of("370702001000") == "370702001"
    assert province_name("370000") == "山东省"
    assert province_name("990000") == ""
