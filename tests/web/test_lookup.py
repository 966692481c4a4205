"""The addresses of the ministry's lookup: how programs send their question, and what they are told when it is none."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
import shapely
from flask.testing import FlaskClient

from layers.register import create_register
from tests.web.people import Person
from web.app import create_app
from web.settings import Settings


@pytest.mark.parametrize("front", ["", "/9095"])
def test_a_question_is_the_same_however_it_is_sent(client: FlaskClient, front: str) -> None:
    asked = {
        "stName": "王家庄",
        "placeTypeCode": "22200",
        "searchType": "模糊",
        "code": "370781",
        "page": "1",
        "size": "5",
    }
    address = f"{front}/stname/listPub"
    by_address = client.get(f"{address}?{urlencode(asked)}").json
    assert by_address is not None
    assert set(by_address) == {"total", "records"}
    assert by_address["total"] > 0
    assert by_address["records"][0]["area_name"] == "青州市"
    assert client.post(address, data=asked).json == by_address
    assert client.post(address, json={**asked, "page": 1, "size": 5, "year": None}).json == by_address
    assert client.post(f"{address}?{urlencode(asked)}").json == by_address


def test_what_other_programs_send_beside_is_not_looked_at(client: FlaskClient) -> None:
    sent = {
        "type": "place", "stName": "东夏", "placeTypeCode": "", "placeTypeCodeLen": "0", "code": "",
        "adminCodeLen": "0", "year": "2022", "searchType": "模糊", "page": "1", "size": "10",
    }  # fmt: skip
    answer = client.post("/stname/listPub", data=sent, headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 200
    assert answer.json is not None
    assert "东夏" in answer.json["records"][0]["standard_name"]


@pytest.mark.parametrize(("word", "total"), [("精确", 1), ("exact", 1), ("1", 1), ("模糊", 2), ("0", 2), ("", 2)])
def test_how_a_name_is_to_match(tmp_path: Path, word: str, total: int) -> None:
    with create_register(tmp_path / "r.gpkg") as register, register.writing() as connection:
        for name in ("弥河", "弥河大桥"):
            register.insert(connection, "place", {"name": name, "geom": shapely.Point(119, 36)})
    client = create_app(Settings(register=str(tmp_path / "r.gpkg"))).test_client()
    answer = client.get(f"/stname/listPub?{urlencode({'stName': '弥河', 'searchType': word})}").json
    assert answer is not None
    assert answer["total"] == total


@pytest.mark.parametrize(
    "asked",
    [
        "size=101", "size=0", "size=-1", "size=x", "page=0", "page=1.5", "page=99999999999", "year=20", "code=abc",
        "searchType=maybe", "placeTypeCode=%E7%B1%BB", f"stName={'a' * 101}", "size=%D9%A1",
    ],
)  # fmt: skip
def test_a_wrong_question_is_told_in_the_interfaces_own_shape(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/stname/listPub?{asked}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/json"
    assert answer.json is not None
    assert (answer.json["status"], answer.json["total"], answer.json["records"]) == (400, 0, [])
    assert answer.json["message"]


def test_a_body_that_is_no_json_is_told_so(client: FlaskClient) -> None:
    for body in ("{", "[1]", '"a"'):
        answer = client.post("/stname/listPub", data=body, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json is not None
        assert answer.json["records"] == []


def test_details_of_what_a_search_has_found(client: FlaskClient) -> None:
    found = client.get("/stname/listPub?stName=%E6%BD%8D%E5%9D%8A%E5%B8%82&searchType=%E7%B2%BE%E7%A1%AE").json
    assert found is not None
    record = found["records"][0]
    assert client.get(f"/stname/detailsPub?id={record['id']}").json == record
    assert client.post("/9095/stname/detailsPub", json={"id": record["id"]}).json == record
    assert client.post("/stname/detailsPub", data={"id": record["id"]}).json == record
    for asked, status in (("", 400), ("?id=", 400), ("?id=nobody", 404)):
        answer = client.get(f"/stname/detailsPub{asked}")
        assert answer.status_code == status
        assert answer.json is not None
        assert answer.json["data"] is None


def test_divisions_by_level_and_by_number_of_levels(client: FlaskClient) -> None:
    root = client.get("/xzqh/getList?code=0&trimCode=true&maxLevel=3").json
    assert root is not None
    assert (root["status"], root["data"]["code"], root["total"]) == (200, "00", 15)
    assert len(root["data"]["children"][0]["children"][0]["children"]) == 12
    towns = client.get("/xzqh/getList?code=370781&trimCode=true&maxLevel=4").json
    assert towns is not None
    assert {len(one["code"]) for one in towns["data"]["children"]} == {9}
    beneath = client.get("/9095/xzqh/getList?code=370700000000&maxLevel=2").json
    assert beneath is not None
    assert beneath["data"]["children"][0]["code"] == "370702000000"
    assert beneath["data"]["children"][0]["children"][0]["level"] == 4
    alone = client.get("/9095/xzqh/getList?code=370700000000&maxLevel=0").json
    assert alone is not None
    assert (alone["total"], alone["data"]["children"]) == (1, [])
    for asked, status in (("code=99", 404), ("maxLevel=5", 400), ("maxLevel=x", 400), ("code=a", 400)):
        answer = client.get(f"/xzqh/getList?{asked}")
        assert answer.status_code == status
        assert answer.json is not None
        assert (answer.json["status"], answer.json["data"]) == (status, None)


def test_whoever_asks_is_shown_what_is_public(tmp_path: Path) -> None:
    with create_register(tmp_path / "r.gpkg") as register, register.writing() as connection:
        secret = register.insert(
            connection, "place", {"name": "秘密地", "geom": shapely.Point(119, 36), "secrecy": "secret"}
        )
        register.insert(connection, "place", {"name": "公开地", "geom": shapely.Point(119, 36)})
    app = create_app(Settings(register=str(tmp_path / "r.gpkg")))
    administrator = Person(app, "admin", ("administrator",))
    for address in ("/stname/listPub", "/stname/listPub?stName=%E5%9C%B0"):
        assert [one["standard_name"] for one in administrator.get(address).json["records"]] == ["公开地"]
    assert administrator.get(f"/stname/detailsPub?id={secret}").status_code == 404
    assert administrator.get(f"/api/features/place-names/{secret}").status_code == 200


def test_where_nothing_is_public_programs_are_told_so(tmp_path: Path) -> None:
    create_register(tmp_path / "r.gpkg").close()
    client = create_app(Settings(register=str(tmp_path / "r.gpkg"), public=False)).test_client()
    answer = client.get("/stname/listPub")
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["records"] == []
