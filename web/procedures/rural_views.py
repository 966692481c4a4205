"""The rural pilot over HTTP: how far each county is, its villages, and names that could be given in one of them."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import shapely
from flask import Blueprint, Response, jsonify, render_template

from gis.errors import N_, NotFound
from layers.editing import draft_from_json
from layers.office.application_lists import Asked
from layers.placenames.procedures import handling
from layers.placenames.procedures.proposing import BadApplication
from layers.placenames.rural import (
    SORTS,
    Progress,
    Sort,
    Suggestion,
    Village,
    nameless,
    pilot,
    progress,
    suggestions,
    villages,
)
from layers.records import Context
from web import query
from web.language import reader_language, translated
from web.permissions import current_editor
from web.procedures.desk import body, desk
from web.procedures.shown import findings_as_json, line_as_json
from web.service import service

rural = Blueprint("rural", __name__)

_STAGES = {"open": N_("nothing proposed"), "proposed": N_("names proposed"), "approved": N_("names approved")}
_BADGES = {"open": "", "proposed": "accent", "approved": "good"}
_PAGE = 60
_FILTERS = ("county", "town", "stage", "missing", "q", "offset")


class UnknownVillage(NotFound):
    """No village of the pilot has this code."""

    code: ClassVar[str] = "unknown-village"


@rural.get("/rural")
def page() -> str:
    """How far the pilot is, and its villages: those without any name first."""
    given = query.allow(*_FILTERS)
    every, chosen = _asked(given)
    language = reader_language()
    divisions = Context.of(service().index, reader=current_editor().reader).divisions
    offset = max(0, query.whole("offset", 0))
    filters = {name: value for name, value in given.items() if name not in ("offset", "lang") and value}
    towns = sorted({village.town for village in every if not given.get("county") or village.county == given["county"]})
    loose = nameless(service().index, every, reader=current_editor().reader)
    return render_template(
        "procedures/rural.html",
        counties=[_county(one) for one in progress(every)],
        villages=[_village(one, language) for one in chosen[offset : offset + _PAGE]],
        count=len(chosen),
        following=offset + _PAGE if offset + _PAGE < len(chosen) else None,
        given=filters,
        pilot=list(pilot().items()),
        towns=[(code, divisions.name_of(code)) for code in towns],
        sorts=[(key, _title(sort, language)) for key, sort in SORTS.items()],
        stages=[(key, translated(words, language)) for key, words in _STAGES.items()],
        loose=len(loose),
    )


@rural.get("/rural/<code>")
def village_page(code: str) -> str:
    """One village: what likely has no name, what it could be called, what has been proposed."""
    given = query.allow("sort")
    village = _named(code)
    key = given.get("sort") or (village.missing[0] if village.missing else next(iter(SORTS)))
    sort = _sort(key)
    editor, language = current_editor(), reader_language()
    found = suggestions(service().index, service().office, village, sort, reader=editor.reader)
    divisions = Context.of(service().index, reader=editor.reader).divisions
    asked = Asked(channel="rural", village=code, limit=100)
    applied, _ = handling.listed(desk(), asked, editor=editor)
    loose = [one for one in nameless(service().index, [village], reader=editor.reader) if one.village == code]
    return render_template(
        "procedures/village.html",
        village=_village(village, language),
        sort=key,
        sort_title=_title(sort, language),
        class_code=sort.class_code,
        suggestions=[_suggestion(one, language) for one in found],
        applications=[line_as_json(one, divisions, language) for one in applied],
        loose=[one.__dict__ for one in loose],
    )


@rural.get("/api/rural")
def listed() -> Response:
    """The counties of the pilot and their villages as JSON."""
    every, chosen = _asked(query.allow(*_FILTERS))
    language = reader_language()
    offset = max(0, query.whole("offset", 0))
    payload = {
        "counties": [_county(one) for one in progress(every)],
        "count": len(chosen),
        "villages": [_village(one, language) for one in chosen[offset : offset + _PAGE]],
        "nameless": [one.__dict__ for one in nameless(service().index, every, reader=current_editor().reader)],
    }
    return Response(json.dumps(payload, ensure_ascii=False), mimetype="application/json")


@rural.post("/api/rural/<code>/names")
def names(code: str) -> Response:
    """What a thing could be called: ``sort``, and ``shape`` (GeoJSON) where it is known where it lies."""
    query.allow()
    given = body()
    sort = _sort(str(given.get("sort") or ""))
    shape = draft_from_json({"geometry": given.get("shape")}).geometry if given.get("shape") else None
    found = suggestions(
        service().index, service().office, _named(code), sort, reader=current_editor().reader,
        shape=shape if isinstance(shape, shapely.Geometry) else None,
    )  # fmt: skip
    return jsonify(names=[_suggestion(one, reader_language()) for one in found])


def _asked(given: dict[str, str]) -> tuple[list[Village], list[Village]]:
    """All villages of the pilot, and those that the filters leave: those without any name first."""
    every = villages(service().index, service().office, reader=current_editor().reader)
    chosen = [
        one
        for one in every
        if (not given.get("county") or one.county == given["county"])
        and (not given.get("town") or one.town == given["town"])
        and (not given.get("stage") or one.stage == given["stage"])
        and (not given.get("missing") or given["missing"] in one.missing)
        and given.get("q", "") in one.name
    ]
    return every, sorted(chosen, key=lambda one: (one.named, -len(one.missing), one.code))


def _named(code: str) -> Village:
    found = villages(service().index, service().office, reader=current_editor().reader)
    for one in found:
        if one.code == code:
            return one
    raise UnknownVillage(
        N_("The pilot has no village %(code)s."), hint=N_("Its counties are: %(known)s."), code=code[:20],
        known="、".join(pilot().values()),
    )  # fmt: skip


def _sort(key: str) -> Sort:
    if key not in SORTS:
        raise BadApplication(
            N_("There is no sort of things called “%(sort)s”."), hint=N_("Choose one of: %(known)s."), sort=key[:40],
            known=", ".join(SORTS),
        )  # fmt: skip
    return SORTS[key]


def _title(sort: Sort, language: str) -> str:
    return sort.title_zh if language == "zh" else sort.title_en


def _county(one: Progress) -> dict[str, Any]:
    return {
        "code": one.county,
        "name": pilot()[one.county],
        "villages": one.villages,
        "without": one.without,
        "proposed": one.proposed,
        "approved": one.approved,
    }


def _village(one: Village, language: str) -> dict[str, Any]:
    divisions = Context.of(service().index, reader=current_editor().reader).divisions
    return {
        "code": one.code,
        "name": one.name,
        "where": divisions.name_of(one.county) + divisions.name_of(one.town),
        "lon": one.lon,
        "lat": one.lat,
        "named": one.named,
        "counts": [
            {
                "sort": key,
                "title": _title(sort, language),
                "count": one.counts[key],
                "around": one.around[key],
                "missing": key in one.missing,
            }
            for key, sort in SORTS.items()
        ],
        "stage": one.stage,
        "stage_title": translated(_STAGES[one.stage], language),
        "badge": _BADGES[one.stage],
    }


def _suggestion(one: Suggestion, language: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "roman": one.roman,
        "origin": translated(one.origin, language, one.params),
        "meaning": one.meaning,
        "findings": findings_as_json(one.found, language),
        "errors": one.errors,
    }
