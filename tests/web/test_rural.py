"""The rural pilot over HTTP, and the commands about applications."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from layers.office.applications import link
from tests.web.people import Person
from web.app import create_app
from web.cli import cli
from web.settings import Settings

CODE = "370703001210"


@pytest.fixture(scope="module")
def path(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("rural") / "own.gpkg"
    subprocess.run(["cp", str(demonstration), str(found)], check=True)
    return found


@pytest.fixture(scope="module")
def app(path: Path) -> Iterator[Flask]:
    made = create_app(Settings(register=str(path)))
    yield made
    made.extensions["dijie"].register.close()


@pytest.fixture(scope="module")
def clerk(app: Flask) -> Person:
    return Person(app, "liu", ("clerk",))


def test_the_page_of_the_pilot(clerk: Person) -> None:
    page = clerk.get("/rural?lang=en").text
    for part in ("寒亭区", "昌乐县", "nothing of it has a name", "unnamed?"):
        assert part in page, part
    found = clerk.get("/api/rural?county=370725&missing=road&stage=open").get_json()
    assert {one["code"][:6] for one in found["villages"]} == {"370725"}
    assert all(one["counts"][0]["missing"] for one in found["villages"])
    named = [one["named"] for one in found["villages"]]
    assert named == sorted(named), "those without any name first"
    assert clerk.get("/rural?q=没有这个村").status_code == 200
    assert "No village fits" in clerk.get("/rural?q=没有这个村&lang=en").text
    assert clerk.get("/rural?moon=1").status_code == 400


def test_a_village_and_the_names_for_it(clerk: Person) -> None:
    page = clerk.get(f"/rural/{CODE}?lang=en").text
    assert "东冢子东路" in page
    assert f"channel=rural&amp;village={CODE}&amp;class=23510&amp;name=" in page
    assert clerk.get(f"/rural/{CODE}?sort=bridge").status_code == 200
    assert clerk.get(f"/rural/{CODE}?sort=moon").status_code == 400
    assert clerk.get("/rural/370781001001").status_code == 404
    village = clerk.get("/api/rural?q=东冢子").get_json()["villages"][0]
    x, y = village["lon"] + 0.004, village["lat"]
    shape = {"type": "LineString", "coordinates": [[x, y - 0.002], [x, y + 0.002]]}
    names = clerk.send(f"/api/rural/{CODE}/names", json={"sort": "road", "shape": shape}).get_json()["names"]
    assert names[0]["name"] == "东冢子东路"
    assert names[0]["origin"]
    for body in ({"sort": "moon"}, {"sort": "road", "shape": {"type": "Point", "coordinates": ["x", 1]}}):
        assert clerk.send(f"/api/rural/{CODE}/names", json=body).status_code == 400


def test_the_commands(app: Flask, clerk: Person, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIJIE_LANGUAGE", "en")
    runner, register = CliRunner(), ["--register", str(path)]
    empty = runner.invoke(cli, ["procedures", "due", *register])
    assert (empty.exit_code, empty.output.strip()) == (0, "There are no such applications.")
    village = clerk.get("/api/rural?q=东冢子").get_json()["villages"][0]
    values = {
        "name": "东冢子东路", "class_code": "23510", "town_code": CODE[:9], "village_code": CODE, "meaning": "村东",
        "description": "南北走向",
    }  # fmt: skip
    draft = {"values": values, "geometry": {"type": "Point", "coordinates": [village["lon"], village["lat"]]}}
    made = clerk.send("/api/procedures", json={"kind": "name", "draft": draft}).get_json()
    listed = runner.invoke(cli, ["procedures", "list", "--state", "pending", *register])
    assert listed.exit_code == 0
    assert made["number"] in listed.output
    assert "东冢子东路" in listed.output
    shown = runner.invoke(cli, ["procedures", "show", made["number"], *register])
    assert shown.exit_code == 0, shown.output
    assert "Meaning: 村东" in shown.output
    assert "Submit" in shown.output
    link(app.extensions["dijie"].office, made["uuid"], file_due="2020-01-01")
    late = runner.invoke(cli, ["procedures", "due", "--late", *register])
    assert late.exit_code == 1, "something is overdue"
    assert "Filing overdue by" in late.output
    assert runner.invoke(cli, ["procedures", "show", "nothing", *register]).exception is not None
