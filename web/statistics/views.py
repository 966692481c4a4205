"""Figures of the place names over HTTP."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, render_template

from layers import days
from layers.placenames.statistics import Count, Course, Statistics, findings_over_time
from layers.placenames.statistics import statistics as figures_of
from layers.placenames.statisticsbook import write_statistics
from layers.provenance import about
from web import query
from web.api.downloads import TYPES
from web.language import reader_language, translated
from web.permissions import current_reader
from web.service import service
from web.workbench.shown import rule_title

statistics = Blueprint("statistics", __name__)

_RULES_SHOWN: Final = 8


@statistics.get("/statistics")
def page() -> Response:
    """Charts with their tables."""
    query.allow()
    language = reader_language()
    found, course = _asked()
    response = Response(
        render_template(
            "statistics/page.html",
            found=found,
            course=course,
            worst=[
                (rule_title(rule, language), counts)
                for rule, counts in sorted(course.rules.items(), key=lambda item: -item[1][-1])[:_RULES_SHOWN]
            ],
            periods=[(one.title_zh if language == "zh" else translated(one.title_en, language), one.count)
                     for one in found.periods],
            majors=[(one.title_zh if language == "zh" else one.title_en, one.count) for one in found.majors],
            data=_data(_as_json(found, course)),
        )
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response


@statistics.get("/api/statistics/place-names")
def as_json() -> Response:
    """The figures as JSON."""
    query.allow()
    found, course = _asked()
    response = Response(json.dumps(_as_json(found, course), ensure_ascii=False), mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response


@statistics.get("/api/statistics/place-names.xlsx")
def workbook() -> Response:
    """The figures as a workbook."""
    query.allow()
    found, course = _asked()
    language = "zh" if reader_language() == "zh" else "en"
    described = about(
        service().index,
        day=days.today(),
        language=language,
        translate=lambda template: translated(template, language),
    )
    with tempfile.TemporaryDirectory(prefix="dijie-statistics-") as folder:
        path = Path(folder) / "statistics.xlsx"
        write_statistics(found, course, path, about=described)
        body = path.read_bytes()
    response = Response(body, mimetype=TYPES["xlsx"])
    response.headers["Content-Disposition"] = f'attachment; filename="dijie-place-names-{found.day}.xlsx"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _asked() -> tuple[Statistics, Course]:
    reader, given = current_reader(), service()
    return figures_of(given.index, reader=reader), findings_over_time(given.office, reader=reader)


def _as_json(found: Statistics, course: Course) -> dict[str, Any]:
    return {
        "day": found.day,
        "total": found.total,
        "majors": [_count(one) for one in found.majors],
        "classes": [_count(one) for one in found.classes],
        "counties": [
            {**_count(one), "majors": list(line)} for one, line in zip(found.counties, found.matrix, strict=True)
        ],
        "towns": [
            {"code": code, "name": name, "county": county, "count": count} for code, name, county, count in found.towns
        ],
        "periods": [_count(one) for one in found.periods],
        "fields": [
            {
                "key": one.key,
                "title": one.title,
                "required": one.required,
                "filled": one.filled,
                "unknown": one.unknown,
                "empty": one.empty,
            }
            for one in found.full
        ],
        "mandatory_by_county": [{"name": name, "share": round(share, 4)} for name, share in found.county_full],
        "generics": [{"generic": one.key, "count": one.count} for one in found.generics],
        "generics_by_county": [list(line) for line in found.generics_by_county],
        "findings": {
            "days": list(course.days),
            "severities": {name: list(counts) for name, counts in course.severities.items()},
            "rules": {name: list(counts) for name, counts in course.rules.items()},
        },
    }


def _count(one: Count) -> dict[str, Any]:
    return {"key": one.key, "title": {"zh": one.title_zh, "en": one.title_en}, "count": one.count}


def _data(value: object) -> str:
    """JSON that stands inside a script element as data."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
