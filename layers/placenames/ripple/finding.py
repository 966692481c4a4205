"""Looking for what contains a name: names in memory, texts by the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, and_, or_, select

from gis.toponym import learn_phrases, romanize, split_name
from layers.access import Editor, may, reach_of
from layers.history.log import State, present_states
from layers.history.reach import counties_of, edited_as
from layers.history.seeing import record_open
from layers.history.states import label_of, same_value
from layers.index import Index
from layers.placenames.ripple.model import Carried, Group, Target
from layers.register import TABLES
from layers.register.tables import GEOMETRY_COLUMN

COMMITTEES: Final = ("216", "276")
_BETWEEN: Final = re.compile(r"([–—-])")
_WITHIN: Final = {"county": "county_code", "town": "town_code", "village": "village_code"}


class Search:
    """All groups of one renaming."""

    def __init__(self, index: Index, connection: Connection, target: Target, editor: Editor) -> None:
        self.index, self.connection, self.target, self.editor = index, connection, target, editor

    def groups(self, namesake: Sequence[Carried]) -> Iterator[Group]:
        """The groups in the order in which they are shown."""
        own = {self.target.uuid, *(item.uuid for item in namesake)}
        yield self._group("namesake", namesake)
        yield self._group("divisions", self._divisions(own))
        committees, places = self._places(own)
        yield self._group("committees", committees)
        yield self._group("places", places)
        renamed = {item.uuid for item in (*committees, *places) if item.table == "place"} | own
        yield self._group("other-names", self._other_names(renamed))
        yield self._group("facilities", self._texts("facility", ("name",), self._in_region("facility"), word=True))
        yield self._group("addresses", self._texts("facility", ("address",), self._in_region("facility")))
        yield self._group("stakes", self._texts("stake", ("location",), None))
        yield self._group("lines", self._lines())
        signs = or_(TABLES["place_sign"].c.place_uuid.in_(sorted(renamed)[:500]), self._in_region("place_sign"))
        yield self._group("signs", self._texts("place_sign", ("name", "text_shown"), signs, word=True))
        stories = or_(TABLES["article"].c.place_uuid.in_(sorted(renamed)[:500]), self._in_region("article"))
        yield self._group(
            "articles", self._texts("article", ("title", "summary", "body"), stories), suggested=False
        )  # fmt: skip
        yield self._group("spans", self._texts("place", ("spans",), self._in_region("place")))
        yield Group("codes", selectable=False, allowed=False, suggested=False, count=self._codes())

    def _group(self, key: str, items: Sequence[Carried], *, suggested: bool = True) -> Group:
        """What of the rows the editor sees and reaches; whether they may change them at all."""
        allowed = all(may(self.editor.reader, "edit", edited_as(table)) for table in {item.table for item in items})
        by_table: dict[str, list[str]] = {}
        for item in items:
            by_table.setdefault(item.table, []).append(item.uuid)
        states = {
            table: present_states(self.index.register, self.connection, table, uuids)
            for table, uuids in by_table.items()
        }
        seen, withheld = [], 0
        for item in items:
            state = states[item.table].get(item.uuid, {})
            if not record_open(self.index, item.table, state, reader=self.editor.reader):
                continue
            if self._reached(item.table, state):
                seen.append(item)
            else:
                withheld += 1
        return Group(key, tuple(seen), allowed=allowed, suggested=suggested and allowed, withheld=withheld)

    def _reached(self, table: str, state: State) -> bool:
        reach = reach_of(self.editor.reader, edited_as(table))
        return reach is None or bool(reach.intersection(code for code in counties_of(self.index, table, state) if code))

    def _divisions(self, own: set[str]) -> list[Carried]:
        """Divisions within whose names contain the word; their committees are told apart from them."""
        target = self.target
        if not target.is_division or target.level not in ("town", "county") or target.word == target.new_word:
            return []
        table = TABLES["division"].c
        within = table.parent_code == target.code if target.level == "town" else table.county_code == target.code
        statement = select(table.uuid, table.name, table.level, table.roman).where(
            within, table.name.contains(target.word, autoescape=True), table.uuid.not_in(own)
        )
        rows = self.connection.execute(statement).mappings()
        return [self._renamed("division", str(row["uuid"]), dict(row)) for row in rows]

    def _places(self, own: set[str]) -> tuple[list[Carried], list[Carried]]:
        """Committees and other names within the region that contain the word."""
        target = self.target
        if target.word == target.new_word:
            return [], []
        columns = self.index.layer("place-names")
        names = columns["name"].dictionary.values
        hits = [name for name in names if isinstance(name, str) and target.word in name]
        rows: NDArray[np.bool_] = columns["name"].isin(hits)
        if target.code:
            rows &= columns[_WITHIN[target.level]].isin([target.code])
        uuids = [uuid for uuid in columns.uuid[rows].tolist() if uuid not in own]
        committees: list[Carried] = []
        places: list[Carried] = []
        for uuid, state in present_states(self.index.register, self.connection, "place", uuids).items():
            if state.get("valid_to") or state.get("usage") == "historical":
                continue
            is_committee = str(state.get("class_code") or "").startswith(COMMITTEES)
            (committees if is_committee else places).append(self._renamed("place", uuid, state))
        return committees, places

    def _renamed(self, table: str, uuid: str, state: Mapping[str, Any]) -> Carried:
        """A row whose name contains the word, with the name and its parts and spelling as they would be."""
        name = str(state["name"])
        new = name.replace(self.target.word, self.target.new_word)
        values = spelled(new, state, table)
        return Carried(table, uuid, name, {key: state.get(key) for key in values}, values)

    def _other_names(self, places: set[str]) -> list[Carried]:
        target = self.target
        if target.word == target.new_word:
            return []
        frame = self.index.frame("place_name")
        mask = frame["place_uuid"].isin(places) & (frame["kind"] != "former")
        mask &= frame["name"].str.contains(target.word, regex=False).fillna(value=False)
        found = []
        for row in frame[mask].to_dict("records"):
            new = str(row["name"]).replace(target.word, target.new_word)
            learn_phrases(new)
            values = {"name": new, "roman": romanize(new, "settlement")}
            before = {"name": row["name"], "roman": None if row["roman"] != row["roman"] else row["roman"]}
            found.append(Carried("place_name", str(row["uuid"]), str(row["name"]), before, values))
        return found

    def _texts(
        self, table: str, names: Sequence[str], within: ColumnElement[bool] | None, *, word: bool = False
    ) -> list[Carried]:
        """Rows of a table whose texts hold the name; beyond the region only with the higher division before it."""
        target = self.target
        old, new = (target.word, target.new_word) if word else (target.name, target.new_name)
        if old == new or (not target.is_division and table in ("stake", "facility") and not word):
            return []
        asked = target.qualified if within is None else old
        columns = TABLES[table].c
        holds = or_(*(columns[name].contains(asked, autoescape=True) for name in names))
        condition = holds if within is None else and_(within, holds)
        return self._replaced(table, names, condition, lambda text, _: text.replace(asked, _ended(asked, old, new)))

    def _replaced(
        self, table: str, names: Sequence[str], condition: ColumnElement[bool], new: Callable[[str, State], str]
    ) -> list[Carried]:
        columns = [column for column in TABLES[table].c if column.name != GEOMETRY_COLUMN]
        found = []
        for row in self.connection.execute(select(*columns).where(condition)).mappings():
            state = dict(row)
            values = {name: new(state[name], state) for name in names if isinstance(state[name], str)}
            values = {name: value for name, value in values.items() if value != state[name]}
            if values and state.get("uuid"):
                before = {name: state[name] for name in values}
                found.append(Carried(table, str(state["uuid"]), label_of(table, state), before, values))
        return found

    def _lines(self) -> list[Carried]:
        """Boundary lines and tripoints: they are called after counties, whole or by their specific part."""
        target = self.target
        if not target.is_division:
            return []
        found: list[Carried] = []
        for table, names in (
            ("boundary_line", ("name", "short_name", "start_name", "end_name", "course")),
            ("tripoint", ("name",)),
        ):
            columns = TABLES[table].c
            asked = target.word if target.level == "county" else target.qualified
            condition = or_(*(columns[name].contains(asked, autoescape=True) for name in names))
            found += self._replaced(table, names, condition, self._line_text)
        return found

    def _line_text(self, text: str, state: State) -> str:
        """A text of a line; the course tells start and end by the names that they have."""
        target = self.target
        if target.level != "county":
            return text.replace(target.qualified, _ended(target.qualified, target.name, target.new_name))
        if text == state.get("course"):
            for end in (state.get("start_name"), state.get("end_name")):
                if isinstance(end, str) and end:
                    text = text.replace(end, self._line_text(end, {}))
            return text.replace(target.name, target.new_name)
        parts = _BETWEEN.split(text.replace(target.name, target.new_name))
        return "".join(target.new_word if part == target.word else part for part in parts)

    def _in_region(self, table: str) -> ColumnElement[bool]:
        columns, target = TABLES[table].c, self.target
        name = _WITHIN[target.level] if target.code and _WITHIN[target.level] in columns else "county_code"
        return columns[name] == (target.code if name == _WITHIN[target.level] else target.county)

    def _codes(self) -> int:
        """How many places have a code of the division."""
        target = self.target
        if not target.is_division or target.level == "village":
            return 0
        columns = self.index.layer("place-names")
        return int(columns[_WITHIN[target.level]].isin([target.code]).sum())


def _ended(asked: str, old: str, new: str) -> str:
    """The qualified name with the new name at its end."""
    return asked.removesuffix(old) + new


def spelled(name: str, state: Mapping[str, Any], table: str) -> dict[str, Any]:
    """A new name with its parts and spelling, as the register derives them of a changed name; what differs alone."""
    found = _spelled(name, state, table)
    return {key: value for key, value in found.items() if not same_value(state.get(key), value)}


def _spelled(name: str, state: Mapping[str, Any], table: str) -> dict[str, Any]:
    learn_phrases(name)
    if table == "division":
        return {"name": name, "roman": romanize(name, str(state.get("level") or ""))}
    specific, generic = split_name(name)
    whole = state.get("major") == "settlement" or not generic
    roman = romanize(name, "settlement" if whole else "", generic=None if whole else generic)
    return {"name": name, "specific": specific, "generic": generic or None, "roman": roman}
