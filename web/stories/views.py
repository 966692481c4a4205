"""Stories of places: the list, one to read, one to write, a look at a text before it is saved."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template
from markupsafe import Markup

from gis.errors import N_
from layers import days
from layers.access import may, require
from layers.editing import BadDraft
from layers.features import counties, feature
from layers.placenames.articles import LAYER, Line, rendered, stories, story, themes
from layers.placenames.media import media_of
from web import query
from web.body import sent
from web.language import reader_language
from web.media.views import medium_as_json
from web.permissions import current_editor, current_reader
from web.service import service

pages = Blueprint("stories", __name__)

_MOST_WORDS: Final = 100


@pages.get("/stories")
def listed() -> str:
    """The stories, the newest first; filtered by theme and county, searched."""
    given = query.allow("theme", "county", "q", "page")
    index, reader, today = service().index, current_reader(), days.today()
    theme, county, words = given.get("theme", ""), given.get("county", ""), given.get("q", "")[:_MOST_WORDS]
    found = stories(index, reader=reader, theme=theme, county=county, words=words, page=query.whole("page", 1))
    names = dict(counties(index, reader=reader, asof=today))
    return render_template(
        "stories/list.html",
        found=found,
        asked={"theme": theme, "county": county, "q": words},
        themes=_themes(),
        counties=[(code, name, found.counties.get(code, 0)) for code, name in names.items()],
        editable=may(reader, "edit", LAYER),
    )


@pages.get("/stories/<uuid>")
def read(uuid: str) -> str:
    """One story."""
    query.allow()
    reader = current_reader()
    found = story(service().index, uuid, reader=reader)
    return render_template(
        "stories/story.html",
        story=found,
        text=Markup(found.html),  # noqa: S704 - made by layers.placenames.prose, which lets no HTML through
        theme=_themes().get(found.line.theme, ""),
        sounds=[one for one in found.media if one.kind == "sound"],
        gallery=[one for one in found.media if one.kind == "image" and one.sha256 not in found.html],
        editable=may(reader, "edit", LAYER),
        map_json={"lon": found.line.lon, "lat": found.line.lat, "name": found.line.title},
    )


@pages.get("/stories/new")
def new() -> str:
    """An empty page to write one on; of a place with ``place``."""
    given = query.allow("place")
    require(current_editor().reader, "edit", LAYER)
    place = given.get("place", "")
    named = {"uuid": place, "name": "", "geometry": None}
    if place:
        found = feature(service().index, "place-names", place, reader=current_reader())
        point = found.geometry
        named = {
            "uuid": place, "name": str(found.record.get("name") or ""),
            "geometry": None if point is None else {"type": "Point", "coordinates": list(point.coords[0])},
        }  # fmt: skip
    return _writing({"uuid": "", "version": 0, "values": {}, "media": [], "place": named})


@pages.get("/stories/<uuid>/edit")
def edit(uuid: str) -> str:
    """A story to be written on."""
    query.allow()
    editor = current_editor()
    require(editor.reader, "edit", LAYER)
    found = story(service().index, uuid, reader=editor.reader)
    line = found.line
    values = {
        "title": line.title, "summary": line.summary, "theme": line.theme, "author": line.author, "state": line.state,
        "body": found.body, "sources": [{"title": one.title, "url": one.url} for one in found.sources],
    }  # fmt: skip
    return _writing(
        {
            "uuid": uuid,
            "version": found.version,
            "values": values,
            "media": [medium_as_json(one) for one in found.media],
            "place": {"uuid": line.place_uuid, "name": line.place, "geometry": None},
        }
    )


def _writing(payload: dict[str, Any]) -> str:
    return render_template("stories/edit.html", story=payload, themes=_themes())


@pages.post("/api/stories/preview")
def preview() -> Response:
    """A text as it would be shown: ``body``, and ``uuid`` of the story whose pictures may stand in it."""
    query.allow()
    editor = current_editor()
    require(editor.reader, "edit", LAYER)
    given = sent()
    if not isinstance(given, dict) or not isinstance(given.get("body"), str):
        raise BadDraft(N_("A record is sent as a JSON object."))
    uuid = given.get("uuid")
    media = media_of(service().index, "article", uuid, reader=editor.reader) if isinstance(uuid, str) and uuid else ()
    return jsonify(html=rendered(given["body"], media))


@pages.get("/api/stories")
def of_place() -> Response:
    """The stories of a place, for its card on the map: ``place``."""
    given = query.allow("place", "page")
    found = stories(service().index, reader=current_reader(), place=given.get("place", ""), page=query.whole("page", 1))
    response = jsonify(total=found.total, stories=[_line_as_json(line) for line in found.lines])
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response


def _line_as_json(line: Line) -> dict[str, Any]:
    return {
        "uuid": line.uuid, "title": line.title, "summary": line.summary, "published": line.published,
        "url": f"/stories/{line.uuid}", "picture": line.picture or None,
    }  # fmt: skip


def _themes() -> dict[str, str]:
    chinese = reader_language() == "zh"
    return {one.key: one.title_zh if chinese else one.title_en for one in themes()}
