"""Other names of places: abbreviations, aliases and former names, for a plausible share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.toponym import romanize
from layers.reference.demonstration.frames import SYNTHETIC, Frames, frame
from layers.reference.demonstration.identity import Chance, uuids_of
from layers.reference.demonstration.stock import STREETS

#: Endings that people exchange in speech: of a village, of an estate.
_SPOKEN = {
    "家庄": "家", "庄子": "庄", "官庄": "庄", "店子": "店", "村": "庄", "庄": "家庄", "屯": "庄",
    "埠": "埠子", "家": "家庄",
}  # fmt: skip
_ESTATE = {"小区": "家园", "花园": "小区", "苑": "小区"}


def _spoken(name: str) -> str:
    for ending, other in _SPOKEN.items():
        if name.endswith(ending) and len(name) > len(ending) + (len(ending) == 1):
            return name[: -len(ending)] + other
    return "老" + name


def make_other_names(places: pd.DataFrame, chance: Chance) -> Frames:
    """Frame ``place_name``: abbreviations of divisions and committees, aliases of waters and estates, former names."""
    rng = chance.stream("other-names")

    def some(mask: pd.Series, share: float) -> pd.DataFrame:
        rows = places[mask]
        return rows[rng.random(len(rows)) < share]

    major, code = places["major"], places["class_code"]
    parts: list[tuple[pd.DataFrame, list[str], str]] = []

    def add(rows: pd.DataFrame, names: list[str], kind: str) -> None:
        parts.append((rows, names, kind))

    upper = some(code.isin(["21300", "21400", "21500"]), 1.0)
    add(upper, upper["specific"].tolist(), "abbreviation")
    committees = some((major == "committee") & (places["specific"].str.len() >= 2), 0.12)
    add(committees, committees["specific"].tolist(), "abbreviation")
    rivers = some((code == "12100") & (places["name"].str.len() <= 3), 0.2)
    add(rivers, [name[:-1] + "水" for name in rivers["name"]], "alias")
    villages = some((code == "22200") & ~places["name"].str.endswith("戈庄"), 0.07)
    former = rng.random(len(villages)) < 0.6
    for mask, kind in ((former, "former"), (~former, "alias")):
        add(villages[mask], [_spoken(name) for name in villages[mask]["name"]], kind)
    estates = some(code == "22100", 0.04)
    add(estates, [s + _ESTATE[g] for s, g in zip(estates["specific"], estates["generic"], strict=True)], "alias")
    streets = some((code == "23510") & (places["rank"] == 8), 0.12)
    stems = [STREETS[number] for number in rng.integers(0, len(STREETS), len(streets))]
    add(streets, [stem + generic for stem, generic in zip(stems, streets["generic"], strict=True)], "former")

    made = pd.concat(
        [
            pd.DataFrame(
                {
                    "place_uuid": rows["uuid"].to_numpy(),
                    "standard": rows["name"].to_numpy(),
                    "name": names,
                    "kind": kind,
                }
            )
            for rows, names, kind in parts
        ],
        ignore_index=True,
    )
    made = made[made["name"] != made["standard"]].reset_index(drop=True)
    whole = set(villages["uuid"])
    made["roman"] = [
        romanize(name, "settlement" if place in whole else "")
        for name, place in zip(made["name"], made["place_uuid"], strict=True)
    ]
    made["uuid"] = uuids_of("place_name", made["place_uuid"] + "/" + made["kind"] + "/" + made["name"])
    made["language"] = "zh"
    made["status"] = np.where(made["kind"] == "former", "disused", "in_use")
    made["source"] = SYNTHETIC
    return {"place_name": frame("place_name", made.drop(columns="standard"))}
