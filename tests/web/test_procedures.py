"""Applications over HTTP: pages, steps, conflicts, documents; what hangs on a name; who may not."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from flask import Flask

from layers.office.application_lists import Asked, listed
from layers.office.applications import link
from tests.web.people import Person
from web.app import create_app
from web.procedures.shown import due_as_json
from web.service import Service
from web.settings import Settings

COUNTY, TOWN, VILLAGE = "370703", "370703001", "370703001003"
NUMBER = "寒政字〔2026〕12号"


@dataclass
class People:
    app: Flask
    clerk: Person
    reviewer: Person
    boss: Person

    @property
    def service(self) -> Service:
        found = self.app.extensions["dijie"]
        assert isinstance(found, Service)
        return found

    def street(self) -> tuple[str, float, float]:
        columns = self.service.index.layer("place-names")
        row = int((columns["name"].isin(["兴农街"]) & columns["county_code"].isin([COUNTY])).nonzero()[0][0])
        return str(columns.uuid[row]), float(columns.lon[row]), float(columns.lat[row])

    def naming(self, name: str, **more: Any) -> dict[str, Any]:
        _, lon, lat = self.street()
        values = {
            "name": name, "class_code": "23510", "town_code": TOWN, "village_code": VILLAGE,
            "meaning": "取振兴诗书之意", "description": "东西走向",
        }  # fmt: skip
        draft = {"values": values, "geometry": {"type": "Point", "coordinates": [lon + 0.001, lat]}}
        return {"kind": "name", "draft": draft, "reason": "新建", "unit": "寒亭区住建局", **more}


@pytest.fixture(scope="module")
def people(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    path = tmp_path_factory.mktemp("procedures") / "own.gpkg"
    subprocess.run(["cp", str(demonstration), str(path)], check=True)
    app = create_app(Settings(register=str(path), filing_days=10))
    yield People(
        app,
        Person(app, "liu", ("clerk",), scope=frozenset({COUNTY})),
        Person(app, "wang", ("reviewer",)),
        Person(app, "boss", ("administrator",)),
    )
    app.extensions["dijie"].register.close()


def applied(people: People, given: dict[str, Any]) -> dict[str, Any]:
    answer = people.clerk.send("/api/procedures", json=given)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def step(person: Person, found: dict[str, Any], action: str, status: int = 200, **given: Any) -> dict[str, Any]:
    body = {"version": found["version"], **given}
    answer = person.send(f"/api/procedures/{found['uuid']}/{action}", json=body)
    assert answer.status_code == status, answer.text
    result: dict[str, Any] = answer.get_json()
    return result


def test_an_application_from_the_form_to_the_announcement(people: People) -> None:
    found = applied(people, people.naming("康平诗路"))
    assert (found["state"], found["findings"]) == ("pending", [])
    assert {one["action"] for one in found["actions"]} == {"amend", "cancel"}
    reviewed = step(people.reviewer, found, "review")
    done = step(people.reviewer, reviewed, "approve", number=NUMBER, authority="寒亭区人民政府")
    assert done["effect"] == "stands"
    assert done["due"]["days"] == 10, "as the office has set it"
    assert done["due"]["step"] == "file"
    page = people.clerk.get(f"/procedures/{done['uuid']}?lang=en").text
    for part in ("康平诗路", NUMBER, "Filing due in 10 days", 'data-action="file"'):
        assert part in page, part
    assert 'data-action="revoke"' not in page, "a clerk does not take approvals back"
    page = people.clerk.get("/procedures?lang=en").text
    assert "康平诗路" in page
    filed = step(people.clerk, done, "file", number="备1")
    assert step(people.clerk, filed, "announce")["due"] is None


def test_the_documents_are_files_that_open(people: People) -> None:
    found = applied(people, people.naming("康泰诗路"))
    done = step(people.reviewer, step(people.reviewer, found, "review"), "approve", number=NUMBER)
    assert [one["key"] for one in done["documents"]] == ["filing", "announcement"]
    for one in done["documents"]:
        answer = people.clerk.get(one["path"])
        assert answer.status_code == 200
        assert "filename*=UTF-8''%E" in answer.headers["Content-Disposition"]
        assert Document(io.BytesIO(answer.data)).paragraphs
    missing = people.clerk.get(f"/api/procedures/{done['uuid']}/documents/certificate.docx")
    assert (missing.status_code, missing.get_json()["code"]) == (404, "no-document")


def test_what_stands_in_the_way_is_told_rule_by_rule(people: People) -> None:
    found = applied(people, people.naming("兴农街"))
    assert [one["rule"] for one in found["findings"] if one["severity"] == "error"] == ["duplicate-name"]
    problem = step(people.reviewer, found, "review", 409)
    assert problem["code"] == "findings-stand"
    assert "duplicate-name" in [one["rule"] for one in problem["findings"]]
    assert not problem["final"]
    assert step(people.reviewer, found, "review", override="相距甚远")["override"]["reason"] == "相距甚远"


def test_a_check_before_there_is_an_application(people: People) -> None:
    given = people.naming("兴农街")
    answer = people.clerk.send("/api/procedures/check", json=given).get_json()
    assert "duplicate-name" in [one["rule"] for one in answer["findings"]]
    assert answer["follows"]["roman"] == "Xīngnóng Jiē"
    assert answer["follows"]["place_code"].startswith("37070300123510")
    given["draft"]["values"].pop("meaning")
    answer = people.clerk.send("/api/procedures/check", json=given).get_json()
    assert "meaning" in [one["field"] for one in answer["findings"] if one["rule"] == "mandatory-missing"]
    before = people.clerk.get("/api/procedures").get_json()["count"]
    people.clerk.send("/api/procedures/check", json=given)
    assert people.clerk.get("/api/procedures").get_json()["count"] == before


def test_a_name_of_another_town_of_the_county_counts_where_the_law_says_county(people: People) -> None:
    with people.service.index.held() as connection:
        frame = people.service.register.frame(
            connection, "place", columns=["name", "class_code", "town_code", "county_code"]
        )
    sights = frame[(frame["class_code"] == "25200") & (frame["county_code"] == COUNTY) & (frame["town_code"] != TOWN)]
    name = str(sights["name"].iloc[0])
    given = people.naming(name)
    given["draft"]["values"]["class_code"] = "25200"
    answer = people.clerk.send("/api/procedures/check", json=given).get_json()
    assert "duplicate-name" in [one["rule"] for one in answer["findings"]], name


def test_somebody_was_faster(people: People) -> None:
    found = applied(people, people.naming("康宁诗路"))
    step(people.reviewer, found, "review")
    problem = step(people.boss, found, "review", 409)
    assert problem["code"] == "application-conflict"
    amend = people.clerk.send(
        f"/api/procedures/{found['uuid']}", method="PUT", json={**people.naming("康宁歌路"), "version": 1}
    )  # fmt: skip
    assert amend.status_code == 409


def test_an_application_is_amended(people: People) -> None:
    found = applied(people, people.naming("康安诗路"))
    assert people.clerk.get(f"/procedures/{found['uuid']}/amend").status_code == 200
    answer = people.clerk.send(
        f"/api/procedures/{found['uuid']}", method="PUT", json={**people.naming("康安歌路"), "version": 1}
    )
    assert (answer.status_code, answer.get_json()["name"]) == (200, "康安歌路")


def test_a_renaming_with_what_hangs_on_it(people: People) -> None:
    uuid, _, _ = people.street()
    given = {"kind": "rename", "place": uuid, "draft": {"values": {"name": "兴农诗街"}}, "carried": ["other-names"]}
    found = applied(people, given)
    assert (found["name_before"], found["carried_keys"]) == ("兴农街", ["other-names"])
    done = step(people.reviewer, step(people.reviewer, found, "review"), "approve", number=NUMBER)
    assert people.boss.get(f"/api/features/place-names/{uuid}").get_json()["properties"]["name"] == "兴农诗街"
    step(people.reviewer, done, "revoke", 400)
    step(people.reviewer, done, "revoke", remark="误")
    assert people.boss.get(f"/api/features/place-names/{uuid}").get_json()["properties"]["name"] == "兴农街"


def test_the_filters_of_the_list(people: People) -> None:
    found = applied(people, people.naming("康乐诗路", channel="rural"))
    for query, there in (
        ("state=consulting", True), ("state=pending", False), ("kind=name", True), ("kind=close", False),
        ("channel=rural", True), (f"q={found['number']}", True), ("q=没有", False), ("county=370725", False),
        ("due=late", False), ("offset=-5", True),
    ):  # fmt: skip
        answer = people.clerk.get(f"/api/procedures?{query}").get_json()
        assert (found["uuid"] in [one["uuid"] for one in answer["applications"]]) == there, query
        page = people.clerk.get(f"/procedures?{query}")
        assert page.status_code == 200
        assert (f"/procedures/{found['uuid']}" in page.text) == there, query
    assert people.clerk.get("/procedures?moon=1").status_code == 400


def test_what_is_overdue_is_said_in_words(people: People) -> None:
    found = applied(people, people.naming("康福诗路"))
    done = step(people.reviewer, step(people.reviewer, found, "review"), "approve", number=NUMBER)
    late = (date.today() - timedelta(days=3)).isoformat()  # noqa: DTZ011 - near midnight a day more or less is no matter
    link(people.service.office, done["uuid"], file_due=late)
    page = people.clerk.get("/procedures?lang=en").text
    assert page.index("康福诗路") < page.index("All applications"), "what is due stands first"
    assert "Filing overdue by" in page
    assert "overdue: 1" in page
    answer = people.clerk.get("/api/procedures?due=late").get_json()
    assert [one["uuid"] for one in answer["applications"]] == [done["uuid"]]


@pytest.mark.parametrize(
    ("days", "urgency", "words"),
    [
        (-1, "overdue", "overdue by 1 days"),
        (0, "soon", "due today"),
        (5, "soon", "in 5 days"),
        (6, "open", "in 6 days"),
    ],
)
def test_how_urgent_it_is(people: People, days: int, urgency: str, words: str) -> None:
    one = listed(people.service.office, Asked(limit=1))[0][0]
    today = date(2026, 3, 10)
    due = due_as_json(
        replace(one, file_due=(today + timedelta(days=days)).isoformat(), announce_due=None), "en", today=today
    )
    assert due is not None
    assert due["urgency"] == urgency
    assert words in due["text"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "bad-application"), ({"kind": "moon"}, "unknown-procedure"), ({"kind": "name"}, "bad-application"),
        ({"kind": "close"}, "bad-application"), ({"kind": "name", "draft": {"values": 7}}, "bad-draft"),
        ({"kind": "close", "place": "nowhere"}, "unknown-feature"), ({"kind": "name", "x": 1}, "bad-application"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood(people: People, body: Any, code: str) -> None:
    answer = people.clerk.send("/api/procedures", json=body)
    assert answer.get_json()["code"] == code
    assert answer.status_code in (400, 404)


@pytest.mark.parametrize(
    "given", [{}, {"version": "1"}, {"version": 1, "x": 2}, {"version": 1, "day": "soon"}, {"version": 1, "opinion": 3}]
)
def test_steps_that_cannot_be_understood(people: People, given: dict[str, Any]) -> None:
    found = people.clerk.get("/api/procedures").get_json()["applications"][0]
    assert people.clerk.send(f"/api/procedures/{found['uuid']}/submit", json=given).status_code == 400


@pytest.mark.parametrize("action", ["fly", "amend", "consult"])
def test_an_action_that_is_none(people: People, action: str) -> None:
    found = people.clerk.get("/api/procedures").get_json()["applications"][0]
    answer = people.clerk.send(f"/api/procedures/{found['uuid']}/{action}", json={"version": found["version"]})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "wrong-state")


def test_whose_account_does_not_reach_it(people: People) -> None:
    found = applied(people, people.naming("康顺诗路"))
    eva = Person(people.app, "eva", ("clerk",), scope=frozenset({"370725"}))
    assert eva.get(f"/api/procedures/{found['uuid']}").status_code == 404
    assert eva.get(f"/procedures/{found['uuid']}").status_code == 404
    assert eva.get("/api/procedures").get_json()["count"] == 0
    assert eva.send("/api/procedures", json=people.naming("康达诗路")).status_code == 403
    planner = Person(people.app, "paul", ("planner",))
    assert planner.get("/procedures").status_code == 403
    assert "/procedures" not in planner.get("/account").text
    assert "/procedures" in eva.get("/account").text


def test_a_name_is_no_markup(people: People) -> None:
    name = "<b>康</b>路"
    found = applied(people, people.naming(name, reason="<script>alert(1)</script>"))
    for page in (f"/procedures/{found['uuid']}", "/procedures", f"/procedures/{found['uuid']}/amend"):
        text = people.clerk.get(page).text
        assert "<b>康" not in text
        assert "<script>alert" not in text


def test_places_are_found_by_name_and_code(people: People) -> None:
    found = people.clerk.get("/api/procedures/places?q=高里街道").get_json()["places"]
    assert found[0]["name"] == "高里街道"
    uuid = found[0]["uuid"]
    code = people.boss.get(f"/api/features/place-names/{uuid}").get_json()["properties"]["place_code"]
    assert [one["uuid"] for one in people.clerk.get(f"/api/procedures/places?q={code}").get_json()["places"]] == [uuid]
    assert people.clerk.get("/api/procedures/places?q=").get_json()["places"] == []


def test_what_hangs_on_a_name_over_http(people: People) -> None:
    uuid = people.clerk.get("/api/procedures/places?q=高里街道").get_json()["places"][0]["uuid"]
    path = f"/api/ripple/place-names/{uuid}"
    found = people.boss.get(f"{path}?name=新里街道&most=2").get_json()
    groups = {group["key"]: group for group in found["groups"]}
    assert groups["addresses"]["size"] > 100
    assert len(groups["addresses"]["samples"]) == 2
    field = groups["addresses"]["samples"][0]["fields"][0]
    assert ("高里街道" in field["before"], "新里街道" in field["after"]) == (True, True)
    page = people.boss.get(f"/ripple/place-names/{uuid}?name=新里街道&lang=en").text
    assert "nothing has been written" in page
    body = {"name": "新里街道", "groups": ["namesake", "addresses"], "version": found["version"], "why": "试"}
    done = people.boss.send(path, json=body)
    assert done.status_code == 200, done.text
    assert people.boss.get(f"/api/features/place-names/{uuid}").get_json()["properties"]["name"] == "新里街道"
    again = people.boss.send(path, json=body)
    assert (again.status_code, again.get_json()["code"]) == (409, "edit-conflict")
    assert people.boss.send(done.get_json()["undo"], json={"why": ""}).status_code == 200
    assert people.boss.get(f"/api/features/place-names/{uuid}").get_json()["properties"]["name"] == "高里街道"


def test_a_ripple_that_cannot_be_asked(people: People) -> None:
    uuid, _, _ = people.street()
    assert people.boss.get("/ripple/place-names/none").status_code == 404
    assert people.boss.get("/ripple/moon/none").status_code == 404
    assert people.boss.get(f"/ripple/place-names/{uuid}").status_code == 200
    assert people.boss.get(f"/api/ripple/place-names/{uuid}?name=").status_code == 400
    for body in ({"name": "新"}, {"name": "新", "version": 1, "groups": 3}, {"name": 3, "version": 1}):
        assert people.boss.send(f"/api/ripple/place-names/{uuid}", json=body).status_code == 400
