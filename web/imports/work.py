"""The jobs of an import: read and check a file, write it, and find out whether it was written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gis.errors import N_
from layers.ingest.apply import apply_plan, require_applicable
from layers.ingest.model import FieldMapping, Reading
from layers.ingest.plan import Plan, plan_import
from layers.ingest.reading import peek_isolated, read_isolated
from layers.ingest.reading.faults import ManyLayers
from layers.ingest.recognition import recognise
from layers.ingest.report import write_report
from layers.ingest.written import is_written
from layers.office.uploads import Intake, find_import
from layers.register import Register, open_register
from web.imports.described import columns_as_json, plan_as_json, reading_as_json, written_as_json
from web.jobs.context import Context
from web.language import translated

READING = N_("Reading the file …")
CHECKING = N_("Comparing with the register …")
REPORTING = N_("Writing the report …")
WRITING = N_("Writing to the register …")


def check(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Read a file and find out what its import would do; what is known is shown as soon as it is."""
    intake, mapping = _intake(context, params)
    reading = _read(context, intake, mapping)
    part: dict[str, Any] = {"found": reading_as_json(reading)}
    part |= columns_as_json(reading, recognise(intake.subject, reading, mapping))
    context.part(part)
    context.log(N_("%(count)s rows are read."), count=len(reading.rows))
    with open_register(context.settings.register) as register:
        plan = _planned(context, register, intake, reading, mapping, upto=0.85)
    context.progress(0.88, REPORTING)
    files = {ending: _report(context, plan, ending) for ending in ("csv", "xlsx")}
    return {**part, "plan": plan_as_json(plan), "counts": plan.counts, "files": files}


def apply(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Write a file's rows into the register, all of them in one transaction, under the job's uuid as batch."""
    intake, mapping = _intake(context, params)
    reading = _read(context, intake, mapping)
    job = context.job
    with open_register(context.settings.register) as register:
        plan = _planned(context, register, intake, reading, mapping, upto=0.7)
        require_applicable(plan)
        context.progress(0.75, WRITING)
        why = str(params.get("why") or intake.upload.name)
        # without progress: who cancels after the last word was written must not be told that nothing happened
        applied = apply_plan(register, plan, editor=job.editor, why=why, batch=job.uuid)
    context.log(N_("%(new)s new, %(changed)s changed."), new=applied.counts["new"], changed=applied.counts["changed"])
    return {"counts": applied.counts, "empty": applied.batch is None, "records": written_as_json(applied.plan)}


def settle(context: Context, params: Mapping[str, Any]) -> dict[str, Any] | None:
    """Whether an import that was begun stands in the register: it stands there whole or not at all."""
    with open_register(context.settings.register) as register:
        if not is_written(register, context.job.uuid):
            return None
    intake = find_import(context.office, str(params["import"]), editor=context.job.editor)
    checked = intake.check.result if intake.check is not None else None
    return {"counts": (checked or {}).get("counts", {}), "empty": False}


def _intake(context: Context, params: Mapping[str, Any]) -> tuple[Intake, FieldMapping]:
    intake = find_import(context.office, str(params["import"]), editor=context.job.editor)
    return intake, FieldMapping.from_json(intake.checked_mapping or {})


def _read(context: Context, intake: Intake, mapping: FieldMapping) -> Reading:
    context.progress(0.02, READING)
    path = context.folder("uploads").path(intake.upload.sha256)
    try:
        return read_isolated(path, name=intake.upload.name, layer=mapping.layer, encoding=mapping.encoding)
    except ManyLayers:
        peeks = peek_isolated(path, name=intake.upload.name)
        context.part({"choices": [{"name": peek.name, "rows": peek.rows} for peek in peeks]})
        raise


def _planned(
    context: Context, register: Register, intake: Intake, reading: Reading, mapping: FieldMapping, *, upto: float
) -> Plan:
    say = _said(context, 0.3, upto, CHECKING)
    return plan_import(register, intake.subject, reading, mapping, editor=context.job.editor, progress=say)


def _said(context: Context, begin: float, end: float, phase: str) -> Callable[[float, str], None]:
    """Progress of a part as progress of the whole."""
    return lambda share, _what: context.progress(begin + (end - begin) * share, phase)


def _report(context: Context, plan: Plan, ending: str) -> dict[str, Any]:
    """The findings as a file, in the language of whoever asked."""
    language = str(context.job.params.get("language", "zh"))
    name = f"{Path(plan.reading.file).stem}-{translated(N_('findings'), language)}.{ending}"
    with tempfile.TemporaryDirectory(prefix="dijie-report-") as folder:
        path = Path(folder) / f"report.{ending}"
        write_report(plan, path, language=language, translate=lambda text: translated(text, language))
        stored = context.folder("reports").take(path)
    return {"sha256": stored.sha256, "size": stored.size, "name": name}
