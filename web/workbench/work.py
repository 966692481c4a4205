"""The jobs of the workbench: checking all names, changing many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.errors import N_
from layers.features import division_names
from layers.index import Index
from layers.ingest.written import is_written
from layers.placenames import batch, findings
from layers.register import open_register
from web.jobs.context import Context
from web.workbench.asked import operation_from_json, target_from_json
from web.workbench.shown import plan_as_json


def check(context: Context, _params: Mapping[str, Any]) -> dict[str, Any]:
    """Look through all names."""
    with open_register(context.settings.register) as register:
        count = findings.check_all(Index(register), context.office, progress=context.progress)
    context.log(N_("%(count)s findings."), count=count)
    return {"count": count}


def plan(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """What a large batch would do."""
    context.progress(0.1, N_("Looking at the names …"))
    with open_register(context.settings.register) as register:
        index = Index(register)
        found = batch.plan(
            index, context.office, target_from_json(params), operation_from_json(params.get("operation")),
            editor=context.job.editor,
        )  # fmt: skip
        codes = {row.county for row in found.rows} | {row.town for row in found.rows}
        names = division_names(index, sorted(codes), reader=context.job.editor.reader)
    return plan_as_json(found, names, str(params.get("lang") or "zh"))


def apply(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Write a large batch in one transaction, under the job's uuid as batch."""
    context.progress(0.1, N_("Looking at the names …"))
    with open_register(context.settings.register) as register:
        done = batch.apply(
            Index(register), context.office, target_from_json(params), operation_from_json(params.get("operation")),
            token=str(params.get("token")), why=str(params.get("why") or ""), editor=context.job.editor,
            batch=context.job.uuid,
        )  # fmt: skip
    context.log(N_("%(count)s records changed."), count=done.count)
    return {"count": done.count, "batch": done.batch, "seq": done.seq}


def settle(context: Context, _params: Mapping[str, Any]) -> dict[str, Any] | None:
    """Whether a batch that was begun stands in the register: it stands there whole or not at all."""
    with open_register(context.settings.register) as register:
        return {"batch": context.job.uuid} if is_written(register, context.job.uuid) else None
