"""Files to take away: layers and coverage answers."""

from __future__ import annotations

from typing import IO, Any

from flask import Blueprint, Response, send_file

from layers import coverage
from layers.catalogue import layer_named
from layers.export import open_export
from layers.export.coverage import open_coverage_shapefile, open_coverage_workbook
from layers.features import frame
from layers.placenames.exported import with_names
from layers.provenance import about
from web import query
from web.language import reader_language, translated
from web.permissions import current_reader
from web.service import service

downloads = Blueprint("downloads", __name__, url_prefix="/api")

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
}
"""Media types by the ending of a file's name."""


@downloads.get("/export/<layer>")
def export(layer: str) -> Response:
    """A layer, whole or filtered."""
    given = query.allow(*query.FILTERS, "format", "crs", "encoding")
    entry = layer_named(layer)
    filters = query.filters()
    records, seq = frame(service().index, layer, reader=current_reader(), filters=filters)
    records = with_names(service().index, entry, records, reader=current_reader())
    stream, result = open_export(
        records,
        entry,
        format=given.get("format", "shp"),
        crs=query.whole("crs", 4490),
        encoding=given.get("encoding", "utf-8"),
        about=about(service().index, day=filters.day, seq=seq, filters=filters.described(), **_reading()),
    )
    response = _sent(stream, result.path.name)
    response.headers["X-Feature-Count"] = str(result.count)
    return response


@downloads.get("/coverage.xlsx")
def workbook() -> Response:
    """A coverage answer as a workbook."""
    question = query.question()
    index = service().index
    result = coverage.answer(index, question, reader=current_reader())
    stream = open_coverage_workbook(result, about=about(index, day=question.day, **_reading()))
    return _sent(stream, f"dijie-coverage-{question.day}.xlsx")


@downloads.get("/coverage.shp.zip")
def shapefile() -> Response:
    """A coverage answer as shapefiles in a zip."""
    question = query.question("crs", "encoding")
    index, reader = service().index, current_reader()
    result = coverage.answer(index, question, reader=reader, with_outline=True)
    stream = open_coverage_shapefile(
        result,
        about=about(index, day=question.day, **_reading()),
        crs=query.whole("crs", 4490),
        encoding=query.text("encoding", "utf-8"),
    )
    return _sent(stream, f"dijie-coverage-{question.day}.zip")


def _reading() -> dict[str, Any]:
    language = reader_language()
    return {"language": language, "translate": lambda template: translated(template, language)}


def _sent(stream: IO[bytes], name: str) -> Response:
    response = send_file(
        stream, mimetype=TYPES[name.rpartition(".")[2]], as_attachment=True, download_name=name, etag=False
    )
    response.headers["Content-Length"] = str(_size(stream))
    response.headers["Cache-Control"] = "no-store"
    return response


def _size(stream: IO[bytes]) -> int:
    end = stream.seek(0, 2)
    stream.seek(0)
    return end
