"""All rules over all lines that a reader sees; kept until something of it changes."""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from layers.access import Reader
from layers.boundaries.checks import lines as of_lines
from layers.boundaries.checks import stakes as of_stakes
from layers.boundaries.checks.facts import Facts, LineFacts, gather
from layers.boundaries.checks.limits import DEFAULT, Limits
from layers.boundaries.checks.rule import Found, Rule
from layers.index import Index

RULES: Final[Mapping[str, Rule]] = {rule.key: rule for rule in (*of_lines.RULES, *of_stakes.RULES)}
"""Every rule by its key."""

_OF_ONE: Final[tuple[Callable[[LineFacts, Limits], Iterator[Found]], ...]] = (
    of_lines.geometry, of_lines.lengths, of_lines.ends, of_lines.courses, of_lines.areas,
    of_stakes.places, of_stakes.order, of_stakes.chainages, of_stakes.numbers, of_stakes.counts, of_stakes.features,
)  # fmt: skip
_LAYERS: Final = ("boundary-lines", "stakes", "tripoints", "division-areas")
_SEVERITIES: Final = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Checked:
    """The facts that were looked at and what was found, by the uuid of the line; errors first."""

    facts: Facts
    found: Mapping[str, tuple[Found, ...]]

    def all(self) -> Iterator[Found]:
        """Every finding, line by line."""
        for found in self.found.values():
            yield from found

    def counts(self, line: str) -> dict[str, int]:
        """How many findings of each severity a line has."""
        counted = Counter(one.finding.severity for one in self.found.get(line, ()))
        return {severity: counted.get(severity, 0) for severity in _SEVERITIES}  # type: ignore[call-overload]


def check_line(line: LineFacts, everything: Facts, limits: Limits = DEFAULT) -> list[Found]:
    """What is found at one line and what stands on it, errors first."""
    found = [one for rule in _OF_ONE for one in rule(line, limits)]
    found += of_lines.tripoints(line, everything, limits)
    return sorted(found, key=lambda one: _SEVERITIES[one.finding.severity])


def check_boundaries(index: Index, *, reader: Reader, limits: Limits = DEFAULT) -> Checked:
    """Check every line that a reader sees; the same answer until lines, stakes, tripoints or areas change."""
    with index.held():
        marks: Any = (*(index.layer(key).mark for key in _LAYERS), limits)
        joins = index.frame("line_stake")
        kept = _KEPT.setdefault(index, {})
        at_hand = kept.get(reader.audience)
        if at_hand is not None and at_hand[0] == marks and at_hand[1] is joins:
            return at_hand[2]
        facts = gather(index, reader=reader)
    checked = Checked(facts, {uuid: tuple(check_line(line, facts, limits)) for uuid, line in facts.lines.items()})
    kept[reader.audience] = (marks, joins, checked)
    return checked


_KEPT: Final[weakref.WeakKeyDictionary[Index, dict[str, tuple[Any, Any, Checked]]]] = weakref.WeakKeyDictionary()
