"""The reading process's answer, as data that nothing executes: JSON, ``.npy`` arrays and UTF-8 texts in one folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.errors import DijieError
from gis.findings import Finding
from layers.ingest.reading.faults import as_json
from layers.ingest.reading.table import Column, Peeked, Table

ANSWER: Final = "answer.json"
"""Written last: where it stands, the rest is whole."""
SEPARATOR: Final = "\0"
"""Between texts; none has it inside."""


def write_table(folder: Path, table: Table) -> None:
    """Write a table that was read."""
    _save(folder, "rows", table.rows.astype(np.int64))
    if table.wkb is not None:
        _write_geometry(folder, table.wkb)
    columns = [_write_column(folder, number, column) for number, column in enumerate(table.columns)]
    _finish(
        folder,
        {
            "format": table.format,
            "layer": table.layer,
            "layers": list(table.layers),
            "columns": columns,
            "geometry": table.wkb is not None,
            "crs": table.crs,
            "encoding": table.encoding,
            "encoding_from": table.encoding_from,
            "text_bytes": table.text_bytes,
            "findings": [finding_as_json(one) for one in table.findings],
        },
    )


def write_peek(folder: Path, peeked: Sequence[Peeked]) -> None:
    """Write what a file has."""
    layers = [
        {"name": one.name, "rows": one.rows, "geometry": one.geometry, "fields": list(one.fields)} for one in peeked
    ]
    _finish(folder, {"peek": layers})


def write_fault(folder: Path, fault: DijieError) -> None:
    """Write why nothing could be read."""
    _finish(folder, {"fault": as_json(fault)})


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """A finding, its parameters as numbers and texts."""
    params = {name: value if isinstance(value, (int, float)) else str(value) for name, value in finding.params.items()}
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "where": finding.where,
        "template": finding.template,
        "params": params,
        "advice": finding.advice,
    }


def _write_column(folder: Path, number: int, column: Column) -> dict[str, Any]:
    _save(folder, f"{number}", column.data)
    if column.missing is not None:
        _save(folder, f"{number}-missing", column.missing)
    if column.kind == "text":
        (folder / f"{number}.txt").write_bytes(_joined(column.texts))
    return {
        "name": column.name,
        "kind": column.kind,
        "missing": column.missing is not None,
        "texts": len(column.texts),
    }


def _joined(texts: Sequence[str]) -> bytes:
    joined = SEPARATOR.join(texts)
    if joined.count(SEPARATOR) != max(len(texts) - 1, 0):
        joined = SEPARATOR.join([text.replace(SEPARATOR, "") for text in texts])
    return joined.encode("utf-8", "replace")


def _write_geometry(folder: Path, wkb: NDArray[Any]) -> None:
    """All geometries one after the other, and where each ends; a row without one adds nothing."""
    parts = [one or b"" for one in wkb.tolist()]
    ends = np.cumsum(np.fromiter(map(len, parts), dtype=np.int64, count=len(parts)), dtype=np.int64)
    _save(folder, "ends", ends)
    (folder / "geometry.wkb").write_bytes(b"".join(parts))


def _save(folder: Path, name: str, values: NDArray[Any]) -> None:
    np.save(folder / f"{name}.npy", np.ascontiguousarray(values), allow_pickle=False)


def _finish(folder: Path, content: dict[str, Any]) -> None:
    draft = folder / "draft.json"
    draft.write_text(json.dumps(content, ensure_ascii=True), encoding="utf-8")
    draft.rename(folder / ANSWER)
