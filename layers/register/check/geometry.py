"""Geometries of a table against what the table may hold, on either home."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.findings import Finding, Severity
from layers.register.blob import Geometries
from layers.register.values import in_world

_Rule = tuple[str, Severity, NDArray[np.bool_], str]


def check_geometries(table: str, kind: str, fids: NDArray[np.int64], geometries: Geometries) -> Iterator[Finding]:
    """Findings on type, emptiness, coordinates and heights of geometries.

    Parameters
    ----------
    kind
        The type that the table holds, such as ``MULTIPOLYGON``.
    fids, geometries
        Rows, aligned; None where a row has no geometry.
    """
    missing = shapely.is_missing(geometries)
    empty = shapely.is_empty(geometries) & ~missing
    names = np.array([kind if one is None else one.geom_type.upper() for one in geometries], dtype=object)
    deep = shapely.has_z(geometries) | shapely.has_m(geometries)
    rules: tuple[_Rule, ...] = (
        (
            "geometry-type",
            "error",
            names != kind,
            "%(count)s geometries of %(table)s are not %(kind)s, first fid %(fid)s.",
        ),
        ("geometry-empty", "error", empty, "%(count)s geometries of %(table)s are empty, first fid %(fid)s."),
        (
            "geometry-range",
            "error",
            ~missing & ~empty & ~in_world(geometries),
            "%(count)s geometries of %(table)s lie outside the world, first fid %(fid)s.",
        ),
        (
            "geometry-height",
            "error",
            ~missing & deep,
            "%(count)s geometries of %(table)s have heights or measures, first fid %(fid)s.",
        ),
        ("geometry-missing", "warning", missing, "%(count)s rows of %(table)s have no geometry, first fid %(fid)s."),
    )
    for rule, severity, wrong, template in rules:
        if wrong.any():
            yield Finding(
                rule=rule,
                severity=severity,
                where=table,
                template=template,
                params={"count": int(wrong.sum()), "table": table, "kind": kind, "fid": int(fids[wrong][0])},
                advice="Correct those features in QGIS, or delete them.",
            )
