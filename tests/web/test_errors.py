"""Every error is a sentence in the reader's language with the right status, never a stack trace."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely import Point

import gis
import layers
import surveys
import web
from gis.errors import DijieError
from layers.register import create_register
from tests.web.people import only_reads
from web.app import create_app
from web.errors import EXIT, STATUS, kind_of
from web.language import sentences
from web.permissions import ANYONE, PERMISSIONS
from web.settings import Settings


def every_error() -> list[type[DijieError]]:
    for package in (gis, layers, surveys, web):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".versions." not in module.name and not module.name.endswith(".env"):
                importlib.import_module(module.name)
    found: list[type[DijieError]] = []
    queue = [DijieError]
    while queue:
        for child in queue.pop().__subclasses__():
            if child.__module__.split(".")[0] in {"gis", "layers", "surveys", "web"}:
                found.append(child)
                queue.append(child)
    return found


def test_every_error_has_a_kind_a_status_an_exit_code_and_a_code_of_its_own() -> None:
    errors = every_error()
    assert len(errors) > 20
    for error in errors:
        assert kind_of(error.__new__(error)) in STATUS, error
        assert any(kind in STATUS for kind in error.__mro__), error
        assert kind_of(error.__new__(error)) in EXIT, error
    own = [error for error in errors if error not in STATUS]
    codes = [error.code for error in own]
    assert len(set(codes)) == len(codes), sorted(code for code in codes if codes.count(code) > 1)
    assert set(codes).isdisjoint({kind.code for kind in STATUS}), "a fault with a name has a code of its own"


def test_messages_are_filled_in_both_languages() -> None:
    error = DijieError(
        "There is no layer named “%(layer)s”.", hint="The layers are: %(layers)s.", layer="x", layers="a, b"
    )
    assert sentences(error, "en") == ("There is no layer named “x”.", "The layers are: a, b.")
    assert sentences(error, "zh") == ("没有名为“x”的图层。", "可用的图层：a, b。")


BAD = [
    ("/tiles/nothing/1/1/1.mvt", 404, "unknown-layer"),
    ("/tiles/facilities/1/2/0.mvt", 400, "bad-tile"),
    ("/tiles/facilities/40/2/0.mvt", 400, "bad-tile"),
    ("/tiles/facilities/3/-2/0.mvt", 400, "bad-tile"),
    ("/tiles/facilities/x/2/0.mvt", 404, "http-404"),
    ("/tiles/facilities/8/211/99.mvt?asof=yesterday", 400, "bad-day"),
    ("/tiles/nothing.json", 404, "unknown-layer"),
    ("/api/nothing", 404, "http-404"),
    ("/api/layers?asof=2022-02-30", 400, "bad-day"),
    ("/api/layers?bogus=1", 400, "bad-parameter"),
    ("/api/features/facilities?class=canteen&class=day_care", 400, "bad-parameter"),
    ("/api/search?q=" + "a" * 101, 400, "bad-query"),
    ("/api/search?q=a&limit=0", 400, "bad-query"),
    ("/api/search?q=a&limit=x", 400, "bad-parameter"),
    ("/api/search?q=a&lon=nan&lat=1", 400, "bad-parameter"),
    ("/api/features/nothing", 404, "unknown-layer"),
    ("/api/features/facilities/nothing", 404, "unknown-feature"),
    ("/api/features/facilities?bbox=1,2,3", 400, "bad-bbox"),
    ("/api/features/facilities?class=palace", 400, "unknown-class"),
    ("/api/features/facilities?limit=99999", 400, "bad-limit"),
    ("/api/coverage", 400, "bad-parameter"),
    ("/api/coverage?kinds=&distance=100", 400, "unknown-kind"),
    ("/api/coverage?kinds=palace&distance=100", 400, "unknown-kind"),
    ("/api/coverage?kinds=canteen&distance=-1", 400, "bad-distance"),
    ("/api/coverage?kinds=canteen&distance=1e9", 400, "bad-distance"),
    ("/api/coverage?kinds=canteen&distance=100&weight=gold", 400, "unknown-weight"),
    ("/api/export/nothing", 404, "unknown-layer"),
    ("/api/export/facilities?format=dwg", 400, "unknown-format"),
    ("/api/export/facilities?crs=2000", 400, "unoffered-crs"),
    ("/api/export/facilities?encoding=big5", 400, "unknown-encoding"),
    ("/api/export/facilities?crs=4549&format=geojson", 400, "projected-geojson"),
    ("/basemap/1/1/1.png", 404, "http-404"),
]


@pytest.mark.parametrize(("address", "status", "code"), BAD)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_bad_input_is_told_plainly(client: FlaskClient, address: str, status: int, code: str, language: str) -> None:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    chinese = any("\u4e00" <= character <= "\u9fff" for character in problem["title"] + problem["detail"])
    assert chinese == (language == "zh"), problem
    assert "Traceback" not in answer.text


def test_a_page_that_does_not_exist_is_a_page(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"Accept-Language": "zh"})
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "没有这个页面" in answer.text


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_written_without_an_account(app: Flask, client: FlaskClient, method: str) -> None:
    for rule in app.url_map.iter_rules():
        assert rule.methods is not None
        if rule.endpoint in ("accounts.sign_in", "accounts.first", "accounts.invitation"):
            continue
        if only_reads(rule.endpoint):
            continue
        if PERMISSIONS[rule.endpoint] in (ANYONE, "read", "export"):
            assert rule.methods <= {"GET", "HEAD", "OPTIONS"}, rule
    assert getattr(client, method)("/api/layers").status_code == 405


def test_what_nobody_foresaw_is_told_without_its_inside(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("web.api.views.summary", broken)
    answer = app.test_client().get("/api/layers")
    assert answer.status_code == 500
    assert answer.get_json()["code"] == "internal"
    assert "secret" not in answer.text


def test_what_other_programs_leave_in_a_register_breaks_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "r.gpkg"
    with create_register(path) as register, register.writing() as connection:
        for level in ("village", "town", "county", None):
            register.insert(connection, "division", {"level": level, "inside": True, "geom": None})
            register.insert(connection, "division", {"code": "1", "level": level, "inside": True})
        register.insert(connection, "facility", {"kind": "canteen"})
        register.insert(connection, "facility", {"kind": "canteen", "geom": Point(119, 36)})
    client = create_app(Settings(register=str(path))).test_client()
    answer = client.get("/api/coverage?kinds=canteen&distance=1000").get_json()
    assert answer["villages"]["lon"] == answer["villages"]["nearest_m"] == [None, None]
    assert answer["villages"]["town"] == [None, None]
    assert answer["towns"][0]["county"] is None
    assert [one["geometry"] for one in client.get("/api/features/divisions").get_json()["features"]] == [None] * 8
    for address in ("/api/layers", "/tiles/divisions.json", "/api/export/divisions?format=geojson", "/api/search?q=a"):
        assert client.get(address).status_code == 200, address
