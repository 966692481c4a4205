"""Imports over HTTP with a real worker: sent, refused, mended, imported, again; nobody else's."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from layers.access import LOCAL_EDITOR
from layers.index import Index
from layers.office import Office, jobs, uploads
from layers.office.accounts import Profile, edit_account
from tests.web.people import Person
from web.app import create_app
from web.jobs.worker import Worker
from web.service import Service
from web.settings import Settings

HEADINGS = ["标准名称", "罗马字母拼写", "类别", "类别代码", "所在行政区", "东经", "北纬", "地名含义"]
GOOD = ["测试岭", "Cèshì Lǐng", "山", "13410", "青州市", 118.4801, 36.6801, "为测试而立"]


@pytest.fixture
def settings(own_path: Path, tmp_path: Path) -> Settings:
    return Settings(
        register=str(own_path), office=str(tmp_path / "own.office.sqlite"), files=str(tmp_path / "files"), upload_mb=2
    )


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings)


@pytest.fixture
def clerk(app: Flask) -> Person:
    return Person(app, "liu", ("clerk",))


@pytest.fixture
def worker(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    for name, value in (("REGISTER", settings.register), ("OFFICE", settings.office), ("FILES", settings.files)):
        monkeypatch.setenv(f"DIJIE_{name}", value)
    with Office(settings.office_address) as office:
        yield Worker(office, settings)


def workbook(*rows: list[Any], headings: list[str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(headings or HEADINGS)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(person: Person, content: bytes, *, name: str = "地名.xlsx", subject: str = "place-names") -> TestResponse:
    return person.send(
        "/api/imports",
        data={"subject": subject, "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def sent(person: Person, worker: Worker, content: bytes, **more: str) -> dict[str, Any]:
    """Send a file and have it checked; gives what the page shows."""
    answer = send(person, content, **more)
    assert answer.status_code == 201, answer.text
    assert worker.step()
    return whole(person, answer.get_json()["uuid"])


def whole(person: Person, uuid: str) -> dict[str, Any]:
    answer = person.get(f"/api/imports/{uuid}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def files(settings: Settings, purpose: str) -> list[Path]:
    return [path for path in (settings.files_folder / purpose).rglob("*") if path.is_file() and path.name != ".lock"]


def seq(path: str) -> int:
    # by a process of its own this would be slower; the app's locks are not at stake, nobody writes now
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return int(connection.execute("SELECT max(seq) FROM change_log").fetchone()[0])


def test_from_a_faulty_file_to_the_register_and_again(clerk: Person, worker: Worker, settings: Settings) -> None:
    faulty = [*GOOD]
    faulty[0] = ""
    found = sent(clerk, worker, workbook(GOOD, faulty))
    assert found["state"] == "checked", found["check"]
    assert found["found"]["rows"] == 2
    assert found["found"]["format"] == "xlsx"
    assert {column["heading"]: column["known"] for column in found["columns"]}["标准名称"] == "recognised"
    assert found["columns"][0]["samples"] == ["测试岭"]
    assert found["plan"]["counts"] == {"new": 1, "changed": 0, "same": 0, "refused": 1}
    assert found["plan"]["blocked"]
    errors = [rule for rule in found["plan"]["rules"] if rule["severity"] == "error"]
    assert [row["row"] for rule in errors for row in rule["rows"]] == [3]
    assert all(row["text"] for rule in errors for row in rule["rows"])

    report = clerk.get(found["reports"]["csv"])
    assert report.status_code == 200
    rows = list(csv.reader(io.StringIO(report.data.decode("utf-8-sig"))))
    assert any("3" in row for row in rows[1:])
    assert openpyxl.load_workbook(io.BytesIO(clerk.get(found["reports"]["xlsx"]).data)).sheetnames

    before = clerk.get("/api/search?q=测试岭").get_json()["total"]
    assert before == 0
    clerk.send(f"/api/imports/{found['uuid']}/apply", json={})
    assert worker.step()
    refused = whole(clerk, found["uuid"])
    assert refused["apply"]["state"] == "failed"
    assert refused["apply"]["error"]["detail"]
    assert clerk.get("/api/search?q=测试岭").get_json()["total"] == 0

    mended = sent(clerk, worker, workbook(GOOD, ["测试沟", *GOOD[1:5], 118.4811, 36.6811, "又一处"]))
    assert not mended["plan"]["blocked"], mended["plan"]
    assert mended["plan"]["counts"]["new"] == 2
    answer = clerk.send(f"/api/imports/{mended['uuid']}/apply", json={"why": "补登"})
    assert answer.status_code == 202
    assert worker.step()
    done = whole(clerk, mended["uuid"])
    assert done["state"] == "imported", done["apply"]
    assert done["counts"] == {"new": 2, "changed": 0, "same": 0, "refused": 0}
    assert [record["label"] for record in done["records"]] == ["测试岭", "测试沟"]
    [hit] = [hit for hit in clerk.get("/api/search?q=测试岭").get_json()["items"] if hit["name"] == "测试岭"]
    assert hit["uuid"] == done["records"][0]["uuid"]
    assert clerk.send(f"/api/imports/{mended['uuid']}/apply", json={}).status_code == 409

    again = sent(clerk, worker, workbook(GOOD, ["测试沟", *GOOD[1:5], 118.4811, 36.6811, "又一处"]))
    assert again["plan"]["counts"] == {"new": 0, "changed": 0, "same": 2, "refused": 0}
    assert again["plan"]["empty"]


def test_the_same_file_is_recognised_and_its_mapping_taken_over(clerk: Person, worker: Worker) -> None:
    content = workbook([*GOOD, "x"], headings=[*HEADINGS, "没人认识"])
    first = sent(clerk, worker, content)
    assert [column["heading"] for column in first["columns"] if column["known"] == "unknown"] == ["没人认识"]
    mapping = {"columns": {"没人认识": "note"}}
    answer = clerk.send(f"/api/imports/{first['uuid']}/mapping", method="PUT", json={"mapping": mapping})
    assert answer.status_code == 200
    assert answer.get_json()["state"] == "unchecked"
    assert not answer.get_json()["checked"]
    assert clerk.send(f"/api/imports/{first['uuid']}/apply", json={}).status_code == 409
    assert clerk.send(f"/api/imports/{first['uuid']}/check").status_code == 202
    assert clerk.send(f"/api/imports/{first['uuid']}/check").status_code == 409
    assert worker.step()
    checked = whole(clerk, first["uuid"])
    assert checked["state"] == "checked"
    assert {column["heading"]: column["target"] for column in checked["columns"]}["没人认识"] == "note"
    again = send(clerk, content).get_json()
    assert again["earlier"]["uuid"] == first["uuid"]
    assert whole(clerk, again["uuid"])["mapping"]["columns"] == {"没人认识": "note"}


def test_mappings_are_kept_by_name_and_offered_where_they_fit(clerk: Person, worker: Worker) -> None:
    mapping = {"columns": {"没人认识": "note"}}
    saved = clerk.send("/api/mappings/place-names/水利局", method="PUT", json={"mapping": mapping})
    assert saved.status_code == 200
    fits = sent(clerk, worker, workbook([*GOOD, "x"], headings=[*HEADINGS, "没人认识"]))
    assert [(each["name"], each["fits"]) for each in fits["saved"]] == [("水利局", True)]
    other = sent(clerk, worker, workbook(GOOD))
    assert [(each["name"], each["fits"]) for each in other["saved"]] == [("水利局", False)]
    assert clerk.send("/api/mappings/place-names/水利局", method="DELETE").status_code == 200
    assert clerk.send("/api/mappings/place-names/水利局", method="DELETE").status_code == 404
    for name, body, status in (
        ("x" * 61, {"mapping": mapping}, 400),
        ("x", {"mapping": {"colour": 1}}, 400),
        ("x", {}, 400),
    ):
        assert clerk.send(f"/api/mappings/place-names/{name}", method="PUT", json=body).status_code == status


def test_more_than_one_sheet_is_asked_about(clerk: Person, worker: Worker) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(GOOD)))
    sheet = book.create_sheet("第二")
    for row in (HEADINGS, GOOD, [*GOOD[:5], 118.4802, 36.6802, ""]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    found = sent(clerk, worker, out.getvalue())
    assert found["state"] == "faulty"
    assert found["fault"]["detail"]
    assert [choice["name"] for choice in found["choices"]] == ["Sheet", "第二"]
    clerk.send(f"/api/imports/{found['uuid']}/mapping", method="PUT", json={"mapping": {"layer": "第二"}})
    clerk.send(f"/api/imports/{found['uuid']}/check")
    assert worker.step()
    checked = whole(clerk, found["uuid"])
    assert (checked["state"], checked["found"]["rows"], checked["found"]["layer"]) == ("checked", 2, "第二")


@pytest.mark.parametrize("name", ["地名.doc", "virus.exe", "noending", "", "roads.shp", "../../etc/passwd"])
def test_names_that_are_none_of_ours_are_refused_and_nothing_is_kept(
    clerk: Person, settings: Settings, name: str
) -> None:
    answer = send(clerk, b"x", name=name)
    assert answer.status_code == 400
    assert answer.get_json()["detail"]
    assert files(settings, "uploads") == []
    assert clerk.get("/api/imports").get_json()["imports"] == []


def test_a_name_loses_its_folders(clerk: Person) -> None:
    assert send(clerk, b"a,b\n1,2\n", name="Users/liu/地名\u202e.csv").get_json()["name"] == "地名.csv"


def test_too_large_empty_twice_and_none_are_refused(clerk: Person, settings: Settings) -> None:
    for size in (2_000_001, 9_000_000):
        head = b'--y\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        body = head + b"x" * size + b"\r\n--y--\r\n"
        answer = clerk.send("/api/imports", data=body, content_type="multipart/form-data; boundary=y")
        assert answer.status_code == 413
        assert "2 MB" in answer.get_json()["detail"]
    assert send(clerk, b"", name="a.csv").status_code == 400
    two = {"subject": "stakes", "file": [(io.BytesIO(b"x"), "a.csv"), (io.BytesIO(b"y"), "b.csv")]}
    assert clerk.send("/api/imports", data=two, content_type="multipart/form-data").status_code == 400
    assert clerk.send("/api/imports", data={"subject": "stakes"}, content_type="multipart/form-data").status_code == 400
    assert clerk.send("/api/imports", json={"subject": "stakes"}).status_code == 400
    assert clerk.send("/api/imports", data=b"--x", content_type="multipart/form-data; boundary=y").status_code == 400
    assert files(settings, "uploads") == []


def test_no_file_comes_in_without_the_mark_or_the_right(app: Flask, clerk: Person, settings: Settings) -> None:
    data = {"subject": "place-names", "file": (io.BytesIO(b"a,b\n1,2\n"), "a.csv")}
    assert clerk.client.post("/api/imports", data=data, content_type="multipart/form-data").status_code == 403
    assert send(clerk, b"a,b\n1,2\n", name="a.csv", subject="lines").status_code == 403
    assert send(clerk, b"a,b\n1,2\n", name="a.csv", subject="colours").status_code == 400
    viewer = Person(app, "guest", ("viewer",))
    assert send(viewer, b"a,b\n1,2\n", name="a.csv").status_code == 403
    assert viewer.get("/imports").status_code == 403
    assert app.test_client().get("/imports").status_code == 303
    assert clerk.get("/api/imports").get_json()["imports"] == []


def test_others_do_not_see_an_import(app: Flask, clerk: Person, worker: Worker) -> None:
    uuid = send(clerk, workbook(GOOD)).get_json()["uuid"]
    other, chief = Person(app, "wang", ("clerk",)), Person(app, "chief", ("administrator",))
    for person, status in ((other, 404), (chief, 200), (clerk, 200)):
        assert person.get(f"/api/imports/{uuid}").status_code == status
        assert person.get(f"/imports/{uuid}").status_code == status
        assert len(person.get("/api/imports").get_json()["imports"]) == (status == 200)
    for method, path in (("POST", "/check"), ("POST", "/apply"), ("DELETE", ""), ("PUT", "/mapping")):
        assert other.send(f"/api/imports/{uuid}{path}", method=method, json={"mapping": {}}).status_code == 404


def test_a_removed_import_takes_its_file_with_it(clerk: Person, worker: Worker, settings: Settings) -> None:
    found = sent(clerk, worker, workbook(GOOD))
    assert len(files(settings, "uploads")) == 1
    assert clerk.send(f"/api/imports/{found['uuid']}", method="DELETE").status_code == 200
    assert clerk.get(f"/api/imports/{found['uuid']}").status_code == 404
    assert uploads.contents_kept(worker._office) == set()


def test_a_scope_is_kept(app: Flask, worker: Worker) -> None:
    near = Person(app, "near", ("clerk",), scope=frozenset({"370724"}))
    found = sent(near, worker, workbook(GOOD))
    assert found["plan"]["counts"]["refused"] == 1


def test_the_pages_stand_in_both_languages(clerk: Person, worker: Worker) -> None:
    found = sent(clerk, worker, workbook(GOOD))
    for language in ("zh", "en"):
        for path in ("/imports", f"/imports/{found['uuid']}"):
            assert clerk.get(f"{path}?lang={language}").status_code == 200
        assert whole(clerk, found["uuid"])["state_title"]
    [job] = clerk.get("/api/jobs").get_json()["jobs"]
    assert job["kind"] == "import-check"
    assert job["links"][0]["href"] == f"/imports/{found['uuid']}"


def test_an_import_whose_worker_was_lost_is_looked_up(
    clerk: Person, worker: Worker, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, written in enumerate((True, False)):
        name = f"失踪{number}山"
        found = sent(clerk, worker, workbook([name, *GOOD[1:5], 118.49 + number / 1000, 36.69, "y"]))
        clerk.send(f"/api/imports/{found['uuid']}/apply", json={})
        if written:
            assert worker.step()
        uuid = whole(clerk, found["uuid"])["apply"]["uuid"]
        with worker._office.writing() as connection:
            jobs.change(
                connection,
                uuid,
                state="running",
                ended=None,
                result=None,
                heartbeat=jobs.now(-60),
                claimed_by="gone",
                attempts=1,
            )
        worker._recover()
        after = whole(clerk, found["uuid"])
        assert after["apply"]["state"] == ("done" if written else "lost")
        assert after["state"] == ("imported" if written else "failed")
        assert clerk.get(f"/api/search?q={name}").get_json()["total"] == int(written)
        if written:
            assert after["counts"]["new"] == 1


def test_a_large_import_is_taken_back_by_a_job(app: Flask, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.history.views._MOST_AT_ONCE", 1)
    index: Index = app.extensions["dijie"].index
    before = index.layer("facilities")
    batch, uuids = str(uuid4()), before.uuid[:3].tolist()
    with index.register.writing(who="zhao", why="count", batch=batch) as connection:
        for one in uuids:
            index.register.update(connection, "facility", one, {"beds": 4321})
    reviewer = Person(app, "zhao", ("reviewer", "planner"))
    head = f'data-undo="/api/history/batches/{batch}/undo"'
    assert head in reviewer.get(f"/history?batch={batch}").text
    assert head not in Person(app, "other", ("clerk",)).get(f"/history?batch={batch}").text
    answer = reviewer.send(f"/api/history/batches/{batch}/undo", json={"why": "miscounted"})
    assert answer.status_code == 202, answer.text
    assert worker.step()
    job = reviewer.get(f"/api/jobs/{answer.get_json()['uuid']}?lang=en").get_json()
    assert (job["state"], job["result"]) == ("done", "3 changes taken back")
    with index.register.reading() as connection:
        beds = index.register.frame(connection, "facility", columns=["beds"], uuids=uuids)["beds"]
        changes = index.register.changes(connection, 0)
    assert 4321 not in beds.tolist()
    assert {(one.who, one.why) for one in changes if one.batch == job["uuid"]} == {("zhao", "miscounted")}
    again = reviewer.send(f"/api/history/batches/{batch}/undo", json={"why": ""}).get_json()
    assert worker.step()
    assert reviewer.get(f"/api/jobs/{again['uuid']}").get_json()["state"] == "failed"  # there is nothing left to undo


def test_half_a_character_is_not_kept_for_others_to_stumble_over(clerk: Person) -> None:
    uuid = send(clerk, b"a\n1\n", name="a.csv").get_json()["uuid"]
    for address in (f"/api/imports/{uuid}/mapping", "/api/mappings/place-names/n"):
        body = b'{"mapping": {"columns": {"\\ud800": "name"}}}'
        assert clerk.send(address, method="PUT", data=body).status_code == 400
    assert clerk.get(f"/api/imports/{uuid}").status_code == 200


def test_what_was_checked_as_one_thing_is_not_imported_as_another(clerk: Person, worker: Worker) -> None:
    shown = sent(clerk, worker, workbook(GOOD))
    address = f"/api/imports/{shown['uuid']}"
    assert (shown["state"], shown["checked"]) == ("checked", True)
    changed = clerk.send(
        f"{address}/mapping", method="PUT", json={"mapping": shown["mapping"], "subject": "facilities"}
    )
    assert (changed.get_json()["state"], changed.get_json()["checked"]) == ("unchecked", False)
    assert clerk.send(f"{address}/apply", json={}).status_code == 409


def test_what_people_send_in_is_not_open_to_others_of_the_machine(clerk: Person, settings: Settings) -> None:
    send(clerk, workbook(GOOD))
    assert (settings.files_folder / "uploads").stat().st_mode & 0o777 == 0o700


def test_roles_that_were_taken_away_meanwhile_count(app: Flask, clerk: Person, worker: Worker) -> None:
    found = sent(clerk, worker, workbook(GOOD))
    assert found["state"] == "checked"
    begun = clerk.send(f"/api/imports/{found['uuid']}/apply", json={})
    assert begun.status_code == 202, begun.text
    service: Service = app.extensions["dijie"]
    edit_account(service.office, clerk.name, Profile(display="liu", roles=frozenset({"viewer"})))
    assert worker.step()
    job = jobs.listed(service.office, editor=LOCAL_EDITOR())[0][0]
    assert (job.kind, job.state) == ("import-apply", "failed")
    assert job.error is not None
    assert job.error.code == "not-allowed"


def test_with_a_full_queue_nothing_is_taken_in(
    app: Flask, clerk: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.office.jobs.MOST_WAITING", 0)
    assert send(clerk, workbook(GOOD)).status_code == 413
    service: Service = app.extensions["dijie"]
    assert uploads.listed_imports(service.office, editor=LOCAL_EDITOR()) == []
    assert [path for path in Path(settings.files).rglob("*") if path.is_file() and path.stat().st_size] == []
