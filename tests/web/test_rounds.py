"""Rounds over HTTP: pages in both languages, changes, who may, what is said of what is wrong; the command."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from layers import days
from tests.web.people import Person
from web.app import create_app
from web.cli import cli
from web.settings import Settings

VALUES = {"title": "补检", "year": 2025, "kind": "regular"}


@pytest.fixture(scope="module")
def own_app(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    path = tmp_path_factory.mktemp("rounds") / "own.gpkg"
    subprocess.run(["cp", str(demonstration), str(path)], check=True)
    return create_app(Settings(register=str(path)))


@pytest.fixture(scope="module")
def chief(own_app: Flask) -> Person:
    return Person(own_app, "chief", ("administrator",))


def overdue(person: Person) -> list[str]:
    return [line["uuid"] for line in person.get("/api/rounds").json["lines"] if line["standing"] == "overdue"]  # type: ignore[index]


@pytest.mark.parametrize(("language", "word"), [("zh", "五年规划"), ("en", "Five-year plan")])
def test_the_pages_stand_in_both_languages(own_app: Flask, language: str, word: str) -> None:
    client = own_app.test_client()
    page = client.get("/rounds", headers={"Accept-Language": language})
    assert page.status_code == 200
    assert word in page.text
    assert page.text.count('class="round-dot is-finished" role="img"') == 42  # each line once
    assert 'id="round-add"' not in page.text  # who has no account plans nothing
    late = next(line for line in client.get("/api/rounds").json["lines"] if line["standing"] == "overdue")  # type: ignore[index]
    only = client.get(f"/rounds?standing=overdue&q={late['code']}", headers={"Accept-Language": language})
    assert only.text.count('class="round-dot is-finished" role="img"') == 1
    one = client.get("/api/rounds").json["rounds"][1]  # type: ignore[index]
    shown = client.get(f"/rounds/{one['uuid']}", headers={"Accept-Language": language})
    assert shown.text.count("data-task=") == 14
    assert "示例甲" in shown.text
    line = client.get(f"/boundaries/{late['uuid']}", headers={"Accept-Language": language}).text
    assert line.count('href="/rounds/') == 2  # the menu leads to the plan, and the line was inspected once


def test_planned_led_on_and_undone(chief: Person) -> None:
    chosen = overdue(chief)[:2]
    saved = chief.send("/api/rounds", json={"values": VALUES, "lines": chosen, "why": "overdue"})
    assert saved.status_code == 201
    uuid = saved.json["uuid"]  # type: ignore[index]
    found = chief.get(f"/api/rounds/{uuid}").json
    assert found is not None
    assert (found["lines"], found["states"]["planned"]) == (2, 2)
    task = found["tasks"][0]
    assert [one["key"] for one in task["actions"]] == ["begin", "cancel"]
    begun = chief.send(f"/api/rounds/tasks/{task['uuid']}/step", json={"action": "begin", "version": 1})
    assert begun.status_code == 200
    again = chief.send(f"/api/rounds/tasks/{task['uuid']}/step", json={"action": "begin", "version": 1})
    assert again.status_code == 409
    change = {"values": {"lead_surveyors": "张三、李四", "due": "2026-12-30"}, "version": 2}
    assert chief.send(f"/api/rounds/tasks/{task['uuid']}", method="PUT", json=change).status_code == 200
    after = next(one for one in chief.get(f"/api/rounds/{uuid}").json["tasks"] if one["uuid"] == task["uuid"])  # type: ignore[index]
    assert after["state"] == "fieldwork"
    assert after["starts"] == days.today().isoformat()
    assert after["lead_surveyors"] == ["张三", "李四"]
    page = chief.get(f"/rounds/{uuid}").text
    assert 'id="round-change"' in page
    refused = chief.send(f"/api/rounds/{uuid}", method="DELETE", json={"version": 1})
    assert (refused.status_code, refused.json["code"]) == (409, "round-begun")  # type: ignore[index]
    undone = chief.send(f"/api/records/boundary-lines/{uuid}/undo", json={"seq": begun.json["seq"], "why": "w"})  # type: ignore[index]
    assert undone.status_code == 200  # that step alone: who does it stays
    task = next(one for one in chief.get(f"/api/rounds/{uuid}").json["tasks"] if one["uuid"] == task["uuid"])  # type: ignore[index]
    assert (task["state"], task["lead_surveyors"]) == ("planned", ["张三", "李四"])
    other = found["tasks"][1]
    gone = chief.send(f"/api/rounds/tasks/{other['uuid']}", method="DELETE", json={"version": 1})
    assert gone.status_code == 200
    back = chief.send(f"/api/records/boundary-lines/{uuid}/undo", json={"seq": gone.json["seq"], "why": "w"})  # type: ignore[index]
    assert back.status_code == 200
    assert len(chief.get(f"/api/rounds/{uuid}").json["tasks"]) == 2  # type: ignore[index]


@pytest.mark.parametrize(
    ("path", "method", "body", "status"),
    [
        ("/api/rounds", "POST", {"values": {}}, 400),
        ("/api/rounds", "POST", {"values": VALUES, "lines": ["x"]}, 400),
        ("/api/rounds", "POST", {"values": VALUES, "lines": "x"}, 400),
        ("/api/rounds", "POST", {"values": [], "lines": []}, 400),
        ("/api/rounds", "POST", {"colour": 1}, 400),
        ("/api/rounds", "POST", [], 400),
        ("/api/rounds/nowhere", "PUT", {"values": {}, "version": 1}, 404),
        ("/api/rounds/tasks/nowhere", "PUT", {"values": {}, "version": 1}, 404),
        ("/api/rounds/tasks/nowhere/step", "POST", {"action": "fly"}, 400),
        ("/api/rounds/tasks/nowhere/step", "POST", {"action": "begin", "day": "someday"}, 400),
        ("/api/rounds/tasks/nowhere/step", "POST", {"action": "begin", "version": "1"}, 400),
        ("/api/rounds/nowhere", "DELETE", {"version": 1}, 404),
    ],
)
def test_what_is_refused(chief: Person, path: str, method: str, body: object, status: int) -> None:
    answer = chief.send(path, method=method, json=body)
    assert answer.status_code == status, answer.text
    assert answer.json is not None
    assert answer.json["title"]


def test_who_may(own_app: Flask) -> None:
    assert own_app.test_client().post("/api/rounds", json={"values": VALUES}).status_code in (400, 401, 403)
    clerk = Person(own_app, "clerk-of-names", ("clerk",))
    assert clerk.send("/api/rounds", json={"values": VALUES, "lines": []}).status_code == 403
    assert 'id="round-add"' not in clerk.get("/rounds").text
    assert own_app.test_client().get("/rounds/nowhere").status_code == 404


def test_the_command(demonstration: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIJIE_LANGUAGE", "en")
    run = CliRunner().invoke
    listed = run(cli, ["rounds", "list", "--register", str(demonstration)])
    assert listed.exit_code == 0
    assert "2026年县级界线联合检查（示例）" in listed.output
    due = run(cli, ["rounds", "due", "--register", str(demonstration), "--format", "json"])
    assert due.exit_code == 1  # there is something to plan
    assert {line["standing"] for line in json.loads(due.output)} <= {"overdue", "due"}
    everything = run(cli, ["rounds", "due", "--all", "--register", str(demonstration)])
    assert len(everything.output.splitlines()) == 43
