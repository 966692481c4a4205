"""Observed stakes against the register: recognised, measured, and what is missing or unknown told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gis.findings import Finding
from gis.measure import FloatArray, azimuth_deg, distance_m, sector16
from surveys.assessment.recognising import by_number, by_position, candidates, distances
from surveys.assessment.said_of_stakes import elsewhere, said
from surveys.assessment.stakes import (
    How,
    ObservedStake,
    RegisteredStake,
    StakeResult,
    StakeRules,
    State,
    condition_key,
    not_seen,
)


def compare_stakes(
    registered: Sequence[RegisteredStake], observed: Sequence[ObservedStake], rules: StakeRules | None = None
) -> tuple[list[StakeResult], list[Finding]]:
    """Recognise observed stakes and measure how far they are off.

    By number first (engraved number, then code, then either without the letter of its type, if only one stake has it);
    what is left by position, the closest pair first, each stake once.

    Parameters
    ----------
    registered
        The line's stakes, in its order.
    observed
        In the order of the walk.
    rules
        None: the usual ones.

    Returns
    -------
    results
        One for each registered stake, in order; then stakes seen once more, and unknown ones.
    findings
        What somebody should look at.
    """
    rules = rules or StakeRules()
    apart = distances(registered, observed)
    pairs, again, findings = by_number(registered, observed, apart)
    hows: dict[int, How] = {place: how for place, (_, how) in pairs.items()}
    owner = {place: row for place, (row, _) in pairs.items()}
    unknown = [row for row in range(len(observed)) if row not in owner.values() and row not in again]
    for place, row in by_position(apart, [p for p in range(len(registered)) if p not in owner], unknown, rules):
        owner[place], hows[place] = row, "position"
        unknown.remove(row)
    results = []
    for place, stake in enumerate(registered):
        if place not in owner:
            results.append(not_seen(stake))
            continue
        row = owner[place]
        result = _measured(stake, observed[row], hows[place], rules)
        if hows[place] == "position":
            result = replace(result, candidates=candidates(registered, apart[:, row], rules))
        results.append(result)
    results += [
        _measured(registered[place], observed[row], "number", rules, again=True) for row, place in again.items()
    ]
    results += [_unknown(registered, observed[row], apart[:, row], rules) for row in unknown]
    for result in results:
        findings += said(result, rules)
    return results, findings + elsewhere(registered, results, rules)


def _measured(
    stake: RegisteredStake, seen: ObservedStake, how: How, rules: StakeRules, *, again: bool = False
) -> StakeResult:
    condition = condition_key(seen.condition)
    result = StakeResult(
        stake.number, stake.code, stake.uuid, "no-position", how, stake.chainage_m, seen.number, seen.where,
        seen.lon, seen.lat, seen.accuracy_m, condition=condition, remark=seen.remark,
        registered_lon=stake.lon, registered_lat=stake.lat,
    )  # fmt: skip
    if seen.lon is not None and seen.lat is not None and np.isfinite([seen.lon, seen.lat, stake.lon, stake.lat]).all():
        distance = float(distance_m(stake.lon, stake.lat, seen.lon, seen.lat))
        azimuth = float(azimuth_deg(stake.lon, stake.lat, seen.lon, seen.lat)) if distance > 0 else 0.0
        up = None if seen.height_m is None or stake.height_m is None else seen.height_m - stake.height_m
        result = replace(
            result,
            state=_state(distance, seen.accuracy_m, rules),
            east_m=distance * float(np.sin(np.radians(azimuth))),
            north_m=distance * float(np.cos(np.radians(azimuth))),
            up_m=up,
            distance_m=distance,
            direction=sector16(azimuth) if distance >= 0.01 else "",
        )
    return replace(result, state="twice") if again else result


def _state(distance: float, accuracy: float | None, rules: StakeRules) -> State:
    if distance <= rules.tolerance_m:
        return "found"
    # twice its mean error is what a receiver may be off by now and then
    return "uncertain" if accuracy is not None and distance <= rules.tolerance_m + 2 * accuracy else "off"


def _unknown(
    registered: Sequence[RegisteredStake], seen: ObservedStake, apart: FloatArray, rules: StakeRules
) -> StakeResult:
    return StakeResult(
        "", "", "", "unknown", observed=seen.number, where=seen.where, lon=seen.lon, lat=seen.lat,
        accuracy_m=seen.accuracy_m, condition=condition_key(seen.condition), remark=seen.remark,
        candidates=candidates(registered, apart, rules),
    )  # fmt: skip
