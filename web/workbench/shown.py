"""Findings, counts and batches as pages and scripts read them, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.errors import N_
from layers.catalogue import PLACE_MAJORS
from layers.features import value_titles
from layers.placenames.batch import Plan, title_of
from layers.placenames.batch import Row as Changed
from layers.placenames.findings import Counts, Row
from layers.placenames.rules.book import RULES
from layers.records import record_fields
from web.editing.shown import findings_as_json
from web.language import translated

SEVERITIES = {"error": N_("Error"), "warning": N_("Doubt"), "info": N_("Note")}
_SHOWN = 200
_TITLES = {field.name for field in record_fields("place-names")}


def row_as_json(row: Row, names: Mapping[str, str], language: str) -> dict[str, Any]:
    """One finding."""
    rule = RULES.get(row.rule)
    params = {"value": row.value, **row.params}
    return {
        "key": row.key,
        "layer": row.layer,
        "uuid": row.uuid,
        "rule": row.rule,
        "rule_title": rule_title(row.rule, language),
        "clause": rule.clause if rule else "",
        "severity": row.severity,
        "severity_title": translated(SEVERITIES[row.severity], language),
        "field": row.field,
        "field_title": _field_title(row.field, language),
        "value": row.value,
        "message": translated(rule.template, language, params) if rule else row.rule,
        "advice": translated(rule.advice, language, params) if rule else "",
        "fix": changes_as_json(row.fix, language),
        "candidates": [changes_as_json(way, language) for way in row.candidates],
        "others": row.others,
        "name": row.name,
        "class_code": row.class_code,
        "major": row.major,
        "county": row.county,
        "county_name": names.get(row.county, row.county),
        "town": row.town,
        "town_name": names.get(row.town, row.town),
        "state": row.state,
        "skipped": row.skipped,
        "synthetic": row.synthetic,
    }


def rule_title(key: str, language: str) -> str:
    """What a rule is called."""
    rule = RULES.get(key)
    return (rule.title_zh if language == "zh" else rule.title_en) if rule else key


def _field_title(name: str, language: str) -> str:
    if not name:
        return translated(N_("Place on the map"), language)
    return title_of(name, language) if name in _TITLES else name


def changes_as_json(changes: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """What would be written, field by field."""
    return [
        {
            "field": name,
            "title": _field_title(name, language),
            "value": value,
            "text": value_as_text(name, value, language),
        }
        for name, value in changes.items()
    ]


def value_as_text(name: str, value: Any, language: str) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return ""
    titles = value_titles("place-names", name, value)
    if titles is not None:
        return titles[0] if language == "zh" else titles[1]
    return str(value)


def counts_as_json(counts: Counts, names: Mapping[str, str], language: str) -> dict[str, Any]:
    """What may be chosen further."""
    majors = {major.key: major.title_zh if language == "zh" else major.title_en for major in PLACE_MAJORS}
    return {
        "rules": [
            {
                "key": key,
                "title": rule_title(key, language),
                "severity": rule.severity,
                "clause": rule.clause,
                "count": counts.rules.get(key, 0),
            }
            for key, rule in RULES.items()
            if counts.rules.get(key)
        ],
        "severities": [
            {"key": key, "title": translated(title, language), "count": counts.severities.get(key, 0)}
            for key, title in SEVERITIES.items()
        ],
        "majors": [
            {"key": key, "title": title, "count": counts.majors[key]}
            for key, title in majors.items()
            if counts.majors.get(key)
        ],
        "counties": _named(counts.counties, names),
        "towns": _named(counts.towns, names),
        "states": dict(counts.states),
    }


def _named(counted: Mapping[str, int], names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"key": code, "title": names.get(code, code), "count": count} for code, count in sorted(counted.items()) if code
    ]


def plan_as_json(plan: Plan, names: Mapping[str, str], language: str) -> dict[str, Any]:
    """A batch to be looked at: counts, the first records before and after, what is left out and why."""
    return {
        "token": plan.token,
        "count": len(plan.rows),
        "rows": [_changed_as_json(row, names, language) for row in plan.rows[:_SHOWN]],
        "left_out": len(plan.left_out),
        "left_out_rows": [
            {**_changed_as_json(row, names, language), "finding": findings_as_json([note], language)[0]}
            for row, note in plan.left_out[:_SHOWN]
        ],
        "out_of_reach": plan.out_of_reach,
        "unmended": plan.unmended,
    }


def _changed_as_json(row: Changed, names: Mapping[str, str], language: str) -> dict[str, Any]:
    return {
        "uuid": row.uuid,
        "name": row.name,
        "where": names.get(row.county, "") + names.get(row.town, ""),
        "changes": [
            {
                "field": name,
                "title": _field_title(name, language),
                "before": value_as_text(name, before, language),
                "after": value_as_text(name, after, language),
            }
            for name, (before, after) in row.changes.items()
        ],
    }
