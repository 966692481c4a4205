"""Rules for numbers that depend on one another. They are doubts: which of the two is wrong nobody can tell."""

from __future__ import annotations

from typing import Final

from gis.errors import N_
from layers.records.context import Context
from layers.records.rules.table import Flaws, Rule, Table

_MORE: Final = Rule(
    "more-than-whole",
    "warning",
    N_("%(value)s is more than the %(whole)s that it is a part of."),
    N_("Correct one of the two numbers."),
)
_FULL: Final = Rule(
    "more-residents-than-beds",
    "warning",
    N_("%(value)s residents live on %(beds)s beds."),
    N_("Correct one of the two numbers."),
)


def beds(table: Table, _context: Context) -> Flaws:
    """Nursing beds are some of the beds; residents have one each."""
    yield from _parts(table, "nursing_beds", "beds")
    whole, residents = table.numbers("beds"), table.numbers("residents")
    for row in (residents > whole).nonzero()[0].tolist():
        yield _FULL.flaw(row, "residents", f"{residents[row]:.0f}", beds=f"{whole[row]:.0f}")


def people(table: Table, _context: Context) -> Flaws:
    """The old are some of the people, the older some of the old."""
    for part, whole in (("aged_60", "population"), ("aged_65", "aged_60"), ("aged_80", "aged_65")):
        yield from _parts(table, part, whole)


def _parts(table: Table, part: str, whole: str) -> Flaws:
    parts, wholes = table.numbers(part), table.numbers(whole)
    for row in (parts > wholes).nonzero()[0].tolist():
        yield _MORE.flaw(row, part, f"{parts[row]:.0f}", whole=f"{wholes[row]:.0f}")
