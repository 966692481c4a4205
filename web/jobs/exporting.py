"""An export as a job: the same file as the download, kept for a day."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from gis.errors import N_
from layers.catalogue import layer_named
from layers.export import export_layer, file_name
from layers.features import frame
from layers.filters import Filters
from layers.index import Index
from layers.placenames.exported import with_names
from layers.provenance import about
from layers.register import open_register
from web.jobs.context import Context
from web.language import translated

_FINDINGS = 50


def export(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Write a layer as the parameters say, as whoever asked for it may see it."""
    context.progress(0.02, N_("Reading the register …"))
    index = Index(open_register(context.settings.register))
    entry = layer_named(params["layer"])
    wanted = filters_of(params["filters"])
    records, seq = frame(index, entry.key, reader=context.job.reader, filters=wanted)
    records = with_names(index, entry, records, reader=context.job.reader)
    language = "zh" if params["language"] == "zh" else "en"
    described = about(
        index,
        day=wanted.day,
        seq=seq,
        filters=wanted.described(),
        language=language,
        translate=lambda template: translated(template, language),
    )
    context.log(N_("%(count)s features are read."), count=len(records))
    with tempfile.TemporaryDirectory(prefix="dijie-export-") as folder:
        name = file_name(entry.key, asof=described.asof, crs=params["crs"], format=params["format"])
        result = export_layer(
            records,
            entry,
            format=params["format"],
            crs=params["crs"],
            encoding=params["encoding"],
            target=Path(folder) / name,
            about=described,
            progress=lambda share, _: context.progress(0.2 + 0.75 * share, N_("Writing the file …")),
        )
        context.progress(0.97, N_("Keeping the file …"))
        stored = context.folder("exports").take(result.path)
    return {
        "file": {"sha256": stored.sha256, "size": stored.size, "name": name},
        "count": result.count,
        "findings": [
            {"severity": each.severity, "where": each.where, "template": each.template, "params": dict(each.params)}
            for each in result.findings[:_FINDINGS]
        ],
    }


def filters_of(given: Mapping[str, Any]) -> Filters:
    """The filters that `filters_as_json` wrote down."""
    return Filters(
        asof=date.fromisoformat(given["asof"]) if given["asof"] else None,
        classes=tuple(given["classes"]),
        county=given["county"],
        town=given["town"],
        bbox=tuple(given["bbox"]) if given["bbox"] else None,
    )


def filters_as_json(filters: Filters) -> dict[str, Any]:
    """Filters as a job's parameters keep them."""
    return {
        "asof": filters.asof.isoformat() if filters.asof else None,
        "classes": list(filters.classes),
        "county": filters.county,
        "town": filters.town,
        "bbox": list(filters.bbox) if filters.bbox else None,
    }
