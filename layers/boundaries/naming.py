"""Names of county lines and tripoints."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources

import numpy as np

SUFFIXES = ("自治县", "林区", "区", "市", "县", "旗")
"""Generic parts of county names, longest first."""

# What it costs to leave the first character: 1 for the second, and so on; times the weight of the county.
_WHOLE_NAME, _CODE, _NEVER = 10.0, 100.0, 1e6
_INSIDE = 20.0


def specific(name: str) -> str:
    """County name without its generic part (青州市 → 青州); two characters stay whole (莒县)."""
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name.removesuffix(suffix)
    return name


def known_order() -> frozenset[tuple[str, str]]:
    """Pairs of county codes whose line is known to be named in this order, from `known_order.csv`."""
    text = (resources.files("layers.boundaries") / "known_order.csv").read_text(encoding="utf-8")
    return frozenset((row["first_code"], row["second_code"]) for row in csv.DictReader(text.splitlines()))


class Names:
    """Names of the lines and tripoints of a set of counties.

    Parameters
    ----------
    counties
        Code → full name of every county that has a line.
    inside
        Codes of the counties that keep their first character when a neighbour from outside has the same.
    known
        Pairs (first, second) whose order is known; every other line is named in the order of the codes.
    """

    def __init__(
        self,
        counties: Mapping[str, str],
        *,
        inside: Iterable[str] = (),
        known: frozenset[tuple[str, str]] | None = None,
    ) -> None:
        self.counties = dict(counties)
        self.known = known_order() if known is None else known
        self.characters = _characters(self.counties, frozenset(inside))

    def ordered(self, one: str, other: str) -> tuple[str, str]:
        """The two codes in the order in which the line names them."""
        first, second = sorted((one, other))
        return (second, first) if (second, first) in self.known else (first, second)

    def line(self, one: str, other: str, *, piece: int = 0) -> str:
        """Official name: 青州市—临朐县; a piece of several carries its number."""
        first, second = self.ordered(one, other)
        return f"{self.counties[first]}—{self.counties[second]}" + (f"（第{piece}段）" if piece else "")

    def short(self, one: str, other: str, *, piece: int = 0) -> str:
        """Short name: 青临线. One character for each county, and no other county has the same."""
        first, second = self.ordered(one, other)
        return f"{self.characters[first]}{self.characters[second]}线" + (f"{piece}段" if piece else "")

    def tripoint(self, clockwise: Sequence[str]) -> str:
        """Name of a meeting point from the codes as they lie round it: 淄川–青州–临朐, the smallest code first."""
        at = min(range(len(clockwise)), key=lambda place: clockwise[place])
        return "–".join(specific(self.counties[code]) for code in (*clockwise[at:], *clockwise[:at]))


def _characters(counties: Mapping[str, str], inside: frozenset[str]) -> dict[str, str]:
    """One character for each county, all different: the first of its name, or the next where that is taken.

    An assignment of least cost, so that 临朐, 临淄 and 淄川 become 临, 淄 and 川 whichever comes first. Neighbours
    make room for the city's counties, and greater codes for smaller ones (昌乐 keeps 昌, 昌邑 becomes 邑).
    Where characters do not suffice, a county has its whole name or its code: long, but never ambiguous.
    """
    from scipy.optimize import linear_sum_assignment  # takes 0.4 s to load, and few ask for names

    codes = sorted(counties)
    offers: dict[tuple[int, str], float] = {}
    for place, code in enumerate(codes):
        name = specific(counties[code])
        weight = (_INSIDE if code in inside else 1.0) - 0.1 * place / len(codes)
        choices = [*((character, rank) for rank, character in enumerate(name)), (name, _WHOLE_NAME), (code, _CODE)]
        for label, cost in choices:
            offers.setdefault((place, label), cost * weight)
    labels = sorted({label for _, label in offers})
    costs = np.full((len(codes), len(labels)), _NEVER)
    for (place, label), cost in offers.items():
        costs[place, labels.index(label)] = cost
    _, chosen = linear_sum_assignment(costs)
    return {code: labels[column] for code, column in zip(codes, chosen, strict=True)}
