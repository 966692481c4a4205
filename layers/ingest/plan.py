"""What an import would do: every row new, changed, the same or refused, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.errors import N_, Conflict, NotFound
from gis.findings import Severity
from layers.access import Editor, require
from layers.ingest import absent, divisions, drafting, facilities, lines, newcomers, places, stakes
from layers.ingest.completion import completed
from layers.ingest.coordinates import Placement, locate
from layers.ingest.draft import PLACE, Draft, Rule, Write, objects
from layers.ingest.model import FieldMapping, Noted, Reading
from layers.ingest.recognition import Recognised, recognise, taken, with_points
from layers.records import SUBJECTS, Context, Subject, parse
from layers.register import NOTHING, Mark, Register
from layers.register.tables import GEOMETRY_COLUMN

Progress = Callable[[float, str], None]

STATES: Final = ("new", "changed", "same", "refused")
NEW, CHANGED, SAME, REFUSED = range(4)


class UnknownSubject(NotFound):
    """Something that nothing is imported as."""

    code = "unknown-subject"


class ImportRefused(Conflict):
    """An import with rows that cannot be taken, or with a doubt about the whole file: nothing of it is written."""

    code = "import-refused"


@dataclass(frozen=True)
class FieldChange:
    """One value that an import would change.

    Parameters
    ----------
    row
        As a person counts it in the file.
    name
        The field, ``@place`` for where it lies, ``@area`` for a division's outline, ``@name:alias`` for a further name.
    """

    row: int
    uuid: str
    label: str
    name: str
    before: object
    after: object


@dataclass(frozen=True)
class RuleCount:
    """How often a rule was met."""

    rule: str
    severity: Severity
    count: int
    first: Noted


@dataclass(frozen=True)
class Plan:
    """What an import would do, made of one state of the register.

    Parameters
    ----------
    mark
        That state.
    state
        Shape (n,): `NEW`, `CHANGED`, `SAME` or `REFUSED` for each row.
    uuids
        Shape (n,): the record of each row, of new ones the uuid that they get.
    notes
        Findings by row, those about the file as a whole first.
    tables
        Tables that the plan rests on: if others change them, it is made anew.
    """

    subject: Subject
    reading: Reading
    mapping: FieldMapping
    recognised: Recognised
    placement: Placement
    mark: Mark
    state: NDArray[np.int8]
    uuids: NDArray[Any]
    labels: NDArray[Any]
    notes: tuple[Noted, ...]
    tables: frozenset[str]
    writes: tuple[Write, ...]
    _draft: Draft = field(repr=False)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by state."""
        tally = np.bincount(self.state, minlength=len(STATES))
        return dict(zip(STATES, tally.tolist(), strict=True))

    @property
    def faults(self) -> list[Noted]:
        """Errors about the file as a whole that nobody has accepted."""
        return [
            noted
            for noted in self.notes
            if noted.row is None and noted.finding.severity == "error" and not self._accepts(noted.finding.rule)
        ]

    def _accepts(self, rule: str) -> bool:
        return rule in self.mapping.accept and rule != absent.COLUMN_MISSING

    @property
    def blocked(self) -> bool:
        """Whether it cannot be applied."""
        return bool(self.faults) or bool((self.state == REFUSED).any())

    @property
    def empty(self) -> bool:
        """Whether the register already has all of it."""
        return not self.writes and not self.blocked

    def number(self, noted: Noted) -> int | None:
        """The row of a finding as a person counts it."""
        return None if noted.row is None else int(self.reading.rows[noted.row])

    def heading(self, name: str) -> str:
        """What the file calls a field, empty where it does not have it."""
        if name in (GEOMETRY_COLUMN, PLACE):
            return ", ".join(head for head, target in self.recognised.targets.items() if target in _COORDINATES)
        found = (head for head, target in self.recognised.targets.items() if target == name)
        return next(found, "")

    def findings(self, *, per_rule: int | None = None) -> Iterator[Noted]:
        """The findings in order; at most so many of each rule where there is a limit."""
        seen: dict[str, int] = {}
        for noted in self.notes:
            count = seen[noted.finding.rule] = seen.get(noted.finding.rule, 0) + 1
            if per_rule is None or count <= per_rule:
                yield noted

    def rules(self) -> list[RuleCount]:
        """Each rule that was met and how often, errors first, then by number."""
        found: dict[tuple[str, Severity], list[Any]] = {}
        for noted in self.notes:
            entry = found.setdefault((noted.finding.rule, noted.finding.severity), [0, noted])
            entry[0] += 1
        order = {"error": 0, "warning": 1, "info": 2}
        counted = [RuleCount(rule, severity, count, first) for (rule, severity), (count, first) in found.items()]
        return sorted(counted, key=lambda one: (order[one.severity], -one.count))

    def changes(self, limit: int | None = None) -> Iterator[FieldChange]:
        """What would change of records that are there, row by row."""
        draft = self._draft
        rows = np.flatnonzero(self.state == CHANGED)
        given = 0
        for row in rows.tolist():
            record = draft.known.iloc[draft.at[row]]
            for name, mask in draft.differences.items():
                if not mask[row]:
                    continue
                if given == limit:
                    return
                given += 1
                before, after = _before_after(draft, name, row, record)
                yield FieldChange(
                    int(self.reading.rows[row]), str(self.uuids[row]), str(self.labels[row]), name, before, after
                )

    def summary(self) -> dict[str, Any]:
        """What a page and a job keep of it, as JSON has it."""
        return {
            "subject": self.subject.key,
            "file": self.reading.file,
            "format": self.reading.format,
            "layer": self.reading.layer,
            "layers": list(self.reading.layers),
            "encoding": self.reading.encoding,
            "encoding_from": self.reading.encoding_from,
            "crs": self.placement.epsg,
            "rows": len(self.state),
            "counts": self.counts,
            "blocked": self.blocked,
            "empty": self.empty,
            "columns": dict(self.recognised.targets),
            "unknown": list(self.recognised.unknown),
            "left": list(self.recognised.left),
            "rules": [{"rule": one.rule, "severity": one.severity, "count": one.count} for one in self.rules()],
            "seq": self.mark.seq,
        }


