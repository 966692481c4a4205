"""A row that somebody gives field by field: what it would be, what of it would be written, what is wrong with it.

For what belongs to records and has a form of its own: names, documents, rounds, tasks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.model import Noted
from layers.records.cells import reader_of
from layers.records.field import RecordField


@dataclass(frozen=True)
class Looked:
    """A row as it would stand, what of it would be written, and what is wrong with it."""

    state: dict[str, Any]
    changes: dict[str, Any]
    notes: tuple[Noted, ...]

    @property
    def errors(self) -> tuple[Noted, ...]:
        """What cannot stand."""
        return tuple(note for note in self.notes if note.finding.severity == "error")


def note(name: str, value: object, rule: str, template: str, advice: str = "", /, **params: object) -> Noted:
    """An error at a field."""
    text = "" if value is None else str(value)[:80]
    return Noted(0, name[:40], text, Finding(rule, "error", name[:40], template, {"value": text, **params}, advice))


def read_given(
    fields: Sequence[RecordField], before: Mapping[str, Any], values: Mapping[str, Any], notes: list[Noted], *,
    unknown: str,
) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
    """The row as it would stand and what of it differs; what is wrong goes to the notes.

    Parameters
    ----------
    before
        The row as it stands, empty for a new one.
    values
        Field to value as text or as JSON has it; None and blank texts empty a field.
    unknown
        What is said of a field that there is not.
    """
    known = {field.name: field for field in fields}
    given: dict[str, Any] = {}
    for name, value in values.items():
        if name in known:
            given[name] = _read(known[name], value, notes)
        else:
            notes.append(note(name, value, "unknown-field", unknown))
    state = {name: given.get(name, before.get(name)) for name in known}
    return state, {name: value for name, value in given.items() if value != before.get(name)}


def _read(field: RecordField, value: Any, notes: list[Noted]) -> Any:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, (str, bool)) and not (field.type == "int" and isinstance(value, int)):
        notes.append(note(field.name, value, "not-a-text", N_("This is no text.")))
        return None
    found, wrong = reader_of(field)(value)
    if wrong is not None:
        notes.append(Noted(0, field.name, str(value)[:80], wrong))
        return None
    low, high = field.minimum, field.maximum
    if found is not None and low is not None and high is not None and not low <= found <= high:
        notes.append(
            note(
                field.name, value, "out-of-range", N_("This is not between %(low)s and %(high)s."), low=f"{low:g}",
                high=f"{high:g}",
            )
        )  # fmt: skip
        return None
    return found
