"""Linear reference: chainage along a line, points and pieces at chainages, and a track against the line.

`reference` has positions along one line, `plane` the plane and the search tree in which many points are matched,
`matching` a track's points to the line by continuity, `figures` what is measured between the two, `frechet` the
discrete Fréchet distance, `shift` constant shifts, `sides` polygons that the line cuts.
"""

from gis.linear.reference import (
    END_TOLERANCE_M,
    Located,
    NotALine,
    OffTheLine,
    chainage,
    locate,
    point_at,
    split,
    stations,
    substring,
    vertex_chainages,
)

__all__ = [
    "END_TOLERANCE_M",
    "Located",
    "NotALine",
    "OffTheLine",
    "chainage",
    "locate",
    "point_at",
    "split",
    "stations",
    "substring",
    "vertex_chainages",
]
