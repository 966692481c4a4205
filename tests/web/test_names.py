"""The names of a place over HTTP."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from flask import Flask

from tests.web.people import Person
from web.app import create_app
from web.settings import Settings


@pytest.fixture(scope="module")
def app(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    path = tmp_path_factory.mktemp("names") / "own.gpkg"
    subprocess.run(["cp", str(demonstration), str(path)], check=True)
    return create_app(Settings(register=str(path)))


def test_names_are_listed_added_changed_made_standard_and_taken_away(app: Flask) -> None:
    clerk = Person(app, "clerk", ("clerk",))
    place = str(app.extensions["dijie"].index.layer("place-names").uuid[2000])
    address = f"/api/places/{place}/names"
    start = clerk.get(address).get_json()
    assert [name["kind"] for name in start["names"]][:1] == ["standard"]
    asked = {field["name"]: field for field in start["fields"]}
    assert [choice["key"] for choice in asked["kind"]["choices"]] == [kind["key"] for kind in start["kinds"]]
    assert (asked["name"]["required"], asked["name"]["max_length"], asked["decided_on"]["type"]) == (True, 100, "date")
    assert set(asked) <= {*start["names"][0]}
    assert {kind["key"] for kind in start["kinds"]} >= {"alias", "former", "abbreviation", "map", "minority"}
    added = clerk.send(address, json={"values": {"name": "示例别名", "kind": "alias"}, "why": "test"})
    assert added.status_code == 201
    name = added.get_json()["uuid"]
    assert any(one["uuid"] == name for one in app.test_client().get(address).get_json()["names"])
    changed = clerk.send(f"{address}/{name}", method="PUT", json={"values": {"note": "n"}, "version": 1})
    assert changed.get_json()["version"] == 2
    stale = clerk.send(f"{address}/{name}", method="PUT", json={"values": {"note": "m"}, "version": 1})
    assert (stale.status_code, stale.get_json()["code"]) == (409, "name-conflict")
    wrong = clerk.send(address, json={"values": {"name": "x", "kind": "?"}})
    assert wrong.status_code == 400
    assert {finding["field"] for finding in wrong.get_json()["findings"]} == {"kind"}
    version = clerk.get(f"/api/features/place-names/{place}").get_json()["properties"]["version"]
    body = {"version": 2, "place_version": version, "decision": "示例〔2026〕1号", "day": "2026-01-02"}
    assert clerk.send(f"{address}/{name}/standard", json=body).status_code == 200
    after = clerk.get(f"/api/features/place-names/{place}").get_json()
    assert after["properties"]["name"] == "示例别名"
    assert ("former", start["names"][0]["name"]) in {(one["kind"], one["name"]) for one in after["names"]}
    other = clerk.send(address, json={"values": {"name": "误录", "kind": "alias"}}).get_json()["uuid"]
    assert clerk.send(f"{address}/{other}", method="DELETE", json={"version": 1}).status_code == 200
    assert clerk.send(f"{address}/{other}", method="DELETE", json={"version": 1}).status_code == 404


@pytest.mark.parametrize("body", [[], {"values": []}, {"values": {}, "extra": 1}, {"values": {}, "why": 5}, "x"])
def test_bodies_that_are_none_are_refused(app: Flask, body: object) -> None:
    clerk = Person(app, "clerk", ("clerk",))
    place = str(app.extensions["dijie"].index.layer("place-names").uuid[2000])
    assert clerk.send(f"/api/places/{place}/names", json=body).status_code == 400


def test_nobody_without_a_role_changes_names(app: Flask) -> None:
    place = str(app.extensions["dijie"].index.layer("place-names").uuid[2000])
    viewer = Person(app, "viewer", ("viewer",))
    assert viewer.send(f"/api/places/{place}/names", json={"values": {}}).status_code == 403
    assert app.test_client().get("/api/places/00000000-0000-0000-0000-000000000000/names").status_code == 404
