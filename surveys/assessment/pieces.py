"""The line in pieces for a map: walked within the tolerance, beyond it, and not at all."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
from shapely.geometry import LineString

from gis.crs import STORAGE
from gis.errors import N_
from gis.linear.intervals import union, without
from gis.linear.reference import END_TOLERANCE_M, split, vertex_chainages
from surveys.assessment.track_result import TrackResult

KINDS: Final = {
    "within": N_("walked within the tolerance"),
    "beyond": N_("walked beyond the tolerance"),
    "not-walked": N_("not walked"),
}


def pieces(line: LineString, track: TrackResult | None) -> gpd.GeoDataFrame:
    """Cut the line by how it was walked.

    Parameters
    ----------
    line
        The line that was assessed, in degrees.
    track
        What was found on it; None: not walked at all.

    Returns
    -------
    GeoDataFrame
        ``kind`` (a key of `KINDS`), ``start_m``, ``end_m`` and ``geom`` (EPSG:4490), in order and without a gap: what
        is too short to be told, as stretches not walked below the tolerance, goes with the piece before it.
    """
    total = float(vertex_chainages(line)[-1])
    walked = np.array(track.walked_between_m if track else [], dtype=np.float64).reshape(-1, 2)
    within = np.array(track.within_between_m if track else [], dtype=np.float64).reshape(-1, 2)
    left_out = [(one.start_m, one.end_m) for one in track.not_walked] if track else [(0.0, total)]
    sets = {"within": union(within), "beyond": without(walked, within), "not-walked": union(np.array(left_out))}
    rows = sorted((float(start), float(end), kind) for kind, part in sets.items() for start, end in part)
    # each piece begins where the one before ends; rounding leaves hairs between
    cuts, kinds = [0.0], [rows[0][2] if rows else "not-walked"]
    for start, _, kind in rows:
        if kind == kinds[-1]:
            continue
        if start - cuts[-1] <= 10 * END_TOLERANCE_M:
            kinds[-1] = kind
            continue
        cuts.append(start)
        kinds.append(kind)
    cuts.append(total)
    geometry = split(line, cuts[1:-1])
    return gpd.GeoDataFrame(
        {"kind": kinds, "start_m": cuts[:-1], "end_m": cuts[1:]}, geometry=geometry, crs=STORAGE
    ).rename_geometry("geom")
