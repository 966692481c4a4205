"""What somebody should look at of stakes that were compared with the register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gis.errors import N_
from gis.findings import Finding, Severity
from surveys.assessment.recognising import distances
from surveys.assessment.stakes import CONDITIONS, ObservedStake, RegisteredStake, StakeResult, StakeRules

_STATES: Final[dict[str, tuple[Severity, str, str]]] = {
    "off": ("warning", N_("Stake %(number)s stands %(distance)s m off its registered place, %(east)s m east and "
                          "%(north)s m north (tolerance %(tolerance)s m)."),
            N_("Measure it again; if it stays so, record it as displaced.")),
    "uncertain": ("info", N_("Stake %(number)s was measured %(distance)s m off its place, no more than the receiver is "
                             "sure of (%(accuracy)s m)."),
                  N_("Measure it again with a better receiver if it matters.")),
    "no-position": ("info", N_("Stake %(number)s was seen and not measured."), N_("Measure it at the next visit.")),
    "not-seen": ("warning", N_("Stake %(number)s is in the register and was not recorded."),
                 N_("Record it, if only as missing.")),
    "unknown": ("warning", N_("The stake recorded as “%(number)s” is not in the register of this line."),
                N_("See whether it belongs to another line, or enter it.")),
}  # fmt: skip

_CONDITION_SAID: Final = {
    "damaged": (N_("Stake %(number)s is damaged."), N_("Plan its repair.")),
    "displaced": (N_("Stake %(number)s is displaced."), N_("Plan to set it back with both sides.")),
    "missing": (N_("Stake %(number)s is missing."), N_("Plan to set it anew with both sides.")),
}


def said(result: StakeResult, rules: StakeRules) -> list[Finding]:
    """What is to be said of one stake."""
    where = result.where or result.number
    params: dict[str, object] = {"number": result.number or result.observed}
    found: list[Finding] = []
    if result.distance_m is not None and result.east_m is not None and result.north_m is not None:
        params |= {"distance": round(result.distance_m, 2), "east": round(result.east_m, 2),
                   "north": round(result.north_m, 2), "direction": result.direction,
                   "tolerance": rules.tolerance_m, "accuracy": result.accuracy_m}  # fmt: skip
    state = _STATES.get(result.state)
    if state and not (result.state == "no-position" and result.condition == "missing"):
        severity, template, advice = state
        found.append(Finding(f"stake-{result.state}", severity, where, template, params, advice))
    if result.how == "position":
        found.append(
            Finding("stake-by-position", "info", where,
                    N_("Stake %(number)s was recognised by its position; written was “%(observed)s”."),
                    params | {"observed": result.observed}, N_("See whether the number was misread."))
        )  # fmt: skip
        found += _doubtful(result, where)
    if result.condition in _CONDITION_SAID:
        template, advice = _CONDITION_SAID[result.condition]
        found.append(Finding(f"stake-{result.condition}", "warning", where, template, params, advice))
    elif result.condition and result.condition not in CONDITIONS:
        found.append(
            Finding("stake-condition-unknown", "warning", where,
                    N_("The condition of stake %(number)s, “%(condition)s”, is none of the known ones."),
                    params | {"condition": result.condition},
                    N_("Choose intact, damaged, displaced or missing."))
        )  # fmt: skip
    if result.state == "off" and result.condition == "intact":
        found.append(
            Finding("stake-off-though-intact", "warning", where,
                    N_("Stake %(number)s is said to be intact and stands %(distance)s m off its registered place."),
                    params, N_("Measure it again; else it is displaced, or the register is wrong."))
        )  # fmt: skip
    return found


def _doubtful(result: StakeResult, where: str) -> list[Finding]:
    near = [candidate for candidate in result.candidates if candidate.uuid != result.uuid]
    if not near or result.distance_m is None or near[0].distance_m > 2 * max(result.distance_m, 1.0):
        return []
    return [
        Finding("stake-ambiguous", "warning", where,
                N_("It may as well be stake %(other)s, %(away)s m away (%(number)s: %(distance)s m)."),
                {"other": near[0].number, "away": round(near[0].distance_m, 2), "number": result.number,
                 "distance": round(result.distance_m, 2)},
                N_("Choose the right one."))
    ]  # fmt: skip


def elsewhere(
    registered: Sequence[RegisteredStake], results: Sequence[StakeResult], rules: StakeRules
) -> list[Finding]:
    """Stakes known by their number that stand where the register has another one."""
    found = []
    for result in results:
        if result.how in ("", "position") or result.distance_m is None or result.distance_m <= rules.search_m:
            continue
        seen = ObservedStake(result.observed, result.lon, result.lat)
        apart = distances(registered, [seen])[:, 0]
        place = int(apart.argmin())
        if apart[place] <= rules.search_m:
            found.append(
                Finding("stake-number-elsewhere", "warning", result.where or result.number,
                        N_("Number %(number)s was recorded where the register has stake %(other)s, %(away)s m away."),
                        {"number": result.number, "other": registered[place].number,
                         "away": round(float(apart[place]), 2)},
                        N_("Perhaps the number was mistyped."))
            )  # fmt: skip
    return found
