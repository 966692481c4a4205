"""What the check of a file has found, as JSON: kept with the job, and shown in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gis.findings import Finding
from layers.ingest.model import Noted, Reading
from layers.ingest.plan import CHANGED, NEW, Plan
from layers.ingest.recognition import Recognised

_ROWS_PER_RULE = 8
_CHANGES = 60
_SAMPLES = 3
_WRITTEN = 12
_SAMPLE_LENGTH = 60


def reading_as_json(reading: Reading) -> dict[str, Any]:
    """What stands in the file."""
    return {
        "format": reading.format,
        "layer": reading.layer,
        "layers": list(reading.layers),
        "rows": len(reading.rows),
        "encoding": reading.encoding,
        "encoding_from": reading.encoding_from,
        "epsg": reading.epsg,
        "has_geometry": reading.geometry is not None,
        "findings": [finding_as_json(finding) for finding in reading.findings],
    }


def columns_as_json(reading: Reading, recognised: Recognised) -> dict[str, Any]:
    """The file's headings, some of their values, and what they are taken for."""
    unknown, left = set(recognised.unknown), set(recognised.left)
    columns = [str(name) for name in reading.frame.columns]
    return {
        "columns": [
            {
                "heading": heading,
                "samples": _samples(reading, heading),
                "target": recognised.targets.get(heading, ""),
                "known": "unknown" if heading in unknown else "left" if heading in left else "recognised",
            }
            for heading in columns
        ],
        "doubts": [noted_as_json(noted, reading) for noted in recognised.doubts],
    }


def _samples(reading: Reading, heading: str) -> list[str]:
    column = reading.frame[heading]
    found: list[str] = []
    for value in column[column.notna()].head(200):
        text = str(value).strip()[:_SAMPLE_LENGTH]
        if text and text not in found:
            found.append(text)
        if len(found) == _SAMPLES:
            break
    return found


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """What an import would do: counts, findings by rule with their first rows, the first changes."""
    return {
        **plan.summary(),
        "assumed": [finding_as_json(finding) for finding in plan.placement.assumed],
        "faults": [noted_as_json(noted, plan.reading) for noted in plan.faults],
        "rules": _rules(plan),
        "changes": [
            {
                "row": change.row,
                "uuid": change.uuid,
                "label": change.label,
                "field": change.name,
                "before": _shown(change.before),
                "after": _shown(change.after),
            }
            for change in plan.changes(_CHANGES)
        ],
    }


def _rules(plan: Plan) -> list[dict[str, Any]]:
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for noted in plan.findings():
        first = rows.setdefault((noted.finding.rule, noted.finding.severity), [])
        if len(first) < _ROWS_PER_RULE:
            first.append({**noted_as_json(noted, plan.reading), "heading": plan.heading(noted.field)})
    return [
        {"rule": one.rule, "severity": one.severity, "count": one.count, "rows": rows[one.rule, one.severity]}
        for one in plan.rules()
    ]


def written_as_json(plan: Plan) -> list[dict[str, Any]]:
    """The first records that were written: where to look at them."""
    places = np.flatnonzero((plan.state == NEW) | (plan.state == CHANGED))[:_WRITTEN]
    return [
        {"layer": plan.subject.layer, "uuid": str(plan.uuids[place]), "label": str(plan.labels[place])}
        for place in places.tolist()
    ]


def noted_as_json(noted: Noted, reading: Reading) -> dict[str, Any]:
    """A finding with the row that a person counts."""
    return {
        **finding_as_json(noted.finding),
        "row": None if noted.row is None else int(reading.rows[noted.row]),
        "field": noted.field,
        "value": noted.value,
    }


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """A finding with its words still to be put into a language."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "template": finding.template,
        "advice": finding.advice,
        "params": {name: _plain(value) for name, value in finding.params.items()},
    }


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, float)) else str(value)


def _shown(value: object) -> str:
    """A value of a record as a line; of a place its coordinates, of a longer one how many corners it has."""
    if value is None or value != value:
        return ""
    kind = getattr(value, "geom_type", None)
    if kind == "Point" and not value.is_empty:  # type: ignore[attr-defined]
        return f"{value.x:.6f}, {value.y:.6f}"  # type: ignore[attr-defined]
    if kind is not None:
        return f"{kind}"
    if isinstance(value, Mapping | list):
        return str(value)[:200]
    return str(value)[:200]
