"""People of every committee, adding up to what is published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.reference.demonstration.frames import Frames, frame
from layers.reference.demonstration.identity import Chance, uuid_of, uuids_of
from layers.reference.demonstration.plane import Floats, Ints
from layers.reference.demonstration.sharing import share_out, share_within

CITY = 9_386_705
CENSUS = "第七次全国人口普查 (2020)"

#: Published in the census bulletins of the districts.
PUBLISHED = {"370702": 521_368, "370704": 361_737, "370781": 960_882, "370782": 1_078_178}

#: Shares of people of 60+ and 65+ by county in percent; the first four published, the others made up.
AGED_SHARES: dict[str, tuple[float, float]] = {
    "370702": (16.48, 11.57),
    "370704": (19.47, 13.89),
    "370781": (22.85, 16.60),
    "370782": (22.96, 16.71),
    "370703": (22.60, 16.10),
    "370705": (20.10, 13.90),
    "370724": (24.00, 17.50),
    "370725": (23.90, 17.20),
    "370783": (23.90, 17.10),
    "370784": (24.00, 17.60),
    "370785": (23.90, 17.40),
    "370786": (24.00, 17.70),
}

#: Made-up density of the counties without a published census, against what their committees would suggest.
_DENSITY = {"370705": 0.78, "370724": 1.3, "370725": 1.15, "370785": 0.92, "370786": 0.85}

#: Share of people of 80+ among those of 60+.
AGED_80_OF_60 = 0.1400

#: Published sums of people and posts: key → (sum, day).
WEIGHTS: dict[str, tuple[int, str]] = {
    "low_income": (72_553, "2022-12-31"),
    "extreme_poverty": (30_292, "2022-12-31"),
    "extreme_poverty_homes": (5_297, "2022-12-31"),
    "orphan": (4_064, "2022-12-31"),
    "monitored": (837_600, "2024-03-31"),
    "aid_assistant": (8_226, "2024-03-31"),
}


@dataclass(frozen=True)
class People:
    """Counts by committee, in the order of the committees."""

    total: Ints
    aged_60: Ints
    aged_65: Ints
    aged_80: Ints


def count_people(villages: pd.DataFrame, county: Ints, codes: list[str], chance: Chance) -> People:
    """People of each committee.

    Villages are lognormal about 885 (60 to 6,000), communities about 6,800; scaled so that the counties with a
    published census have exactly it and the others share out the rest of the city exactly.

    Parameters
    ----------
    villages
        With ``kind``.
    county
        Row of the county of each committee in ``codes``.
    codes
        County codes.
    """
    rng = chance.stream("people")
    urban = (villages["kind"] == "居委会").to_numpy()
    size = np.where(
        urban,
        np.clip(rng.lognormal(np.log(6_200), 0.42, len(villages)), 900, 26_000),
        np.clip(rng.lognormal(np.log(760), 0.55, len(villages)), 75, 4_300),
    )
    low, high = np.where(urban, 500, 60), np.where(urban, 60_000, 6_000)
    published = np.array([code in PUBLISHED for code in codes])
    total = np.zeros(len(villages), dtype=np.int64)
    for row, code in enumerate(codes):
        if code in PUBLISHED:
            here = np.flatnonzero(county == row)
            total[here] = share_within(PUBLISHED[code], size[here], low[here], high[here])
    rest = np.flatnonzero(~published[county])
    density = np.array([_DENSITY.get(code, 1.0) for code in codes])[county]
    total[rest] = share_within(CITY - sum(PUBLISHED.values()), (size * density)[rest], low[rest], high[rest])

    aged_60 = np.zeros_like(total)
    aged_65 = np.zeros_like(total)
    aged_80 = np.zeros_like(total)
    # Communities are younger than the villages round them.
    age = np.where(urban, 0.8, 1.08) * rng.normal(1.0, 0.06, len(villages)).clip(0.85, 1.15)
    for row, code in enumerate(codes):
        here = np.flatnonzero(county == row)
        people = int(total[here].sum())
        share_60, share_65 = AGED_SHARES[code]
        weight = total[here] * age[here]
        aged_60[here] = share_out(round(people * share_60 / 100), weight)
        aged_65[here] = share_out(round(people * share_65 / 100), weight)
        aged_80[here] = share_out(round(people * share_60 / 100 * AGED_80_OF_60), weight)
    return People(total, aged_60, aged_65, aged_80)


def _spread(total: int, expected: Floats, rng: np.random.Generator) -> Ints:
    """A total spread as a draw would: many places with few, some with none."""
    return rng.multinomial(total, expected / expected.sum()).astype(np.int64)


def weigh(villages: pd.DataFrame, town: Ints, people: People, towns: pd.DataFrame, chance: Chance) -> Frames:
    """Rows of ``division_weight``: by committee, and people in homes by town. A division without any has no row."""
    rng = chance.stream("weights")
    rural = np.where((villages["kind"] == "村委会").to_numpy(), 1.0, 0.35)
    expected: dict[str, Floats] = {
        "low_income": people.total * rural * rng.gamma(3.0, 1 / 3, len(villages)),
        "extreme_poverty": people.aged_60 * rural * rng.gamma(3.0, 1 / 3, len(villages)),
        "orphan": people.total * rng.gamma(2.0, 0.5, len(villages)),
        "monitored": people.aged_60 + 0.05 * people.total,
        "aid_assistant": people.total.astype(float),
    }
    parts = []
    for key, weight in expected.items():
        total, day = WEIGHTS[key]
        if key == "aid_assistant":
            # Every committee has one; the largest have more.
            value = 1 + share_out(total - len(villages), np.maximum(weight - 2_500, 0))
        else:
            value = share_out(total, weight) if key == "monitored" else _spread(total, weight, rng)
        parts.append(pd.DataFrame({"code": villages["code"], "key": key, "value": value, "as_of": day}))
    total, day = WEIGHTS["extreme_poverty_homes"]
    by_town: Floats = np.bincount(town, weights=expected["extreme_poverty"], minlength=len(towns)).astype(np.float64)
    value = _spread(total, by_town, rng)
    parts.append(pd.DataFrame({"code": towns["code"], "key": "extreme_poverty_homes", "value": value, "as_of": day}))
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["value"] > 0].reset_index(drop=True)
    uuids = uuids_of("division_weight", rows["key"] + "/" + rows["code"])
    divisions = {code: uuid_of("division", code) for code in rows["code"].unique()}
    return {
        "division_weight": frame(
            "division_weight",
            {
                "uuid": uuids,
                "division_uuid": rows["code"].map(divisions),
                "code": rows["code"],
                "key": rows["key"],
                "value": rows["value"].astype(float),
                "as_of": rows["as_of"],
                "source": "synthetic",
            },
        )
    }
