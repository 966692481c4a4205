"""Papers of the boundary register: registration forms of stakes as DOCX."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response

from layers.boundaries.stake_form import form_of_stake, forms_of_line
from web import query
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


def _attachment(content: bytes, name: str, mimetype: str) -> Response:
    """A file to be kept, under a name with Chinese characters."""
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-cache"
    return response
