"""The form's workbook over HTTP with a real worker: taken along, worked on, brought back, chosen, written, undone."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask

from layers.office import Office
from layers.placenames.formbook.exporting import SHEET
from layers.register import open_register
from tests.web.people import Person
from web.app import create_app
from web.cli import cli
from web.jobs.worker import Worker
from web.settings import Settings

TOWN = "370781001"


@pytest.fixture
def settings(own_path: Path, tmp_path: Path) -> Settings:
    return Settings(register=str(own_path), office=str(tmp_path / "own.office.sqlite"), files=str(tmp_path / "files"))


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


def taken_along(person: Person, worker: Worker, asked: str = f"town={TOWN}") -> bytes:
    answer = person.send(f"/api/formbook/exports?{asked}")
    assert answer.status_code == 202, answer.text
    assert worker.step()
    (link,) = [one for one in person.get(f"/api/jobs/{answer.json['uuid']}").json["links"] if one["file"]]
    found = person.get(link["href"])
    assert found.status_code == 200
    return found.data


def worked_on(content: bytes, work: Callable[[Any, dict[str, int]], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[SHEET]
    work(sheet, {str(cell.value).removesuffix("*"): cell.column for cell in sheet[1]})
    out = io.BytesIO()
    book.save(out)
    book.close()
    return out.getvalue()


def brought_back(person: Person, worker: Worker, content: bytes, name: str = "form.xlsx") -> str:
    answer = person.send(
        "/api/formbook/merges", data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )
    assert answer.status_code == 202, answer.text
    uuid = str(answer.json["uuid"])
    assert person.get(f"/formbook/{uuid}").headers["Refresh"] == "1"
    assert worker.step()
    return uuid


def test_from_the_register_to_the_desk_and_back(clerk: Person, worker: Worker, settings: Settings) -> None:
    assert TOWN in clerk.get(f"/formbook?town={TOWN}").text
    content = taken_along(clerk, worker)

    def work(sheet: Any, columns: dict[str, int]) -> None:
        sheet.cell(2, columns["含义"]).value = "离线写的<b>"
        sheet.cell(3, columns["含义"]).value = "我的"
        uuids.extend(str(sheet.cell(row, 1).value) for row in (2, 3))

    uuids: list[str] = []
    mine = worked_on(content, work)
    with open_register(settings.register) as register, register.writing(who="other") as connection:
        register.update(connection, "place", uuids[1], {"meaning": "别人的"})
    uuid = brought_back(clerk, worker, mine)
    found = clerk.get(f"/api/formbook/merges/{uuid}").json["merge"]
    assert (found["counted"]["differences"], found["counted"]["clashes"], found["blocked"]) == (1, 1, False)
    page = clerk.get(f"/formbook/{uuid}")
    assert "Refresh" not in page.headers
    assert "离线写的&lt;b&gt;" in page.text
    for words in ("我的", "别人的", f'name="choice:{uuids[1]}|meaning"'):
        assert words in page.text
    # nothing is chosen: nothing is written, and the page says so
    assert clerk.send(f"/formbook/{uuid}/apply", data={"default": ""}).status_code == 303
    assert worker.step()
    assert "note-danger" in clerk.get(f"/formbook/{uuid}").text
    assert meaning(settings, uuids[0]) == "不详"
    data = {f"choice:{uuids[1]}|meaning": "mine", "default": "", "why": "下乡核对"}
    assert clerk.send(f"/formbook/{uuid}/apply", data=data).status_code == 303
    assert worker.step()
    page = clerk.get(f"/formbook/{uuid}")
    assert "note-good" in page.text
    assert [meaning(settings, one) for one in uuids] == ["离线写的<b>", "我的"]
    again = clerk.send(f"/api/formbook/merges/{uuid}/apply", json={})
    assert again.status_code == 409
    (batch,) = clerk.get("/api/history?limit=1").json["entries"]
    assert (batch["why"], batch["op"], batch["count"]) == ("下乡核对", "batch", 2)
    assert clerk.send(f"/api/history/batches/{batch['batch']}/undo", json={"why": ""}).status_code == 200
    assert [meaning(settings, one) for one in uuids] == ["不详", "别人的"]


def meaning(settings: Settings, uuid: str) -> str:
    with open_register(settings.register) as register, register.reading() as connection:
        return str(register.frame(connection, "place", columns=["meaning"], uuids=[uuid])["meaning"].iloc[0])


def test_what_stands_in_the_way_is_told_and_not_written(clerk: Person, worker: Worker) -> None:
    content = taken_along(clerk, worker)

    def work(sheet: Any, columns: dict[str, int]) -> None:
        sheet.cell(2, columns["所在行政区"]).value = "火星"

    uuid = brought_back(clerk, worker, worked_on(content, work))
    merge = clerk.get(f"/api/formbook/merges/{uuid}").json["merge"]
    assert merge["blocked"]
    assert merge["notes"]
    assert clerk.send(f"/api/formbook/merges/{uuid}/apply", json={}).status_code == 409
    assert "/apply" in clerk.get(f"/formbook/{uuid}").text


def test_a_file_that_is_no_form_is_told_so(clerk: Person, worker: Worker) -> None:
    book = openpyxl.Workbook()
    out = io.BytesIO()
    book.save(out)
    uuid = brought_back(clerk, worker, out.getvalue())
    assert clerk.get(f"/api/formbook/merges/{uuid}").json["state"] == "failed"
    assert "note-danger" in clerk.get(f"/formbook/{uuid}").text
    wrong = clerk.send(
        "/api/formbook/merges", data={"file": (io.BytesIO(b"a,b"), "a.csv")}, content_type="multipart/form-data"
    )
    assert wrong.status_code == 400


def test_only_for_who_may_import(app: Flask, clerk: Person, worker: Worker) -> None:
    viewer, other = Person(app, "viewer", ("viewer",)), Person(app, "other", ("clerk",))
    for person in (viewer,):
        assert person.get("/formbook").status_code == 403
        assert person.send("/api/formbook/exports").status_code == 403
    assert app.test_client().get("/formbook").status_code == 303
    uuid = brought_back(clerk, worker, b"no workbook at all")
    assert other.get(f"/formbook/{uuid}").status_code == 404
    assert clerk.get("/formbook/nothing").status_code == 404
    assert clerk.send("/api/formbook/exports?rule=nothing").status_code == 400
    assert clerk.send("/api/formbook/exports?what=1").status_code == 400
    assert clerk.client.post("/api/formbook/merges", data={"file": (io.BytesIO(b"x"), "a.xlsx")}).status_code == 403


def test_the_command_line_does_the_same(own_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIJIE_LANGUAGE", "en")
    book = tmp_path / "form.xlsx"
    options = ["--register", str(own_path)]
    run = CliRunner().invoke(cli, ["formbook", "export", str(book), "--town", TOWN, *options])
    assert run.exit_code == 0, run.output
    run = CliRunner().invoke(cli, ["formbook", "merge", str(book), *options])
    assert run.exit_code == 0, run.output
    assert "0 values changed" in run.output

    def work(sheet: Any, columns: dict[str, int]) -> None:
        sheet.cell(2, columns["含义"]).value = "从命令行"
        uuids.append(str(sheet.cell(2, 1).value))

    uuids: list[str] = []
    book.write_bytes(worked_on(book.read_bytes(), work))
    run = CliRunner().invoke(cli, ["formbook", "merge", str(book), "--dry-run", *options])
    assert "从命令行" in run.output
    assert meaning(Settings(register=str(own_path)), uuids[0]) == "不详"
    run = CliRunner().invoke(cli, ["formbook", "merge", str(book), "--format", "json", *options])
    assert run.exit_code == 0, run.output
    assert meaning(Settings(register=str(own_path)), uuids[0]) == "从命令行"
    with open_register(str(own_path)) as register, register.writing() as connection:
        register.update(connection, "place", uuids[0], {"meaning": "又改了"})
    run = CliRunner().invoke(cli, ["formbook", "merge", str(book), *options])
    assert run.exit_code == 1, run.output
    assert meaning(Settings(register=str(own_path)), uuids[0]) == "又改了"
    run = CliRunner().invoke(cli, ["formbook", "merge", str(book), "--take", "theirs", *options])
    assert run.exit_code == 0, run.output
    assert meaning(Settings(register=str(own_path)), uuids[0]) == "又改了"
