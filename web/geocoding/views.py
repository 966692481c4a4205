"""Addresses to places over HTTP: one by its address, many in a body, the page, the table to take away."""

from __future__ import annotations

import json
import math
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from flask import Blueprint, Response, render_template, send_file

from gis.errors import N_, TooLarge
from gis.findings import Finding
from layers import days
from layers.export.package import nameless
from layers.geocoding import ACCURACIES, ACCURACY_TITLES, AddressBook, Geocoded, geocode
from layers.geocoding.model import MOST_ALTERNATIVES
from layers.geocoding.tables import require_form, write_table
from layers.provenance import about
from layers.records import Context
from web import query
from web.api.downloads import TYPES
from web.body import sent
from web.geocoding.shown import answer_as_json
from web.language import reader_language, translated
from web.permissions import current_reader
from web.service import service

geocoding = Blueprint("geocoding", __name__)

MOST = 1000
"""Texts of one request."""
_CHARACTERS = 2000
"""Longer ones are no addresses; the geocoder reads less of them."""


class TooManyTexts(TooLarge):
    """More texts than are answered at once."""

    code = "too-many-texts"


class BadTexts(query.BadParameter):
    """A body that is not a list of texts."""

    code = "bad-texts"


@geocoding.get("/geocode")
def page() -> str:
    """A box for addresses, what was found, a map."""
    language = reader_language()
    titles = {key: translated(ACCURACY_TITLES[key], language) for key in ACCURACIES}
    settings = {"lang": language, "most": MOST, "accuracies": titles}
    written = json.dumps(settings, ensure_ascii=False).replace("<", "\\u003c")
    return render_template("geocoding/page.html", most=MOST, counties=_counties(), settings_json=written)


@geocoding.get("/api/geocode")
def one() -> Response:
    """The place that one text names."""
    given = query.allow("text", "limit", "near", "county")
    found = _found([given.get("text", "")])
    response = _answer(answer_as_json(found[0], limit=_limit()))
    response.add_etag()
    return response


@geocoding.post("/api/geocode")
def many() -> Response:
    """The places that a list of texts names."""
    query.allow("limit", "near", "county")
    limit = _limit()
    found = _found(_texts(sent()))
    return _answer({"counts": found.counts(), "doubtful": int(found.doubtful.sum()),
                    "answers": [answer_as_json(answer, limit=limit) for answer in found]})  # fmt: skip


@geocoding.post("/api/geocode.<ending>")
def table(ending: str) -> Response:
    """The same as a table to take away, with the alternatives that were chosen in place of what was found."""
    query.allow("near", "county")
    form = require_form(ending)
    given = sent()
    if not isinstance(given, dict):
        raise BadTexts(N_("The body is a JSON list of texts."))
    texts = _texts(given.get("texts"))
    found = _chosen(_found(texts), given.get("chosen") or {})
    index, language = service().index, reader_language()
    described = about(
        index, day=days.today(), language="zh" if language == "zh" else "en",
        translate=lambda template: translated(template, language),
    )  # fmt: skip
    frame = pd.DataFrame({described.say("地址", "Address"): pd.array(texts, dtype="str")})
    with tempfile.TemporaryDirectory(prefix="dijie-geocode-") as folder:
        path = write_table(frame, found, Path(folder) / f"geocoded.{form}", about=described)
        stream = nameless(path)
    name = f"dijie-geocode-{days.today()}.{form}"
    response = send_file(stream, mimetype=TYPES[form], as_attachment=True, download_name=name, etag=False)
    response.headers["Cache-Control"] = "no-store"
    return response


def _counties() -> list[tuple[str, str]]:
    """The counties of the city: code and name."""
    divisions = Context.of(service().index, reader=current_reader()).divisions
    rows = zip(divisions.code, divisions.name, divisions.level, divisions.inside.tolist(), strict=True)
    return sorted((code, name) for code, name, level, inside in rows if level == "county" and inside)


def _found(texts: list[str]) -> Geocoded:
    book = AddressBook.of(service().index, reader=current_reader())
    county = query.text("county", "")
    if county and county not in book.divisions:
        raise query.BadParameter(N_("The register has no division %(code)s."), code=county[:20])
    return geocode([text[:_CHARACTERS] for text in texts], book=book, within=county, near=_near())


def _near() -> tuple[float, float] | None:
    words = query.text("near", "")
    if not words:
        return None
    try:
        lon, lat = (float(word) for word in words.split(","))
    except ValueError:
        lon = lat = math.nan
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise query.BadParameter(
            N_("“near” is a longitude and a latitude in degrees with a comma between, not “%(text)s”."), text=words[:80]
        )
    return lon, lat


def _limit() -> int:
    limit = query.whole("limit", MOST_ALTERNATIVES)
    if not 0 <= limit <= MOST_ALTERNATIVES:
        raise query.BadParameter(
            N_("“limit” is from 0 to %(most)s, not %(given)s."), most=MOST_ALTERNATIVES, given=limit
        )
    return limit


def _texts(given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise BadTexts(N_("The body is a JSON list of texts."))
    if len(given) > MOST:
        raise TooManyTexts(
            N_("A request has at most %(most)s texts, not %(given)s."),
            hint=N_("Send them in parts, or use the command dijie geocode for a file."), most=MOST, given=len(given),
        )  # fmt: skip
    return given


def _chosen(found: Geocoded, chosen: Any) -> Geocoded:
    """Answers in which alternatives were chosen: by the number of the text the permanent id of the place."""
    if not isinstance(chosen, dict):
        raise BadTexts(N_("What was chosen is a JSON object: the number of a text to a permanent id."))
    answers = list(found)
    for number, uuid in chosen.items():
        if not (number.isascii() and number.isdigit() and int(number[:9]) < len(answers)):
            raise BadTexts(N_("What was chosen is a JSON object: the number of a text to a permanent id."))
        place = int(number)
        match = next((other for other in answers[place].alternatives if other.uuid == uuid), None)
        if match is not None:
            by_hand = Finding("chosen", "info", "address", N_("Chosen among the alternatives by hand."), {}, "")
            others = tuple(other for other in answers[place].alternatives if other is not match)
            answers[place] = replace(answers[place], match=match, alternatives=others, findings=(by_hand,))
    return Geocoded(answers)


def _answer(payload: object) -> Response:
    response = Response(
        json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False), mimetype="application/json"
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


@geocoding.record_once
def _nothing_is_changed(state: Any) -> None:
    """These only read; who asks for a list need not be on our own page."""
    for view in (many, table):
        state.app.extensions["csrf"].exempt(view)
