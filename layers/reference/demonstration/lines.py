"""Boundary lines and tripoints, derived from the shared edges of the county polygons, and their inspection batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.measure import length_m
from gis.topology import shared_borders, tripoints
from layers.reference.demonstration.naming import describe_line, line_code, line_name, short_name
from layers.reference import readers
from layers.reference.demonstration.divisions import COUNTY_SOURCE
from layers.reference.demonstration.frames import SYNTHETIC, Frames, frame
from layers.reference.demonstration.identity import uuid_of, uuids_of

#: The tripoint of the published inspection: the lines that meet here are in the batch of 2022.
THEME_TRIPOINT = ("370302", "370724", "370781")
BATCH_OF_2022 = {True: 8, False: 6}
BATCH_YEARS = (2022, 2021, 2020)


@dataclass(frozen=True)
class Lines:
    """The city's lines and tripoints.

    Attributes
    ----------
    lines
        ``boundary_line`` as the register has it, ordered by code.
    points
        ``tripoint`` with one more column, ``owners`` (the three codes as a tuple).
    batch
        Year of inspection by row of ``lines``.
    """

    lines: gpd.GeoDataFrame
    points: gpd.GeoDataFrame
    batch: pd.Series


def _is_inside(codes: pd.Series) -> Any:
    return codes.str.startswith("3707").to_numpy()


def _end_names(line: Any, meeting: gpd.GeoDataFrame) -> tuple[str, str]:
    """Names of the tripoints in which a line starts and ends; 海岸 where it ends at the sea."""
    at = {(p.x, p.y): name for p, name in zip(meeting.geom, meeting["name"], strict=True)}
    ends = (line.coords[0], line.coords[-1])
    return tuple(at.get(end[:2], "海岸") for end in ends)  # type: ignore[return-value]


def _tripoints(counties: gpd.GeoDataFrame, names: dict[str, str]) -> gpd.GeoDataFrame:
    found = tripoints(counties, "code")
    inside = np.column_stack([_is_inside(found[side]) for side in "abc"])
    found = found[inside.any(axis=1)].reset_index(drop=True)
    inner = np.column_stack([_is_inside(found[side]) for side in "abc"]).all(axis=1)
    codes = [",".join(owners) for owners in found["owners"]]
    made = frame(
        "tripoint",
        {
            "uuid": uuids_of("tripoint", codes),
            "code": ["".join(code[2:] for code in owners) for owners in found["owners"]],
            "name": ["–".join(names[code][:-1] for code in owners) for owners in found["owners"]],
            "codes": codes,
            "inner": inner,
            "source": COUNTY_SOURCE,
        },
        found.geometry,
    )
    made["name"] = made["name"].replace({"淄川–临朐–青州": "淄川–青州–临朐"})
    return gpd.GeoDataFrame(made.assign(owners=list(found["owners"])), geometry="geom", crs=4490)


def derive_lines() -> Lines:
    """Derive the 42 lines and 30 tripoints of the city.

    Returns
    -------
    Lines
        25 lines between two of the 12 counties, 17 with a neighbour, each one continuous line; 14 tripoints among
        the 12, 16 with a neighbour. Lines run west to east or north to south.
    """
    counties = readers.counties()
    names = dict(zip(counties["code"], counties["name"], strict=True))
    borders = shared_borders(counties, "code")
    borders = borders[_is_inside(borders["left"]) | _is_inside(borders["right"])].reset_index(drop=True)
    meeting = _tripoints(counties, names)

    rows = []
    for border in borders.itertuples():
        left, right, line = border.left, border.right, border.geometry
        (x0, y0), (x1, y1) = line.coords[0][:2], line.coords[-1][:2]
        # West to east, or north to south where that is the longer way: the order in which stakes are numbered.
        if (x1 < x0) if abs(x1 - x0) * 0.8 >= abs(y1 - y0) else (y1 > y0):
            left, right, line = right, left, line.reverse()
        start, end = _end_names(line, meeting)
        pair = tuple(sorted((left, right)))
        rows.append(
            {
                "uuid": uuid_of("boundary_line", "-".join(pair)),
                "code": line_code(left, right),
                "name": line_name(left, names[left], right, names[right]),
                "short_name": short_name(left, names[left], right, names[right]),
                "grade": "county",
                "inner": left.startswith("3707") and right.startswith("3707"),
                "left_code": left,
                "right_code": right,
                "left_name": names[left],
                "right_name": names[right],
                "start_name": start,
                "end_name": end,
                "course": describe_line(line, names[left], names[right], start, end),
                "geom": line,
            }
        )
    made = pd.DataFrame(rows).sort_values(["inner", "code"], ascending=[False, True], ignore_index=True)
    geometry = made.pop("geom").to_numpy()
    made["length_m"] = np.round(np.asarray(length_m(geometry)), 2)
    made["status"] = "derived"
    made["disputed"] = False
    made["source"] = COUNTY_SOURCE
    lines = frame("boundary_line", made.to_dict("series"), geometry)
    lines = gpd.GeoDataFrame(lines, geometry="geom", crs=4490)
    return Lines(lines, meeting, _batches(lines))


def _batches(lines: gpd.GeoDataFrame) -> pd.Series:
    """Year of each line: 2022 as the domain says, the others in turn."""
    theme = set(THEME_TRIPOINT)
    at_theme = lines["left_code"].isin(theme) & lines["right_code"].isin(theme)
    year = pd.Series(0, index=lines.index)
    order = lines.assign(first=at_theme).sort_values(["first", "length_m"], ascending=False)
    for inner, count in BATCH_OF_2022.items():
        year[order.index[order["inner"] == inner][:count]] = 2022
    rest = year.index[year == 0]
    year[rest[::2]] = 2021
    year[rest[1::2]] = 2020
    return year


def make_batches(found: Lines) -> Frames:
    """Frames ``inspection_batch`` (three, assumed) and ``inspection_task`` (14 in each)."""
    batches = frame(
        "inspection_batch",
        {
            "uuid": uuids_of("inspection_batch", BATCH_YEARS),
            "year": list(BATCH_YEARS),
            "title": [f"{year} 年县级界线联合检查" for year in BATCH_YEARS],
            "assumed": True,
            "note": "公布数据只有 2022 年检查 14 条；线路划分为假定",
            "source": SYNTHETIC,
        },
    )
    lines = found.lines
    inside_left = _is_inside(lines["left_code"])
    tasks = frame(
        "inspection_task",
        {
            "uuid": uuids_of("inspection_task", lines["code"]),
            "batch_uuid": [uuid_of("inspection_batch", str(year)) for year in found.batch],
            "line_uuid": lines["uuid"],
            "lead_side": lines["left_code"].where(inside_left, lines["right_code"]),
            "partner_side": lines["right_code"].where(inside_left, lines["left_code"]),
            "state": "planned",
        },
    )
    return {"inspection_batch": batches, "inspection_task": tasks}
