"""Papers of the boundary register: registration forms of stakes as DOCX, exchange folders as zips."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response

from layers import days
from layers.boundaries.exchange import write_exchange
from layers.boundaries.stake_form import form_of_stake, forms_of_line
from layers.features import feature
from layers.provenance import about
from web import query
from web.language import reader_language
from web.media.views import store
from web.permissions import current_reader
from web.service import service

boundary_papers = Blueprint("boundary_papers", __name__)

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@boundary_papers.get("/api/stakes/<uuid>/form.docx")
def stake_form(uuid: str) -> Response:
    """The registration form of a stake (界桩登记表)."""
    query.allow()
    name, content = form_of_stake(service().index, uuid, reader=current_reader())
    return _attachment(content, name, DOCX)


@boundary_papers.get("/api/boundaries/<uuid>/stake-forms.docx")
def line_forms(uuid: str) -> Response:
    """The registration forms of all stakes of a line, one page each."""
    query.allow()
    name, content = forms_of_line(service().index, uuid, reader=current_reader())
    return _attachment(content, name, DOCX)


@boundary_papers.get("/api/boundaries/<uuid>/exchange.zip")
def exchange(uuid: str) -> Response:
    """A line with its stakes, documents and pictures as an exchange folder; ``crs`` is the shapefiles' system."""
    query.allow("crs")
    index, reader = service().index, current_reader()
    record = feature(index, "boundary-lines", uuid, reader=reader).record
    said = about(index, day=days.today(), language=reader_language())
    with tempfile.TemporaryDirectory(prefix="dijie-exchange-") as folder:
        target = Path(folder) / "exchange.zip"
        write_exchange(
            index, target, lines=[uuid], reader=reader, about=said, store=store(), crs=query.whole("crs", 4490)
        )
        content = target.read_bytes()
    name = str(record.get("code") or record.get("name") or uuid)
    return _attachment(content, f"界线交换_{name}.zip", "application/zip")


def _attachment(content: bytes, name: str, mimetype: str) -> Response:
    """A file to be kept, under a name with Chinese characters."""
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-cache"
    return response