_COORDINATES: Final = frozenset({"@lon", "@lat", "@east", "@north", "@geojson"})


def _before_after(draft: Draft, name: str, row: int, record: pd.Series[Any]) -> tuple[object, object]:
    if name == PLACE:
        return record[GEOMETRY_COLUMN], draft.places[row]
    if name == divisions.AREA:
        return None, draft.areas[row]
    if name.startswith("@name:"):
        return None, ", ".join(draft.names[name.removeprefix("@name:")][row])
    before = objects(pd.Series([record[name]], dtype=object))[0]
    return before, draft.column(name)[row]


def require_subject(key: str) -> Subject:
    """The subject of that key, or `UnknownSubject`."""
    if key not in SUBJECTS:
        raise UnknownSubject(
            N_("Nothing is imported as “%(subject)s”."),
            hint=N_("Choose one of %(subjects)s."),
            subject=key,
            subjects=", ".join(SUBJECTS),
        )
    return SUBJECTS[key]


@dataclass(frozen=True)
class Prepared:
    """What rows are checked against, read before the rows are there."""

    mark: Mark
    editor: Editor
    context: Context


def prepare(register: Register, *, editor: Editor) -> Prepared:
    """Read what rows are checked against, to be given to `plan_import`."""
    with register.reading() as connection:
        mark = register.mark(connection) or NOTHING
        return Prepared(mark, editor, Context.read(register, connection, reader=editor.reader))


