"""Pages: the map, the parts of the design system, a sign of life, and an image pyramid on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, send_from_directory

from layers.access import may
from web import query
from web.accounts.menu import for_scripts
from web.language import reader_language, translated
from web.maps.texts import TEXTS
from web.permissions import current_person, current_reader
from web.service import service

maps = Blueprint("maps", __name__)


@maps.app_context_processor
def page_context() -> dict[str, Any]:
    """What every page needs."""
    language = reader_language(service().settings.language)
    texts = {text: translated(text, language) for text in TEXTS}
    return {"lang": language, "texts_json": _data(texts), "importmap_json": service().import_map}


def _data(value: object) -> str:
    """JSON that stands inside a script element as data."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


@maps.get("/")
def page() -> str:
    """The map."""
    found = service()
    settings = found.settings
    basemap = None
    if settings.basemap_tiles:
        basemap = {
            "tiles": list(settings.basemap_tiles),
            "title": settings.basemap_title or _basemap_title(settings.basemap),
        }
    return render_template(
        "map.html",
        may_add=may(current_reader(), "edit"),
        settings_json=_data(
            {
                "lang": reader_language(settings.language),
                "seq": found.index.seq(),
                "basemap": basemap,
                "audience": current_reader().audience,
                "person": for_scripts(current_person()),
            }
        ),
    )


def _basemap_title(basemap: str) -> str:
    return "天地图" if basemap.startswith("tianditu:") else ""


@maps.get("/design")
def design() -> str:
    """Every part of the design system on one page."""
    return render_template("design.html")


@maps.get("/healthz")
def health() -> Response:
    """Whether the register answers, and how far it has come."""
    return jsonify(status="ok", seq=service().index.seq())


@maps.get("/basemap/<int:z>/<int:x>/<int:y>.png")
def basemap(z: int, x: int, y: int) -> Response:
    """One image of the pyramid on disk."""
    query.allow()
    folder = service().settings.basemap_folder
    return send_from_directory(Path(folder or "/nonexistent").resolve(), f"{z}/{x}/{y}.png", max_age=86400)
