"""The jobs of the form's workbook: write it, compare a worked-on one, write what was chosen."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from gis.errors import N_
from layers.export.about import About
from layers.index import Index
from layers.ingest.plan import Plan
from layers.ingest.reading import read_isolated
from layers.ingest.written import is_written
from layers.placenames.formbook import Clash, Difference, Merge, apply_merge, merge_book, write_book
from layers.placenames.formbook.applying import planned
from layers.placenames.formbook.chosen import with_finding
from layers.placenames.formbook.exporting import SHEET
from layers.provenance import about
from layers.register import open_register
from web.imports.described import noted_as_json
from web.jobs.context import Context
from web.jobs.exporting import filters_of
from web.language import translated

READING: Final = N_("Reading the file …")
CHECKING: Final = N_("Checking the values …")
WRITING: Final = N_("Writing to the register …")
_SHOWN: Final = 500
"""So many differences and clashes are listed; beyond, one choice for all is left."""
_FINDINGS: Final = 60
_NAMED: Final = 30


def export(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Write the book of what is filtered, as whoever asked for it may see it."""
    context.progress(0.02, N_("Reading the register …"))
    job = context.job
    with open_register(context.settings.register) as register:
        index = Index(register)
        wanted = filters_of(params["filters"])
        only = with_finding(context.office, params["rule"], editor=job.editor) if params.get("rule") else None
        language = "zh" if params["language"] == "zh" else "en"
        described: About = about(
            index,
            day=wanted.day,
            filters={**wanted.described(), **({"rule": params["rule"]} if only is not None else {})},
            language=language,
            translate=lambda template: translated(template, language),
        )
        with tempfile.TemporaryDirectory(prefix="dijie-formbook-") as folder:
            written = write_book(
                index,
                Path(folder) / "book.xlsx",
                reader=job.reader,
                filters=wanted,
                about=described,
                only=only,
                progress=lambda share, phase: context.progress(0.1 + 0.85 * share, phase),
            )
            stored = context.folder("exports").take(written.path)
    name = f"{translated(N_('registration-form'), language)}-{written.mark.seq}.xlsx"
    return {"file": {"sha256": stored.sha256, "size": stored.size, "name": name}, "count": written.count}


def check(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Read a worked-on book and say value by value what it would change, and what stands in the way."""
    with open_register(context.settings.register) as register:
        merge = _merged(context, Index(register), params)
        context.progress(0.6, CHECKING)
        plan = None if merge.strays or merge.twice else planned(register, merge, {}, editor=context.job.editor)
    return described_merge(merge, plan)


def apply(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Write what a book says anew, with the choices that were made, under the job's uuid as batch."""
    job = context.job
    with open_register(context.settings.register) as register:
        merge = _merged(context, Index(register), params)
        context.progress(0.6, CHECKING)
        done = apply_merge(
            register,
            merge,
            {(uuid, key): choice for uuid, key, choice in params["choices"]},
            editor=job.editor,
            seen=params["seen"],
            default=params["default"] or None,
            why=params["why"] or params["name"],
            batch=job.uuid,
        )
    return {"taken": done.counts, "empty": done.batch is None}


def settle(context: Context, _params: Mapping[str, Any]) -> dict[str, Any] | None:
    """Whether a merge that was begun stands in the register: it stands there whole or not at all."""
    with open_register(context.settings.register) as register:
        return {"taken": {}, "empty": False} if is_written(register, context.job.uuid) else None


def _merged(context: Context, index: Index, params: Mapping[str, Any]) -> Merge:
    context.progress(0.02, READING)
    path = context.folder("forms").path(str(params["sha256"]))
    reading = read_isolated(path, name=str(params["name"]), layer=SHEET)
    return merge_book(
        index,
        reading,
        reader=context.job.reader,
        progress=lambda share, phase: context.progress(0.35 + 0.2 * share, phase),
    )


def described_merge(merge: Merge, plan: Plan | None) -> dict[str, Any]:
    """A merge as JSON: counts, the first differences and clashes, what stands in the way."""
    notes = [] if plan is None else [one for one in plan.notes if one.finding.severity != "info"]
    return {
        "rows": merge.rows,
        "counted": {
            "differences": len(merge.differences),
            "clashes": len(merge.clashes),
            "fresh": len(merge.fresh),
            "kept": merge.kept,
            "missing": merge.missing,
        },
        "records": len({one.uuid for one in merge.differences}),
        "differences": [_difference(one, merge) for one in merge.differences[:_SHOWN]],
        "clashes": [_clash(one, merge) for one in merge.clashes[:_SHOWN]],
        "fresh": _fresh(merge),
        "strays": list(merge.strays[:_NAMED]),
        "twice": list(merge.twice[:_NAMED]),
        "left": list(merge.left[:_NAMED]),
        "known": merge.known,
        "digest": merge.digest,
        "notes": [] if plan is None else [noted_as_json(one, plan.reading) for one in notes[:_FINDINGS]],
        "refused": 0 if plan is None else plan.counts["refused"] + len(plan.faults),
        "blocked": bool(merge.strays or merge.twice or (plan is not None and plan.blocked)),
    }


def _fresh(merge: Merge) -> list[dict[str, Any]]:
    names = merge.mine.get("name", ())
    return [
        {"row": int(merge.reading.rows[place]), "name": str(names[place]) if len(names) else ""}
        for place in merge.fresh[:_NAMED].tolist()
    ]


def _difference(one: Difference, merge: Merge) -> dict[str, Any]:
    return {
        "row": one.row,
        "uuid": one.uuid,
        "label": one.label,
        "key": one.column.key,
        "title": one.column.title,
        "before": merge.words.shown(one.column, one.before),
        "after": merge.words.shown(one.column, one.after),
    }


def _clash(one: Clash, merge: Merge) -> dict[str, Any]:
    return {
        "row": one.row,
        "uuid": one.uuid,
        "label": one.label,
        "key": one.column.key,
        "title": one.column.title,
        "base": None if one.base is None else merge.words.shown(one.column, one.base),
        "mine": merge.words.shown(one.column, one.mine),
        "theirs": merge.words.shown(one.column, one.theirs),
    }
