"""Jobs over HTTP: one's own and nobody else's, exports as jobs, their files, cancelling."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from layers.office import Office, jobs
from tests.web.people import Person
from web.app import create_app
from web.jobs.worker import Worker
from web.settings import Settings


@pytest.fixture
def settings(demonstration: Path, tmp_path: Path) -> Settings:
    return Settings(
        register=str(demonstration), office=str(tmp_path / "own.office.sqlite"), files=str(tmp_path / "files")
    )


@pytest.fixture
def app(settings: Settings) -> Flask:
    """An app with an office of its own."""
    return create_app(settings)


@pytest.fixture
def clerk(app: Flask) -> Person:
    return Person(app, "liu", ("clerk",))


@pytest.fixture
def chief(app: Flask) -> Person:
    return Person(app, "chief", ("administrator",))


@pytest.fixture
def worker(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    """A worker in this process; its jobs have processes of their own."""
    for name, value in (("REGISTER", settings.register), ("OFFICE", settings.office), ("FILES", settings.files)):
        monkeypatch.setenv(f"DIJIE_{name}", value)
    with Office(settings.office_address) as office:
        yield Worker(office, settings)


def test_without_an_account_there_are_no_jobs(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/api/jobs").status_code == 401
    assert client.get("/jobs").status_code == 303
    assert client.post("/api/exports?layer=stakes").status_code in (401, 403)


def test_an_export_as_a_job_is_the_file_of_the_download(clerk: Person, worker: Worker) -> None:
    query = "crs=4549&encoding=gb18030&class=canteen&asof=2022-12-31&county=370781"
    answer = clerk.send(f"/api/exports?layer=facilities&{query}")
    assert answer.status_code == 202
    uuid = answer.get_json()["uuid"]
    assert answer.get_json()["state"] == "queued"
    assert clerk.get(f"/api/exports/{uuid}/file").status_code == 404
    assert worker.step()
    job = clerk.get(f"/api/jobs/{uuid}").get_json()
    assert (job["state"], job["share"]) == ("done", 1), job
    assert job["log"]
    [link] = job["links"]
    made = clerk.get(link["href"])
    assert made.headers["Content-Disposition"].endswith("dijie-facilities-2022-12-31-4549.zip")
    assert "no-store" in made.headers["Cache-Control"]
    assert int(made.headers["Content-Length"]) == link["size"] == len(made.data)
    direct = clerk.get(f"/api/export/facilities?{query}")
    first, second = (zipfile.ZipFile(io.BytesIO(each.data)) for each in (made, direct))
    assert first.namelist() == second.namelist()
    for name in ("facilities.shp", "facilities.dbf", "facilities.cpg", "facilities.prj"):
        assert first.read(name) == second.read(name), name


@pytest.mark.parametrize(
    "query",
    ["", "layer=none", "layer=stakes&format=doc", "layer=stakes&crs=3857", "layer=stakes&format=geojson&crs=4549",
     "layer=stakes&encoding=big5", "layer=stakes&asof=yesterday", "layer=stakes&colour=red"],
)  # fmt: skip
def test_what_cannot_be_exported_is_refused_before_it_waits(clerk: Person, query: str) -> None:
    answer = clerk.send(f"/api/exports?{query}")
    assert answer.status_code in (400, 404)
    assert answer.get_json()["detail"]
    assert clerk.get("/api/jobs").get_json()["jobs"] == []


def test_others_do_not_see_a_job_and_administrators_do(
    app: Flask, clerk: Person, chief: Person, worker: Worker
) -> None:
    other = Person(app, "wang", ("planner",))
    uuid = clerk.send("/api/exports?layer=tripoints").get_json()["uuid"]
    worker.step()
    for person, status in ((other, 404), (clerk, 200), (chief, 200)):
        assert person.get(f"/api/jobs/{uuid}").status_code == status
        assert person.get(f"/api/exports/{uuid}/file").status_code == status
        assert len(person.get("/api/jobs").get_json()["jobs"]) == (status == 200)
    assert other.send(f"/api/jobs/{uuid}/cancel").status_code == 404


def test_the_list_tells_what_is_new_and_304_otherwise(clerk: Person) -> None:
    first = clerk.get("/api/jobs")
    again = clerk.get("/api/jobs", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    uuid = clerk.send("/api/exports?layer=stakes").get_json()["uuid"]
    found = clerk.get("/api/jobs?after=0").get_json()
    assert [job["uuid"] for job in found["jobs"]] == [uuid]
    assert clerk.get(f"/api/jobs?after={found['seq']}").get_json()["jobs"] == []
    assert clerk.send(f"/api/jobs/{uuid}/cancel").get_json()["state"] == "cancelled"
    assert [job["state"] for job in clerk.get(f"/api/jobs?after={found['seq']}").get_json()["jobs"]] == ["cancelled"]


def test_nothing_changes_without_the_mark_of_our_pages(clerk: Person) -> None:
    assert clerk.client.post("/api/exports?layer=stakes").status_code == 403
    assert clerk.get("/api/jobs").get_json()["jobs"] == []


def test_a_file_is_gone_after_a_day_and_that_is_said(clerk: Person, worker: Worker, settings: Settings) -> None:
    uuid = clerk.send("/api/exports?layer=tripoints").get_json()["uuid"]
    worker.step()
    files = [path for path in (settings.files_folder / "exports").rglob("*") if len(path.name) == 64]
    assert len(files) == 1
    os.utime(files[0], (1, 1))
    worker._tidy()
    assert files[0].exists(), "it is kept a day"
    with worker._office.writing() as connection:
        jobs.change(connection, uuid, expires=jobs.now(-1))
    worker._tidy()
    assert not files[0].exists()
    assert clerk.get(f"/api/exports/{uuid}/file").status_code == 404
    [link] = clerk.get(f"/api/jobs/{uuid}").get_json()["links"]
    assert link["href"] == ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_stands_in_both_languages(clerk: Person, chief: Person, language: str) -> None:
    for person in (clerk, chief):
        answer = person.get(f"/jobs?lang={language}")
        assert answer.status_code == 200
        assert 'id="jobs"' in answer.text
        assert ("data-everybody" in answer.text) == (person is chief)
