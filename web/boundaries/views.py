"""Boundary lines and stakes: the table, a line, a stake, and the papers that are written of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

import shapely
from flask import Blueprint, render_template, request

from gis.errors import N_
from layers import days
from layers.access import Reader, may
from layers.boundaries.browsing import Asked, line_table, neighbours, one_line, one_stake
from layers.boundaries.checks import Found, Limits, StakeOn
from layers.boundaries.checks.limits import limits_from_text
from layers.boundaries.document_fields import FIELDS, KINDS, STATES
from layers.boundaries.documents import Document, may_edit_documents
from layers.boundaries.positions import dms, plane
from layers.catalogue import Titled
from layers.features import value_titles
from layers.records import record_fields
from surveys.rounds import STATES as TASK_STATES
from surveys.rounds import inspections_of
from web import query
from web.boundaries.words import advice, rule_title, sentence
from web.editing.shown import field_as_json
from web.language import reader_language, translated
from web.media.views import medium_as_json
from web.permissions import current_editor, current_person, current_reader
from web.rounds.shown import STATE_BADGES, titled
from web.service import service

boundaries = Blueprint("boundaries", __name__)

_FILTERS: Final = ("q", "status", "county", "findings")
_SHOWN_APART: Final = frozenset(
    {
        *("uuid", "name", "number", "line_uuid", "tripoint_uuid", "reference_features", "course", "version", "changed"),
        *("length_m", "batch", "status", "chainage_m", "serial"),
    }
)
"""Fields that a page shows in a place of their own."""
_MOST_VERTICES: Final = 3000


@boundaries.get("/boundaries")
def page() -> str:
    """The table of lines."""
    given = query.allow(*_FILTERS)
    asked = Asked(*(given.get(name, "").strip() for name in _FILTERS))
    found = line_table(service().index, asked, reader=current_reader(), limits=_limits())
    return render_template(
        "boundaries/list.html",
        asked=asked,
        found=found,
        statuses=[(key, _value("boundary-lines", "status", key)) for key in ("derived", "official")],
        length=_kilometres(sum(row.length_m or 0 for row in found.rows)),
        stakes=sum(row.stakes for row in found.rows),
        kilometres=_kilometres,
        status_of=_status,
        filters=urlencode({name: value for name, value in request.args.items() if name in _FILTERS and value}),
    )


@boundaries.get("/boundaries/<uuid>")
def line_page(uuid: str) -> str:
    """One line with what stands on it, what was found, and its documents."""
    query.allow()
    index, reader, language = service().index, current_reader(), reader_language()
    found = one_line(index, uuid, reader=reader, limits=_limits())
    state = found.facts.state
    editable = _may_edit_documents("line", uuid)
    return render_template(
        "boundaries/line.html",
        one=found,
        uuid=uuid,
        name=str(found.record.get("name") or found.record.get("code") or ""),
        status=_status(state),
        official=state.get("status") == "official",
        synthetic=state.get("source") == "synthetic",
        facts=_facts("boundary-lines", found.record, language),
        length=_kilometres(found.record.get("length_m")),
        stakes=[_stake_row(stake, uuid) for stake in found.facts.stakes],
        findings=[_finding(one, language) for one in found.found],
        documents=[document_as_json(one) for one in found.documents],
        inspections=_inspections(uuid, reader, language),
        ends=[(end, [document_as_json(one) for one in end.documents]) for end in found.ends],
        by_number={leg.number: leg for leg in found.course.apart},
        kilometres=_kilometres,
        may_edit=editable,
        may_history=_may(reader, "history"),
        data=_data(
            {
                "line": _shape(found.facts.line),
                "stakes": [
                    {"uuid": one.uuid, "number": one.number, "lon": one.state["geom"].x, "lat": one.state["geom"].y}
                    for one in found.facts.stakes
                    if one.state.get("geom") is not None
                ],
                "holders": [
                    {
                        "owner": "line",
                        "uuid": uuid,
                        "documents": [document_as_json(one) for one in found.documents],
                        "media": [medium_as_json(one) for one in found.media],
                    },
                    *(
                        {
                            "owner": "tripoint",
                            "uuid": end.tripoint["uuid"],
                            "documents": [document_as_json(one) for one in end.documents],
                            "media": [medium_as_json(one) for one in end.media],
                        }
                        for end in found.ends
                        if end.tripoint is not None
                    ),
                ],
                "fields": [field_as_json(field, language) for field in FIELDS],
                "uuid": uuid,
                "layer": "boundary-lines",
                "mayEdit": editable,
                "media": [medium_as_json(one) for one in found.media],
            }
        ),
    )


def _inspections(uuid: str, reader: Reader, language: str) -> list[dict[str, Any]]:
    return [
        {
            "round": one.uuid,
            "title": one.title,
            "year": one.year,
            "state": titled(TASK_STATES, task.state, language),
            "badge": STATE_BADGES[task.state],
            "people": [*task.lead_surveyors, *task.partner_surveyors],
            "day": task.finished or (task.due if task.open else None),
        }
        for one, task in inspections_of(service().index, uuid, reader=reader, today=days.today())
    ]


@boundaries.get("/stakes/<uuid>")
def stake_page(uuid: str) -> str:
    """One stake: its form, what stands near it, pictures, its lines."""
    query.allow()
    index, reader, language = service().index, current_reader(), reader_language()
    found = one_stake(index, uuid, reader=reader, limits=_limits())
    number = str(found.record.get("number") or found.record.get("code") or "")
    position: list[tuple[str, str]] = []
    if found.position is not None:
        lon, lat = found.position
        flat = plane(lon, lat)
        position = [
            (translated(N_("Longitude"), language), f"{dms(lon, places=4)} ({lon:.8f}°)"),
            (translated(N_("Latitude"), language), f"{dms(lat, places=4)} ({lat:.8f}°)"),
            (translated(N_("Easting 横坐标"), language), f"{flat.east_m:.3f} m"),
            (translated(N_("Northing 纵坐标"), language), f"{flat.north_m:.3f} m"),
            (translated(N_("Plane system"), language), f"CGCS2000 / 3° GK {flat.zone} (EPSG:{flat.epsg})"),
        ]
    first = found.lines[0] if found.lines else None
    before, after = neighbours(first[0], uuid) if first else (None, None)
    editable = _may_edit_stake(reader)
    return render_template(
        "boundaries/stake.html",
        one=found,
        uuid=uuid,
        number=number,
        facts=_facts("stakes", found.record, language),
        position=position,
        findings=[_finding(one, language) for one in found.found],
        before=before,
        after=after,
        status_of=_status,
        kilometres=_kilometres,
        synthetic=found.record.get("source") == "synthetic",
        media=[medium_as_json(one) for one in found.media],
        may_edit=editable,
        may_history=_may(reader, "history"),
        data=_data(
            {
                "stakes": [{"uuid": uuid, "number": number, "lon": found.position[0], "lat": found.position[1]}]
                if found.position
                else [],
                "line": _shape(first[0].line) if first else None,
                "uuid": uuid,
                "layer": "stakes",
                "version": found.record.get("version"),
                "features": [one.as_json() for one in found.features],
                "media": [medium_as_json(one) for one in found.media],
                "mayEdit": editable,
            }
        ),
    )


def document_as_json(one: Document) -> dict[str, Any]:
    """A document as pages and scripts read it."""
    found = {name: getattr(one, name) for name in Document.__dataclass_fields__}
    return {**found, "kind_title": _titles(KINDS, one.kind), "state_title": _titles(STATES, one.state or "")}


def _titles(known: Sequence[Titled], key: str) -> dict[str, str]:
    title = next((one for one in known if one.key == key), Titled(key, key, key))
    return {"zh": title.title_zh, "en": title.title_en}


def _finding(one: Found, language: str) -> dict[str, str]:
    path = {"stakes": f"/stakes/{one.uuid}"}.get(one.layer, "")
    return {
        "severity": one.finding.severity,
        "rule": rule_title(one.finding.rule, language),
        "message": sentence(one, language),
        "advice": advice(one, language),
        "path": path,
        "label": one.label,
    }


def _stake_row(stake: StakeOn, line: str) -> dict[str, Any]:
    own = stake.state.get("line_uuid") == line
    return {
        "uuid": stake.uuid,
        "number": stake.number,
        "serial": stake.serial,
        "kind": _value("stakes", "kind", stake.state.get("kind")),
        "chainage": _kilometres(stake.measured_m, places=3),
        "offset": "" if stake.offset_m != stake.offset_m else f"{stake.offset_m:.1f}",
        "location": stake.state.get("location") or "",
        "other_line": not own,
    }


def _facts(layer: str, record: Any, language: str) -> list[tuple[str, str]]:
    """Titles and values of the fields that have one."""
    found = []
    for field in record_fields(layer):
        value = record.get(field.name)
        if field.name in _SHOWN_APART or value in (None, ""):
            continue
        if field.type == "bool":
            text = translated(N_("yes") if value else N_("no"), language)
        else:
            text = _value(layer, field.name, value)
        if field.unit and isinstance(value, (int, float)):
            text = f"{value:,.2f}".rstrip("0").rstrip(".") + f" {field.unit}"
        found.append((field.title(language), text))
    return found


def _value(layer: str, name: str, value: object) -> str:
    if value is None:
        return ""
    titles = value_titles(layer, name, value)  # type: ignore[arg-type]
    return titles[0 if reader_language() == "zh" else 1] if titles else str(value)


def _status(state: Any) -> str:
    return _value("boundary-lines", "status", state.get("status")) or translated(N_("not said"), reader_language())


def _kilometres(metres: float | None, *, places: int = 2) -> str:
    if metres is None or metres != metres:
        return ""
    return f"{metres / 1000:,.{places}f} km"


def _shape(line: Any) -> dict[str, Any] | None:
    """The line as GeoJSON, with as many vertices as a small map can show."""
    if line is None:
        return None
    tolerance = 0.0
    shown = line
    while shapely.get_num_coordinates(shown) > _MOST_VERTICES:
        tolerance = tolerance * 2 or 1e-5
        shown = shapely.simplify(line, tolerance)
    return {"type": "LineString", "coordinates": [[round(x, 7), round(y, 7)] for x, y in shown.coords]}


def _limits() -> Limits:
    return limits_from_text(service().settings.boundary_limits)


def _may(reader: Reader, action: str) -> bool:
    return current_person() is not None and may(reader, action)


def _may_edit_documents(owner: str, uuid: str) -> bool:
    if current_person() is None:
        return False
    return may_edit_documents(service().index, owner, uuid, editor=current_editor())


def _may_edit_stake(reader: Reader) -> bool:
    return current_person() is not None and may(reader, "edit", "stakes")


def _data(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
