"""The public pages of place names: what they find and show, what they never show, and what machines read in them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient

from layers.index import Index
from layers.placenames.browsing import PUBLIC_FIELDS, Asked, BadBrowsing, browse
from layers.register import Register, create_register
from tests.web.people import Person
from web.app import create_app
from web.settings import Settings

INTERNAL = {
    "registered_by": "登记员甲", "registered_unit": "某某科室", "note": "内部备注语", "map_sheet": "J50E001",
    "national_id": "nat77",
       "measured_by": "surveyed", "registered_at": "2011-02-03", "survey_state": "corrected", "map_scale": "1:50001",
}  # fmt: skip


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with create_register(tmp_path / "r.gpkg") as made:
        with made.writing() as connection:
            made.insert(connection, "division", {"code": "370781", "name": "青州市", "level": "county", "inside": True})
            made.insert(connection, "place_class", {"code": "12100", "title": "河流", "major": "water"})
        yield made


def put(register: Register, table: str = "place", **values: object) -> str:
    if table == "place":
        values = {"geom": shapely.Point(118.5, 36.7), "county_code": "370781", "major": "water", **values}
    with register.writing() as connection:
        return register.insert(connection, table, values)


@pytest.fixture
def small(register: Register) -> Flask:
    return create_app(Settings(register=register.name))


def linked(page: str) -> Any:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_names_are_found_by_characters_pinyin_county_class_and_letter(client: FlaskClient) -> None:
    page = client.get("/names?q=%E4%B8%9C%E5%A4%8F%E9%95%87").text
    assert ">东夏镇</a>" in page
    for asked in ("q=dongxia", "q=D%C5%8Dng+xi%C3%A0", "q=DONGXIA&county=370781&letter=D"):
        assert ">东夏镇</a>" in client.get(f"/names?{asked}").text, asked
    assert ">东夏镇</a>" not in client.get("/names?q=dongxia&county=370702").text
    assert client.get("/names?class=water&letter=M").text.count("<li>") > 3


def test_pages_and_counts_fit_together(index: Index) -> None:
    whole = browse(index, Asked(county="370781", initial="D"))
    pages = [browse(index, Asked(county="370781", initial="D", page=page)) for page in range(1, whole.pages + 1)]
    uuids = [one.uuid for page in pages for one in page.names]
    assert len(uuids) == len(set(uuids)) == whole.total
    assert sum(whole.majors.values()) == whole.total
    assert whole.initials["D"] == whole.total
    assert whole.counties["370781"] == whole.total
    assert browse(index, Asked(county="370781", initial="D", page=10_000)).names == ()


@pytest.mark.parametrize("asked", ["page=0", "page=x", "letter=1", "letter=AB", f"q={'a' * 101}", "what=1"])
def test_what_is_no_question_is_an_error_page(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/names?{asked}").status_code == 400


def test_unknown_choices_find_nothing(client: FlaskClient) -> None:
    for asked in ("county=999999", "class=nothing", "q=%3Cb%3Ezzz"):
        answer = client.get(f"/names?{asked}")
        assert answer.status_code == 200
        assert "<ol" not in answer.text
        assert "<b>" not in answer.text


def test_the_letters_are_one_of_the_alphabet() -> None:
    with pytest.raises(BadBrowsing):
        Asked(initial="É")


def test_a_name_is_shown_with_all_that_is_public_and_nothing_else(register: Register, small: Flask) -> None:
    uuid = put(
        register, name="弥河<i>", roman="Mí Hé", class_code="12100", place_code="37078100012100000001",
        origin="来自古名", meaning="水大", history="不详", attributes={"length_km": 206}, named_in="汉代",
        **INTERNAL,
    )  # fmt: skip
    put(register, "place_name", place_uuid=uuid, name="巨洋水", kind="former")
    put(register, "place_name", place_uuid=uuid, name="密称", kind="alias", secrecy="internal")
    put(register, "article", place_uuid=uuid, title="弥河的故事", summary="从前", state="published", geom=None)
    put(register, "article", place_uuid=uuid, title="没写完的", state="draft", geom=None)
    put(
        register,
        "medium",
        owner="place",
        owner_uuid=uuid,
        sha256="a" * 64,
        kind="image",
        mime="image/jpeg",
        title="河景",
    )
    put(
        register, "medium", owner="place", owner_uuid=uuid, sha256="b" * 64, kind="image", title="密图", is_public=False
    )
    answer = small.test_client().get(f"/names/{uuid}")
    page = answer.text
    for words in (
        "弥河&lt;i&gt;",
        "Mí Hé",
        "河流",
        "青州市",
        "来自古名",
        "水大",
        "206 km",
        "汉代",
        "巨洋水",
        "弥河的故事",
        "河景",
        "a" * 64,
    ):
        assert words in page, words
    for words in ("密称", "没写完的", "密图", "b" * 64, *INTERNAL.values()):
        assert words not in page, words
    assert not set(INTERNAL) & set(PUBLIC_FIELDS)
    assert f'<link rel="canonical" href="http://localhost/names/{uuid}">' in page
    assert unescape(re.search(r'<meta name="DC.title" content="([^"]*)"', page)[1]) == "弥河<i>"  # type: ignore[index]
    data = linked(page)
    assert (data["@type"], data["name"], data["@id"]) == ("Place", "弥河<i>", f"http://localhost/names/{uuid}")
    assert data["geo"] == {"@type": "GeoCoordinates", "longitude": 118.5, "latitude": 36.7}
    assert "巨洋水" in data["alternateName"]
    assert "密称" not in data["alternateName"]


def test_whoever_asks_is_shown_the_same(register: Register, small: Flask) -> None:
    secret = put(register, name="密河", secrecy="secret")
    open_ = put(register, name="明河", note="内部备注语")
    person = Person(small, "admin", ("administrator",))
    assert person.get(f"/names/{secret}").status_code == 404
    assert "密河" not in person.get("/names").text
    assert "内部备注语" not in person.get(f"/names/{open_}").text


def test_a_register_without_anything_has_a_page(tmp_path: Path) -> None:
    create_register(tmp_path / "empty.gpkg").close()
    client = create_app(Settings(register=str(tmp_path / "empty.gpkg"))).test_client()
    for asked in ("", "?q=a", "?q=%E7%8E%8B", "?letter=A"):
        assert client.get(f"/names{asked}").status_code == 200
    assert client.get("/names/nothing").status_code == 404


def test_pages_are_quick_and_not_sent_again(client: FlaskClient) -> None:
    client.get("/names?q=wang")
    spent = []
    for address in ("/names", "/names?q=%E6%9D%91&page=3", "/names?q=wang") * 3:
        begun = time.perf_counter()
        answer = client.get(address)
        spent.append(time.perf_counter() - begun)
    assert sorted(spent)[len(spent) // 2] < 0.4  # 20 ms on an idle machine; tests share theirs
    again = client.get("/names?q=wang", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(("language", "words"), [("en", "Place names"), ("zh", "地名")])
def test_the_pages_stand_in_both_languages(client: FlaskClient, language: str, words: str) -> None:
    assert words in client.get(f"/names?lang={language}").text
