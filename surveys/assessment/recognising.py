"""Which observed stake is which registered one: by number, then by position."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from gis.errors import N_
from gis.findings import Finding
from gis.measure import FloatArray, distance_m
from surveys.assessment.numbers import plain_number, without_letter
from surveys.assessment.stakes import Candidate, How, ObservedStake, RegisteredStake, StakeRules


def distances(registered: Sequence[RegisteredStake], observed: Sequence[ObservedStake]) -> FloatArray:
    """Metres between all registered (rows) and observed (columns) stakes; endless where a place is not known."""
    one = np.array([(s.lon, s.lat) for s in registered], dtype=np.float64).reshape(-1, 2)
    other = np.array([(s.lon, s.lat) for s in observed], dtype=np.float64).reshape(-1, 2)
    known, seen = np.isfinite(one.sum(axis=1)), np.isfinite(other.sum(axis=1))
    seen &= (np.abs(other[:, 0]) <= 180) & (np.abs(other[:, 1]) <= 90)
    sound = known[:, None] & seen[None, :]
    apart = np.full(sound.shape, np.inf)
    rows, columns = np.nonzero(sound)
    apart[sound] = distance_m(one[rows, 0], one[rows, 1], other[columns, 0], other[columns, 1])
    return apart


def by_number(
    registered: Sequence[RegisteredStake], observed: Sequence[ObservedStake], apart: FloatArray
) -> tuple[dict[int, tuple[int, How]], dict[int, int], list[Finding]]:
    """Registered place → observed row and how; observed rows of stakes seen once more; findings."""
    findings = []
    numbers = _places(plain_number(stake.number) for stake in registered)
    names: list[tuple[How, dict[str, list[int]]]] = [
        ("number", numbers),
        ("code", _places(plain_number(stake.code) for stake in registered)),
        ("number-without-letter", _places(without_letter(plain_number(stake.number)) for stake in registered)),
    ]
    for number, same in numbers.items():
        if len(same) > 1:
            findings.append(
                Finding("stake-number-registered-twice", "error", number,
                        N_("The register has %(count)s stakes with the number %(number)s on this line."),
                        {"count": len(same), "number": number},
                        N_("Correct the register; they were told apart by their positions."))
            )  # fmt: skip
    seen: dict[int, list[tuple[int, How]]] = defaultdict(list)
    for row, stake in enumerate(observed):
        number = plain_number(stake.number)
        for how, places in names if number else []:
            if how == "number-without-letter" and number != without_letter(number):
                continue  # another letter is another stake
            found = places.get(number, [])
            if len(found) == 1 or (found and how != "number-without-letter"):
                seen[min(found, key=lambda place: float(apart[place, row]))].append((row, how))
                break
    pairs: dict[int, tuple[int, How]] = {}
    again: dict[int, int] = {}
    for place, rows in seen.items():
        best = min(rows, key=lambda pair: (float(apart[place, pair[0]]), pair[0]))
        pairs[place] = best
        again |= {row: place for row, _ in rows if row != best[0]}
        if len(rows) > 1:
            findings.append(
                Finding("stake-seen-twice", "warning", registered[place].number,
                        N_("Stake %(number)s was recorded %(count)s times; the record nearest to its place is taken."),
                        {"number": registered[place].number, "count": len(rows)},
                        N_("See whether one of them is another stake or a visit of its own."))
            )  # fmt: skip
    return pairs, again, findings


def _places(names: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        if name:
            found[name].append(place)
    return found


def by_position(apart: FloatArray, places: list[int], rows: list[int], rules: StakeRules) -> list[tuple[int, int]]:
    """Pairs of what has no number in common, the closest first."""
    near = sorted(
        (float(apart[place, row]), place, row)
        for place in places
        for row in rows
        if apart[place, row] <= rules.search_m
    )
    found: list[tuple[int, int]] = []
    for _, place, row in near:
        if all(place != other and row != taken for other, taken in found):
            found.append((place, row))
    return found


def candidates(registered: Sequence[RegisteredStake], apart: FloatArray, rules: StakeRules) -> tuple[Candidate, ...]:
    order = np.argsort(apart, kind="stable")
    return tuple(
        Candidate(registered[place].number, registered[place].uuid, float(apart[place]))
        for place in order[:5].tolist()
        if apart[place] <= rules.search_m
    )
