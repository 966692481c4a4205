"""Rounds, tasks and the plan as pages and scripts read them, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gis.errors import N_
from layers.catalogue import Titled
from surveys.rounds import ACTIONS, KINDS, STATES, Plan, PlanLine, Round, Task
from web.language import translated

STATE_BADGES: Final[Mapping[str, str]] = {"planned": "", "fieldwork": "warning", "finished": "good", "cancelled": ""}
STANDINGS: Final[Mapping[str, str]] = {
    "running": N_("in the field"),
    "planned": N_("planned"),
    "overdue": N_("overdue, not planned"),
    "due": N_("due this year, not planned"),
    "later": N_("due later"),
    "never": N_("no inspection on record"),
}
STANDING_BADGES: Final[Mapping[str, str]] = {
    "running": "accent", "planned": "good", "overdue": "danger", "due": "warning", "later": "", "never": "warning",
}  # fmt: skip


_RECORDED: Final = N_("Record of a past inspection")


def titled(all_of: tuple[Titled, ...], key: str, language: str) -> str:
    """The title of a key; the key itself where nobody knows it."""
    found = next((one for one in all_of if one.key == key), None)
    return key if found is None else found.title_zh if language == "zh" else found.title_en


def task_as_json(task: Task, language: str) -> dict[str, Any]:
    """A task with what can be done with it."""
    return {
        "uuid": task.uuid, "version": task.version, "round": task.round_uuid, "line": task.line_uuid,
        "code": task.line_code, "name": task.line_name, "state": task.state,
        "state_title": titled(STATES, task.state, language), "lead": task.lead, "lead_name": task.lead_name,
        "partner": task.partner, "partner_name": task.partner_name, "lead_surveyors": list(task.lead_surveyors),
        "partner_surveyors": list(task.partner_surveyors), "starts": task.starts, "due": task.due,
        "finished": task.finished, "remark": task.remark,
        "length_m": None if task.length_m is None else round(task.length_m, 2), "stakes": task.stakes,
        "findings": task.findings, "days_left": task.days_left,
        "actions": [{"key": key, "title": translated(ACTIONS[key], language)} for key in task.actions],
    }  # fmt: skip


def round_as_json(one: Round, language: str, *, tasks: bool = True) -> dict[str, Any]:
    """A round with its sums, and its tasks where they are asked for."""
    found: dict[str, Any] = {
        "uuid": one.uuid, "version": one.version, "year": one.year, "title": one.title, "kind": one.kind,
        "kind_title": titled(KINDS, one.kind, language) if one.kind else translated(_RECORDED, language),
        "occasion": one.occasion, "starts": one.starts, "due": one.due, "assumed": one.assumed,
        "synthetic": one.source == "synthetic", "note": one.note, "lines": len(one.tasks),
        "states": {state.key: len(one.of_state(state.key)) for state in STATES}, "late": len(one.late),
        "length_m": round(one.metres(), 2), "finished_m": round(one.metres("finished"), 2),
        "stakes": sum(task.stakes for task in one.tasks), "findings": sum(task.findings for task in one.tasks),
    }  # fmt: skip
    if tasks:
        found["tasks"] = [task_as_json(task, language) for task in one.tasks]
    return found


def line_as_json(line: PlanLine, language: str) -> dict[str, Any]:
    """A line in the plan."""
    return {
        "uuid": line.uuid, "code": line.code, "name": line.name, "inner": line.inner,
        "length_m": None if line.length_m is None else round(line.length_m, 2), "inspected": list(line.inspected),
        "due": line.due, "planned": list(line.planned), "standing": line.standing,
        "standing_title": translated(STANDINGS[line.standing], language), "too_late": line.too_late,
    }  # fmt: skip


def plan_as_json(plan: Plan, language: str) -> dict[str, Any]:
    """The whole plan."""
    return {
        "today": plan.today.isoformat(), "years": list(plan.years), "counts": plan.counts(),
        "lines": [line_as_json(line, language) for line in plan.lines],
        "rounds": [round_as_json(one, language, tasks=False) for one in plan.rounds],
    }  # fmt: skip
