"""An import as its page sees it, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.errors import N_
from layers.access import Reader, may
from layers.export import CRS_TITLES
from layers.ingest.absent import COLUMN_MISSING
from layers.ingest.model import CRS_OFFERED
from layers.ingest.recognition import targets_of
from layers.ingest.titles import TARGETS, in_words
from layers.office.mappings import SavedMapping
from layers.office.uploads import Intake
from layers.records import SUBJECTS, RecordField, Subject
from web.jobs.shown import fault_as_json, job_as_json, say
from web.language import reader_language

STATES: Mapping[str, str] = {
    "new": N_("received"),
    "checking": N_("being checked"),
    "checked": N_("checked"),
    "unchecked": N_("to be checked again"),
    "faulty": N_("could not be checked"),
    "importing": N_("being imported"),
    "imported": N_("imported"),
    "failed": N_("not imported"),
}

ENCODING_FROM: Mapping[str, str] = {
    "cpg": N_("as its .cpg says"),
    "dbf": N_("as its table says"),
    "format": N_("fixed by the format"),
    "detected": N_("found out"),
    "asked": N_("as you said"),
}

NO_FIELDS: Mapping[str, RecordField] = {}

FORMATS: Mapping[str, str] = {
    "csv": "CSV", "xlsx": "XLSX", "shp": "Shapefile", "gpkg": "GeoPackage", "gdb": "FileGDB", "geojson": "GeoJSON",
    "kml": "KML",
}  # fmt: skip


def line_as_json(intake: Intake) -> dict[str, Any]:
    """An import as a line of the list."""
    counts = _counts(intake)
    return {
        "uuid": intake.uuid,
        "name": intake.upload.name,
        "size": intake.upload.size,
        "subject": intake.subject,
        "subject_title": subject_title(intake.subject),
        "who": intake.who,
        "created": intake.created,
        "state": intake.state,
        "state_title": say(STATES[intake.state]),
        "counts": counts,
    }


def import_as_json(intake: Intake, *, saved: list[SavedMapping], reader: Reader) -> dict[str, Any]:
    """Everything that the page of an import shows."""
    subject = SUBJECTS[intake.subject]
    result = intake.check.result if intake.check is not None and intake.check.result else {}
    headings = [column["heading"] for column in result.get("columns", ())]
    return {
        **line_as_json(intake),
        "checked": intake.is_checked,
        "mapping": dict(intake.mapping),
        "check": job_as_json(intake.check) if intake.check is not None else None,
        "apply": job_as_json(intake.apply) if intake.apply is not None else None,
        "fault": fault_as_json(intake.check) if intake.check is not None else None,
        "found": _found(result.get("found")),
        "choices": result.get("choices") or [],
        "columns": result.get("columns") or [],
        "doubts": [worded(noted) for noted in result.get("doubts") or ()],
        "plan": _plan(result.get("plan"), subject),
        "reports": {
            ending: f"/api/imports/{intake.uuid}/report.{ending}" for ending in sorted(result.get("files") or {})
        },
        "records": (intake.apply.result or {}).get("records", []) if intake.apply is not None else [],
        "empty": bool((intake.apply.result or {}).get("empty")) if intake.apply is not None else False,
        "subjects": subjects(reader),
        "targets": _targets(subject),
        "systems": [{"epsg": epsg, "title": _system(epsg)} for epsg in CRS_OFFERED],
        "saved": [{"name": each.name, "fits": each.fits(headings), "mapping": dict(each.mapping)} for each in saved],
    }


def subjects(reader: Reader) -> list[dict[str, str]]:
    """What somebody may import."""
    return [{"key": key, "title": subject_title(key)} for key in SUBJECTS if may(reader, "import", key)]


def subject_title(key: str) -> str:
    """What a subject is called."""
    subject = SUBJECTS.get(key)
    if subject is None:
        return key
    return subject.title_zh if reader_language() == "zh" else subject.title_en


def worded(given: Mapping[str, Any], fields: Mapping[str, RecordField] = NO_FIELDS) -> dict[str, Any]:
    """A finding with its words in the reader's language; a field that it names by its title."""
    name = given["params"].get("field")
    params = in_words(given["params"], {name: _field(name, fields)} if name else {})
    kept = {name: value for name, value in given.items() if name not in ("template", "advice", "params")}
    return {
        **kept,
        "text": say(given["template"], params),
        "advice": say(given["advice"], params) if given["advice"] else "",
    }


def _counts(intake: Intake) -> dict[str, int] | None:
    for job in (intake.apply, intake.check):
        if job is not None and job.result and job.result.get("counts"):
            return dict(job.result["counts"])
    return None


def _found(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not found:
        return None
    epsg = found["epsg"]
    return {
        **found,
        "format_title": FORMATS.get(found["format"], found["format"]),
        "encoding_how": say(ENCODING_FROM.get(found["encoding_from"], "")),
        "system": _system(epsg) if epsg else "",
        "findings": [worded(each) for each in found["findings"]],
    }


def _plan(plan: Mapping[str, Any] | None, subject: Subject) -> dict[str, Any] | None:
    if not plan:
        return None
    fields = {field.name: field for field in subject.fields}
    return {
        **plan,
        "system": _system(plan["crs"]) if plan.get("crs") else "",
        "assumed": [worded(each) for each in plan["assumed"]],
        "faults": [worded(each, fields) for each in plan["faults"]],
        "unnamed": any(each["rule"] == COLUMN_MISSING for each in plan["faults"]),
        "rules": [
            {
                **rule,
                "rows": [{**worded(row, fields), "field_title": _field(row["field"], fields)} for row in rule["rows"]],
            }
            for rule in plan["rules"]
        ],
        "changes": [{**change, "field_title": _field(change["field"], fields)} for change in plan["changes"]],
    }


def _field(name: str, fields: Mapping[str, RecordField]) -> str:
    """What a field is called; the geometry's column is a record's position."""
    if name in fields:
        return fields[name].title(reader_language())
    if name in ("geom", ""):
        return say(TARGETS["@place"]) if name else ""
    return say(TARGETS.get(name, name))


def _targets(subject: Subject) -> list[dict[str, Any]]:
    fields = {field.name: field for field in subject.fields}
    found = []
    for target in targets_of(subject):
        field = fields.get(target)
        found.append(
            {
                "target": target,
                "title": _field(target, fields),
                "required": field is not None and field.required,
                "choices": [
                    {"key": choice.key, "title": choice.title_zh if reader_language() == "zh" else choice.title_en}
                    for choice in (field.choices if field is not None else ())
                ],
            }
        )
    return found


def _system(epsg: int) -> str:
    titles = CRS_TITLES.get(epsg)
    if titles is None:
        return f"EPSG:{epsg}"
    return f"{titles[0] if reader_language() == 'zh' else titles[1]} (EPSG:{epsg})"
