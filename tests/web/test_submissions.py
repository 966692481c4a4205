"""Submissions over HTTP: handed in, drawn, judged, returned, handed in again; who may, what clashes, the sheet."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask

from layers.placenames import findings
from tests.web.people import Person
from web.app import create_app
from web.settings import Settings

COUNTY = "370781"


@pytest.fixture(scope="module")
def app(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    path = tmp_path_factory.mktemp("submissions") / "own.gpkg"
    subprocess.run(["cp", str(demonstration), str(path)], check=True)
    app = create_app(Settings(register=str(path)))
    service = app.extensions["dijie"]
    unchecked = Person(app, "early", ("reviewer",)).get(f"/api/submissions/outlook?county={COUNTY}")
    assert unchecked.get_json() == {"needs_check": True}
    findings.check_all(service.index, service.office)
    return app


@pytest.fixture
def clerk(app: Flask) -> Person:
    return Person(app, "liu", ("clerk",), scope=frozenset({COUNTY}))


@pytest.fixture
def city(app: Flask) -> Person:
    return Person(app, "wang", ("reviewer",))


def say(person: Person, address: str, status: int = 200, method: str = "POST", **body: Any) -> Any:
    answer = person.send(f"{address}?lang=en", method=method, json=body)
    assert answer.status_code == status, answer.text
    return answer.get_json()


def test_the_whole_way_round(app: Flask, clerk: Person, city: Person) -> None:
    empty = clerk.get("/submissions?lang=en").text
    assert "Nothing has been submitted yet." in empty
    assert empty.count("<option") == 1, "a clerk of one county has that one to choose"
    outlook = clerk.get(f"/api/submissions/outlook?county={COUNTY}&majors=water,memorial").get_json()
    assert outlook["records"] > 200
    body = {"county": COUNTY, "majors": ["water", "memorial"], "remark": "第一轮"}
    if outlook["errors"]:
        refused = say(clerk, "/api/submissions", 409, **body)
        assert (refused["code"], str(outlook["errors"]) in refused["detail"]) == ("errors-open", True)
    made = say(clerk, "/api/submissions", 201, reason="名称待上级核定", **body)
    assert (made["state"], made["round"], made["records"]) == ("submitted", 1, outlook["records"])
    assert made["actions"] == []
    one = f"/api/submissions/{made['uuid']}"
    assert say(clerk, "/api/submissions", 409, reason="x", **body)["code"] == "submission-open"
    assert "waits for the city" in clerk.get(f"/submissions/{made['uuid']}?lang=en").text

    # the city draws, and each record has its values
    assert city.get(one).get_json()["actions"] == ["draw", "return"]
    drawn = say(city, f"{one}/draw", version=1, number=40, seed=20261128)
    assert (drawn["size"], drawn["seed"], drawn["limit"], drawn["state"]) == (40, 20261128, 3, "sampling")
    assert sum(row["drawn"] for row in drawn["strata"]) == 40
    assert sum(row["records"] for row in drawn["strata"]) == outlook["records"]
    sample = city.get(one).get_json()["sample"]
    assert [row["position"] for row in sample] == list(range(1, 41))
    record = city.get(f"{one}/sample/1?lang=en").get_json()
    assert {"Standard name", "Place on the map"} <= {value["title"] for value in record["values"]}
    page = city.get(f"/submissions/{made['uuid']}?lang=en").text
    assert page.count('class="sub-row"') == 40
    assert f'href="/workbench/{sample[0]["place"]}"' in page

    # the county sees none of it yet
    hidden = clerk.get(one).get_json()
    assert (hidden["sample"], hidden["results"]) == (None, None)
    assert clerk.get(f"{one}/sample/1").status_code == 404
    assert clerk.get(f"{one}/sheet.xlsx").status_code == 404
    assert "sees it when it is decided" in clerk.get(f"/submissions/{made['uuid']}?lang=en").text
    assert say(clerk, f"{one}/sample/1", 403, "PUT", verdict="right", edition=0)["code"] == "not-allowed"

    # judged; a verdict that somebody else has seen differently clashes
    for row in sample:
        wrong = {"fields": ["roman"], "remark": "声调"} if row["position"] <= 2 else {}
        answer = say(
            city, f"{one}/sample/{row['position']}", 200, "PUT", verdict="wrong" if wrong else "right", edition=0,
            **wrong,
        )  # fmt: skip
    assert answer["results"]["complete"]
    assert (answer["results"]["wrong"], answer["results"]["share_text"]) == (2, "5.0%")
    assert answer["results"]["interval_text"] == "0.6% – 16.9%"
    assert not answer["results"]["within"]
    assert say(city, f"{one}/sample/1", 409, "PUT", verdict="right", edition=0)["code"] == "submission-conflict"
    assert say(city, f"{one}/accept", 409, version=drawn["version"], remark="")["code"] == "submission-conflict"
    assert say(city, f"{one}/accept", 409, version=answer["version"], remark="")["code"] == "above-limit"
    assert say(city, f"{one}/return", 400, version=answer["version"], remark="")["code"] == "bad-submission"
    done = say(city, f"{one}/return", version=answer["version"], remark="拼写请复核")
    assert (done["state"], done["decision"], done["actions"]) == ("returned", "拼写请复核", [])

    # the county mends one of the two, and sees which
    after = clerk.get(one).get_json()["sample"]
    assert [row["position"] for row in after if row["verdict"] == "wrong"] == [1, 2]
    first = after[0]["place"]
    version = clerk.get(f"/api/features/place-names/{first}").get_json()["properties"]["version"]
    draft = {"values": {"roman": "Xīn Míng"}, "version": version}
    assert clerk.send(f"/api/records/place-names/{first}", method="PUT", json=draft).status_code == 200
    assert [row["mended"] for row in clerk.get(one).get_json()["sample"][:3]] == [True, False, None]
    page = clerk.get(f"/submissions/{made['uuid']}?lang=en").text
    assert "2 records are wrong; of these 1 are not changed yet." in page
    assert f"/submissions?county={COUNTY}&amp;majors=memorial,water" in page or "majors=water,memorial" in page
    again = say(clerk, "/api/submissions", 201, reason="名称待上级核定", **body)
    assert (again["round"], again["before"]) == (2, made["uuid"])
    listed = clerk.get("/api/submissions").get_json()
    assert [each["number"] for each in listed["submissions"]] == [again["number"], made["number"]]

    # the sheet says the same
    book = openpyxl.load_workbook(io.BytesIO(clerk.get(f"{one}/sheet.xlsx?lang=zh").data))
    assert book.sheetnames == ["抽查表", "抽查结果"]
    rows = list(book["抽查表"].iter_rows(values_only=True))
    assert rows[0][0] == "青州市地名成果抽查表"
    assert made["number"] in rows[1][0]
    assert "合成" in rows[1][0]
    assert rows[2][:3] == ("序号", "标准名称", "罗马字母拼写")
    assert [row[0] for row in rows[3:43]] == list(range(1, 41))
    assert (rows[3][9:12], rows[5][9]) == (("错误", "罗马字母拼写", "声调"), "正确")
    assert any(row[0] == "县级负责人（签字）：" for row in rows[43:])
    results = list(book["抽查结果"].iter_rows(values_only=True))
    total = next(row for row in results if row[0] == "合计")
    assert total[1:5] == (outlook["records"], 40, 2, 0.05)
    english = openpyxl.load_workbook(io.BytesIO(city.get(f"{one}/sheet.xlsx?lang=en").data))
    assert english.sheetnames == ["Sample", "Results"]


@pytest.mark.parametrize(
    ("address", "method", "body"),
    [
        ("", "POST", []),
        ("", "POST", {"county": 3}),
        ("", "POST", {"county": COUNTY, "majors": "water"}),
        ("", "POST", {"county": COUNTY, "majors": ["sea"]}),
        ("", "POST", {"county": COUNTY, "colour": "red"}),
        ("/draw", "POST", {}),
        ("/draw", "POST", {"version": 1, "share": True}),
        ("/draw", "POST", {"version": 1, "share": 0}),
        ("/draw", "POST", {"version": 1, "number": 1.5}),
        ("/draw", "POST", {"version": 1, "seed": -1}),
        ("/sample/1", "PUT", {"verdict": "right"}),
        ("/sample/1", "PUT", {"verdict": "right", "edition": 0, "fields": "name"}),
        ("/return", "POST", {"version": "1", "remark": "x"}),
    ],
)
def test_what_says_nothing_sensible(app: Flask, city: Person, address: str, method: str, body: Any) -> None:
    one = "/none" if address else ""
    if address:
        other = Person(app, "chen", ("reviewer",))
        found = other.get("/api/submissions").get_json()["submissions"]
        waiting = [each for each in found if each["county"] == "370724" and each["state"] == "submitted"]
        made = waiting[0] if waiting else say(other, "/api/submissions", 201, county="370724", reason="x")
        one = f"/{made['uuid']}"
    answer = city.send(f"/api/submissions{one}{address}", method=method, json=body)
    assert answer.status_code == 400, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["detail"]


def test_who_may_come_here(app: Flask, clerk: Person) -> None:
    made = say(Person(app, "xu", ("reviewer",)), "/api/submissions", 201, county="370702", reason="x")
    addresses = ("/submissions", f"/submissions/{made['uuid']}", "/api/submissions", f"/api/submissions/{made['uuid']}")
    for name, roles, status in (
        ("pla", ("planner",), 403), ("vie", ("viewer",), 403), ("rev", ("reviewer",), 200),
        ("adm", ("administrator",), 200),
    ):  # fmt: skip
        person = Person(app, name, roles)
        assert [person.get(address).status_code for address in addresses] == [status] * 4, name
        assert ("/submissions" in person.get("/jobs").text) == (status == 200)
    assert [clerk.get(address).status_code for address in addresses] == [200, 404, 200, 404]
    assert app.test_client().get("/api/submissions").status_code == 401
    assert clerk.get("/api/submissions/outlook?county=370702").status_code == 403
    assert clerk.get("/api/submissions/%00").status_code == 400
    assert clerk.get(f"/api/submissions/{made['uuid']}/sample/99999999999999999999").status_code == 404
