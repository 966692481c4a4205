"""What a name of a place may be: kinds and states with their titles, and what is wrong with one that somebody gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

import pandas as pd

from gis.errors import N_
from layers.access import secrecy_codes
from layers.catalogue import Titled
from layers.ingest.model import Noted
from layers.records.cells import reader_of
from layers.records.field import Choice, RecordField
from layers.records.fields import record_fields
from layers.records.given import Looked, note

STANDARD: Final = "standard"
KINDS: Final[tuple[Titled, ...]] = (
    Titled(STANDARD, "标准名称", "Standard name"),
    Titled("alias", "别名", "Alias"),
    Titled("abbreviation", "简称", "Abbreviation"),
    Titled("former", "曾用名", "Former name"),
    Titled("map", "图上名称", "Name on maps"),
    Titled("minority", "民族文字", "Name in a minority's script"),
)
STATUSES: Final[tuple[Titled, ...]] = (Titled("in_use", "在用", "In use"), Titled("disused", "停用", "No longer used"))


def _choices(titled: Iterable[Titled]) -> tuple[Choice, ...]:
    return tuple(Choice(one.key, one.title_zh, one.title_en) for one in titled)


_OF_RECORDS: Final = {field.name: field for field in record_fields("place-names")}
FIELDS: Final[tuple[RecordField, ...]] = (
    RecordField("name", "str", "名称", "Name", required=True, max_length=100),
    RecordField("kind", "str", "类别", "Kind", required=True, choices=_choices(KINDS)),
    RecordField(
        "roman", "str", "罗马字母拼写", "Romanization", max_length=200,
        help=N_("Left empty in a new name, it is spelled by the rules."),
    ),
    RecordField("language", "str", "语种", "Language", max_length=30),
    RecordField("status", "str", "状态", "Status", choices=_choices(STATUSES)),
    RecordField("valid_from", "date", "起始日期", "Valid from"),
    RecordField("valid_to", "date", "终止日期", "Valid to"),
    RecordField("decision", "str", "文号", "Decision", max_length=100),
    RecordField("decided_by", "str", "批准机关", "Decided by", max_length=100),
    RecordField("decided_on", "date", "批准日期", "Decided on"),
    RecordField("source", "str", "资料来源", "Source", max_length=200),
    RecordField("note", "str", "备注", "Note", max_length=2000),
    _OF_RECORDS["secrecy"],
    _OF_RECORDS["is_public"],
)  # fmt: skip
"""What is kept of a name, in the order in which a form asks for it."""
_BY_NAME: Final[Mapping[str, RecordField]] = {field.name: field for field in FIELDS}
_NAMES: Final = tuple(_BY_NAME)


class Other(Protocol):
    """Another name of the same place, as far as it matters here."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def valid_to(self) -> str | None: ...


def looked_at(
    before: Mapping[str, Any], values: Mapping[str, Any], *, standing: Iterable[Other], place_name: str, clearance: int
) -> Looked:
    """A name as somebody gives it, looked at.

    Parameters
    ----------
    before
        The name as it stands, empty for a new one.
    values
        Field to value as text or as JSON has it; None and blank texts empty a field.
    standing
        The place's other names.
    place_name
        The place's standard name.
    clearance
        Of who gives it: a name that they could not see any more is refused.
    """
    notes: list[Noted] = []
    given: dict[str, Any] = {}
    for name, value in values.items():
        if name not in _BY_NAME:
            notes.append(note(name, value, "unknown-field", N_("A name has no such field.")))
        else:
            given[name] = _read(name, value, notes)
    state = {name: given.get(name, before.get(name)) for name in _NAMES}
    notes += _rules(state, tuple(standing), place_name)
    if int(secrecy_codes([state["secrecy"]], [state["is_public"]])[0]) > clearance:
        notes.append(note("secrecy", state["secrecy"], "beyond-clearance", N_("You could not see the name any more.")))
    changes = {name: value for name, value in given.items() if value != _plain(before.get(name))}
    return Looked(state, changes, tuple(notes))


def _read(name: str, value: Any, notes: list[Noted]) -> Any:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    field = _BY_NAME[name]
    if field.type in ("bool", "date"):
        found, wrong = reader_of(field)(value)
        if wrong is not None:
            notes.append(Noted(0, name, str(value)[:80], wrong))
        return found
    text = str(value).strip() if isinstance(value, str) else ""
    if not text or not text.isprintable():
        notes.append(note(name, value, "not-a-text", N_("This is no text of one line.")))
        return None
    if field.choices:
        if all(text != choice.key for choice in field.choices):
            notes.append(note(name, value, "not-a-choice", N_("“%(value)s” is none of the values that there are.")))
            return None
        return text
    if field.max_length is not None and len(text) > field.max_length:
        notes.append(note(name, value, "too-long", N_("At most %(most)s characters."), most=field.max_length))
    return text


def _rules(state: Mapping[str, Any], others: Sequence[Other], place_name: str) -> Iterable[Noted]:
    name, kind = state["name"], state["kind"]
    if not name:
        yield note("name", None, "required", N_("The name is missing."))
    if not kind:
        yield note("kind", None, "required", N_("Say what kind of name it is."))
    start, end = state["valid_from"], state["valid_to"]
    if start and end and end < start:
        yield note("valid_to", end, "days-out-of-order", N_("It ends before it begins."))
    if not name or not kind:
        return
    if any(one.name == name and one.kind == kind and not one.valid_to and not end for one in others):
        yield note("name", name, "name-repeated", N_("The place has this name already."))
    if kind == STANDARD and not end:
        if name != place_name:
            yield note(
                "name", name, "standard-differs", N_("The standard name is “%(standard)s”."),
                N_("Make the other name the standard one, which keeps this one as a former name."), standard=place_name,
            )  # fmt: skip
        if any(one.kind == STANDARD and not one.valid_to for one in others):
            yield note("kind", kind, "second-standard", N_("A place has one standard name at a time."))
    elif kind != STANDARD and name == place_name and kind in ("alias", "abbreviation"):
        yield same_as_standard(name)


def same_as_standard(name: str) -> Noted:
    """What is said of a further name that is the standard one."""
    return note("name", name, "same-as-standard", N_("This is the standard name itself."))


def _plain(value: Any) -> Any:
    return None if value is None or value is pd.NA or value != value else value
