"""Pages of lines and stakes, their documents and reference features, over HTTP."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
import shapely
from flask import Flask

from layers.register import create_register
from tests.layers.history.conftest import fill
from tests.web.people import Person
from web.app import create_app
from web.settings import Settings

IDS: dict[str, str] = {}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    path: Path = tmp_path_factory.mktemp("boundaries") / "small.gpkg"
    with create_register(path) as register:
        IDS.update(fill(register))
        with register.writing() as connection:
            # ground between line and areas, a text that tells another course, a stake that is not for the public
            bent = shapely.LineString([(119, 36), (119.01, 36.5), (119, 37)])
            values = {
                "geom": bent,
                "status": "official",
                "course": "界线自起点，向东行60.0千米，折向北行51.0千米，全长111.00千米。",
            }
            register.update(connection, "boundary_line", IDS["line"], values)
            hidden = {"number": "2481009Q", "kind": "single", "line_uuid": IDS["line"], "secrecy": "internal"}
            register.insert(connection, "stake", {**hidden, "geom": shapely.Point(119, 36.8)})
            IDS["other"] = register.insert(
                connection, "boundary_line",
                {"code": "0203", "name": "潍城区—寒亭区", "left_code": "370702", "right_code": "370703",
                 "status": "derived", "geom": shapely.LineString([(119.1, 36.7), (119.2, 36.8)])},
            )  # fmt: skip
    return create_app(Settings(register=str(path)))


def test_the_table_is_filtered(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/boundaries?lang=en").text
    assert "2 of 2 lines" in page
    assert page.index("青州市—临朐县") > 0
    assert "1 of 2 lines" in client.get("/boundaries?lang=en&status=official").text
    assert "潍城区—寒亭区" not in client.get("/boundaries?q=2481").text
    assert "1 of 2 lines" in client.get("/boundaries?county=370702").text
    assert "1 of 2 lines" in client.get("/boundaries?findings=error").text
    assert "No line passes" in client.get("/boundaries?q=none").text
    assert client.get("/boundaries?colour=x").status_code == 400


def test_a_line_tells_its_status_stakes_findings_and_both_courses(app: Flask) -> None:
    client = app.test_client()
    page = client.get(f"/boundaries/{IDS['line']}?lang=en").text
    assert "Official line" in page
    assert "2481001Q" in page
    assert "2481009Q" not in page
    assert "Line against the areas" in page
    assert "is-apart" in page
    assert "界线自起点，向北行" in page
    assert "document-add-" not in page
    assert "2481009Q" in Person(app, "root", ("administrator",)).get(f"/boundaries/{IDS['line']}").text
    derived = client.get(f"/boundaries/{IDS['other']}?lang=en").text
    assert "not the legal course" in derived
    assert "No stake is registered" in derived
    assert client.get("/boundaries/nothing").status_code == 404


def test_a_stake_has_its_form_and_coordinates(app: Flask) -> None:
    client = app.test_client()
    page = client.get(f"/stakes/{IDS['stake']}?lang=zh").text
    assert "119°00′00.0000″" in page
    assert "40410407.557" in page  # with the zone's number before the easting
    assert "EPSG:4528" in page
    assert '<span class="badge badge-accent">法定界线</span>' in page
    assert f"/boundaries/{IDS['line']}" in page
    assert client.get("/stakes/nothing").status_code == 404


def test_documents_are_added_changed_and_taken_away(app: Flask) -> None:
    root, clerk = Person(app, "root", ("administrator",)), Person(app, "clerk", ("clerk",))
    address = f"/api/boundaries/line/{IDS['line']}/documents"
    added = root.send(address, json={"values": {"kind": "agreement", "title": "协议<b>"}, "why": "补录"})
    assert added.status_code == 201
    uuid = added.get_json()["uuid"]
    (listed,) = app.test_client().get(address).get_json()["documents"]
    assert (listed["title"], listed["kind_title"]["en"], listed["version"]) == ("协议<b>", "Agreement", 1)
    page = root.get(f"/boundaries/{IDS['line']}").text
    assert "协议&lt;b&gt;" in page
    assert "协议<b>" not in page
    one = f"/api/boundaries/documents/{uuid}"
    assert root.send(one, method="PUT", json={"values": {"state": "ended"}, "version": 1}).get_json()["version"] == 2
    stale = root.send(one, method="PUT", json={"values": {"state": "open"}, "version": 1})
    assert (stale.status_code, stale.get_json()["code"]) == (409, "document-conflict")
    wrong = root.send(address, json={"values": {"kind": "x", "title": ""}})
    assert wrong.status_code == 400
    assert {finding["field"] for finding in wrong.get_json()["findings"]} == {"kind", "title"}
    assert root.send(address, json={"values": [], "why": "x"}).status_code == 400
    assert clerk.send(address, json={"values": {"kind": "other", "title": "x"}}).status_code == 403
    gone = root.send(one, method="DELETE", json={"version": 2}).get_json()
    assert root.send(f"/api/records/boundary-lines/{IDS['line']}/undo", json={"seq": gone["seq"]}).status_code == 200
    assert len(app.test_client().get(address).get_json()["documents"]) == 1


def test_reference_features_are_set_with_the_stakes_version(app: Flask) -> None:
    root = Person(app, "root", ("administrator",))
    address = f"/api/stakes/{IDS['stake']}/reference-features"
    version = root.get(address).get_json()["version"]
    body = {"features": [{"kind": "独立树", "azimuth_deg": "12.5"}], "version": version}
    assert root.send(address, method="PUT", json=body).status_code == 200
    assert root.get(address).get_json()["features"] == [{"kind": "独立树", "azimuth_deg": 12.5}]
    assert "独立树" in app.test_client().get(f"/stakes/{IDS['stake']}").text
    assert root.send(address, method="PUT", json=body).status_code == 409
    wrong = root.send(address, method="PUT", json={**body, "features": [{"kind": "", "distance_m": "far"}]})
    assert {finding["field"] for finding in wrong.get_json()["findings"]} == {"kind-1", "distance_m-1"}
    assert root.send(address, method="PUT", json={**body, "features": "x"}).status_code == 400


def test_registration_forms_and_the_exchange_folder_are_files_to_keep(app: Flask) -> None:
    client = app.test_client()
    folder = client.get(f"/api/boundaries/{IDS['line']}/exchange.zip?crs=4528")
    with zipfile.ZipFile(io.BytesIO(folder.data)) as packed:
        assert json.loads(packed.read("清单.json"))["crs"] == "EPSG:4528"
        assert b"2481009Q" not in packed.read("空间数据/JZ.dbf")
    assert client.get(f"/api/boundaries/{IDS['line']}/exchange.zip?crs=x").status_code == 400
    assert client.get("/api/boundaries/nothing/exchange.zip").status_code == 404
    one = client.get(f"/api/stakes/{IDS['stake']}/form.docx")
    assert one.headers["Content-Disposition"].endswith("%E8%A1%A8_2481001Q.docx")
    assert one.data.startswith(b"PK")
    assert client.get(f"/api/boundaries/{IDS['line']}/stake-forms.docx").status_code == 200
    assert client.get(f"/api/boundaries/{IDS['other']}/stake-forms.docx").status_code == 404
    assert client.get("/api/stakes/nothing/form.docx").status_code == 404
