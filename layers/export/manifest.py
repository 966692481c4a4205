"""The manifest: everything about an export, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import pandas as pd

from gis.findings import Finding
from layers.export.about import CRS_TITLES, About

EQUAL_SYSTEMS: Final = (
    "EPSG:4490 与 EPSG:4326 之间不作坐标变换：在 PROJ 中两者的变换为零。",
    "Between EPSG:4490 and EPSG:4326 no coordinate changes: to PROJ the transformation is null.",
)
SYNTHETIC: Final = (
    "本数据含 %(count)d 条示范（合成）记录，系程序生成，非真实数据，不得用作依据。",
    "%(count)d records are synthetic: made by a program for demonstration, not real, and no basis for any decision.",
)
REAL: Final = ("本数据不含示范（合成）记录。", "None of the records is synthetic.")


def software() -> str:
    """Name and version of the product."""
    try:
        return f"dijie {version('dijie')}"
    except PackageNotFoundError:
        return "dijie"


def synthetic_rows(frame: pd.DataFrame, about: About) -> int:
    """How many rows are made up: those that say so, or all of a register that does."""
    if "source" in frame.columns:
        return int((frame["source"] == "synthetic").sum())
    return len(frame) if about.synthetic else 0


def statements(synthetic: int) -> tuple[str, str]:
    """What an export says of made-up rows, in Chinese and English."""
    zh, en = SYNTHETIC if synthetic else REAL
    return (zh % {"count": synthetic}, en % {"count": synthetic}) if synthetic else (zh, en)


def manifest(
    *,
    layer: Mapping[str, object],
    about: About,
    count: int,
    counts: Mapping[str, int],
    crs: int,
    format: str,  # noqa: A002 - the manifest's own word
    encoding: str,
    synthetic: int,
    statement: tuple[str, str],
    findings: Iterable[Finding],
) -> dict[str, object]:
    """The manifest without the list of files, ready for JSON.

    Parameters
    ----------
    layer
        What is exported: key, titles, geometry.
    counts
        Rows by file or layer.
    synthetic, statement
        How many rows are made up, and what to say of it in Chinese and English.
    """
    return {
        "software": software(),
        "layer": dict(layer),
        "version": about.seq,
        "asof": about.asof,
        "filters": dict(about.filters),
        "time": about.time,
        "format": format,
        "encoding": encoding,
        "crs": {
            "code": f"EPSG:{crs}",
            "title": dict(zip(("zh", "en"), CRS_TITLES[crs], strict=True)),
            "stored": "EPSG:4490",
            "note": dict(zip(("zh", "en"), EQUAL_SYSTEMS, strict=True)),
        },
        "count": count,
        "counts": dict(counts),
        "synthetic": synthetic > 0 or about.synthetic,
        "synthetic_count": synthetic,
        "statement": dict(zip(("zh", "en"), statement, strict=True)),
        "sources": list(about.sources),
        "findings": [finding_entry(finding, about) for finding in findings],
    }


def finding_entry(finding: Finding, about: About) -> dict[str, object]:
    """A finding for JSON, its sentences in the reader's language."""
    params = dict(finding.params)
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "where": finding.where,
        "message": sentence(finding.template, params, about),
        "advice": sentence(finding.advice, params, about),
        "params": params,
    }


def sentence(template: str, params: Mapping[str, object], about: About) -> str:
    """A finding's template in the reader's language, its places filled."""
    text = about.translate(template) if template else ""
    return text % params if params else text


def as_json(content: object) -> str:
    """JSON for people to read too."""
    return json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n"


def as_rows(content: Mapping[str, object]) -> pd.DataFrame:
    """The manifest as a table of names and values, for a GeoPackage; what is no text stands as JSON."""
    values = [
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        for value in content.values()
    ]
    return pd.DataFrame({"name": list(content), "value": values}, dtype=object)
