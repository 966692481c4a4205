"""The public pages of place names: whole without a script, the same for everybody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from gis.errors import N_
from layers import days
from layers.access import PUBLIC
from layers.features import counties, value_titles
from layers.placenames.browsing import PUBLIC_FIELDS, Asked, OnePlace, browse, major_titles, one_place
from layers.placenames.sketchmap import sketch
from layers.records import record_field
from web import query
from web.language import reader_language, translated
from web.service import service

public = Blueprint("public", __name__)

KINDS: Final[Mapping[str, str]] = {
    "alias": N_("Also called"),
    "abbreviation": N_("In short"),
    "former": N_("Formerly"),
    "map": N_("On maps"),
    "minority": N_("In a minority's script"),
}
_LONG: Final = ("meaning", "origin", "history", "description")
_UNKNOWN: Final = frozenset({"不详", "无", "-", "—"})
_FILTERS: Final = ("q", "county", "class", "letter")


@public.get("/names")
def page() -> Response:
    """Search and filters over all public place names."""
    given = query.allow(*_FILTERS, "page")
    asked = Asked(
        text=given.get("q", "").strip(),
        county=given.get("county", ""),
        major=given.get("class", ""),
        initial=given.get("letter", "").upper(),
        page=query.whole("page", 1),
    )
    index, language = service().index, reader_language()
    with index.held():
        found = browse(index, asked)
        drawn = sketch(index)
        known = counties(index, reader=PUBLIC, asof=days.today())
    titles = {key: zh if language == "zh" else en for key, (zh, en) in major_titles().items()}
    dots = [(one, at) for one in found.names if (at := drawn.at(one.lon, one.lat)) is not None]
    return _kept(
        render_template(
            "public/names.html",
            asked=asked,
            found=found,
            counties=[(code, name, found.counties.get(code, 0)) for code, name in known],
            majors=[(key, title, found.majors.get(key, 0)) for key, title in titles.items()],
            letters=[(letter, found.initials.get(letter, 0)) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"],
            titles=titles,
            sketch=drawn,
            dots=dots,
            link=_link,
            canonical=_absolute(_link() or "/names"),
        )
    )


@public.get("/names/<uuid>")
def one(uuid: str) -> Response:
    """One public place name with everything about it that is public."""
    query.allow()
    index, language = service().index, reader_language()
    with index.held():
        place = one_place(index, uuid)
        drawn = sketch(index)
    canonical = _absolute(f"/names/{uuid}")
    name = place.record.get("name", "")
    return _kept(
        render_template(
            "public/name.html",
            place=place,
            name=name,
            facts=_facts(place, language),
            texts=[
                (_title(key, language), place.record[key])
                for key in _LONG
                if key in place.record and place.record[key] not in _UNKNOWN
            ],
            other_names=_other_names(place, language),
            sketch=drawn,
            at=drawn.at(place.lon, place.lat) if place.lon is not None and place.lat is not None else None,
            where="".join(title for _, title in place.divisions),
            own_county=place.divisions[0][0] if place.divisions else "",
            canonical=canonical,
            description=_description(place),
            linked=_linked(place, canonical),
            has_stories=_is_there("/stories/x"),
            synthetic=place.record.get("source") == "synthetic",
            today=days.today().isoformat(),
        )
    )


def _link(**changes: object) -> str:
    """The address of the list with some filters changed; a changed filter begins at the first page."""
    kept = {name: value for name, value in request.args.items() if name in (*_FILTERS, "page") and value}
    if "page" not in changes:
        kept.pop("page", None)
    kept |= {name: str(value) for name, value in changes.items()}
    asked = urlencode({name: value for name, value in kept.items() if value and (name, value) != ("page", "1")})
    return f"/names?{asked}" if asked else "/names"


def _facts(place: OnePlace, language: str) -> list[tuple[str, str]]:
    """Titles and values of the short fields."""
    found: list[tuple[str, str]] = []
    for key in PUBLIC_FIELDS:
        if key in (*_LONG, "name", "class_code") or key not in place.record:
            continue
        value = place.record[key]
        titles = value_titles("place-names", key, value)
        found.append((_title(key, language), titles[0 if language == "zh" else 1] if titles else value))
    majors = major_titles().get(place.major)
    kind = " · ".join(
        part for part in (majors[0 if language == "zh" else 1] if majors else "", place.class_title) if part
    )
    if kind:
        found.insert(1, (translated(N_("Class of place"), language), kind))
    where = " ".join(title for _, title in place.divisions)
    if where:
        found.insert(2, (translated(N_("Lies in"), language), where))
    if place.lon is not None and place.lat is not None:
        found.insert(
            3, (translated(N_("Longitude, latitude (CGCS2000)"), language), f"{place.lon:.6f}, {place.lat:.6f}")
        )
    for zh, en, value, unit in place.attributes:
        found.append((zh if language == "zh" else en, f"{value} {unit}".strip()))
    return found


def _title(key: str, language: str) -> str:
    return record_field("place-names", key).title(language)


def _other_names(place: OnePlace, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for one_name in place.names:
        kind = KINDS.get(str(one_name.get("kind")))
        if kind is not None:
            found.setdefault(kind, []).append((str(one_name["name"]), str(one_name.get("roman") or "")))
    return [(translated(kind, language), names) for kind, names in found.items()]


def _description(place: OnePlace) -> str:
    """One sentence for search engines: what and where, then the first thing that is known of it."""
    where = "".join(title for _, title in place.divisions)
    first = next((place.record[key] for key in _LONG if place.record.get(key, "不详") not in _UNKNOWN), "")
    parts = (place.record.get("name", ""), place.record.get("roman", ""), place.class_title, where, first)
    return "，".join(part for part in parts if part)[:300]


def _linked(place: OnePlace, canonical: str) -> str:
    """The record as schema.org's Place in JSON-LD: data in the page, which no browser runs."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Place",
        "@id": canonical,
        "url": canonical,
        "name": place.record.get("name", ""),
        "identifier": [place.uuid, *([place.record["place_code"]] if "place_code" in place.record else [])],
    }
    others = [place.record.get("roman", ""), *(str(one_name["name"]) for one_name in place.names)]
    if any(others):
        data["alternateName"] = [word for word in others if word]
    if place.lon is not None and place.lat is not None:
        data["geo"] = {"@type": "GeoCoordinates", "longitude": place.lon, "latitude": place.lat}
    if place.divisions:
        data["containedInPlace"] = [
            {"@type": "AdministrativeArea", "name": title, "identifier": code} for code, title in place.divisions
        ]
    if text := _description(place):
        data["description"] = text
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _absolute(path: str) -> str:
    return f"{request.host_url.rstrip('/')}{path}"


def _is_there(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except RequestRedirect:
        return True
    except (NotFound, MethodNotAllowed):
        return False
    return True


def _kept(body: str) -> Response:
    response = Response(body)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response
