"""What a rule is, and what it finds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gis.findings import Severity
from layers.placenames.rules.facts import Facts
from layers.placenames.rules.places import Places

Reach = Literal["row", "group", "register"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """What a rule has found at one row.

    Parameters
    ----------
    row
        Position among the places looked at; -1 where the flaw is of no place (then ``of`` says of what).
    field
        The field that it is about; empty for the place on the map.
    value
        What stands there now.
    params
        What fills the places of the rule's sentences, beside ``value``.
    fix
        Field to value: what would mend it. Empty where nobody can tell.
    candidates
        Further ways to mend it, where several are likely; the reader has to choose.
    group
        What the rows have in common that a rule finds flawed together; empty for a rule of single rows.
    others
        Uuids of the other records that belong to it.
    of
        Layer and uuid, where the flaw is of no place.
    """

    row: int
    field: str
    value: str = ""
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)
    fix: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    candidates: tuple[Mapping[str, Any], ...] = ()
    group: str = ""
    others: tuple[str, ...] = ()
    of: tuple[str, str] | None = None


Find = Callable[[Places, Facts], Iterator[Flaw]]


@dataclass(frozen=True)
class Rule:
    """One rule of the check of place names.

    Parameters
    ----------
    key
        Stable name.
    clause
        Where it is written: law, standard or practice.
    title_zh, title_en
        For lists and statistics.
    template, advice
        English sentences with ``%(name)s`` places.
    find
        All flaws of some places.
    reach
        ``row``: a record is judged by itself; ``group``: together with those of its group; ``register``: by what is
        not there. Says what must be looked at again after a change.
    """

    key: str
    severity: Severity
    clause: str
    title_zh: str
    title_en: str
    template: str
    advice: str
    find: Find
    reach: Reach = "row"
