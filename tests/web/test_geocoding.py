"""Addresses to places over HTTP."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

ADDRESS = "青州市弥河镇上院村"
VILLAGE = "370781100273"


def asked(client: FlaskClient, **parameters: Any) -> Any:
    answer = client.get("/api/geocode", query_string=parameters, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_one_text(client: FlaskClient) -> None:
    found = asked(client, text=ADDRESS)
    assert (found["accuracy"], found["doubtful"], found["findings"]) == ("village", False, [])
    match = found["match"]
    assert (match["name"], match["village"], match["layer"], match["score"]) == (
        "上院村委会", VILLAGE, "divisions", 1.0,
    )  # fmt: skip
    assert match["path"] == ["青州市", "弥河镇", "上院村委会"]
    feature = client.get(f"/api/features/divisions/{match['uuid']}").get_json()
    assert feature["geometry"]["coordinates"] == pytest.approx([match["lon"], match["lat"]], abs=1e-6)


def test_what_is_open_has_no_place_but_alternatives(client: FlaskClient) -> None:
    found = asked(client, text="王家庄村")
    assert (found["match"], found["accuracy"], found["doubtful"]) == (None, "unknown", True)
    assert 2 <= len(found["alternatives"]) <= 5
    assert found["findings"][0]["rule"] == "several-places"
    assert "may be" in found["findings"][0]["message"]
    assert len(asked(client, text="王家庄村", limit=2)["alternatives"]) == 2
    assert asked(client, text="王家庄村", limit=0)["alternatives"] == []
    other = found["alternatives"][1]
    near = asked(client, text="王家庄村", near=f"{other['lon']},{other['lat']}")
    assert (near["match"]["uuid"], near["doubtful"]) == (other["uuid"], True)
    assert asked(client, text="城关街道", county="370724")["match"]["town"] == "370724001"


def test_many_texts(client: FlaskClient) -> None:
    texts = [ADDRESS, "", "城关街道", "火星一号坑"]
    answer = client.post("/api/geocode?limit=1", json=texts, headers={"Accept-Language": "zh"})
    assert answer.status_code == 200
    found = answer.get_json()
    assert [one["text"] for one in found["answers"]] == texts
    assert [one["accuracy"] for one in found["answers"]] == ["village", "unknown", "unknown", "unknown"]
    assert (found["counts"], found["doubtful"]) == ({"village": 1, "unknown": 3}, 3)
    assert found["answers"][0]["match"] == asked(client, text=ADDRESS)["match"]
    assert client.post("/api/geocode", json=[]).get_json()["answers"] == []


@pytest.mark.parametrize(
    ("method", "address", "body", "status", "code"),
    [
        ("get", "/api/geocode?text=a&nears=1", None, 400, "bad-parameter"),
        ("get", "/api/geocode?text=a&near=1", None, 400, "bad-parameter"),
        ("get", "/api/geocode?text=a&near=200,10", None, 400, "bad-parameter"),
        ("get", "/api/geocode?text=a&near=nan,10", None, 400, "bad-parameter"),
        ("get", "/api/geocode?text=a&limit=6", None, 400, "bad-parameter"),
        ("get", "/api/geocode?text=a&limit=-1", None, 400, "bad-parameter"),
        ("get", "/api/geocode?text=a&county=999999", None, 400, "bad-parameter"),
        ("get", "/api/geocode?text=%00", None, 400, "bad-address-sign"),
        ("post", "/api/geocode", {"a": 1}, 400, "bad-texts"),
        ("post", "/api/geocode", ["a", 1], 400, "bad-texts"),
        ("post", "/api/geocode", "a", 400, "bad-texts"),
        ("post", "/api/geocode", ["a"] * 1001, 413, "too-many-texts"),
        ("post", "/api/geocode.xlsx", ["a"], 400, "bad-texts"),
        ("post", "/api/geocode.xlsx", {"texts": ["a"], "chosen": {"7": "x"}}, 400, "bad-texts"),
        ("post", "/api/geocode.xlsx", {"texts": ["a"], "chosen": ["x"]}, 400, "bad-texts"),
        ("post", "/api/geocode.docx", {"texts": ["a"]}, 400, "unknown-table-ending"),
    ],
)
def test_what_is_wrong_is_said(
    method: str, address: str, body: Any, status: int, code: str, client: FlaskClient
) -> None:
    answer = client.get(address) if method == "get" else client.post(address, json=body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.get_json()["code"] == code
    assert answer.get_json()["detail"]


def test_a_body_that_is_no_json(client: FlaskClient) -> None:
    answer = client.post("/api/geocode", data="[", content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "not-json")


@pytest.mark.parametrize("text", ["'; DROP TABLE place; --", "<script>", "%s %(x)s", "😀", "青" * 5000])
def test_hostile_texts_get_an_answer(text: str, client: FlaskClient) -> None:
    answer = client.post("/api/geocode", json=[text])
    assert answer.status_code == 200
    assert answer.get_json()["answers"][0]["accuracy"] == "unknown"


def test_the_table_has_what_was_chosen(client: FlaskClient) -> None:
    texts = [ADDRESS, "城关街道"]
    other = asked(client, text="城关街道")["alternatives"][1]
    body = {"texts": texts, "chosen": {"1": other["uuid"]}}
    answer = client.post("/api/geocode.csv", json=body, headers={"Accept-Language": "zh"})
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["地址"] for row in rows] == texts
    assert [row["匹配名称"] for row in rows] == ["上院村委会", "城关街道"]
    assert float(rows[1]["经度"]) == pytest.approx(other["lon"])
    book = openpyxl.load_workbook(io.BytesIO(client.post("/api/geocode.xlsx", json=body).data))
    assert book.worksheets[0].max_row == 3
    features = json.loads(client.post("/api/geocode.geojson", json=body).data)["features"]
    assert features[1]["geometry"]["coordinates"] == pytest.approx([other["lon"], other["lat"]])


@pytest.mark.parametrize(("language", "words"), [("zh", "青州市"), ("en", "Find addresses")])
def test_the_page(language: str, words: str, client: FlaskClient) -> None:
    answer = client.get("/geocode", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert words in answer.text
    assert "黄岛区" not in answer.text  # a neighbour is no county of the city
    assert " style=" not in answer.text
