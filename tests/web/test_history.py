"""The page of changes, the same as JSON, and taking changes back over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from layers.access import LOCAL_EDITOR
from layers.editing import Draft, change
from tests.web.people import Person
from web.app import create_app
from web.service import Service
from web.settings import Settings


@pytest.fixture
def app(own_path: Path) -> Flask:
    return create_app(Settings(register=str(own_path)))


@pytest.fixture
def facility(app: Flask) -> str:
    return str(index_of(app).layer("facilities").uuid[0])


def index_of(app: Flask):
    service: Service = app.extensions["dijie"]
    return service.index


def test_page_and_json(app: Flask, facility: str) -> None:
    change(
        index_of(app),
        "facilities",
        facility,
        Draft({"beds": "77", "note": "<b>注</b>"}, version=1, why="查实<i>"),
        editor=LOCAL_EDITOR("anna"),
    )
    clerk = Person(app, "clerk", ("clerk",))
    page = clerk.get(f"/history/facilities/{facility}?lang=zh").text
    assert "<del>" in page
    assert "77 张" in page
    assert "&lt;b&gt;注&lt;/b&gt;" in page
    assert "查实&lt;i&gt;" in page
    listed = clerk.get("/api/history?layer=facilities&limit=1&lang=en").get_json()
    (entry,) = listed["entries"]
    assert entry["who"] == "anna"
    assert {field["name"]: field["after"] for field in entry["fields"]}["beds"] == "77"
    assert not entry["undoable"]  # another's change asks for a reviewer
    assert listed["following"] == entry["seq"]
    reviewer = Person(app, "reviewer", ("reviewer",))
    assert reviewer.get("/api/history?limit=1").get_json()["entries"][0]["undoable"]
    assert clerk.send(f"/api/history/{entry['seq']}/undo").status_code == 403
    assert reviewer.send(f"/api/history/{entry['seq']}/undo", json={"why": "错了"}).get_json()["changes"] == 1
    last = reviewer.get("/api/history?limit=1").get_json()["entries"][0]
    assert last["why"] == "错了"


def test_a_clash_is_told_field_by_field(app: Flask, facility: str) -> None:
    reviewer = Person(app, "reviewer", ("reviewer",))
    for version, beds in ((1, "10"), (2, "20")):
        answer = reviewer.send(
            f"/api/records/facilities/{facility}", method="PUT", json={"values": {"beds": beds}, "version": version}
        )
        assert answer.status_code == 200, answer.text
    first = reviewer.get(f"/api/history?uuid={facility}").get_json()["entries"][1]["seq"]
    answer = reviewer.send(f"/api/history/{first}/undo")
    assert answer.status_code == 409
    (clash,) = answer.get_json()["clashes"]
    assert [(field["before"].split()[0], field["after"].split()[0]) for field in clash["fields"]] == [("10", "20")]


@pytest.mark.parametrize("path", ["/history", "/api/history"])
def test_not_without_an_account(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code in (303, 401)
    assert Person(app, "viewer", ("viewer",)).get(path).status_code == 403


QUERIES = [
    ("day=2026-13-01", 400),
    ("limit=0", 400),
    ("layer=nothing", 404),
    ("before=x", 400),
    ("what=1", 400),
    ("day=2020-01-01", 200),
    ("who=-", 200),
]


@pytest.mark.parametrize(("query", "status"), QUERIES)
def test_filters(app: Flask, query: str, status: int) -> None:
    clerk = Person(app, "clerk", ("clerk",))
    assert clerk.get(f"/api/history?{query}").status_code == status
    assert clerk.get(f"/history?{query}").status_code == status


def test_empty_and_unknown(app: Flask) -> None:
    clerk = Person(app, "clerk", ("clerk",))
    assert "empty" in clerk.get("/history?day=2020-01-01").text
    assert clerk.get("/history/place-names/00000000-0000-4000-8000-000000000000").status_code == 200
    assert clerk.send("/api/history/999999/undo").status_code == 404
    assert clerk.send("/api/history/batches/nothing/undo").status_code == 404
    assert clerk.send("/api/history/1/undo").status_code == 400
    assert clerk.send("/api/history/1/undo", json={"why": 7}).status_code == 400


def test_numbers_and_days_beyond_what_is_kept(app: Flask) -> None:
    chief = Person(app, "chief", ("administrator",))
    for day in ("0001-01-01", "9999-12-31"):
        assert chief.get(f"/api/history?day={day}").get_json()["entries"] == []
    assert chief.get(f"/api/history?before={10**30}").status_code == 400
    assert chief.get(f"/api/jobs?after={10**30}").status_code == 400
    assert chief.get(f"/api/history?before={2**31}").status_code == 400
    for seq in (10**30, 2**31):
        assert chief.send(f"/api/history/{seq}/undo").status_code == 404
    for address in ("/api/history?uuid=%00", "/history/place-names/%00", "/people/%00", "/api/search?q=%00"):
        assert chief.get(address).status_code == 400
    assert chief.send("/api/history/1/undo", json=[]).status_code == 400
    assert chief.send("/api/history/1/undo", data=b'{"why": "\\ud800"}').status_code == 400
