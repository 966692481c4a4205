"""The workbench over HTTP: the worklist, decisions, proposals accepted, batches, faults."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from layers.access import LOCAL_EDITOR
from layers.placenames import findings
from tests.web.people import Person
from web.app import create_app
from web.settings import Settings
from web.workbench.work import apply, check, plan

pytestmark = pytest.mark.xdist_group("findings")


@pytest.fixture(scope="module")
def app(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    path = tmp_path_factory.mktemp("workbench") / "own.gpkg"
    subprocess.run(["cp", str(demonstration), str(path)], check=True)
    return create_app(Settings(register=str(path)))


@pytest.fixture(scope="module")
def checked(app: Flask) -> Flask:
    service = app.extensions["dijie"]
    findings.check_all(service.index, service.office)
    return app


@pytest.fixture
def clerk(app: Flask) -> Person:
    return Person(app, "clerk", ("clerk",))


def worklist(person: Person, **asked: str) -> Any:
    answer = person.get("/api/workbench", query_string={"lang": "en", **asked})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def version_of(person: Person, uuid: str) -> int:
    return int(person.get(f"/api/features/place-names/{uuid}").get_json()["properties"]["version"])


def test_before_the_first_check_the_list_asks_for_it(app: Flask, clerk: Person) -> None:
    found = worklist(clerk)
    assert (found["needs_check"], found["checked"], found["items"]) == (True, None, [])
    job = clerk.send("/api/workbench/check", json={})
    assert job.status_code == 202
    assert job.get_json()["kind"] == "names-check"


def test_a_page_of_the_list(checked: Flask, clerk: Person) -> None:
    found = worklist(clerk, limit="40")
    assert len(found["items"]) == 40
    assert found["following"] == 40
    assert found["total"] == sum(one["count"] for one in found["counts"]["rules"])
    assert found["checked"]["records"] == 51991
    item = next(one for one in worklist(clerk, rule="odd-ending")["items"] if one["name"] == "韩家村村村会")
    assert item["rule_title"] == "Odd ending of a committee"
    assert "韩家村村委会" in item["message"]
    assert {one["field"]: one["value"] for one in item["fix"]}["name"] == "韩家村村委会"
    assert not item["synthetic"]
    chinese = clerk.get("/api/workbench?rule=odd-ending&lang=zh").get_json()["items"][0]
    assert chinese["rule_title"] == "村（居）委会名称结尾异常"
    assert not any(letter.isascii() and letter.isalpha() for letter in chinese["message"])


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/workbench?rule=nothing", 400),
        ("/api/workbench?severity=awful", 400),
        ("/api/workbench?limit=0", 400),
        ("/api/workbench?limit=9999", 400),
        ("/api/workbench?after=-1", 400),
        ("/api/workbench?colour=red", 400),
        ("/api/workbench/records/nobody", 404),
        ("/workbench/nobody", 404),
        ("/api/workbench/batch/nobody", 404),
    ],
)
def test_what_cannot_be_asked(checked: Flask, clerk: Person, address: str, status: int) -> None:
    answer = clerk.get(address)
    assert answer.status_code == status, answer.text


def test_accept_change_skip_keep(checked: Flask, clerk: Person) -> None:
    item = worklist(clerk, rule="odd-ending", mendable="1")["items"][0]
    version = version_of(clerk, item["uuid"])
    saved = clerk.send("/api/workbench/accept", json={"key": item["key"], "version": version}).get_json()
    assert saved["version"] == version + 1
    record = clerk.get(f"/api/features/place-names/{item['uuid']}").get_json()["properties"]
    assert record["name"] == {one["field"]: one["value"] for one in item["fix"]}["name"]
    own = clerk.get(f"/api/workbench/records/{item['uuid']}").get_json()
    assert item["key"] not in {one["key"] for one in own["findings"]}
    # what is not there any more, and what another has saved meanwhile
    gone = clerk.send("/api/workbench/accept", json={"key": item["key"], "version": version})
    assert gone.status_code == 409
    many = next(one for one in worklist(clerk, rule="odd-ending")["items"] if len(one["candidates"]) > 1)
    late = clerk.send("/api/workbench/accept", json={"key": many["key"], "version": 0, "candidate": 1})
    assert late.status_code == 409
    assert {field["name"] for field in late.get_json()["conflict"]["fields"]} <= {
        one["field"] for one in many["candidates"][1]
    } | {"roman", "name", "specific", "generic"}
    version = version_of(clerk, many["uuid"])
    body = {"key": many["key"], "version": version}
    assert clerk.send("/api/workbench/accept", json=body).status_code == 400
    assert clerk.send("/api/workbench/accept", json={**body, "candidate": 9}).status_code == 400
    assert clerk.send("/api/workbench/accept", json={**body, "candidate": 1}).status_code == 200
    left = worklist(clerk, rule="foreign-name")["items"]
    assert clerk.send("/api/workbench/keep", json={"key": left[0]["key"]}).status_code == 400
    assert clerk.send("/api/workbench/keep", json={"key": left[0]["key"], "why": "old"}).status_code == 200
    assert clerk.send("/api/workbench/skip", json={"key": left[1]["key"]}).status_code == 200
    assert [one["key"] for one in worklist(clerk, state="kept")["items"]] == [left[0]["key"]]
    assert clerk.send("/api/workbench/reopen", json={"key": left[0]["key"]}).status_code == 200
    (mine,) = [one for one in worklist(clerk)["work"] if one["who"] == "clerk"]
    assert (mine["mended"] >= 2, mine["kept"], mine["skipped"]) == (True, 1, 1)


def test_a_batch_is_shown_written_and_undone(checked: Flask, clerk: Person) -> None:
    asked = {"findings": {"rule": ["romanization-differs"], "severity": ["all"]}, "operation": {"kind": "fix"}}
    shown = clerk.send("/api/workbench/batch/plan", json=asked).get_json()
    assert shown["count"] >= 5
    change = shown["rows"][0]["changes"][0]
    assert change["before"] != change["after"]
    wrong = clerk.send("/api/workbench/batch/apply", json={**asked, "token": "0" * 32})
    assert wrong.status_code == 409
    done = clerk.send(
        "/api/workbench/batch/apply", json={**asked, "token": shown["token"], "why": "spelling"}
    ).get_json()
    assert done["count"] == shown["count"]
    undone = clerk.send(f"/api/history/batches/{done['batch']}/undo", json={})
    assert undone.get_json()["changes"] >= done["count"]


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"findings": {"rule": 3}, "operation": {"kind": "fix"}},
        {"findings": {"unknown": "x"}, "operation": {"kind": "fix"}},
        {"findings": {}, "operation": "fix"},
        {"findings": {}, "operation": {"kind": "explode"}},
        {"findings": {}, "places": {}, "operation": {"kind": "fix"}},
        {"places": {"class": ["none-such"]}, "operation": {"kind": "romanize"}},
        {"uuids": [3], "operation": {"kind": "romanize"}},
    ],
)
def test_a_batch_that_says_nothing_sensible(checked: Flask, clerk: Person, body: Any) -> None:
    answer = clerk.send("/api/workbench/batch/plan", json=body)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["detail"]


def test_many_are_looked_at_and_written_by_the_worker(checked: Flask, clerk: Person, tmp_path: Path) -> None:
    """The jobs' functions themselves; that a worker runs such functions is tested with the jobs."""
    service = checked.extensions["dijie"]
    asked = {"places": {"class": ["settlement"]}, "operation": {"kind": "romanize"}}
    begun = clerk.send("/api/workbench/batch/plan", json=asked)
    assert begun.status_code == 202
    job = begun.get_json()
    assert job["kind"] == "names-plan"
    context = _Context(service)
    found = plan(context, {**asked, "lang": "en"})
    assert found["count"] > 0
    done = apply(context, {**asked, "token": found["token"], "why": "all"})
    assert done["count"] == found["count"]
    assert json.dumps(done)
    assert check(context, {})["count"] > 500
    assert clerk.get(f"/api/workbench/batch/{job['uuid']}").status_code == 400


class _Context:
    """What a worker gives a job, without a worker."""

    def __init__(self, service: Any) -> None:
        self.office, self.settings = service.office, service.settings
        self.job = type("Job", (), {"editor": LOCAL_EDITOR("clerk"), "uuid": "22222222-2222-4222-8222-222222222222"})()

    def progress(self, _share: float, _phase: str) -> None: ...

    def log(self, _template: str, **_params: Any) -> None: ...


def test_who_may_work_here(checked: Flask) -> None:
    for name, roles, status in (("pla", ("planner",), 403), ("vie", ("viewer",), 403), ("rev", ("reviewer",), 200)):
        person = Person(checked, name, roles)
        assert person.get("/api/workbench").status_code == status
        assert person.get("/workbench").status_code == status
        assert ("/workbench" in person.get("/jobs").text) == (status == 200)
    assert checked.test_client().get("/api/workbench").status_code == 401
