"""The check of place names: all rules over all names, or over some of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, exists, select

from layers.access import ADMINISTRATOR
from layers.catalogue import LAYERS
from layers.placenames.rules.book import RULES
from layers.placenames.rules.facts import Facts, Orphan
from layers.placenames.rules.places import COLUMNS, Places
from layers.placenames.rules.rule import Flaw, Rule
from layers.records import Context
from layers.register import TABLES, Register
from layers.register.tables import GEOMETRY_COLUMN

BELONGING: Final = {
    "place_name": "name",
    "place_line": "name",
    "place_area": "name",
    "place_sign": "name",
    "article": "title",
}
"""Tables whose rows belong to a place, and what a row calls itself."""
_LAYER_OF: Final = {layer.table: layer.key for layer in LAYERS.values()}


@dataclass(frozen=True)
class Checked:
    """A flaw with its rule and the record that has it: layer and uuid."""

    rule: Rule
    layer: str
    uuid: str
    flaw: Flaw


def read_places(register: Register, connection: Connection, uuids: Collection[str] | None = None) -> Places:
    """The columns that rules look at, of all names or of some."""
    return Places(register.columns(connection, "place", columns=[*COLUMNS, GEOMETRY_COLUMN], uuids=uuids))


def read_orphans(connection: Connection) -> tuple[Orphan, ...]:
    """Other names, extents, signs and stories whose place is not in the register: one statement for each table."""
    place = TABLES["place"]
    found: list[Orphan] = []
    for name, label in BELONGING.items():
        table = TABLES[name]
        of = table.columns.place_uuid
        there = exists().where(place.columns.uuid == of)
        statement = select(table.columns.uuid, table.columns[label], of).where(of.is_not(None), ~there)
        layer = _LAYER_OF.get(name, name)
        rows = connection.execute(statement.order_by(table.columns.fid))
        found += [Orphan(layer, str(uuid), text or "", str(place_uuid)) for uuid, text, place_uuid in rows]
    return tuple(found)


def facts_of(places: Places, context: Context, orphans: Collection[Orphan] = ()) -> Facts:
    """What is judged by, with the serials that the places' codes take."""
    serials: dict[str, int] = {}
    for code in places["place_code"]:
        if code is not None and len(code) == 20 and code.isascii() and code.isdigit():
            front, serial = code[:14], int(code[14:])
            if serial > serials.get(front, 0) and serial < 900_000:
                serials[front] = serial
    return Facts(context, serials, orphans=orphans)


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
    return list(check_places(places, facts_of(places, context, read_orphans(connection))))