def plan_import(
    register: Register,
    subject_key: str,
    reading: Reading,
    mapping: FieldMapping,
    *,
    editor: Editor,
    prepared: Prepared | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Find out what an import would do. Reads one state of the register and writes nothing.

    Parameters
    ----------
    subject_key
        One of `layers.records.SUBJECTS`.
    editor
        Who would write: rows of counties that they do not reach are refused.
    prepared
        What `prepare` gave; it is used if the register is still at that state.
    progress
        Called with the share done (0 to 1) and what is being done.

    Raises
    ------
    UnknownSubject, layers.access.NotAllowed, layers.ingest.model.BadMapping
    """
    subject = require_subject(subject_key)
    require(editor.reader, "import", subject_key)
    say = progress or _silent
    rules = _RULES[subject_key]
    with register.reading() as connection:
        mark = register.mark(connection) or NOTHING
        if prepared is not None and prepared.mark == mark and prepared.editor == editor:
            context = prepared.context
        else:
            context = Context.read(register, connection, reader=editor.reader)
        say(0.05, N_("Columns and coordinates"))
        recognised = recognise(subject_key, reading, mapping)
        reading = with_points(reading, recognised)
        placement = locate(reading, mapping, recognised.targets, areas=context.areas)
        say(0.15, N_("Values"))
        parsed = parse(subject.layer, taken(reading, recognised, mapping))
        parsed.frame[GEOMETRY_COLUMN] = placement.geometry
        whole = completed(subject_key, parsed.frame, context=context)
        said = {*recognised.targets.values(), *mapping.constants}
        of_file = [Noted(None, "", "", finding) for finding in (*reading.findings, *placement.assumed)]
        told = [*of_file, *placement.notes, *recognised.doubts, *parsed.notes, *whole.notes]
        draft = drafting.start(subject, register, connection, reading, mapping, context, editor, whole, said)
        _each(rules.prepare, draft)
        say(0.35, N_("Comparing with the register"))
        drafting.match_rows(draft)
        _each(rules.matched, draft)
        drafting.compare_rows(draft)
        _each(rules.compared, draft)
        say(0.6, N_("Checks"))
        notes = drafting.sift(draft, told)
        _each(rules.complete, draft)
        drafting.require_scope(draft)
        notes = absent.gathered(draft, [*notes, *drafting.check_rows(draft)])
        writes = drafting.writes_of(draft)
    state = np.select([draft.refused, draft.fresh, draft.changed], [REFUSED, NEW, CHANGED], SAME).astype(np.int8)
    say(1.0, N_("Checks"))
    return Plan(
        subject=subject,
        reading=reading,
        mapping=mapping,
        recognised=recognised,
        placement=placement,
        mark=mark,
        state=state,
        uuids=draft.uuids,
        labels=draft.column("number" if subject.key == "stakes" else "name"),
        notes=tuple(sorted((*notes, *draft.notes), key=lambda noted: -1 if noted.row is None else noted.row)),
        tables=frozenset(draft.tables),
        writes=tuple(writes),
        _draft=draft,
    )


def _each(rules: tuple[Rule, ...], draft: Draft) -> None:
    for rule in rules:
        rule(draft)


def _silent(done: float, what: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class _SubjectRules:
    """A subject's own rules: before its rows are matched, once they are, once they are compared, at the end."""

    prepare: tuple[Rule, ...] = ()
    matched: tuple[Rule, ...] = ()
    compared: tuple[Rule, ...] = ()
    complete: tuple[Rule, ...] = ()


_RULES: Final[Mapping[str, _SubjectRules]] = MappingProxyType(
    {
        "place-names": _SubjectRules(complete=(newcomers.sourced, newcomers.in_use, places.further_names)),
        "facilities": _SubjectRules(prepare=(facilities.place,), complete=(newcomers.sourced, facilities.settle)),
        "divisions": _SubjectRules(
            prepare=(divisions.take_areas,),
            matched=(divisions.seats,),
            complete=(newcomers.sourced, newcomers.seated, divisions.areas, divisions.weights),
        ),
        "population": _SubjectRules(matched=(divisions.only_known,), complete=(divisions.weights,)),
        "lines": _SubjectRules(
            prepare=(lines.whole,), compared=(lines.turned,), complete=(newcomers.sourced, lines.measured)
        ),
        "stakes": _SubjectRules(compared=(stakes.keep_first_line,), complete=(newcomers.sourced, stakes.measured)),
    }
)
