"""The check of place names: all rules over all names, or over some of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from layers.access import ADMINISTRATOR
from layers.placenames.rules.book import RULES
from layers.placenames.rules.facts import Facts
from layers.placenames.rules.places import COLUMNS, Places
from layers.placenames.rules.rule import Flaw, Rule
from layers.records import Context
from layers.register import Register


@dataclass(frozen=True)
class Checked:
    """A flaw with its rule and the record that has it: layer and uuid."""

    rule: Rule
    layer: str
    uuid: str
    flaw: Flaw


def read_places(register: Register, connection: Connection, uuids: Collection[str] | None = None) -> Places:
    """The columns that rules look at, of all names or of some."""
    frame = register.frame(connection, "place", columns=[*COLUMNS, "geom"], uuids=uuids)
    return Places(pd.DataFrame(frame))


def facts_of(places: Places, context: Context) -> Facts:
    """What is judged by, with the serials that the places' codes take."""
    serials: dict[str, int] = {}
    for code in places["place_code"]:
        if code is not None and len(code) == 20 and code.isascii() and code.isdigit():
            front, serial = code[:14], int(code[14:])
            if serial > serials.get(front, 0) and serial < 900_000:
                serials[front] = serial
    return Facts(context, serials)


def check_places(places: Places, facts: Facts, *, rules: Collection[Rule] | None = None) -> Iterator[Checked]:
    """All flaws of some places, rule by rule.

    Parameters
    ----------
    rules
        Those that are to be asked; all by default.
    """
    uuids = places["uuid"]
    for rule in RULES.values() if rules is None else rules:
        for flaw in rule.find(places, facts):
            layer, uuid = flaw.of or ("place-names", uuids[flaw.row])
            yield Checked(rule, layer, uuid, flaw)


def check_register(register: Register, connection: Connection) -> list[Checked]:
    """All rules over all names of a register, whoever may see them."""
    places = read_places(register, connection)
    context = Context.read(register, connection, reader=ADMINISTRATOR)
    return list(check_places(places, facts_of(places, context)))
