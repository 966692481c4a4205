"""Files from the field over HTTP: in one piece and in many, kept, recognised, read by the worker, shown."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from werkzeug.test import TestResponse

from layers.office import Office, claims, field_files
from layers.office.accounts import AccountExists, Profile, account, add_account
from surveys.uploads.arrival import Arrivals
from tests.surveys.uploads import made
from tests.web.people import PASSWORD, Person
from web.app import create_app
from web.cli import cli
from web.jobs import child
from web.jobs.context import Context
from web.jobs.kinds import KINDS
from web.settings import Settings

TUS = "/api/field-files/tus"
BYTES = "application/offset+octet-stream"


@pytest.fixture(scope="module")
def settings(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("field")
    path = folder / "own.gpkg"
    subprocess.run(["cp", str(demonstration), str(path)], check=True)
    return Settings(register=str(path), upload_mb=20)


@pytest.fixture(scope="module")
def own(settings: Settings) -> Flask:
    return create_app(settings)


def surveyor(own: Flask, name: str) -> Person:
    """A surveyor of one side."""
    profile = Profile(display=name, roles=frozenset({"surveyor"}), side="370703")
    with suppress(AccountExists):
        add_account(office(own), name, profile, password=PASSWORD)
    return Person(own, name, ("viewer",))


@pytest.fixture
def wang(own: Flask) -> Person:
    return surveyor(own, "wang")


def office(own: Flask) -> Office:
    found: Office = own.extensions["dijie"].office
    return found


def ask(person: Person, method: str, address: str, data: bytes = b"", **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fixed = {"X-CSRFToken": person.mark, "Tus-Resumable": "1.0.0"}
    return person.client.open(address, method=method, data=data, headers={**fixed, **named})


def begin(person: Person, name: str, size: int) -> str:
    metadata = f"filename {base64.b64encode(name.encode()).decode()}"
    answer = ask(person, "POST", TUS, Upload_Length=str(size), Upload_Metadata=metadata)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Upload-Expires"].endswith("GMT")
    return answer.headers["Location"]


def patch(person: Person, address: str, offset: int, data: bytes, **headers: str) -> TestResponse:
    return ask(person, "PATCH", address, data, Content_Type=BYTES, Upload_Offset=str(offset), **headers)


def work(own: Flask, settings: Settings) -> int:
    """Do the jobs that wait, as their processes do; gives how many."""
    count = 0
    while (job := claims.claim(office(own), claims.worker_name(os.getpid()), kinds=KINDS)) is not None:
        child.do(Context(office(own), settings, child.as_of_now(office(own), job)), KINDS[job.kind])
        count += 1
    return count


def test_what_the_server_can(wang: Person) -> None:
    answer = ask(wang, "OPTIONS", TUS)
    assert (answer.status_code, answer.headers["Tus-Version"]) == (204, "1.0.0")
    assert set(answer.headers["Tus-Extension"].split(",")) == {"creation", "termination", "checksum", "expiration"}
    assert answer.headers["Tus-Max-Size"] == "20000000"


def test_in_pieces_kept_read_and_shown(own: Flask, settings: Settings, wang: Person) -> None:
    content = made.packed({"路.gpx": made.GPX, "bad.gpx": "<!DOCTYPE x>", "照.jpg": made.jpeg()})
    address = begin(wang, "外业/../一.zip", len(content))
    assert ask(wang, "HEAD", address).headers["Upload-Offset"] == "0"
    first = patch(wang, address, 0, content[:400])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "400")
    again = patch(wang, address, 0, content[:400])
    assert (again.status_code, again.get_json()["code"]) == (409, "offset-differs")
    assert ask(wang, "HEAD", address).headers["Upload-Offset"] == "400"
    (going,) = wang.get("/api/field-files").get_json()["uploads"]
    assert (going["name"], going["offset"], going["size"]) == ("一.zip", 400, len(content))
    last = patch(wang, address, 400, content[400:])
    uuid = last.headers["Dijie-Field-File"]
    assert last.headers["Dijie-Earlier"] == "0"
    # the answer to the last piece was lost: asked again, it is the same file
    assert patch(wang, address, len(content), b"").headers["Dijie-Field-File"] == uuid
    assert ask(wang, "HEAD", address).headers["Upload-Offset"] == str(len(content))
    assert wang.get(f"/api/field-files/{uuid}").get_json()["state"] == "received"
    assert wang.get(f"/api/field-files/{uuid}/result").status_code == 404

    assert work(own, settings) == 1
    found = wang.get(f"/api/field-files/{uuid}?lang=zh").get_json()
    assert (found["state"], found["state_title"]) == ("read", "已读取")
    assert {one["key"]: one["count"] for one in found["counts"]} == {
        "tracks": 2, "vertices": 5, "points": 1, "photos": 1,
    }  # fmt: skip
    assert [one["rule"] for one in found["findings"]] == ["unsafe-markup", "line-too-short"]
    assert "bad.gpx" in found["findings"][0]["where"]
    assert "文档类型" in found["findings"][0]["text"]
    assert found["sha256"] == hashlib.sha256(content).hexdigest()
    assert found["span"] == ["2025-05-01T00:00:00Z", "2025-05-01T00:00:10Z"]
    assert wang.get(f"/api/field-files/{uuid}/original").data == content
    outline = wang.get(f"/api/field-files/{uuid}/outline").get_json()
    assert [one["properties"]["kind"] for one in outline["features"]] == ["track", "route", "waypoint", "photo"]
    assert wang.get("/field-files").status_code == 200

    address = begin(wang, "again.zip", len(content))
    same = patch(wang, address, 0, content)
    assert (same.headers["Dijie-Field-File"], same.headers["Dijie-Earlier"]) == (uuid, "1")
    assert work(own, settings) == 0


def test_checksums(wang: Person) -> None:
    address = begin(wang, "a.gpx", 8)
    good = base64.b64encode(hashlib.sha256(b"abcd").digest()).decode()
    wrong = patch(wang, address, 0, b"abcX", Upload_Checksum=f"sha256 {good}")
    assert (wrong.status_code, wrong.get_json()["code"]) == (460, "checksum-differs")
    assert ask(wang, "HEAD", address).headers["Upload-Offset"] == "0"
    assert patch(wang, address, 0, b"abcd", Upload_Checksum=f"sha256 {good}").status_code == 204
    assert patch(wang, address, 4, b"x", Upload_Checksum="crc32 aaaa").get_json()["code"] == "bad-tus"
    assert patch(wang, address, 4, b"abcde").status_code == 409, "more than was announced"
    assert ask(wang, "HEAD", address).headers["Upload-Offset"] == "4"
    assert ask(wang, "DELETE", address).status_code == 204
    assert ask(wang, "HEAD", address).status_code == 404


def test_a_piece_may_be_larger_than_any_other_request(wang: Person) -> None:
    address = begin(wang, "a.gpx", 3_000_001)
    assert patch(wang, address, 0, bytes(3_000_000)).headers["Upload-Offset"] == "3000000"
    assert ask(wang, "DELETE", address).status_code == 204


@pytest.mark.parametrize(
    ("name", "code"),
    [("a.exe", "bad-upload"), ("a.shp", "bad-upload"), ("a.rar", "bad-upload"), ("", "bad-upload")],
)
def test_names_that_are_refused(wang: Person, name: str, code: str) -> None:
    metadata = f"filename {base64.b64encode(name.encode()).decode()}"
    answer = ask(wang, "POST", TUS, Upload_Length="5", Upload_Metadata=metadata)
    assert (answer.status_code, answer.get_json()["code"]) == (400, code)
    assert answer.get_json()["hint"]
    assert answer.headers["Tus-Resumable"] == "1.0.0"


def test_requests_that_are_refused(own: Flask, wang: Person) -> None:
    assert ask(wang, "POST", TUS, Upload_Length="0").get_json()["code"] == "bad-tus"
    assert ask(wang, "POST", TUS, Upload_Length="x").get_json()["code"] == "bad-tus"
    assert ask(wang, "POST", TUS, Upload_Length="5", Upload_Metadata="filename !").get_json()["code"] == "bad-tus"
    large = ask(wang, "POST", TUS, Upload_Length="20000001", Upload_Metadata="filename YS5ncHg=")
    assert (large.status_code, large.get_json()["code"]) == (413, "stream-too-large")
    assert ask(wang, "POST", TUS, Tus_Resumable="0.2.2", Upload_Length="5").status_code == 412
    assert ask(wang, "POST", TUS, X_CSRFToken="none", Upload_Length="5").status_code == 403
    address = begin(wang, "a.gpx", 5)
    other = surveyor(own, "zhao")
    assert ask(other, "HEAD", address).status_code == 404
    assert patch(other, address, 0, b"x").status_code == 404
    assert ask(other, "HEAD", f"{TUS}/../../x").status_code == 404
    clerk = Person(own, "liu", ("clerk",))
    assert ask(clerk, "POST", TUS, Upload_Length="5").status_code == 403
    assert clerk.get("/field-files").status_code == 403
    nobody = own.test_client()
    assert nobody.get("/api/field-files").status_code == 401
    assert nobody.post(TUS, headers={"Tus-Resumable": "1.0.0", "Upload-Length": "5"}).status_code == 401


def test_in_one_piece(own: Flask, settings: Settings, wang: Person) -> None:
    other = surveyor(own, "zhao")
    lines = b"1,,150000.3,3000000.7,12\n2,,150010.3,3000000.7,12\n"  # in no zone of the city
    answer = wang.send("/api/field-files", data={"file": (BytesIO(lines), "p.dat")})
    assert answer.status_code == 201, answer.text
    uuid = answer.get_json()["uuid"]
    again = wang.send("/api/field-files", data={"file": (BytesIO(lines), "q.dat")})
    assert (again.status_code, again.get_json()["uuid"], again.get_json()["earlier"]) == (200, uuid, True)
    assert work(own, settings) == 1
    found = wang.get(f"/api/field-files/{uuid}").get_json()
    assert [one["rule"] for one in found["findings"]] == ["ambiguous-coordinates"]
    assert found["state"] == "refused"
    wrong = wang.send(f"/api/field-files/{uuid}/read", json={"crs": 2154})
    assert wrong.get_json()["code"] == "unknown-system"
    assert other.send(f"/api/field-files/{uuid}/read", json={"crs": 4549}).status_code == 404
    assert other.get(f"/api/field-files/{uuid}/original").status_code == 404
    assert wang.send(f"/api/field-files/{uuid}/read", json={"crs": 4549}).status_code == 202
    assert wang.send(f"/api/field-files/{uuid}/read", json={"crs": 4549}).get_json()["code"] == "field-file-busy"
    assert work(own, settings) == 1
    found = wang.get(f"/api/field-files/{uuid}").get_json()
    assert (found["state"], found["counts"][0]["count"], found["crs"]) == ("read", 2, 4549)
    assert [(one["rule"], one["severity"]) for one in found["findings"]] == [("far-away", "warning")]
    assert Person(own, "admin", ("administrator",)).get(f"/api/field-files/{uuid}").status_code == 200


def test_what_breaks_off_between_the_steps_is_gone_on_with(own: Flask, settings: Settings, wang: Person) -> None:
    """Killed after any step of the end: the list, or the next question, goes on from there."""
    person = surveyor(own, "broken")
    with own.app_context():
        where = Arrivals(office(own), settings.files_folder, most=1_000_000)
    editor = account(office(own), person.name).editor
    files = []
    for step in range(4):
        content = made.GPX.encode() + b" " * (step + 1)
        upload = where.begin(f"{step}.gpx", len(content), editor=editor)
        where.append(upload, 0, [content[:100], content[100:]])
        if step > 0:
            digest = hashlib.sha256(content).hexdigest()
            field_files.note_hash(office(own), upload.uuid, digest)
        if step > 1:
            where._partial.keep(upload.uuid, where.originals, digest)
        if step > 2:
            files.append(where.finish(field_files.find_upload(office(own), upload.uuid, editor=editor), editor=editor))
    assert len(files) == 1
    listed = person.get("/api/field-files").get_json()
    assert sorted(one["name"] for one in listed["files"]) == ["0.gpx", "1.gpx", "2.gpx", "3.gpx"]
    assert listed["uploads"] == []
    assert [path for path in (settings.files_folder / "field-files.part").iterdir() if path.stat().st_size > 900] == []
    assert len(person.get("/api/field-files").get_json()["files"]) == 4


def test_the_command(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "一.gpx").write_text(made.GPX, "utf-8")
    (tmp_path / "x.zip").write_bytes(b"PK\3\4")
    runner = CliRunner(env={"DIJIE_LANGUAGE": "zh", "DIJIE_REGISTER": settings.register})
    done = runner.invoke(cli, ["field-files", "read", str(tmp_path / "一.gpx")])
    assert done.exit_code == 0, done.output
    assert "一.gpx: 航迹 2 · 航迹点 5 · 点 1" in done.output
    assert "不成线" in done.output
    options = ["--without-register", "--format", "json"]
    refused = runner.invoke(cli, ["field-files", "read", *options, str(tmp_path / "x.zip")])
    assert refused.exit_code == 1
    assert '"damaged-file"' in refused.output
