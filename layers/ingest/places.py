"""Place names: their further names, each a row of its own."""

from __future__ import annotations

import uuid

import numpy as np
import pandas as pd

from gis.toponym import romanize
from layers.ingest.draft import Draft, Write

_STATUS = {"former": "disused"}
_LANGUAGE = {"minority": None}


def further_names(draft: Draft) -> None:
    """Names that the register does not have of a place yet; those that it has and the file does not are kept."""
    if not draft.names:
        return
    known = draft.table("place_name", columns=["place_uuid", "name"])
    have = set(zip(known["place_uuid"], known["name"], strict=True))
    sources = draft.column("source")
    standard = draft.column("name")
    rows = []
    for kind, lists in draft.names.items():
        mask = np.zeros(len(draft), dtype=bool)
        for row, names in enumerate(lists):
            if not isinstance(names, (list, tuple)) or draft.refused[row]:
                continue
            for name in names:
                key = (draft.uuids[row], name)
                if name == standard[row] or key in have:
                    continue
                have.add(key)
                mask[row] = True
                rows.append((row, key[0], name, kind, sources[row]))
        draft.differences[f"@name:{kind}"] = mask
    if not rows:
        return
    draft.further.append(
        Write(
            "place_name",
            pd.DataFrame(
                {
                    "uuid": [str(uuid.uuid4()) for _ in rows],
                    "place_uuid": [row[1] for row in rows],
                    "name": [row[2] for row in rows],
                    "roman": [romanize(row[2]) if row[3] != "minority" else None for row in rows],
                    "kind": [row[3] for row in rows],
                    "language": [_LANGUAGE.get(row[3], "zh") for row in rows],
                    "status": [_STATUS.get(row[3], "in_use") for row in rows],
                    "source": [row[4] or draft.reading.file for row in rows],
                },
                index=[row[0] for row in rows],
            ),
        )
    )
