"""Boundary lines and tripoints as `layers.boundaries` derives them, and the inspection batches of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from layers.boundaries import derive_lines, derive_tripoints
from layers.reference import readers
from layers.reference.demonstration.divisions import COUNTY_SOURCE
from layers.reference.demonstration.frames import SYNTHETIC, Frames, frame, geo
from layers.reference.demonstration.identity import uuid_of, uuids_of

#: The tripoint of the published inspection (淄川–青州–临朐): the lines that meet here are in the batch of 2022.
THEME_TRIPOINT = frozenset({"370302", "370724", "370781"})
BATCH_OF_2022 = {True: 8, False: 6}
BATCH_YEARS = (2022, 2021, 2020)


@dataclass(frozen=True)
class Lines:
    """The city's 42 lines and 30 tripoints, and the year in which each line is inspected (by row of ``lines``)."""

    lines: gpd.GeoDataFrame
    tripoints: gpd.GeoDataFrame
    year: pd.Series


def find_lines() -> Lines:
    """Lines and tripoints with their uuids: 25 inner and 17 outer, 14 among the 12 counties and 16 with a neighbour."""
    counties = readers.counties()
    source = f"由{COUNTY_SOURCE}县级面推导"
    lines = derive_lines(counties, source=source)
    meeting = derive_tripoints(counties, source=source)
    pairs = ["-".join(sorted(pair)) for pair in zip(lines["left_code"], lines["right_code"], strict=True)]
    lines["uuid"] = uuids_of("boundary_line", pairs)
    lines["length_m"] = lines["length_m"].round(2)
    meeting["uuid"] = uuids_of("tripoint", meeting["codes"])
    made = geo(frame("boundary_line", lines.drop(columns="geom"), lines.geometry))
    return Lines(made, geo(frame("tripoint", meeting.drop(columns="geom"), meeting.geometry)), _years(made))


def _years(lines: gpd.GeoDataFrame) -> pd.Series:
    """2022: the lines at the tripoint, then the longest others, to 8 inner and 6 outer; the others in turn."""
    theme = lines["left_code"].isin(THEME_TRIPOINT) & lines["right_code"].isin(THEME_TRIPOINT)
    order = lines.assign(theme=theme).sort_values(["theme", "length_m"], ascending=False)
    year = np.zeros(len(lines), dtype=np.int64)
    for inner, count in BATCH_OF_2022.items():
        year[order.index[order["inner"] == inner][:count]] = BATCH_YEARS[0]
    rest = np.flatnonzero(year == 0)
    year[rest[::2]], year[rest[1::2]] = BATCH_YEARS[1:]
    return pd.Series(year, index=lines.index)


def make_batches(found: Lines) -> Frames:
    """Frames ``inspection_batch`` and ``inspection_task``: three past rounds (assumed, 14 lines in each), and three of
    the plan that follows, which are synthetic: one under way, one to come, one ad hoc.

    The lines of 2020 are in none of them, so that the plan has something overdue to show.
    """
    batches = frame(
        "inspection_batch",
        {
            "uuid": uuids_of("inspection_batch", BATCH_YEARS),
            "year": list(BATCH_YEARS),
            "title": [f"{year}年县级界线联合检查" for year in BATCH_YEARS],
            "assumed": True,
            "note": "公布数据只有2022年检查14条，各批次的界线为假定",
            "source": SYNTHETIC,
        },
    )
    lines = found.lines
    left_leads = lines["left_code"].str.startswith("3707")
    tasks = frame(
        "inspection_task",
        {
            "uuid": uuids_of("inspection_task", lines["code"]),
            "batch_uuid": [uuid_of("inspection_batch", str(year)) for year in found.year],
            "line_uuid": lines["uuid"],
            "lead_side": lines["left_code"].where(left_leads, lines["right_code"]),
            "partner_side": lines["right_code"].where(left_leads, lines["left_code"]),
            "state": "planned",
        },
    )
    rounds, planned = _plan(found, tasks)
    return {
        "inspection_batch": pd.concat([batches, rounds], ignore_index=True),
        "inspection_task": pd.concat([tasks, planned], ignore_index=True),
    }


def _plan(found: Lines, past: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rounds to come and under way: title, kind, occasion, from, until, lines and the states of their tasks."""
    of_year = {year: past[(found.year == year).to_numpy()] for year in BATCH_YEARS}
    rounds = (
        ("2026", "2026年县级界线联合检查（示例）", "regular", None, "2026-09-01", "2026-12-31", of_year[2021], 5),
        ("2027", "2027年县级界线联合检查（示例）", "regular", None, "2027-04-01", "2027-11-30", of_year[2022], 0),
        ("2026/adhoc", "2026年汛后临时检查（示例）", "adhoc", "示例：汛后河道变化", "2026-08-20", "2026-09-10",
         of_year[2020].iloc[:2], 2),
    )  # fmt: skip
    made, tasks = [], []
    for key, title, kind, occasion, starts, due, lines, begun in rounds:
        owner = uuid_of("inspection_batch", f"plan/{key}")
        made.append(
            {
                "uuid": owner, "year": int(key[:4]), "title": title, "kind": kind, "occasion": occasion,
                "starts": starts, "due": due, "assumed": True, "note": "合成示例", "source": SYNTHETIC,
            }
        )  # fmt: skip
        for number, task in enumerate(lines.to_dict("records")):
            tasks.append(
                {
                    "uuid": uuid_of("inspection_task", f"plan/{key}/{task['line_uuid']}"), "batch_uuid": owner,
                    "line_uuid": task["line_uuid"], "lead_side": task["lead_side"],
                    "partner_side": task["partner_side"], "starts": starts, "due": due,
                    "state": ("fieldwork" if kind == "regular" else "finished") if number < begun else "planned",
                    "finished": due if kind == "adhoc" else None,
                    "lead_surveyors": ["示例甲", "示例乙"] if number < begun else None,
                    "partner_surveyors": ["示例丙"] if number < begun else None,
                    "remark": "合成示例",
                }
            )  # fmt: skip
    return frame("inspection_batch", pd.DataFrame(made)), frame("inspection_task", pd.DataFrame(tasks))
