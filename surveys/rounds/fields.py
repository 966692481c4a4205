"""What is kept of a round and of a task, and what is wrong with what somebody gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gis.errors import N_
from layers.catalogue import Titled
from layers.ingest.model import Noted
from layers.records.field import Choice, RecordField
from layers.records.given import Looked, note, read_given
from surveys.rounds.model import KINDS


def _choices(titled: Iterable[Titled]) -> tuple[Choice, ...]:
    return tuple(Choice(one.key, one.title_zh, one.title_en) for one in titled)


ROUND_FIELDS: Final[tuple[RecordField, ...]] = (
    RecordField("title", "str", "名称", "Title", required=True, max_length=200),
    RecordField("year", "int", "年度", "Year", required=True, minimum=1990, maximum=2100),
    RecordField("kind", "str", "类别", "Kind", required=True, choices=_choices(KINDS)),
    RecordField(
        "occasion", "str", "事由", "Occasion", max_length=300,
        help=N_("Of an ad-hoc inspection: the flood, the road, the river that has changed its course."),
    ),
    RecordField("starts", "date", "开始日期", "Starts"),
    RecordField("due", "date", "完成期限", "Due"),
    RecordField("note", "str", "备注", "Note", max_length=2000, long=True),
)  # fmt: skip
"""Of a round, in the order in which a form asks for it."""

TASK_FIELDS: Final[tuple[RecordField, ...]] = (
    RecordField("lead_side", "str", "牵头方", "Lead side", required=True, max_length=12),
    RecordField(
        "lead_surveyors", "str", "牵头方检查人员", "Surveyors of the lead side", max_length=300,
        help=N_("Names, separated by a 、."),
    ),
    RecordField(
        "partner_surveyors", "str", "配合方检查人员", "Surveyors of the partner side", max_length=300,
        help=N_("Names, separated by a 、."),
    ),
    RecordField("starts", "date", "开始日期", "Starts"),
    RecordField("due", "date", "完成期限", "Due"),
    RecordField("remark", "str", "备注", "Remark", max_length=2000, long=True),
)  # fmt: skip
"""Of a task. The partner side is the line's other one."""

_UNKNOWN: Final = N_("There is no such field.")
_PEOPLE: Final = ("lead_surveyors", "partner_surveyors")
_MOST_PEOPLE: Final = 20


def looked_at_round(before: Mapping[str, Any], values: Mapping[str, Any]) -> Looked:
    """A round as somebody gives it.

    Parameters
    ----------
    before
        The row as it stands, empty for a new one.
    values
        Field to value as text or as JSON has it; None and blank texts empty a field.
    """
    notes: list[Noted] = []
    state, changes = read_given(ROUND_FIELDS, before, values, notes, unknown=_UNKNOWN)
    _required(ROUND_FIELDS, state, notes)
    if state["kind"] == "adhoc" and not state["occasion"]:
        notes.append(
            note("occasion", "", "no-occasion", N_("An ad-hoc inspection has an occasion."), N_("Say what happened."))
        )
    _in_order(state, notes)
    return Looked(state, changes, tuple(notes))


def looked_at_task(before: Mapping[str, Any], values: Mapping[str, Any], *, sides: tuple[str, str]) -> Looked:
    """A task as somebody gives it; ``sides`` are the county codes on the line's left and right."""
    notes: list[Noted] = []
    given = dict(values)
    people = {name: _people(name, given.pop(name), notes) for name in _PEOPLE if name in given}
    state, changes = read_given(TASK_FIELDS, before, given, notes, unknown=_UNKNOWN)
    for name, names in people.items():
        state[name] = names
        if names != (before.get(name) or []):
            changes[name] = names or None
    _required(TASK_FIELDS, state, notes)
    if state["lead_side"] and state["lead_side"] not in sides:
        notes.append(
            note(
                "lead_side", state["lead_side"], "lead-side",
                N_("The lead side is one of the two sides of the line: %(sides)s."), N_("Choose one of them."),
                sides=", ".join(filter(None, sides)),
            )
        )  # fmt: skip
    elif "lead_side" in changes:
        other = next((side for side in sides if side != state["lead_side"]), None)
        state["partner_side"] = changes["partner_side"] = other
    _in_order(state, notes)
    return Looked(state, changes, tuple(notes))


def _required(fields: tuple[RecordField, ...], state: Mapping[str, Any], notes: list[Noted]) -> None:
    told = {one.field for one in notes}
    notes += [
        note(field.name, "", "required", N_("This field must be filled in."), N_("Fill it in."))
        for field in fields
        if field.required and state.get(field.name) is None and field.name not in told
    ]


def _in_order(state: Mapping[str, Any], notes: list[Noted]) -> None:
    if state["starts"] and state["due"] and state["due"] < state["starts"]:
        notes.append(
            note("due", state["due"], "dates-order", N_("It is due before it starts."), N_("Look at both days."))
        )


def _people(name: str, value: object, notes: list[Noted]) -> list[str]:
    """Names as a list, whether they came as one or as a text with marks between them."""
    if value is None:
        return []
    if isinstance(value, str):
        for mark in "，,；;/\n":
            value = value.replace(mark, "、")
        value = value.split("、")
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        notes.append(note(name, value, "not-a-list", N_("These are no names."), N_("Give a list of names.")))
        return []
    names = list(dict.fromkeys(one.strip() for one in value if one.strip()))
    if len(names) > _MOST_PEOPLE or any(len(one) > 40 for one in names):
        notes.append(
            note(
                name, "、".join(names), "too-many-names", N_("At most 20 names of 40 characters each."),
                N_("Shorten it."),
            )
        )  # fmt: skip
    return names
