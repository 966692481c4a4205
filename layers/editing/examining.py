"""Looking at a draft before anything is written: what cannot stand, what is doubtful, what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from gis.errors import N_, Invalid
from gis.findings import Finding
from layers.access import Editor, Reader, may, require, require_within, secrecy_codes
from layers.catalogue import Layer, layer_named
from layers.editing.derived import Change, derived
from layers.editing.draft import Draft
from layers.editing.record import Record, blank, present, with_values
from layers.history.log import State, plain_values
from layers.history.reach import POPULATION, counties_of
from layers.history.seeing import present_open
from layers.history.states import same_place, same_value
from layers.index import Index
from layers.ingest.model import Noted
from layers.placenames.codes import holder_of
from layers.records import Context, check, parse, record_fields
from layers.register.tables import GEOMETRY_COLUMN
from layers.register.values import as_stored

_OWNERS: Final = {"place_uuid": "place-names", "line_uuid": "boundary-lines", "division_uuid": "divisions"}
"""Fields that name the record that this one belongs to, and its layer."""
_EXTENTS: Final = frozenset({"LineString", "MultiLineString", "Polygon", "MultiPolygon"})


class Refused(Invalid):
    """A draft that cannot be saved; ``notes`` says why, field by field."""

    code = "refused"

    def __init__(self, notes: Iterable[Noted]) -> None:
        self.notes = tuple(notes)
        errors = sum(note.finding.severity == "error" for note in self.notes)
        super().__init__(
            N_("Nothing was saved: %(count)s values cannot stand."),
            hint=N_("Correct them and save again."),
            count=errors,
        )


@dataclass(frozen=True)
class Examined:
    """A draft with what was found.

    Parameters
    ----------
    before, after
        The record as it stands and as it would be, what follows included.
    changes
        The columns that would be written, with their values; ``geom`` among them where it has moved.
    follows
        Of these the ones that nobody has said: they follow from the others.
    notes
        What is wrong or doubtful; an error that the record has had before and that is not touched is a warning.
    """

    layer: Layer
    before: Record
    after: Record
    changes: State = field(default_factory=dict)
    follows: State = field(default_factory=dict)
    notes: tuple[Noted, ...] = ()
    extent: BaseGeometry | None = None

    @property
    def errors(self) -> tuple[Noted, ...]:
        """What cannot stand."""
        return tuple(note for note in self.notes if note.finding.severity == "error")


def editable_fields(layer_key: str, *, reader: Reader) -> frozenset[str]:
    """The fields of a layer's records that the reader may change; empty where none."""
    fields = frozenset(field.name for field in record_fields(layer_key) if field.editable)
    if may(reader, "edit", layer_key):
        return fields
    return fields & POPULATION if layer_key == "divisions" and may(reader, "edit", "population") else frozenset()


def examined(index: Index, layer_key: str, uuid: str, draft: Draft, *, editor: Editor) -> Examined:
    """A draft looked at: of a record that is there, or of a new one where ``uuid`` is empty.

    Raises
    ------
    UnknownLayer, UnknownFeature
    NotAllowed, OutOfReach
    """
    layer = layer_named(layer_key)
    allowed = editable_fields(layer_key, reader=editor.reader)
    if not allowed:
        require(editor.reader, "edit", layer_key)
    with index.held() as connection:
        before = present(index, connection, layer, uuid, reader=editor.reader) if uuid else blank(layer)
        return _Examination(index, connection, before, draft, editor, allowed).result()


