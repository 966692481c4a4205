"""A file from the field as its page sees it, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gis.errors import N_
from layers.export import CRS_TITLES
from layers.ingest.model import CRS_OFFERED
from layers.office.field_files import FieldUpload, KeptFile
from web.imports.shown import ENCODING_FROM
from web.jobs.shown import fault_as_json, job_as_json, say
from web.language import reader_language

STATES: Mapping[str, str] = {
    "received": N_("received"),
    "reading": N_("being read"),
    "read": N_("read"),
    "refused": N_("refused"),
    "failed": N_("could not be read"),
}

COUNTS: Mapping[str, str] = {
    "tracks": N_("tracks"),
    "vertices": N_("track points"),
    "lines": N_("lines"),
    "stakes": N_("stakes"),
    "points": N_("points"),
    "areas": N_("areas"),
    "photos": N_("photos"),
}

FORMATS: Mapping[str, str] = {
    "gpx": "GPX", "kml": "KML", "geojson": "GeoJSON", "shp": "Shapefile", "gpkg": "GeoPackage", "gdb": "FileGDB",
    "dxf": "DXF", "dat": "DAT", "csv": "CSV", "xlsx": "XLSX", "xls": "XLS", "xlsb": "XLSB", "ods": "ODS",
    "jpeg": "JPEG", "heic": "HEIC",
}  # fmt: skip

_GRAVITY = {"error": 0, "warning": 1, "info": 2}


def file_as_json(kept: KeptFile) -> dict[str, Any]:
    """A file as a line of the list, with all that was found in it."""
    summary = kept.summary or {}
    findings = [worded(one) for one in summary.get("findings", ())]
    job = kept.job
    return {
        "uuid": kept.uuid,
        "name": kept.name,
        "size": kept.size,
        "sha256": kept.sha256,
        "who": kept.who,
        "received": kept.received,
        "state": kept.state,
        "state_title": say(STATES[kept.state]),
        "job": job_as_json(job) if job is not None and job.is_open else None,
        "fault": fault_as_json(job) if job is not None and kept.state == "failed" else None,
        "crs": kept.crs,
        "counts": [
            {"key": key, "title": say(title), "count": summary["counts"][key]}
            for key, title in COUNTS.items()
            if summary.get("counts", {}).get(key)
        ],
        "members": [_member(member) for member in summary.get("members", ())],
        "span": [_moment(one) for one in summary.get("span") or ()],
        "bounds": summary.get("bounds"),
        "findings": sorted(findings, key=lambda one: _GRAVITY[one["severity"]]),
        "assumed": [worded(one) for one in summary.get("assumed", ())],
    }


def upload_as_json(upload: FieldUpload, there: int) -> dict[str, Any]:
    """A file that is on its way."""
    return {"uuid": upload.uuid, "name": upload.name, "size": upload.size, "offset": there, "created": upload.created}


def systems() -> list[dict[str, Any]]:
    """The coordinate systems that a person may say."""
    return [{"epsg": epsg, "title": _system(epsg)} for epsg in CRS_OFFERED]


def worded(finding: Mapping[str, Any]) -> dict[str, Any]:
    """A finding as sentences in the reader's language."""
    return {
        "rule": finding["rule"],
        "severity": finding["severity"],
        "where": finding["where"],
        "text": say(finding["template"], finding["params"]),
        "advice": say(finding["advice"], finding["params"]),
    }


def _member(member: Mapping[str, Any]) -> dict[str, Any]:
    epsg = member["epsg"]
    system = _system(epsg) if epsg else member["crs"]
    encoding = f"{member['encoding'].upper()} ({say(ENCODING_FROM[member['encoding_from']])})" if (
        member["encoding_from"] in ENCODING_FROM and member["encoding_from"] != "format"
    ) else ""  # fmt: skip
    return {
        "file": member["file"],
        "layer": member["layer"],
        "format": FORMATS.get(member["format"], member["format"].upper()),
        "system": system,
        "encoding": encoding,
    }


def _system(epsg: int) -> str:
    titles = CRS_TITLES.get(epsg)
    if titles is None:
        return f"EPSG:{epsg}"
    return f"{titles[0] if reader_language() == 'zh' else titles[1]} (EPSG:{epsg})"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
