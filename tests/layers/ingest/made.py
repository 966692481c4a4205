"""Files as they are read, made in memory, and plans of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from layers.access import LOCAL_EDITOR, Editor
from layers.ingest.model import FieldMapping, Reading
from layers.ingest.plan import Plan, plan_import
from layers.register import Register

EDITOR = LOCAL_EDITOR("clerk")


def reading(
    columns: Mapping[str, Sequence[Any]], places: Sequence[Any] | None = None, *, file: str = "names.csv", **others: Any
) -> Reading:
    """A table as it was read; rows are counted from 2, as in a sheet."""
    frame = pd.DataFrame({name: pd.array(list(values), dtype="str") for name, values in columns.items()})
    count = len(frame)
    geometry = None
    if places is not None:
        geometry = np.empty(count, dtype=object)
        geometry[:] = list(places)
    given: dict[str, Any] = {
        "file": file, "format": "csv", "layer": "names", "layers": ("names",), "frame": frame,
        "rows": np.arange(2, count + 2), "geometry": geometry, "epsg": 4490 if places is not None else None,
        "encoding": "utf-8", "encoding_from": "asked",
    }  # fmt: skip
    return Reading(**(given | others))


def planned(
    register: Register,
    subject: str,
    columns: Mapping[str, Sequence[Any]],
    places: Sequence[Any] | None = None,
    *,
    editor: Editor = EDITOR,
    mapping: FieldMapping | None = None,
    **others: Any,
) -> Plan:
    """The plan of such a table."""
    return plan_import(register, subject, reading(columns, places, **others), mapping or FieldMapping(), editor=editor)


def rules(plan: Plan, severity: str = "error") -> list[str]:
    """The rules that were met, in order, each once."""
    return list(dict.fromkeys(noted.finding.rule for noted in plan.notes if noted.finding.severity == severity))


def messages(plan: Plan) -> str:
    """All that was found, in English."""
    return "\n".join(noted.finding.message for noted in plan.notes)
