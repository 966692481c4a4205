"""地名标志: signs beside streets, at villages and bridges. Made up, each says so; how many a town has is not."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import shapely

from layers.reference.demonstration.frames import SYNTHETIC, Frames, frame
from layers.reference.demonstration.identity import Chance, uuids_of

#: Class code → how many signs, their kind.
_PARTS: Final[dict[str, tuple[int, str]]] = {
    "23510": (240, "road_sign"), "22200": (90, "village_sign"), "23610": (50, "bridge_sign"),
    "21500": (20, "town_sign"),
}  # fmt: skip
_STATES: Final = ("intact", "damaged", "faded", "missing", "wrong_text")
_SHARES: Final = (0.78, 0.08, 0.08, 0.04, 0.02)
_MATERIALS: Final = ("铝合金", "不锈钢", "石材", "复合材料")
_OFF_DEG: Final = 0.00018
"""Beside the place's own point, about 18 m off."""


def make_signs(places: pd.DataFrame, chance: Chance) -> Frames:
    """Frame ``place_sign``: 400 signs of places that stand, in the order of the places."""
    rng = chance.stream("signs")
    standing = (places["usage"] == "current") & places["county_code"].notna() & places["secrecy"].isna()
    chosen: list[int] = []
    kinds: list[str] = []
    for code, (count, kind) in _PARTS.items():
        pool = np.flatnonzero((standing & (places["class_code"] == code)).to_numpy())
        rows = np.sort(rng.choice(pool, size=min(count, len(pool)), replace=False))
        chosen += rows.tolist()
        kinds += [kind] * len(rows)
    of = places.iloc[chosen].reset_index(drop=True)
    lane = of["name"].str.endswith(("巷", "胡同")).to_numpy()
    xy = shapely.get_coordinates(np.asarray(of["geom"].values))
    way = rng.uniform(0, 2 * np.pi, len(of))
    xy = xy + _OFF_DEG * np.column_stack([np.cos(way), np.sin(way)])
    days = np.datetime64("2012-01-01") + rng.integers(0, 4000, len(of)).astype("timedelta64[D]")
    checked = np.datetime64("2025-03-01") + rng.integers(0, 240, len(of)).astype("timedelta64[D]")
    serial = of.groupby("county_code").cumcount() + 1
    columns = {
        "uuid": uuids_of("place_sign", of["uuid"]),
        "place_uuid": of["uuid"],
        "number": [f"SL{code}-{number:04d}" for code, number in zip(of["county_code"], serial, strict=True)],
        "name": of["name"],
        "text_shown": [f"{name} {roman or ''}".strip() for name, roman in zip(of["name"], of["roman"], strict=True)],
        "kind": np.where(lane, "lane_sign", np.asarray(kinds, dtype=object)),
        "material": rng.choice(_MATERIALS, len(of)),
        "county_code": of["county_code"],
        "town_code": of["town_code"],
        "state": rng.choice(_STATES, len(of), p=_SHARES),
        "unit": "示范设置单位",
        "set_up": np.datetime_as_string(days, unit="D"),
        "checked_on": np.datetime_as_string(checked, unit="D"),
        "source": SYNTHETIC,
        "note": "合成示例，并非实有标志",
    }
    return {"place_sign": frame("place_sign", columns, shapely.points(xy))}
