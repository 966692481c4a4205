"""Rounds and the five-year plan as a reader sees them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from gis.errors import N_
from gis.measure import length_m
from layers.access import Reader
from layers.boundaries.checks import Checked, LineFacts, check_boundaries
from layers.history.log import plain_values
from layers.index import Index
from surveys.rounds.model import INTERVAL_YEARS, Plan, PlanLine, Round, Standing, State, Task, UnknownRound

_YEARS_BEHIND = INTERVAL_YEARS + 1
_STATES = get_args(State)


def read_plan(index: Index, *, reader: Reader, today: date) -> Plan:
    """The five-year plan: every line that stands today, and every round.

    Parameters
    ----------
    today
        The day from which what is due is counted.
    """
    with index.held():
        rounds = _rounds(index, reader, today)
        lines = check_boundaries(index, reader=reader).facts.lines
    by_line: dict[str, list[tuple[Round, Task]]] = {}
    for one in rounds:
        for task in one.tasks:
            by_line.setdefault(task.line_uuid, []).append((one, task))
    rows = [_plan_line(line, by_line.get(line.uuid, []), today.year) for line in lines.values()]
    rows.sort(key=lambda row: (not row.inner, row.code))
    known = [year for row in rows for year in (*row.inspected, *row.planned)]
    first = max(min([*known, today.year - 1]), today.year - _YEARS_BEHIND)
    last = max([*known, today.year + INTERVAL_YEARS])
    return Plan(today, tuple(range(first, last + 1)), tuple(rows), rounds)


def read_round(index: Index, uuid: str, *, reader: Reader, today: date) -> Round:
    """One round with the tasks that the reader sees.

    Raises
    ------
    UnknownRound
    """
    with index.held():
        found = next((one for one in _rounds(index, reader, today) if one.uuid == uuid), None)
    if found is None:
        raise UnknownRound(N_("There is no such round."), hint=N_("See the list of rounds."))
    return found


def inspections_of(index: Index, line: str, *, reader: Reader, today: date) -> tuple[tuple[Round, Task], ...]:
    """The rounds that a line is or was in with its task in each, the latest first."""
    with index.held():
        rounds = _rounds(index, reader, today)
    return tuple((one, task) for one in rounds for task in one.tasks if task.line_uuid == line)


def _rounds(index: Index, reader: Reader, today: date) -> tuple[Round, ...]:
    """The rounds, the latest first. One of whose lines the reader sees none is not shown to them."""
    checked = check_boundaries(index, reader=reader)
    every: dict[str, int] = {}
    tasks: dict[str, list[Task]] = {}
    recorded = {str(row["uuid"]) for row in _rows(index, "inspection_batch") if not row["kind"]}
    for row in _rows(index, "inspection_task"):
        owner = str(row["batch_uuid"])
        every[owner] = every.get(owner, 0) + 1
        line = checked.facts.lines.get(str(row["line_uuid"]))
        if line is not None:
            tasks.setdefault(owner, []).append(_task(row, line, checked, today, recorded=owner in recorded))
    found = []
    for row in _rows(index, "inspection_batch"):
        own = tasks.get(str(row["uuid"]), [])
        if own or str(row["uuid"]) not in every:
            found.append(_round(row, own))
    found.sort(key=lambda one: (one.year or 0, one.starts or "", one.title), reverse=True)
    return tuple(found)


def _rows(index: Index, table: str) -> list[dict[str, Any]]:
    frame = index.frame(table)
    columns = [plain_values(frame[name]) for name in frame.columns]
    return [dict(zip(frame.columns, values, strict=True)) for values in zip(*columns, strict=True)]


def _round(row: Mapping[str, Any], tasks: list[Task]) -> Round:
    return Round(
        uuid=str(row["uuid"]), year=None if row["year"] is None else int(row["year"]), title=str(row["title"] or ""),
        kind=str(row["kind"] or ""), occasion=row["occasion"], starts=row["starts"], due=row["due"],
        assumed=bool(row["assumed"]), source=row["source"], note=row["note"], version=int(row["version"] or 0),
        tasks=tuple(sorted(tasks, key=lambda task: task.line_code)),
    )  # fmt: skip


def _task(row: Mapping[str, Any], line: LineFacts, checked: Checked, today: date, *, recorded: bool) -> Task:
    named = {
        str(line.state.get(f"{side}_code") or ""): str(line.state.get(f"{side}_name") or "")
        for side in ("left", "right")
    }
    lead, partner = str(row["lead_side"] or ""), str(row["partner_side"] or "")
    # a round without a kind records what has been inspected: nothing of it is left to do
    state: State = "finished" if recorded else row["state"] if row["state"] in _STATES else "planned"
    due = row["due"] if state in ("planned", "fieldwork") else None
    counts = checked.counts(line.uuid)
    return Task(
        uuid=str(row["uuid"]), round_uuid=str(row["batch_uuid"]), line_uuid=line.uuid,
        line_code=str(line.state.get("code") or ""), line_name=str(line.state.get("name") or ""),
        lead=lead, lead_name=named.get(lead, lead), partner=partner, partner_name=named.get(partner, partner),
        state=state, lead_surveyors=_people(row["lead_surveyors"]), partner_surveyors=_people(row["partner_surveyors"]),
        starts=row["starts"], due=row["due"], finished=row["finished"], remark=row["remark"],
        length_m=None if line.line is None else float(length_m(line.line)), stakes=len(line.stakes),
        findings=counts.get("error", 0) + counts.get("warning", 0),
        days_left=(date.fromisoformat(due) - today).days if due else None, version=int(row["version"] or 0),
    )  # fmt: skip


def _people(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str) and one) if isinstance(value, list) else ()


def _plan_line(line: LineFacts, tasks: list[tuple[Round, Task]], year: int) -> PlanLine:
    # an ad-hoc inspection does not put off the next regular one
    regular = [(one, task) for one, task in tasks if one.kind != "adhoc" and one.year is not None]
    inspected = tuple(sorted({one.year for one, task in regular if task.state == "finished" and one.year}))
    planned = tuple(sorted({one.year for one, task in regular if task.open and one.year}))
    due = inspected[-1] + INTERVAL_YEARS if inspected else None
    standing: Standing
    if any(task.state == "fieldwork" for _, task in regular):
        standing = "running"
    elif planned:
        standing = "planned"
    elif due is None:
        standing = "never"
    else:
        standing = "overdue" if due < year else "due" if due == year else "later"
    return PlanLine(
        uuid=line.uuid, code=str(line.state.get("code") or ""), name=str(line.state.get("name") or ""),
        inner=bool(line.state.get("inner")), length_m=None if line.line is None else float(length_m(line.line)),
        inspected=inspected, due=due, planned=planned, standing=standing,
        too_late=bool(planned and due is not None and planned[0] > due),
    )  # fmt: skip
