"""From a reading to a place for each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import STORAGE
from gis.errors import N_
from gis.findings import Finding
from gis.vectorfile.geometry import projected
from layers.ingest.coordinates.counties import Counties
from layers.ingest.coordinates.given import Floats, Given, cells, geometries, note
from layers.ingest.coordinates.systems import Settled, axes_look_exchanged, other_zone, settle
from layers.ingest.model import FieldMapping, Noted, Reading

_POINT: Final = 0
_GEOGRAPHIC: Final = (STORAGE, 4326)


@dataclass(frozen=True)
class Placement:
    """Where the rows are.

    Parameters
    ----------
    geometry
        Shape (n,): in EPSG:4490, flat; None where a row has no place, or none that can be understood.
    epsg
        The system that most coordinates were taken to be in; None where there are none, or it cannot be told.
    assumed
        What was taken for granted, for a person to look at.
    notes
        About rows, and (``row`` None) about the file as a whole: rules ``unknown-crs``, ``ambiguous-coordinates``,
        ``wrong-zone``, ``swapped-axes``, ``gcj02-shift`` are errors.
    """

    geometry: NDArray[Any]
    epsg: int | None
    assumed: tuple[Finding, ...]
    notes: list[Noted]


def locate(
    reading: Reading, mapping: FieldMapping, targets: Mapping[str, str], *, areas: gpd.GeoDataFrame
) -> Placement:
    """Where the rows of a file are.

    Parameters
    ----------
    mapping
        Its ``crs`` goes before what the file declares; its ``axes`` say the order, or let it be found out; errors of
        rules in ``accept`` are left out.
    targets
        Heading to target: ``@lon``, ``@lat``, ``@east``, ``@north`` are read where the file has no geometry; columns
        of codes and divisions say in which county a row should lie.
    areas
        County polygons, EPSG:4490, columns ``code``, ``name``; may be empty: then nothing can be judged by them.

    Returns
    -------
    Placement
        Where an error about the axes or the zone stands, the geometry is as it would be once its advice is followed:
        so the rest of the file can be judged. Where the rule is accepted, it is as the file says.
    """
    given = geometries(reading) or cells(reading, targets)
    if given is None:
        return Placement(np.full(len(reading.frame), None, dtype=object), None, (), [])
    counties = Counties(areas)
    errors: list[Noted] = []
    exchanged = mapping.axes == "auto" and "swapped-axes" not in mapping.accept and axes_look_exchanged(given)
    if exchanged:
        errors.append(_exchanged(given))
    if exchanged or mapping.axes == "yx":
        given.swapped()
    settled = settle(given, _declared(given, mapping), counties, reading.layer, accept=mapping.accept)
    errors += settled.errors
    if not settled.errors:
        errors += _judged(given, settled, counties, reading, targets, mapping)
    shapes, lon, lat = transformed(given, settled)
    notes = _outside(given, settled, shapes, lon, lat)
    return Placement(shapes, settled.main, tuple(settled.assumed), [*errors, *given.notes, *notes])


def _declared(given: Given, mapping: FieldMapping) -> int | None:
    """What the person says, else the file. Of columns, a said system of the other kind is about other columns."""
    if mapping.crs is None:
        return given.epsg
    if given.columns and not given.is_plane and mapping.crs not in _GEOGRAPHIC:
        return None
    return mapping.crs


def transformed(given: Given, settled: Settled) -> tuple[NDArray[Any], Floats, Floats]:
    """Geometries in EPSG:4490, and the middles of their extents; none where the system cannot be told."""
    shapes = np.full(len(given.shapes), None, dtype=object)
    for epsg in np.unique(settled.epsg[given.there]).tolist():
        if epsg:
            rows = settled.epsg == epsg
            shapes[rows] = projected(given.shapes[rows], epsg, STORAGE)
    bounds = shapely.bounds(shapes)
    return shapes, bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)


def _outside(given: Given, settled: Settled, shapes: NDArray[Any], lon: Floats, lat: Floats) -> list[Noted]:
    """Notes on places that are outside the world; they are taken away."""
    known = given.there & (settled.epsg > 0)
    with np.errstate(invalid="ignore"):
        inside = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    wrong = np.flatnonzero(known & ~inside)
    lost = np.flatnonzero(given.there & (settled.epsg == 0)) if (settled.epsg > 0).any() else wrong[:0]
    shapes[wrong] = None
    return [
        note(
            row,
            "coordinates-outside",
            "error",
            N_("The coordinates %(x)s, %(y)s are outside the world."),
            name="geom",
            value=f"{given.x[row]:.10g}, {given.y[row]:.10g}",
            advice=N_("Check whether digits are missing, or longitude and latitude are exchanged."),
            x=f"{given.x[row]:.10g}",
            y=f"{given.y[row]:.10g}",
        )
        for row in np.union1d(wrong, lost).tolist()
    ]


def _exchanged(given: Given) -> Noted:
    template = (
        N_("The northings stand where the eastings should (纵坐标 and 横坐标 exchanged).")
        if given.is_plane
        else N_("The latitudes stand where the longitudes should.")
    )
    advice = N_("Set the order of the axes to “north or latitude first”, or exchange the two columns.")
    return note(None, "swapped-axes", "error", template, advice=advice)


def _judged(
    given: Given,
    settled: Settled,
    counties: Counties,
    reading: Reading,
    targets: Mapping[str, str],
    mapping: FieldMapping,
) -> list[Noted]:
    """Errors that only the counties tell; the system of a zone that would fit is taken."""
    if not counties.known:
        return []
    _, lon, lat = transformed(given, settled)
    beside = None if "wrong-zone" in mapping.accept else other_zone(given, settled, counties, lon, lat)
    if beside is not None:
        suggested = beside.finding.params.get("suggested")
        if isinstance(suggested, int):
            settled.epsg[:] = suggested
        return [beside]
    if "gcj02-shift" in mapping.accept:
        return []
    points = given.there & (shapely.get_type_id(given.shapes) == _POINT)
    said = np.where(points, counties.said(reading, targets), -1)
    found = counties.gcj02(lon, lat, said, reading.layer)
    if found is None:
        return []
    return [
        note(
            None,
            "gcj02-shift",
            "error",
            N_("%(count)d points more lie outside the county that their code says than if all were moved back 533 m "
               "west and 57 m south: they look like GCJ-02, the shifted system of commercial maps."),
            advice=N_("Ask for the surveyed coordinates; shifted ones are not corrected here."),
            count=found.params["count"],
            judged=found.params["total"],
        )
    ]  # fmt: skip