class _Examination:
    """The steps of looking at one draft."""

    def __init__(
        self,
        index: Index,
        connection: Connection,
        before: Record,
        draft: Draft,
        editor: Editor,
        allowed: frozenset[str],
    ) -> None:
        self.index, self.connection, self.before, self.draft = index, connection, before, draft
        self.editor, self.allowed, self.layer = editor, allowed, before.layer
        self.context = Context.of(index, reader=editor.reader)
        self.notes: list[Noted] = []

    def result(self) -> Examined:
        self._require_reach(self.before)
        given = self._given()
        wanted = with_values(self.before, given)
        moved = GEOMETRY_COLUMN in given and not same_place(
            self.before.state.get(GEOMETRY_COLUMN), given[GEOMETRY_COLUMN]
        )
        change = Change(
            self.index, self.connection, self.context, self.before, wanted,
            frozenset(name for name in given if self.draft.values.get(name) not in (None, "") or self.before.uuid),
            moved, self.editor.name,
        )  # fmt: skip
        follows = derived(change)
        after = with_values(wanted, follows)
        self._require_reach(after, new=True)
        self._look(after, moved=moved)
        changes = {
            name: after.state.get(name)
            for name in {**given, **follows}
            if not same_value(self.before.state.get(name), after.state.get(name))
        }
        follows = {name: value for name, value in follows.items() if name in changes}
        return Examined(self.layer, self.before, after, changes, follows, tuple(self.notes), self.draft.extent)

    def _require_reach(self, record: Record, *, new: bool = False) -> None:
        if not record.uuid and not new:
            return
        counties = counties_of(self.index, self.layer.table, record.state)
        require_within(
            self.editor.reader, counties, layer_key=self.layer.key if self.allowed - POPULATION else "population"
        )

    def _given(self) -> State:
        """The draft's values as the register's, and its geometry; what cannot be understood is noted and left out."""
        fields = {one.name: one for one in record_fields(self.layer.key)}
        texts: dict[str, Any] = {}
        for name, value in self.draft.values.items():
            if name not in fields:
                self._note("unknown-field", name, value, N_("Records of this layer have no such field."))
            elif name not in self.allowed:
                if not self._same_as_before(name, value):
                    self._note(
                        "not-editable", name, value, N_("This field is kept by the program, or not yours to change.")
                    )
            elif isinstance(value, (list, Mapping)) and fields[name].type != "json":
                self._note("wrong-type", name, value, N_("A list or an object is no value of this field."))
            else:
                texts[name] = value
        parsed = parse(self.layer.key, _one_row(texts))
        self.notes += [replace(note, row=0) for note in parsed.notes]
        given: State = {str(name): plain_values(parsed.frame[name])[0] for name in parsed.frame.columns}
        for name in _OWNERS.keys() & given.keys():
            if not self._sees_owner(name, given[name]):
                self._note(
                    "unknown-owner", name, given[name], N_("There is no such record that this one could belong to.")
                )
                del given[name]  # nothing is to follow from what the editor does not see
        given |= self._place(given)
        return given

    def _sees_owner(self, name: str, uuid: object) -> bool:
        """Whether the record that this one would belong to is there for the editor."""
        if uuid is None or uuid == self.before.state.get(name):
            return True
        layer = layer_named(_OWNERS[name])
        there = isinstance(uuid, str) and self.index.layer(layer.key).row_of(uuid) is not None
        return there and bool(present_open(self.index, layer.table, [str(uuid)], reader=self.editor.reader)[0])

    def _same_as_before(self, name: str, value: object) -> bool:
        return same_value(self.before.state.get(name), value)

    def _place(self, given: State) -> State:
        """The geometry that is wanted; a new place with an extent and no point gets one on it."""
        wanted = self.draft.geometry
        extent = self.draft.extent
        if extent is not None and (self.layer.table != "place" or extent.geom_type not in _EXTENTS):
            self._note("wrong-extent", "", extent.geom_type, N_("Only a place has an extent, a line or an area."))
            extent = None
        if isinstance(wanted, BaseGeometry) or wanted is None:
            if GEOMETRY_COLUMN in self.before.state and "geom" not in given and self.allowed - POPULATION:
                return {GEOMETRY_COLUMN: self._one_kind(wanted)}
            self._note("not-editable", "", "", N_("This field is kept by the program, or not yours to change."))
            return {}
        if not self.before.uuid and extent is not None:
            return {GEOMETRY_COLUMN: _point_on(extent)}
        return {}

    def _one_kind(self, wanted: BaseGeometry | None) -> BaseGeometry | None:
        """A single part as the collection that the layer holds; other kinds are left for the rules to tell."""
        if wanted is None or f"Multi{wanted.geom_type}" != self.layer.geometry:
            return wanted
        cell = np.empty(1, dtype=object)
        cell[0] = wanted
        found: BaseGeometry = as_stored(cell, self.layer.geometry.upper(), where=self.layer.table)[0]
        return found

    def _look(self, after: Record, *, moved: bool) -> None:
        unread = {note.field for note in self.notes}
        found = [note for note in check(self.layer.key, after.frame, context=self.context) if note.field not in unread]
        if self.before.uuid and any(note.finding.severity == "error" for note in found):
            found = self._without_old_errors(found, after, moved=moved)
        self.notes += found
        self._look_at_secrecy(after)
        self._look_at_code(after)
        if self.draft.extent is not None:
            self._look_at_extent(self.draft.extent)

    def _without_old_errors(self, found: list[Noted], after: Record, *, moved: bool) -> list[Noted]:
        """Errors that the record has had before, in fields that nobody touches, as warnings."""
        touched = {name for name in after.state if not same_value(self.before.state.get(name), after.state.get(name))}
        earlier = {
            (note.finding.rule, note.field, note.value)
            for note in check(self.layer.key, self.before.frame, context=self.context)
            if note.field not in touched and (note.field or not moved)
        }
        return [_softened(note) if (note.finding.rule, note.field, note.value) in earlier else note for note in found]

    def _look_at_secrecy(self, after: Record) -> None:
        level = int(secrecy_codes([after.state.get("secrecy")], [after.state.get("is_public")])[0])
        if level > self.editor.reader.clearance:
            self._note(
                "beyond-clearance", "secrecy", after.state.get("secrecy"),
                N_("You could not see the record any more."), N_("Ask somebody who may see what is secret."),
            )  # fmt: skip

    def _look_at_code(self, after: Record) -> None:
        """A code that somebody has typed is nobody else's."""
        code = after.state.get("place_code") if self.layer.table == "place" else None
        if not isinstance(code, str) or code == self.before.state.get("place_code"):
            return
        if holder_of(self.connection, code, but=self.before.uuid) is not None:
            self.notes.append(
                Noted(
                    0, "place_code", code,
                    Finding("place-code-taken", "error", "place_code", N_("Another place has the code %(code)s."),
                            {"code": code}, N_("Leave the code empty: the next free one is taken.")),
                )
            )  # fmt: skip

    def _look_at_extent(self, extent: BaseGeometry) -> None:
        key = "place-lines" if extent.geom_type.endswith("LineString") else "place-areas"
        frame = with_values(blank(layer_named(key)), {GEOMETRY_COLUMN: extent}).frame
        self.notes += [note for note in check(key, frame, context=self.context) if not note.field]

    def _note(self, rule: str, name: str, value: object, template: str, advice: str = "") -> None:
        self.notes.append(
            Noted(0, name[:80], str(value)[:200], Finding(rule, "error", name[:80], template, {}, advice))
        )


def _one_row(texts: Mapping[str, Any]) -> pd.DataFrame:
    data = {}
    for name, value in texts.items():
        cell = pd.Series([None], dtype=object)
        cell.iat[0] = value
        data[name] = cell
    return pd.DataFrame(data, index=pd.RangeIndex(1))


def _point_on(extent: BaseGeometry) -> Point:
    if extent.geom_type.endswith("LineString"):
        parts = list(getattr(extent, "geoms", [extent]))
        longest = max(parts, key=lambda part: part.length)
        return Point(shapely.line_interpolate_point(longest, 0.5, normalized=True))
    return Point(shapely.point_on_surface(extent))


def _softened(note: Noted) -> Noted:
    """An error that the record has had before: it does not stand in the way of changing something else."""
    if note.finding.severity != "error":
        return note
    return replace(note, finding=replace(note.finding, severity="warning"))
