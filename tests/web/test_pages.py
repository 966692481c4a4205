"""Pages, headers, permissions and languages."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from web.app import create_app
from web.permissions import ANYONE, PERMISSIONS
from web.settings import BadSetting, Settings


def test_every_route_is_in_the_table_of_permissions(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == set(PERMISSIONS)


def test_a_route_that_is_not_in_the_table_is_refused(demonstration: Path) -> None:
    app = create_app(Settings(register=str(demonstration)))
    app.add_url_rule("/api/forgotten", "forgotten", lambda: "open")
    answer = app.test_client().get("/api/forgotten")
    assert answer.status_code == 403
    assert answer.get_json()["code"] == "not-permitted"
    assert ANYONE == "anyone"


@pytest.mark.parametrize("address", ["/", "/design", "/nowhere", "/api/layers", "/api/none", "/healthz"])
def test_every_answer_has_the_strict_policy(client: FlaskClient, address: str) -> None:
    policy = client.get(address).headers["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["style-src"] == "'self'"
    assert rules["connect-src"] == "'self'"
    assert rules["worker-src"] == "'self'"
    assert "unsafe" not in policy
    assert "*" not in policy


def test_the_policy_allows_just_the_import_map_that_the_page_has(client: FlaskClient) -> None:
    answer = client.get("/")
    inline = re.findall(r'<script type="importmap">(.*?)</script>', answer.text, re.DOTALL)
    assert len(inline) == 1
    digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    for address in json.loads(inline[0])["imports"].values():
        assert client.get(address).status_code == 200, address
    others = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"(?:importmap|application/json)\")[^>]*>", answer.text)
    assert others == []
    assert not re.search(r"\son[a-z]+=|\sstyle=", answer.text)


def test_a_base_map_opens_the_policy_for_its_hosts_only(demonstration: Path) -> None:
    settings = Settings(register=str(demonstration), basemap="tianditu:KEY")
    answer = create_app(settings).test_client().get("/")
    assert "https://t0.tianditu.gov.cn" in answer.headers["Content-Security-Policy"]
    data = json.loads(re.findall(r'id="settings"[^>]*>(.*?)</script>', answer.text, re.DOTALL)[0])
    assert data["basemap"]["title"] == "天地图"
    assert len(data["basemap"]["tiles"]) == 8
    assert "tk=KEY" in data["basemap"]["tiles"][0]


def test_an_image_pyramid_is_served_from_its_folder_alone(demonstration: Path, tmp_path: Path) -> None:
    (tmp_path / "pyramid" / "3" / "6").mkdir(parents=True)
    (tmp_path / "pyramid" / "3" / "6" / "3.png").write_bytes(b"\x89PNG picture")
    (tmp_path / "secret.png").write_bytes(b"no")
    client = create_app(Settings(register=str(demonstration), basemap=str(tmp_path / "pyramid"))).test_client()
    assert client.get("/basemap/3/6/3.png").data == b"\x89PNG picture"
    assert client.get("/basemap/3/6/4.png").status_code == 404
    assert client.get("/basemap/3/6/..%2f..%2f..%2fsecret.png").status_code == 404


@pytest.mark.parametrize(
    "environment",
    [{"DIJIE_LANGUAGE": "fr"}, {"DIJIE_BASEMAP": "https://tiles.example/only/{z}"}],
)
def test_a_setting_that_cannot_be_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match=next(iter(environment))):
        Settings.from_environment(environment)


def test_the_language_follows_address_cookie_browser(client: FlaskClient) -> None:
    def language(address: str, **headers: str) -> str:
        return re.findall(r'<html lang="([^"]+)"', client.get(address, headers=headers).text)[0]

    assert language("/") == "zh-CN"
    assert language("/", **{"Accept-Language": "en-GB,en;q=0.9"}) == "en"
    assert language("/?lang=en") == "en"
    assert language("/") == "en", "remembered"
    assert language("/?lang=zh") == "zh-CN"
    assert language("/?lang=xx") == "zh-CN"


def test_texts_are_sent_compressed_and_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/api/layers", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    again = client.get("/api/layers", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    plain = client.get("/api/layers")
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["ETag"] != first.headers["ETag"]


def test_static_files_are_kept_for_good_when_their_address_names_a_version(client: FlaskClient) -> None:
    page = client.get("/").text
    imports = json.loads(re.findall(r'<script type="importmap">(.*?)</script>', page, re.DOTALL)[0])["imports"]
    answer = client.get(imports["maplibre-gl"], headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.mimetype == "text/javascript"
