"""The job that reads a file from the field. It writes nothing but its own result: begun anew, it comes to the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from gis.errors import N_
from layers.office import field_files
from layers.register import open_register
from surveys.uploads import FieldFile, read_field_file
from surveys.uploads.arrival import ORIGINALS, RESULTS
from surveys.uploads.model import finding_as_json
from surveys.uploads.reference import reference
from web.jobs.context import Context

LOOKING = N_("Looking at the register …")
READING = N_("Reading the file …")
KEEPING = N_("Keeping what was read …")


def read(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Read one file and keep the result: the whole in the folder of results, what a list shows in the office."""
    office, editor = context.office, context.job.editor
    kept = field_files.find(office, str(params["file"]), editor=editor)
    context.progress(0.02, LOOKING)
    with open_register(context.settings.register) as register:
        areas, stakes = reference(register, reader=editor.reader)
    context.progress(0.2, READING)
    path = context.folder(ORIGINALS).path(kept.sha256)
    found = read_field_file(path, name=kept.name, areas=areas, stakes=stakes, crs=kept.crs)
    context.progress(0.9, KEEPING)
    content = json.dumps(found.as_json(), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    stored = context.folder(RESULTS).put(BytesIO(content))
    outcome = "refused" if found.refused else "read"
    field_files.settle(office, kept.uuid, outcome=outcome, summary=summary(found), result=stored.sha256)
    field_files.put_in_waiting(office, editor=editor)
    return {"outcome": outcome, "read": found.counts}


def summary(found: FieldFile) -> dict[str, Any]:
    """What a list shows of a file."""
    return {
        "counts": found.counts,
        "members": [vars(member) for member in found.members[:200]],
        "span": found.span,
        "bounds": found.bounds,
        "findings": [finding_as_json(finding) for finding in found.findings],
        "assumed": [finding_as_json(finding) for finding in found.assumed],
    }
