"""A static file that an upgrade replaces while the server runs."""

from __future__ import annotations

from pathlib import Path

from werkzeug.test import Client
from werkzeug.wrappers import Response

from web.static_files import StaticFiles


def missing(environ: object, start_response: object) -> object:
    return Response("nothing", status=404)(environ, start_response)  # type: ignore[arg-type]


def test_a_file_that_changes_is_sent_whole_and_one_that_goes_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "page.js"
    file.write_text("short", encoding="utf-8")
    client = Client(StaticFiles(missing, root=str(tmp_path), prefix="static/", max_age=60))
    first = client.get("/static/page.js", buffered=True)
    assert first.text == "short"
    file.write_text("much longer than it was before", encoding="utf-8")
    second = client.get("/static/page.js", buffered=True)
    assert second.text == "much longer than it was before"
    assert second.headers["ETag"] != first.headers["ETag"]
    asked = client.get("/static/page.js", headers={"If-None-Match": second.headers["ETag"]}, buffered=True)
    assert asked.status_code == 304
    file.unlink()
    assert client.get("/static/page.js", buffered=True).status_code == 404
    file.write_text("back", encoding="utf-8")
    assert client.get("/static/page.js", buffered=True).text == "back"
